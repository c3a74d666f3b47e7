"""Fills the site: a draft, a report, an editor who is logged in; and which addresses with which parameters there are.

In the draft, the report and the settings stand words (`CANARIES`) that no answer to a reader may hold. They are put
together when they are needed, so that no file of the site has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

DRAFT, REPORTER, WORDS, SETTINGS = (f"{word}canary" for word in ("quagmire", "whistle", "hushed", "keyring"))
CANARIES = (DRAFT, REPORTER, WORDS, SETTINGS)
PASSWORD = "a long phrase that nobody guesses"  # noqa: S105  of an account that is gone when this ends
ENVIRONMENT = {
    "SECRET_KEY": f"{SETTINGS}-for-one-run-only-50-characters-of-no-secrecy-at-all",
    "EMAIL_URL": f"smtp://nobody:{SETTINGS}@127.0.0.1:9/",
    "TRUSTED_PROXIES": "127.0.0.1",  # we are one, and speak for a new reader each time
    "LOG_FORMAT": "json",
    "LOG_REQUESTS": "1",
    "PAGE_CACHE_MB": "16",
    "API_READS_PER_MINUTE": "600",
    "SEARCHES_PER_MINUTE": "60",
    "PAGES_PER_MINUTE": "600",
    "SECOND_FACTOR": "0",
}
# Real values for the parts of addresses, so that what stands behind them is reached.
PARTS = {
    "slug": ("kfor", "unmik", "march-riots-2004", "preventing-relapse", "canary"), "fact": ("strength-on-entry-1999",),
    "key": ("nato", "hwsw_kosovo", "pristina", "deployment", "canary-source"), "number": ("1", "2", "999999999"),
    "older": ("1",), "newer": ("2", "1"), "format": ("bib", "ris", "json", "txt", "csv", "html"), "serial": ("1", "222"),
    "release": ("2026.1",), "name": ("missions.csv", "record.sqlite3", "datapackage.json"), "section": ("missions", "events"),
    "vocabulary": ("theme", "measure"), "file": ("0" * 64 + "-600x400.jpg",),
}  # fmt: skip


@dataclass
class Prepared:
    """What attacks begin from. `patterns` are addresses divided at their parts, such as ["/missions/", "slug", "/"]."""

    session: str
    token: str
    preview: str
    draft: int
    patterns: list[list[str]] = field(default_factory=list)
    parameters: dict[str, set[str]] = field(default_factory=dict)  # by the address without parts
    operations: list[tuple[str, list[str]]] = field(default_factory=list)  # of the API: path, parameters

    @property
    def private(self) -> list[str]:
        """What may stand in no line of the log."""
        return [self.session, self.token, self.preview.strip("/").split("/")[-1]]


def prepare() -> Prepared:
    """Write the draft and the report into the database of this process, and find out what may be asked."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import Group
    from django.contrib.sessions.backends.db import SessionStore

    from editorial import previews, workflow
    from editorial.corrections import receiving
    from editorial.models import Editor
    from editorial.roles import AUTHOR
    from missions.models import Article
    from sources.models import Source

    author = Editor.objects.create_user("author", password=PASSWORD, is_staff=True, public_name="An author")
    author.groups.add(Group.objects.get(name=AUTHOR))
    Source.objects.create(key="canary-source", type=Source.Type.REPORT, title=f"A {DRAFT} report")
    text = Article(title=f"A {DRAFT} text", summary=f"Its {DRAFT} summary.", body=f"## {DRAFT}\n\nNot public.")
    workflow.begin_record(text, kind="article", slug="canary", by=author)
    preview, _ = previews.share(text, by=author, days=7)
    report = {
        "record": "mission/kfor", "name": REPORTER, "email": f"{REPORTER}@example.org", "message": f"{WORDS} words",
    }  # fmt: skip
    receipt = receiving.receive(report, address="198.51.100.1")
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(author.pk), "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = author.get_session_auth_hash()
    session.create()
    patterns = sorted(_patterns())
    return Prepared(
        str(session.session_key), receipt.token, preview, text.pk, patterns, _parameters(), list(_operations())
    )


def _patterns() -> Iterator[list[str]]:
    """Every address there is, the editors' too."""
    from django.urls import get_resolver

    def walk(resolver: Any, before: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            whole = before + str(pattern.pattern)
            yield from walk(pattern, whole) if hasattr(pattern, "url_patterns") else (whole,)

    for pattern in walk(get_resolver(), "/"):
        plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern)
        plain = re.sub(r"<(?:\w+:)?(\w+)>", r"\0\1\0", plain)
        yield re.sub(r"[\^$\\]|\(\?:[^()]*\)\??|\[\\s\\S\]\*|\.\*", "", plain).split("\0")


def _parameters() -> dict[str, set[str]]:
    """The parameters that pages read, by the name of their address, and for all of them those of any."""
    from kosovo_peace.page_cache import KNOWN

    known = {name: set(names) for name, names in KNOWN.items() if names}
    known["correction-new"] = {"record", "subject", "edition", "figure", "citation", "passage"}
    known["correction-list"] = {"before", "state", "kind", "category", "record", "year"}
    known["source-export"] = known["source-list"]
    known["account_login"] = {"next"}
    return known


def _operations() -> Iterator[tuple[str, list[str]]]:
    """Path and parameters of what may be read in the API, as its document says."""
    from drf_spectacular.generators import SchemaGenerator

    document = SchemaGenerator().get_schema(request=None, public=True)
    for path, operations in document["paths"].items():
        if read := operations.get("get"):
            yield path, [one["name"] for one in read.get("parameters", []) if one["in"] == "query"]


def filled(pattern: list[str], values: dict[str, str]) -> str:
    """The address of a pattern with these values in its parts."""
    return "".join(values.get(part, part) if at % 2 else part for at, part in enumerate(pattern))


def parts_of(pattern: list[str]) -> list[str]:
    """The names of what is to be filled in."""
    return pattern[1::2]
