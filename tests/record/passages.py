"""The founding record as text: each passage of prose with the sources that its words rest on.

A passage is a sentence of the standfirst, the mandate or the body with the markers that stand in it, a line
of a table or list, or the text of a row with the citations that the row names. A sentence without a marker,
such as one that leads to a list, rests on the markers of its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sources.markers import GROUP, markers_in

ROOT = Path(__file__).resolve().parents[2]
PROSE = ("summary", "mandate", "body")
# What a row says, besides its key and what it points at.
ROW_FIELDS = ("title", "body", "symbol", "role", "holder", "start", "end", "date", "text", "question", "reason", "note")
INFOBOX = ("date", "start", "end", "end_date", "mandate_until")
# A full stop in these ends no sentence.
SHORT = re.compile(r"(?:\b(?:No|Nos|St|Mr|Ms|Dr|Gen|Lt|Col|p|pp|para|paras|e\.g|i\.e|vol|art|ch|v)|\b[A-Z])$")
END = re.compile(rf"[.!?][”’)]*(?:{GROUP.pattern})?(?=\s+[“‘(]?[^\W_a-z]|$)")
# What makes a line a heading or an item of a list.
LIST_MARK = re.compile(r"^\s*(?:#+|-|\d+\.)\s+|\s+$")

Data = dict[str, Any]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads dates as text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith(":timestamp")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _Loader) if path.exists() else []  # noqa: S506 (a safe loader)


@dataclass(frozen=True)
class Passage:
    """Words of one record, where they stand, and the keys of the citations that cover them."""

    record: str
    where: str
    text: str
    cites: tuple[str, ...]


@dataclass
class RecordFile:
    """A record as its files give it."""

    name: str
    fields: Data
    body: str
    figures: list[Data]
    sources: dict[str, str] = field(init=False)
    """The source of each citation."""

    def __post_init__(self) -> None:
        self.sources = {row["key"]: row["source"] for row in self.fields["citations"]}

    def prose(self) -> Iterator[tuple[str, str]]:
        """Standfirst, mandate and body, as far as there are any."""
        for name in PROSE:
            if text := self.body if name == "body" else self.fields.get(name, ""):
                yield name, text

    def blocks(self) -> Iterator[tuple[str, str]]:
        """The paragraphs of the prose and its headings, each with its field; words that lead to a list with that."""
        for name, text in self.prose():
            before = ""
            for block in re.split(r"\n\s*\n", text.strip()):
                if block.endswith(":"):
                    before += f"{block}\n"
                else:
                    yield name, before + block
                    before = ""

    def passages(self) -> Iterator[Passage]:
        """Everything the record says in words, but for the quotations and notes of its citations."""
        every = tuple(self.sources)
        yield Passage(self.name, "title", self.fields["title"], every)
        for name, block in self.blocks():
            around = every if block.startswith("#") else tuple(markers_in(block))
            for line in filter(None, (LIST_MARK.sub("", line) for line in block.split("\n"))):
                for sentence in [line] if line.startswith("|") else sentences(line):
                    yield Passage(self.name, name, sentence, tuple(markers_in(sentence)) or around)
        for name in INFOBOX:
            if value := self.fields.get(name):
                proofs = [row["key"] for row in self.fields["citations"] if {name, "date"} & {*row.get("supports", ())}]
                yield Passage(self.name, name, value, tuple(proofs))
        yield from self._row_passages()

    def _row_passages(self) -> Iterator[Passage]:
        for name, rows in self.fields.items():
            if name == "citations" or not (isinstance(rows, list) and rows and isinstance(rows[0], dict)):
                continue
            for row in rows:
                where = f"{name}, {row['key']}"
                positions = row.get("positions", [])
                cites = {*row.get("cites", ()), *(key for position in positions for key in position.get("cites", ()))}
                if about := row.get("about"):
                    cites |= self._citing(about)
                for place in [row, *positions]:
                    covered = tuple(sorted(place.get("cites") or cites))
                    for said in ROW_FIELDS:
                        for sentence in sentences(place.get(said, "")):
                            yield Passage(self.name, where, sentence, covered)

    def _citing(self, fact: str) -> set[str]:
        """The citations whose source gives a figure for the fact, or for a part of it."""
        sources = {row["source"] for row in self.figures if fact in (row["fact"], row.get("part_of"))}
        return {key for key, source in self.sources.items() if source in sources} | sources


@cache
def record_files() -> tuple[RecordFile, ...]:
    """All records, by their names: `mission/kfor`."""
    records = []
    for path in sorted((ROOT / "missions/record").glob("*s/*.md")):
        front, body = path.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
        fields = yaml.load(front, _Loader)  # noqa: S506 (a safe loader)
        figures = load(path.with_suffix(".figures.yaml"))
        records.append(RecordFile(f"{path.parent.name[:-1]}/{path.stem}", fields, body.strip(), figures))
    return tuple(records)


@cache
def library() -> dict[str, Data]:
    """The sources, by key."""
    return {row["key"]: row for row in load(ROOT / "sources/record/sources.yaml")}


def sentences(text: str) -> Iterator[str]:
    """The sentences of a line of text, each with the markers that follow its full stop."""
    start = 0
    for end in END.finditer(text):
        if not SHORT.search(text[start : end.start()]):
            yield text[start : end.end()].strip()
            start = end.end()
    if rest := text[start:].strip():
        yield rest


def without_markers(text: str) -> str:
    return GROUP.sub("", text)
