"""CSL items, the plain data all writers start from, and CSL-JSON, their text.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sources.bibliography.work import Work

if TYPE_CHECKING:
    from sources.models import Source

Item = dict[str, Any]


def item(thing: Source | Work) -> Item:
    """A source or a page of this site as a CSL item, without what is not known."""
    values = _from_work(thing) if isinstance(thing, Work) else _from_source(thing)
    return {name: value for name, value in values.items() if value}


def write(items: Iterable[Item]) -> str:
    """Items as CSL-JSON."""
    return json.dumps(list(items), ensure_ascii=False, indent=2) + "\n"


def _from_source(source: Source) -> Item:
    return {
        "id": source.key,
        "type": source.type,
        "title": source.title,
        "author": [dict(author) for author in source.authors],
        "container-title": source.container,
        "publisher": source.publisher,
        "publisher-place": source.publisher_place,
        "issued": _date(str(source.issued)),
        "number": source.symbol,
        "DOI": source.doi,
        "ISBN": source.isbn,
        "URL": source.url,
        "archive_location": source.archived_url,
        "language": source.language,
        "note": source.note,
    }


def _from_work(work: Work) -> Item:
    return {
        "id": work.key,
        "type": "webpage",
        "title": work.title,
        "author": [{"literal": work.author or work.site}],
        "container-title": work.site,
        "genre": work.kind,
        "version": str(work.edition),
        "issued": _date(work.published.isoformat()),
        "accessed": _date(work.accessed.isoformat()) if work.accessed else None,
        "URL": work.url,
        "note": f"Edition {work.edition}. SHA-256 of its text: {work.sha256}",
    }


def _date(text: str) -> dict[str, list[list[int]]] | None:
    """`1999-06` as CSL writes it: only as much as is known."""
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else None


def date_parts(item: Item, name: str = "issued") -> list[int]:
    """Year, month and day of a date of an item, as far as they are known."""
    parts: list[int] = item.get(name, {}).get("date-parts", [[]])[0]
    return parts


def iso_date(item: Item, name: str = "issued") -> str:
    """A date of an item as `1999-06-10`, `1999-06` or `1999`; empty where none is known."""
    return "-".join(f"{part:02}" for part in date_parts(item, name))
