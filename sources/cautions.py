"""What a reviewer should know of an edition's sources, though it does not keep it from being public."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator

from editorial.claims import Caution
from sources.claims import cited_sentences
from sources.markers import GROUP, markers_in
from sources.models.evidence import Evidence
from sources.models.library import Source

if TYPE_CHECKING:
    from sources.models.editions import CitedEdition

# Of deaths, harm and blame, for which a tertiary source alone is not enough.
_GRAVE = re.compile(
    r"\b(?:kill(?:s|ed|ings?)|died|dead|deaths?|deadly|executed|executions?|massacres?|murder(?:s|ed)?|wounded|injured"
    r"|tortured?|raped?|abducted|abductions?|blamed?|blames|responsible for|perpetrat\w+|guilty|convicted)\b",
    re.IGNORECASE,
)


def about_sources(edition: CitedEdition) -> list[Caution]:
    """Sources out of reach, places not given, deaths or blame on tertiary sources alone. One query a kind of row."""
    cautions: list[Caution] = []
    standing: dict[str, str] = {}  # of the sources, by the keys of citations
    for model in edition.row_models:
        if not issubclass(model, Evidence):
            continue
        rows: list[Any] = list(getattr(edition, model.plural).select_related("source"))
        if model.plural == "citations":
            standing = {row.key: row.source.standing for row in rows}
        out_of_reach = [row for row in rows if row.source.status == Source.Status.UNREACHABLE]
        cautions += _counted(out_of_reach, "with a source out of reach")
        unplaced = [row for row in rows if not row.locator]
        cautions += _counted(unplaced, "without a place in the source")
    if found := list(_grave_on_tertiary(edition, standing)):
        text = "Deaths, harm or blame that only tertiary sources support: find better ones."
        cautions.insert(0, Caution(text, tuple(found)))
    return cautions


def _counted(rows: list[Any], what: str) -> list[Caution]:
    if not rows:
        return []
    names = rows[0]._meta
    name = names.verbose_name if len(rows) == 1 else names.verbose_name_plural
    places = tuple(f"{row.key}: {Truncator(str(row.source)).chars(120)}" for row in rows)
    return [Caution(f"{len(rows)} {name} {what}.", places)]


def _grave_on_tertiary(edition: CitedEdition, standing: dict[str, str]) -> Iterator[str]:
    for name in edition.markdown_fields:
        for sentence, keys in on_tertiary_alone(getattr(edition, name), standing):
            if is_grave(sentence):
                yield f"{sentence} ({', '.join(keys)})"


def on_tertiary_alone(text: str, standing: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The sentences of a Markdown text that only tertiary sources support, and their keys; `standing` is by key."""

    def is_tertiary(keys: list[str]) -> bool:
        return {standing[key] for key in keys if key in standing} == {Source.Standing.TERTIARY}

    # Most texts have no such marker: they are not taken apart.
    if any(is_tertiary(markers_in(group)) for group in GROUP.findall(text)):
        yield from ((sentence, keys) for sentence, keys in cited_sentences(text) if is_tertiary(keys))


def is_grave(sentence: str) -> bool:
    """Whether it seems to be about deaths, harm or blame."""
    return bool(_GRAVE.search(sentence))
