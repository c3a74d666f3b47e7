"""Writes the live text back to record files: the same content always gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from editorial.models import OPEN, Edition, FormerAddress, Record, State
from missions.models import KINDS, Figure, RecordFile, Term
from missions.models.reference import Vocabulary
from missions.pictures import PictureFile, keeping
from missions.record_files import yaml_text
from missions.record_files.reading import Progress, no_progress
from missions.record_files.record_text import FOLDER, REMOVED, Entry, RecordText
from missions.record_files.shape import LISTS, Plain, full_name, plain_of, row_models_of


def export(root: Path, progress: Progress = no_progress) -> list[str]:
    """Write every record and all reference data below `root`; returns the paths that changed.

    Raises FileNotFoundError where the file of a picture is gone: nothing is written then.
    Files of records that the database does not know are left alone; those of a record's former
    address, and figures it no longer has, are removed.
    """
    files: dict[str, bytes] = {}
    gone: set[str] = set()
    for path, model in LISTS.items():
        files[path] = yaml_text.write([entry.plain for entry in entries_of(model)]).encode()
    for record in progress(list(Record.objects.all()), desc="Writing"):
        if text := record_text(record):
            files |= {path: content.encode() for path, content in text.files().items()}
            files |= {path: keeping.contents(PictureFile.named(name)) for path, name in text.pictures.items()}
            gone.add(text.figures_path)
    for kind, slug in _former_addresses():
        path = f"{FOLDER}/{kind}s/{slug}"
        gone |= {f"{path}.md", f"{path}.figures.yaml"}

    changed = []
    for path in sorted(gone - set(files)):
        if (root / path).exists():
            (root / path).unlink()
            changed.append(path)
    for path, data in files.items():
        file = root / path
        if not file.exists() or file.read_bytes() != data:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            changed.append(path)
    return changed


def record_text(record: Record) -> RecordText | None:
    """What the files of a record say; None for one of which nothing but discarded drafts is left.

    The public edition with its date; else, as a draft, the open edition or the withdrawn one. Of a text
    removed for legal cause only that is said.
    """
    editions = list(
        record.editions.filter(state__in=[*OPEN, State.PUBLISHED, State.WITHDRAWN]).only("state", "suppressed_at")
    )
    shown = [edition for edition in editions if not edition.is_suppressed]
    # Published before open before withdrawn.
    order = [State.PUBLISHED, *OPEN, State.WITHDRAWN]
    for edition in sorted(shown, key=lambda edition: order.index(State(edition.state))):
        typed = KINDS[record.kind]._default_manager.get(pk=edition.pk)
        return edition_text(record, typed)
    if editions:
        front = plain_of(KINDS[record.kind](title=REMOVED))
        return RecordText(record.kind, record.slug, "", front, "", [])
    return None


def edition_text(record: Record, edition: Edition, rows: Mapping[str, list[Any]] | None = None) -> RecordText:
    """What the files say of an edition, given as the Mission, Event or Article that it is.

    `rows` are its rows, as `Edition.rows` gives them, where they are loaded already.
    """
    front = plain_of(edition)
    figures: list[Plain] = []
    rows = rows or edition.rows()
    for model in row_models_of(type(edition)):
        plain = [plain_of(row) for row in sorted(rows[model.plural], key=lambda row: (row.rank, row.key))]
        if model is Figure:
            figures = plain
        elif plain:
            front[model.plural] = plain
    published = ""
    if edition.state == State.PUBLISHED and edition.published_at:
        published = timezone.localtime(edition.published_at).date().isoformat()
    body = yaml_text.tidy(edition.body)
    return RecordText(record.kind, record.slug, published, front, body, figures)


def entries_of(model: Any) -> list[Entry]:
    """All reference data of a kind, in the order of its list."""
    relations = [f.name for f in model._meta.fields if f.is_relation]
    # Sorted here: databases differ in how they order hyphens and capitals.
    things = sorted(model._default_manager.select_related(*relations), key=lambda thing: thing.key)
    if model is not Term:
        return [entry_of(thing) for thing in things]
    things = sorted(things, key=lambda term: (term.rank, term.key))
    return [
        entry_of(term, rank)
        for vocabulary in Vocabulary.values
        for rank, term in enumerate(term for term in things if term.vocabulary == vocabulary)
    ]


def entry_of(thing: Any, rank: int | None = None) -> Entry:
    """What its list says of a thing; a term's place is its rank unless another is given."""
    if rank is None and isinstance(thing, Term):
        rank = thing.rank
    return Entry(type(thing), full_name(thing), plain_of(thing), rank)


def _former_addresses() -> set[tuple[str, str]]:
    """Addresses under which a record of another address was once loaded or public."""
    former = set(FormerAddress.objects.values_list("kind", "slug"))
    loaded = RecordFile.objects.exclude(edition=None).values_list(
        "name", "edition__record__kind", "edition__record__slug"
    )
    for name, kind, slug in loaded:
        if name != f"{kind}/{slug}":
            former.add((name.partition("/")[0], name.partition("/")[2]))
    return former - set(Record.objects.values_list("kind", "slug"))
