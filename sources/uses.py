"""What rests on the citations of an edition: the sentences of their markers, fields and rows that name them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

from editorial.models import Row, label_of
from sources.claims import MARK, sentences
from sources.dates import PartialDate
from sources.markers import GROUP, markers_in
from sources.models import Citation, CitedEdition, CitedRow

NOT_SHOWN = {"id", "edition", "key", "rank", "cites", "language"}
_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True)
class Use:
    """A place that rests on a citation: what it is, and what it says."""

    label: str
    words: str


def uses_of_citations(edition: CitedEdition | Any, rows: dict[str, list[Row]]) -> dict[str, list[Use]]:
    """What rests on each citation, by its key: the text first, then fields, then rows.

    `rows` are the edition's, loaded with what they point at (`Edition.rows`).
    """
    uses: dict[str, list[Use]] = defaultdict(list)
    for name in edition.markdown_fields:
        label = capfirst(label_of(edition, name))
        for keys, words in cited_sentences(getattr(edition, name)):
            for key in keys:
                uses[key].append(Use(label, words))
    values: dict[str, str] = {}
    for group in rows.values():
        for row in group:
            if isinstance(row, Citation):
                for name in row.supported_fields:
                    if name not in values:
                        values[name] = _field_in_words(edition, name)
                    uses[row.key].append(Use(capfirst(label_of(edition, name)), values[name]))
            elif isinstance(row, CitedRow):
                use = Use(capfirst(str(row._meta.verbose_name)), row_in_words(row))
                for key in dict.fromkeys(row.all_cited_keys()):
                    uses[key].append(use)
    return uses


def cited_sentences(text: str) -> Iterator[tuple[list[str], str]]:
    """(keys, words) of each sentence of a Markdown text that has markers; table rows are taken whole."""
    for block in _blocks(text):
        groups = iter(GROUP.findall(block))
        for sentence in sentences(GROUP.sub(MARK, block)):
            keys = [key for _ in range(sentence.count(MARK)) for key in markers_in(next(groups))]
            if keys:
                yield list(dict.fromkeys(keys)), " ".join(sentence.replace(MARK, "").split())


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, list items and table rows, each in one line."""
    for paragraph in re.split(r"\n\s*\n", text.replace(MARK, "").strip()):
        block = ""
        for line in paragraph.splitlines():
            if line.startswith(("|", "#")) or _LIST_MARK.match(line):
                yield block
                block = " · ".join(_LIST_MARK.sub("", line).strip("| ").split(" | "))
            else:
                block = f"{block} {line.strip()}"
        yield block


def row_in_words(row: Row) -> str:
    """All that a row says, field by field."""
    fields = [field for field in row._meta.fields if field.name not in NOT_SHOWN]
    return "; ".join(f"{field.verbose_name}: {text}" for field in fields if (text := _in_words(row, field)))


def _field_in_words(edition: Any, name: str) -> str:
    field = edition._meta.get_field(name)
    if field.many_to_many and not field.auto_created:
        return ", ".join(str(one) for one in getattr(edition, name).all())
    return _in_words(edition, field) if field.concrete else ""


def _in_words(thing: models.Model, field: Any) -> str:
    value = getattr(thing, field.name)
    if value in (None, "", [], False):
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, PartialDate):
        return value.written_out
    if isinstance(value, list):
        return "; ".join(_item_in_words(item) for item in value)
    return "yes" if value is True else str(value)


def _item_in_words(item: Any) -> str:
    if isinstance(item, dict):
        return ": ".join(str(part) for part in item.values() if isinstance(part, str))
    return str(item)
