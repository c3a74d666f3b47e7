"""Frozen text: all that an edition says, as canonical JSON, and its hash.

UTF-8, NFC, sorted keys, no spaces, rows by key, empty values left out, no database ids and no times
of loading: two installations of the same record give the same bytes. Values left empty are left
out so that a column added later changes no earlier text. `format` is 1.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import unicodedata
from decimal import Decimal
from typing import Any

from django.db import models

from editorial.models import Edition, Record, Row, reference_kinds

FORMAT = 1
CONTENT = ("title", "summary", "body")


def canonical(document: Any) -> str:
    """The one way to write a document: the same content gives the same text."""
    return json.dumps(_nfc(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """Hex digest of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def content(edition: Edition) -> dict[str, Any]:
    """What the edition says: its own fields, those of its kind, and its rows by key."""
    typed = edition.typed
    document: dict[str, Any] = {name: _plain(getattr(typed, name)) for name in CONTENT}
    for field in typed._meta.local_fields:
        if field is not typed._meta.pk:
            document[field.name] = _plain(getattr(typed, field.name))
    for many in typed._meta.local_many_to_many:
        document[many.name] = sorted(_plain(target) for target in getattr(typed, many.name).all())
    for name, rows in typed.rows().items():
        document[name] = {row.key: row_content(row) for row in rows}
    return _without_empty(document)


def public_content(record: Record) -> dict[str, Any]:
    """What the record's public edition says; nothing where there is none, or it was removed for legal cause."""
    live = record.live
    if live is None or live.is_suppressed:
        return {}
    published: dict[str, Any] = json.loads(live.frozen)["content"]
    return published


def same_words(one: str, other: str) -> bool:
    """Whether two contents, as canonical JSON, say the same.

    How a source is written out is left aside: amending a source is a matter of its own, which two
    editors decide, and does not change what was submitted. So is merging it into another.
    """
    first, second = unprinted(json.loads(one)), unprinted(json.loads(other))
    if first == second:
        return True
    keys = keys_now()
    return with_keys_now(first, keys) == with_keys_now(second, keys)


def keys_now() -> dict[str, str]:
    """Former keys of merged reference data, and those that stand for them now. One query a kind that merges."""
    return {former: now for model in reference_kinds() for former, now in model.former_keys().items()}


def with_keys_now(content: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    """A content whose rows name what was merged by the key that stands for it now; `keys` are `keys_now`."""

    def renamed(row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        return {name: keys.get(value, value) if isinstance(value, str) else value for name, value in row.items()}

    if not keys:
        return content
    return {
        name: {key: renamed(row) for key, row in rows.items()} if isinstance(rows, dict) else rows
        for name, rows in content.items()
    }


def unprinted(content: dict[str, Any]) -> dict[str, Any]:
    """A content without how its sources are written out."""
    return {
        name: {key: _without_printed_form(row) for key, row in rows.items()} if isinstance(rows, dict) else rows
        for name, rows in content.items()
    }


def _without_printed_form(row: Any) -> Any:
    return {name: value for name, value in row.items() if name != "as_printed"} if isinstance(row, dict) else row


def row_content(row: Row) -> dict[str, Any]:
    """What a row says, without its key."""
    fields = [field for field in row._meta.fields if field.name not in ("id", "edition", "key")]
    return _without_empty({field.name: _plain(getattr(row, field.name)) for field in fields} | row.frozen_extra())


def document(edition: Edition, *, previous: str) -> dict[str, Any]:
    """All that is published with an edition; `previous` is the hash before. Raises ValueError without a date."""
    if edition.published_at is None:
        raise ValueError("An edition is frozen once it has its number and date.")
    return _without_empty(
        {
            "format": FORMAT,
            "record": edition.record.frozen_key,
            "edition": edition.number,
            "published_at": edition.published_at.astimezone(datetime.UTC).isoformat(timespec="seconds"),
            "imported": edition.imported or None,
            "written_by": edition.written_by,
            "checked_by": edition.checked_by,
            "change_kind": edition.change_kind if edition.number != 1 else "",
            "change_note": edition.change_note,
            "minor": edition.minor or None,
            "based_on": edition.based_on.number if edition.based_on else None,
            "previous_sha256": previous,
            "content": content(edition),
        }
    )


def _nfc(value: Any) -> Any:
    """Each text for itself: in the whole, a mark after a line break would join the `n` of its `\\n`."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_nfc(name): _nfc(inner) for name, inner in value.items()}
    return [_nfc(inner) for inner in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.frozen_key  # type: ignore[attr-defined]
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return str(value) if isinstance(value, str) else value


def plain_number(value: Decimal) -> str:
    """`50000` or `42.8`: digits without trailing zeros and without an exponent."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
