"""The founding record in a database of its own, and what is asked of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.bare import Answer
from benchmarks.founding_site import founding_database

MISSION, EVENT = "/missions/unmik/", "/events/march-riots-2004/"
ARTICLE = "/articles/preventing-relapse/"
LARGEST = "/missions/kfor/"
API_LIST = "/api/v1/events/?cursor=*&page_size=20"
ENCODING = {"Accept-Encoding": "br"}
# What the reader gets is compared, not what servers say of themselves.
SENT_ALONG = ("Content-Type", "Content-Encoding", "Cache-Control")
UNLISTED = "autonomy-revoked-1989"  # an event of no mission: no other page shows it


def loaded(folder: Path) -> str:
    """The URL of an SQLite database with the founding record in this folder; made by the first who asks."""
    file = folder / "founding.sqlite3"
    url = f"sqlite:///{file}"
    if not file.exists():
        founding_database(url, folder)
    return url


def answer_at(address: str, **headers: str) -> Answer:
    """What the site sends, as it is sent."""
    with urlopen(Request(address, headers=ENCODING | headers), timeout=60) as answer:  # noqa: S310  our own site
        given = {name: value for name in SENT_ALONG if (value := answer.headers.get(name))}
        return Answer(answer.read(), given)


def etag_at(address: str) -> str:
    with urlopen(Request(address, headers=ENCODING), timeout=60) as answer:  # noqa: S310
        return str(answer.headers["ETag"])


def tell_of_another(database_url: str) -> None:
    """Move the serial as the publication of an event does that no other page shows. SQLite only."""
    with sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=20) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        (serial,) = connection.execute("UPDATE editorial_publicserial SET value = value + 1 RETURNING value").fetchone()
        connection.execute(
            "INSERT INTO editorial_change (serial, at, kind, record_id, address, label, note, minor)"
            " SELECT ?, at, kind, record_id, address, label, note, minor FROM editorial_change"
            " WHERE record_id = (SELECT id FROM editorial_record WHERE slug = ?) LIMIT 1",
            [serial, UNLISTED],
        )
    connection.close()
