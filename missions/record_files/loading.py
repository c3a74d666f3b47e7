"""Loads the founding record: reference data, then all records, in one transaction.

What a file said when it was last loaded is kept as a hash (`RecordFile`), so that three cases can be
told apart. A file unchanged since then changes nothing. A changed file of what still stands as it was
loaded replaces it: a draft by its new text, a public edition by a new imported one, reference data by
its new values. What has been worked on in the site since is kept, and reported.

Two installations of the same files have the same hashes: times come from the files, and editions are
published in the order of date, kind and slug.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from editorial import workflow
from editorial.models import Change, Edition, FormerAddress, Record, ReferenceData, Row, State
from editorial.planner import look_at_tables
from editorial.search import index
from missions.models import KINDS, Figure, RecordFile
from missions.pictures import keeping
from missions.record_files.reading import (
    BadFile,
    BadRecordError,
    Progress,
    no_progress,
    read_folder,
)
from missions.record_files.record_text import Entry, RecordText
from missions.record_files.shape import (
    LISTS,
    Plain,
    columns,
    full_name,
    many_to_many,
    row_models_of,
)
from missions.record_files.writing import entry_of, record_text
from missions.record_files.yaml_text import Mistake
from sources.models import CitedEdition

CHANGE_NOTE = "Changed in the founding record."
MANY = 20  # editions for which the index of the search is made anew rather than followed
NOON = datetime.time(12, tzinfo=datetime.UTC)


@dataclass
class Report:
    """What a run did: counts by kind of thing, and what it left as the site has it."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    published: int = 0
    kept: list[str] = field(default_factory=list)


def load(root: Path, progress: Progress = no_progress) -> Report:
    """Load all files below `root`, or none: raises BadRecordError, which names every bad file."""
    folder = read_folder(root, progress)
    for name, path in folder.pictures.items():
        keeping.keep_as_it_is(name, path.read_bytes())
    with transaction.atomic():
        report = _Load(progress).run(folder.entries, folder.records)
        if report.published:
            look_at_tables()
        return report


