"""What differs between two editions, as readers are told: names for keys, numbers and dates in words.

Frozen text points at sources, terms and records by their keys. Here each key becomes the name it has
today; one that is in no public use stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.text import Truncator, capfirst

from editorial import freezing
from editorial.differences import Difference, RowChange, TextChange, ValueChange, difference
from editorial.models import Edition, Record, ReferenceData, Row
from missions.concerning import concerning
from missions.countries import country_name
from missions.models import KINDS, Organisation, Place, Term
from missions.pages import fact_address
from missions.pictures import Picture
from sources.dates import PartialDate, PartialDateField
from sources.markers import GROUP, markers_in
from sources.models import Source

Content = dict[str, Any]  # of an edition or of a row, as frozen text has it
LABELS = {
    "about": "what it is about", "as_of": "date", "as_printed": "source as printed", "cites": "sources",
    "fact": "fact it belongs to", "high": "at most", "low": "at least", "value": "number",
}  # fmt: skip
KEYS_OF_CITATIONS = {"cites"}
NAMES_OF_FIELDS = {"about", "supports", "fact", "part_of"}
_KEY = re.compile(r"[\w./-]{1,200}")


@dataclass(frozen=True)
class ReadableRow:
    """A row that was added, removed or changed: what it is, and its values in the order of its fields."""

    title: str
    address: str  # of the fact, for a figure that stands in the newer edition and is shown there
    change: str
    values: list[ValueChange]


@dataclass(frozen=True)
class ReadableDifference:
    """All that differs, as the page gives it."""

    texts: list[TextChange]
    values: list[ValueChange]
    evidence: list[ReadableRow]
    rows: list[ReadableRow]

    def __bool__(self) -> bool:
        return bool(self.texts or self.values or self.evidence or self.rows)


def readable_difference(
    record: Record, old: Content, new: Content, *, to_editors: bool = False, figure: str = "", citation: str = ""
) -> ReadableDifference:
    """Compare the contents of two editions of a record, as `freezing.content` gives them.

    Editors are told the names of what is in no public use yet, too. What is told is narrowed to what
    concerns a figure or fact, or a citation, where one is named and any of that differs.
    """
    model = KINDS[record.kind]
    keys = freezing.keys_now()  # a source merged into another is no change
    old, new = freezing.with_keys_now(old, keys), freezing.with_keys_now(new, keys)
    names = _Names(old, new, to_editors=to_editors)
    if figure or citation:
        old, new = concerning(old, new, figure=figure, citation=citation)
    texts = model.markdown_fields
    found = difference(
        {**old, **{name: names.text(old.get(name, "")) for name in texts}},
        {**new, **{name: names.text(new.get(name, "")) for name in texts}},
        texts=texts,
    )
    return _in_words(found, record, old, new, names)


def _in_words(found: Difference, record: Record, old: Content, new: Content, names: _Names) -> ReadableDifference:
    model = KINDS[record.kind]
    row_models: dict[str, type[Row]] = {rows.plural: rows for rows in model.row_models}

    def readable(change: RowChange) -> ReadableRow:
        was, became = (content.get(change.rows, {}).get(change.key, {}) for content in (old, new))
        row_model = row_models[change.rows]
        shown = change.rows == "figures" and became and not names.to_editors  # who read it before it is public
        address = fact_address(record, became["fact"]) if shown else ""
        title = f"{capfirst(row_model._meta.verbose_name)}: {names.title(change.rows, became or was)}"
        # Of a whole row, the fact it is grouped under tells readers nothing: its title does.
        values = [value for value in change.values if value.name != "fact" or change.change == "changed"]
        return ReadableRow(title, address, change.change, _values(row_model, values, was, became, names))

    return ReadableDifference(
        found.texts,
        _values(model, found.values, old, new, names),
        [readable(change) for change in found.evidence],
        [readable(change) for change in found.rows],
    )


def _values(
    model: type[models.Model], changes: Iterable[ValueChange], old: Content, new: Content, names: _Names
) -> list[ValueChange]:
    """The changed values of an edition or a row, in the order of its fields."""
    fields: dict[str, Any] = {field.name: field for field in model._meta.get_fields()}
    order = {name: place for place, name in enumerate(fields)}
    written = []
    for change in sorted(changes, key=lambda value: order.get(value.name, len(order))):
        field = fields.get(change.name)
        label = LABELS.get(change.name) or str(getattr(field, "verbose_name", change.name.replace("_", " ")))
        written.append(
            ValueChange(
                str(capfirst(label)),
                names.value(field, change.name, old.get(change.name)),
                names.value(field, change.name, new.get(change.name)),
            )
        )
    return written


class _Names:
    """The names of all that two contents point at, in a fixed number of queries."""

    def __init__(self, old: Content, new: Content, *, to_editors: bool) -> None:
        self.to_editors = to_editors
        self._cited = {
            key: row["source"] for content in (old, new) for key, row in content.get("citations", {}).items()
        }
        keys = set(_keys([old, new]))
        slugs = {key.partition("/")[2] for key in keys}

        def named(model: type[ReferenceData], among: set[str]) -> Iterable[Any]:
            things: Any = model._default_manager.filter(key__in=among).order_by()
            return things if to_editors else things.in_public_use()

        self._sources = {source.key: str(source) for source in named(Source, keys)}
        self._names: dict[tuple[type[models.Model], str], str] = {
            (Term, term.frozen_key): term.name for term in named(Term, slugs)
        }
        for model in (Organisation, Place):
            for thing in named(model, keys):
                self._names[model, thing.frozen_key] = thing.name
        for edition in (
            Edition.objects.published()
            .filter(record__slug__in=slugs)
            .select_related("record")
            .only("title", "record__kind", "record__slug")
        ):
            self._names[Record, edition.record.frozen_key] = edition.title

    def source_cited(self, key: str) -> str:
        """The source behind the key of a citation."""
        source = self._cited.get(key, key)
        return self._sources.get(source, source)

    def text(self, text: str) -> str:
        """A Markdown text with the sources of its notes named where their markers stand."""
        return GROUP.sub(
            lambda group: " [" + "; ".join(self.source_cited(key) for key in markers_in(group[0])) + "]", text
        )

    def value(self, field: Any, name: str, value: Any) -> str:
        """One value as readers see it; empty for none."""
        if value is None or value in ("", []):
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if name == "picture":
            return Picture.named(value).in_words
        if name == "positions":
            return "; ".join(self._position(position) for position in value)
        if isinstance(value, list):
            return "; ".join(self.value(field, name, part) for part in value)
        text = str(value)
        if name in KEYS_OF_CITATIONS:
            return "; ".join(self.source_cited(key) for key in text.split())
        if name in NAMES_OF_FIELDS:
            return ", ".join(part.replace("_", " ").replace("-", " ") for part in text.split())
        if name == "country" and len(text) == 2:
            return country_name(text)
        return self._by_field(field, text)

    def _by_field(self, field: Any, text: str) -> str:
        if isinstance(field, models.ForeignKey | models.ManyToManyField):
            if field.related_model is Source:
                return self._sources.get(text, text)
            return self._names.get((field.related_model, text), _spaced(text))
        if isinstance(field, PartialDateField | models.DateField):
            return PartialDate(text).written_out
        if isinstance(field, models.DecimalField):
            return format(Decimal(text), ",f")
        return dict(getattr(field, "flatchoices", ())).get(text, text)

    def _position(self, position: Content) -> str:
        text = f"“{position['text']}”" if position.get("quoted") else position["text"]
        cited = ", ".join(self.source_cited(key) for key in position.get("cites", []))
        return f"{position['holder']}: {text}" + (f" [{cited}]" if cited else "")

    def title(self, rows: str, row: Content) -> str:
        """What a row is about, in a few words."""
        if rows == "figures":
            return ", ".join(part for part in self._figure(row) if part)
        if rows == "citations":
            return ", ".join(
                part for part in (self._sources.get(row["source"], row["source"]), row.get("locator")) if part
            )
        for name, model in (("term", Term), ("task", Term), ("organisation", Organisation), ("record", Record)):
            if name in row:
                return capfirst(self._names.get((model, row[name]), _spaced(row[name])))
        for name in ("person", "title", "question", "holder", "caption", "text", "note"):
            if name in row:
                dated = PartialDate(row["date"]).written_out if name == "holder" and "date" in row else ""
                return ", ".join(part for part in (Truncator(row[name]).words(16), dated) if part)
        return "one row"

    def _figure(self, row: Content) -> list[str]:
        return [
            capfirst(self._names.get((Term, row["measure"]), _spaced(row["measure"]))),
            row.get("group", ""),
            country_name(row.get("country", "")),
            PartialDate(row["as_of"]).written_out if "as_of" in row else "",
            f"according to {self._sources.get(row['source'], row['source'])}",
        ]


def _spaced(key: str) -> str:
    """A key as words, where the name is not known: `mission/allied-force` becomes "allied force"."""
    return (key.partition("/")[2] or key).replace("-", " ")


def _keys(value: Any) -> Iterable[str]:
    """All texts in a content that may be a key."""
    if isinstance(value, str):
        if _KEY.fullmatch(value):
            yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _keys(part)
