"""References compared with the library: which are new, there already, there with other values, or perhaps there.

Nothing is saved here: `plan` makes what an editor looks through, and `importing.carry_out` saves what was
decided on it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from editorial.models import Amendment, label_of
from sources import bibliography, citing
from sources.adding import free_key, key_made_of
from sources.bibliography import BadEntry, BadText, Entry, csl
from sources.duplicates import Library, normal_doi, normal_url, words_of
from sources.models import Source

Progress = Callable[..., Iterable[Any]]
NEW, UNCHANGED, CHANGED, SUSPECTED = "new", "unchanged", "changed", "suspected"
LEAVE = "leave"  # out
_KEY = re.compile(r"[-a-zA-Z0-9_]{1,100}")
POINTERS = ("origin", "merged_into")
SHOWN = 80  # letters of a value that a sentence names


@dataclass(frozen=True)
class Difference:
    """A value that an entry gives otherwise than the library, as plain data and in words."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Candidate:
    """A source of the library that an entry is, or may be; and what the entry gives otherwise."""

    source: Source
    differences: list[Difference]
    is_public: bool  # or in a text under review: it changes by amendment
    waits: bool = False  # a change to it waits for a second editor, so no other can be proposed


@dataclass
class Line:
    """One entry of the text, and what it would mean for the library."""

    number: int
    entry: Entry
    source: Source  # as the entry gives it; not saved
    values: dict[str, Any]
    outcome: str = NEW
    candidates: list[Candidate] = field(default_factory=list)
    repeats: list[Line] = field(default_factory=list)  # entries before it in the text that may be the same
    left_out: list[str] = field(default_factory=list)

    @property
    def default(self) -> str:
        """What is done where nothing is decided."""
        return NEW if self.outcome == NEW else LEAVE

    @property
    def written(self) -> str:
        return citing.plain(self.source)