class _Load:
    """One run: what is known so far, and what is still to be written."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.report = Report()
        self.things: dict[str, Any] = {}  # by full name
        # Locked: a second run at the same time waits.
        self.seen = {
            file.name: file
            for file in RecordFile.objects.select_for_update(of=("self",)).select_related("edition__record")
        }
        self.remembered: list[RecordFile] = []

    def run(self, entries: list[Entry], records: list[RecordText]) -> Report:
        for model in LISTS.values():
            self.load_list(model, [entry for entry in entries if entry.model is model])
        # What was merged into another since is named by it: rows of records that cite it cite that other.
        merged = {name: thing for name, thing in self.things.items() if getattr(thing, "merged_into_id", None)}
        self.things |= {name: thing.merged_into for name, thing in merged.items()}
        self.load_records(records)
        RecordFile.objects.bulk_create(
            self.remembered,
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["sha256", "edition"],
        )
        return self.report

    def unchanged(self, name: str, sha256: str) -> bool:
        file = self.seen.get(name)
        return file is not None and file.sha256 == sha256

    def remember(self, name: str, sha256: str, edition: Edition | None = None) -> None:
        self.remembered.append(RecordFile(name=name, sha256=sha256, edition=edition))

    # Reference data

    def load_list(self, model: type[ReferenceData], entries: list[Entry]) -> None:
        relations = [f.name for f in model._meta.fields if f.is_relation]
        there = model._default_manager.select_related(*relations)
        self.things |= {full_name(thing): thing for thing in there}
        new = []
        for entry in entries:
            thing = self.things.get(entry.name)
            if thing is None:
                new.append(entry)
            elif self.unchanged(entry.name, entry.sha256):
                self.report.unchanged += 1
            else:
                self.change_entry(thing, entry)
        self.create_entries(model, new)

    def create_entries(self, model: Any, entries: list[Entry]) -> None:
        """Make new things; what points at another of the same list is set once all are there."""
        to_itself = [f.name for f in model._meta.fields if f.related_model is model]
        things = []
        for entry in entries:
            plain = {name: value for name, value in entry.plain.items() if name not in to_itself}
            things.append(model(**columns(model, plain, self.things), **_rank(entry)))
        model._default_manager.bulk_create(things)
        self.things |= {entry.name: thing for entry, thing in zip(entries, things, strict=True)}
        pointing = []
        for entry, thing in zip(entries, things, strict=True):
            if any(name in entry.plain for name in to_itself):
                _set(thing, columns(model, entry.plain, self.things))
                pointing.append(thing)
        if pointing:
            model._default_manager.bulk_update(pointing, to_itself)
        model.history.bulk_history_create(things)
        for entry in entries:
            self.remember(entry.name, entry.sha256)
        self.report.created[str(model._meta.verbose_name)] += len(entries)

    def change_entry(self, thing: Any, entry: Entry) -> None:
        thing = type(thing)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=thing.pk)
        current = entry_of(thing).sha256
        if current == entry.sha256:
            self.report.unchanged += 1
        elif self.unchanged(entry.name, current):  # as it was loaded
            _set(thing, columns(type(thing), entry.plain, self.things) | _rank(entry))
            thing.save()
            self.report.changed[str(thing._meta.verbose_name)] += 1
            if thing.in_public_use():
                index.follow_thing(thing)
                Change.objects.create(
                    at=timezone.now(), kind=Change.Kind.AMENDED, note=CHANGE_NOTE,
                    address=thing.get_absolute_url(), label=str(thing)[:300],
                )  # fmt: skip
        else:
            self.report.kept.append(f"{entry.name}: changed in the site since it was loaded.")
            return
        self.remember(entry.name, entry.sha256)

    # Records

    def load_records(self, texts: list[RecordText]) -> None:
        new = self.make_records(texts)
        drafts: list[tuple[RecordText, CitedEdition]] = []
        bad: list[BadFile] = []
        for text in self.progress(texts, desc="Loading"):
            try:
                edition = self.draft_for(text, is_new=text.name in new)
            except Mistake as mistake:
                bad.append(BadFile(text.path, mistake.line, mistake.text))
                continue
            if edition is not None:
                drafts.append((text, edition))
        self.write_rows(drafts)
        public = [pair for pair in drafts if pair[0].published]
        with index.made_at_the_end() if len(public) >= MANY else nullcontext():
            bad += self.publish(public)
        if bad:
            raise BadRecordError(bad)
        for text, edition in drafts:
            self.remember(text.name, text.sha256, edition)
        self.report_missing({text.name for text in texts})

    def make_records(self, texts: list[RecordText]) -> set[str]:
        """All records must be there before any edition points at one. Returns the names of new ones."""
        # A renamed record is still the one that was loaded.
        for name, file in self.seen.items():
            if file.edition:
                self.things[name] = file.edition.record
        for former in FormerAddress.objects.select_related("record"):
            self.things[str(former)] = former.record
        for record in Record.objects.all():
            self.things[full_name(record)] = record
        new = [Record(kind=text.kind, slug=text.slug) for text in texts if text.name not in self.things]
        self.things |= {full_name(record): record for record in Record.objects.bulk_create(new)}
        return {full_name(record) for record in new}

    def draft_for(self, text: RecordText, *, is_new: bool) -> CitedEdition | None:
        """The draft that takes the text in; None when nothing is to be done.

        Raises Mistake when the file gives an earlier date than the edition that it would follow.
        """
        if self.unchanged(text.name, text.sha256):
            self.report.unchanged += 1
            return None
        record, model = self.things[text.name], KINDS[text.kind]
        if is_new:
            self.report.created[text.kind] += 1
            return self.save(model(record=record), text)

        record = Record.objects.select_for_update(no_key=True).get(pk=record.pk)
        current = record_text(record)
        if current and current.name == text.name and current.sha256 == text.sha256:
            self.report.unchanged += 1
            file = self.seen.get(text.name)
            self.remember(text.name, text.sha256, file.edition if file else None)
            return None
        loaded = self.as_loaded(record, text.name)
        if loaded is None:
            self.report.kept.append(f"{text.name}: worked on in the site since it was loaded.")
            return None
        if loaded.state == State.PUBLISHED and not text.published:
            self.report.kept.append(f"{text.name}: public, so its file must say when it was published.")
            return None
        self.report.changed[text.kind] += 1
        if loaded.state == State.DRAFT:
            draft = model._default_manager.get(pk=loaded.pk)
            draft.lock_version += 1
            return self.save(draft, text)
        if loaded.published_at and _noon(text.published) < loaded.published_at:
            raise Mistake(
                text.lines["published"],
                f"published: {text.published} is before edition {loaded.number}, "
                f"which became public on {loaded.published_at:%Y-%m-%d}.",
            )
        return self.save(model(record=record, based_on=loaded, change_note=CHANGE_NOTE), text)

    def as_loaded(self, record: Record, name: str) -> Edition | None:
        """The record's newest edition, if it is the one loaded and nobody has touched it since."""
        file = self.seen.get(name)
        newest = record.editions.order_by("-pk").first()
        if not file or not newest or newest.pk != file.edition_id or record.slug != name.partition("/")[2]:
            return None
        untouched = (
            (newest.state == State.DRAFT or (newest.state == State.PUBLISHED and newest.imported))
            and not newest.is_suppressed
            and not newest.contributors.exists()
        )
        return newest if untouched else None

    def save(self, edition: Any, text: RecordText) -> CitedEdition:
        """Give a draft the text's own fields; its rows follow for all drafts together."""
        _set(edition, columns(type(edition), text.front, self.things) | {"body": text.body})
        edition.save()
        for name, targets in many_to_many(type(edition), text.front, self.things).items():
            getattr(edition, name).set(targets)
        return edition

    def write_rows(self, drafts: list[tuple[RecordText, CitedEdition]]) -> None:
        rows: dict[type[Row], list[Row]] = {}
        for text, edition in drafts:
            for model in row_models_of(type(edition)):
                plain: list[Plain] = text.figures if model is Figure else text.front.get(model.plural, [])
                rows.setdefault(model, []).extend(
                    model(edition_id=edition.pk, rank=rank, **columns(model, row, self.things))
                    for rank, row in enumerate(plain)
                )
        editions = [edition.pk for _, edition in drafts]
        for model, new in self.progress(rows.items(), desc="Writing rows"):
            model._default_manager.filter(edition__in=editions).delete()
            model._default_manager.bulk_create(new)

    def publish(self, drafts: Iterable[tuple[RecordText, CitedEdition]]) -> list[BadFile]:
        """Publish in the order of date, kind and slug. Returns the files of those that cannot be public."""
        kinds = list(KINDS)
        ordered = sorted(drafts, key=lambda pair: (pair[0].published, kinds.index(pair[0].kind), pair[0].slug))
        bad = []
        for text, edition in self.progress(ordered, desc="Publishing"):
            try:
                workflow.publish_imported(edition, at=_noon(text.published))
            except workflow.WorkflowError as error:
                bad.append(BadFile(text.path, 1, f"cannot be public: {error}"))
            self.report.published += 1
        return bad

    def report_missing(self, names: set[str]) -> None:
        """A record whose file is gone stays, and is named."""
        for name, file in self.seen.items():
            if file.edition and name not in names and file.edition.record.frozen_key == name:
                self.report.kept.append(f"{name}: its file is gone, the record is not.")


def _noon(day: str) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(day), NOON)


def _rank(entry: Entry) -> dict[str, int]:
    return {} if entry.rank is None else {"rank": entry.rank}


def _set(thing: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(thing, name, value)