@dataclass
class Plan:
    """What an import would do."""

    lines: list[Line]
    bad: list[BadEntry]

    def of(self, outcome: str) -> list[Line]:
        return [line for line in self.lines if line.outcome == outcome]

    @property
    def digest(self) -> str:
        """What tells this plan from any other: the same text on another library gives another."""
        shown = [
            (line.number, line.outcome, line.source.key, line.values,
             [(it.source.pk, it.is_public, it.waits, [(d.field, d.old, d.new) for d in it.differences])
              for it in line.candidates])
            for line in self.lines
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()


def no_progress(items: Iterable[Any], **_: Any) -> Iterable[Any]:
    return items


def plan(text: str, format: str, *, standing: str, progress: Progress = no_progress) -> Plan:
    """Compare the entries of a text with the library. The number of queries is always the same.

    `standing` is for new sources that do not say theirs. Raises `bibliography.BadText`.
    """
    reading = bibliography.read(format, text)
    comparing = _Comparing(standing)
    for entry in progress(reading.entries, desc="Comparing"):
        comparing.add(entry, reading.bad)
        if comparing.library.steps_left < 0:
            raise BadText("Too many of these titles are nearly alike to be compared at once: divide the text.")
    comparing.resolve_origins()
    return Plan(comparing.lines, sorted(reading.bad, key=lambda bad: bad.line))


class _Comparing:
    """The library as it is, and the lines so far."""

    def __init__(self, standing: str) -> None:
        self.standing = standing
        every = Source.objects.select_related("origin", "merged_into")
        self.sources: dict[int, Source] = {source.pk: source for source in every}
        self.by_key = {source.key: source for source in self.sources.values()}
        self.amended = {
            pk
            for found in (Source.objects.in_public_use(), Source.under_review())
            for pk in found.values_list("pk", flat=True)
        }
        content_type = ContentType.objects.get_for_model(Source)
        opened = Amendment.objects.open().filter(content_type=content_type)
        self.waiting = set(opened.values_list("object_id", flat=True))
        self.library = Library.as_it_is()
        self.taken = set(self.by_key)
        self.lines: list[Line] = []

    def add(self, entry: Entry, bad: list[BadEntry]) -> None:
        """One more line; or, where the entry cannot be stored, one more bad entry."""
        values: dict[str, Any] = {}
        try:
            values, left_out = csl.source_values(entry.item)
            given_key = values.pop("key", "")
            origin = values.pop("origin", "")
            source = Source(**{"standing": self.standing} | values)
            _require_valid(source)
        except (ValueError, ValidationError) as error:
            name = str(entry.item.get("id") or entry.item.get("title") or "without a name")[:80]
            bad.append(BadEntry(name, entry.line, in_a_sentence(error, values)))
            return
        if origin:
            values["origin"] = origin
        source.key = _valid_key(given_key) or _made_key(source)
        if given_key and source.key != given_key:
            left_out.append(f"key {given_key}")
        line = Line(len(self.lines) + 1, entry, source, values)
        line.left_out = list(dict.fromkeys([*entry.left_out, *(one for one in left_out if one)]))
        self._compare(line)
        self.lines.append(line)

    def _compare(self, line: Line) -> None:
        source, values = line.source, line.values
        numbers = self.library.suspected_numbers(
            title=source.title, url=source.url, doi=source.doi, issued=source.issued
        )
        namesake = self.by_key.get(source.key)
        if namesake and namesake.merged_into:
            namesake = namesake.merged_into
        suspects = [self.sources[number] for number in numbers if number > 0]
        if namesake and (namesake in suspects or _alike(namesake, source)):
            suspects = [namesake]
            line.outcome = CHANGED
        elif namesake:
            suspects = [namesake, *suspects]
        line.candidates = [self._candidate(suspect, values) for suspect in suspects]
        if same := next((it for it in line.candidates if not it.differences), None):
            line.candidates, line.outcome = [same], UNCHANGED
        elif line.candidates and line.outcome != CHANGED:
            line.outcome = SUSPECTED
        if line.outcome in (NEW, SUSPECTED):
            line.repeats = [self.lines[-number - 1] for number in numbers if number < 0]
            if not line.entry.item.get("id") and any(earlier.values == values for earlier in line.repeats):
                line.outcome = UNCHANGED  # the text says it twice
                return
            source.key = free_key(source.key, self.taken)
            self.taken.add(source.key)
            self.library.add(
                -len(self.lines) - 1, title=source.title, addresses=[source.url], doi=source.doi,
                issued=source.issued,
            )  # fmt: skip

    def _candidate(self, source: Source, values: Mapping[str, Any]) -> Candidate:
        differences = []
        for name, new in values.items():
            old = (source.origin.key if source.origin else "") if name == "origin" else getattr(source, name)
            if (str(old) if isinstance(old, str) else old) != new:
                differences.append(Difference(name, label_of(source, name), in_words(name, old), in_words(name, new)))
        return Candidate(source, differences, source.pk in self.amended, source.pk in self.waiting)

    def resolve_origins(self) -> None:
        """What an entry draws on must be in the library, or in the text; otherwise it is left out."""
        for line in self.lines:
            origin = line.values.get("origin", "")
            if origin and (origin not in self.taken or origin == line.source.key):
                del line.values["origin"]
                line.left_out.append(f"origin {origin}")
                line.candidates = [
                    Candidate(it.source, [d for d in it.differences if d.field != "origin"], it.is_public, it.waits)
                    for it in line.candidates
                ]
                if line.outcome == CHANGED and not line.candidates[0].differences:
                    line.outcome = UNCHANGED


def _require_valid(source: Source) -> None:
    """Raises ValidationError, without a query."""
    source.clean_fields(exclude=["key", *POINTERS])
    source.clean()
    if source.stake and not source.stake_reason:
        raise ValidationError({"stake_reason": "Say why the stake is seen so."})


def in_a_sentence(error: ValueError | ValidationError, values: Mapping[str, Any]) -> str:
    """What is wrong, field by field; a short value is named."""
    if not isinstance(error, ValidationError):
        return str(error)
    sentences = []
    for name, messages in error.message_dict.items():
        value = values.get(name)
        shown = f" “{value}”" if isinstance(value, str) and len(value) <= SHOWN else ""
        which = f"its {label_of(Source(), name)}{shown}: " if name != "__all__" else ""
        sentences.append(which + " ".join(messages))
    return "; ".join(sentences)


def _alike(one: Source, other: Source) -> bool:
    """Whether two sources of one key are one document with another value here or there."""
    return (
        words_of(one.title) == words_of(other.title)
        or bool(one.url and normal_url(one.url) == normal_url(other.url))
        or bool(one.doi and normal_doi(one.doi) == normal_doi(other.doi))
    )


def _valid_key(given: str) -> str:
    """The entry's own key as one can be here; empty where nothing of it can."""
    return given if _KEY.fullmatch(given) else slugify(given.replace(":", "-").replace("/", "-"))[:90].strip("-_")


def _made_key(source: Source) -> str:
    """A key of author, year and the first telling word of the title: `everts2020peacekeeping`."""
    word = next((word for word in re.findall(r"[a-z0-9]+", slugify(source.title)) if len(word) > 3), "")
    return f"{key_made_of(source)}{word[:30]}"


def in_words(name: str, value: Any) -> str:
    """A value of a source as an editor reads it."""
    if isinstance(value, list):
        names = (a.get("literal") or ", ".join(filter(None, (a.get("family"), a.get("given")))) for a in value)
        return "; ".join(str(one) for one in names)
    choices = dict(getattr(Source._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value))
