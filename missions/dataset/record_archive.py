"""The record files of all that is public, as `export_record` writes them, in one archive.

They can be loaded elsewhere by themselves: what names something that is not public is left out.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.models import Prefetch

from editorial.models import Record
from missions.dataset.about import About
from missions.exports.records import published_records
from missions.models import KINDS, Relation, Responsibility
from missions.pictures import PictureFile, keeping
from missions.record_files import yaml_text
from missions.record_files.reading import Progress
from missions.record_files.shape import LISTS, full_name, row_models_of
from missions.record_files.writing import edition_text, entries_of

EDITIONS = 100  # in memory at a time


def write_archive(path: Path, about: About, progress: Progress) -> None:
    """A compressed tar whose bytes depend on nothing but the record."""
    at = int(about.at.timestamp())
    with path.open("wb") as file, gzip.GzipFile("", "wb", mtime=at, fileobj=file) as packed:
        archive = tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  closed below
        for name, content in progress(record_files(), desc="record files"):
            data = content
            entry = tarfile.TarInfo(f"{about.stem}-record-files/{name}")
            entry.size, entry.mtime = len(data), at
            archive.addfile(entry, io.BytesIO(data))
            archive.members.clear()  # type: ignore[attr-defined]  # it remembers all it wrote
        archive.close()


def record_files() -> Iterator[tuple[str, bytes]]:
    """(path, content) of every record file, reference data first; each picture once, after the first that shows it."""
    public = {full_name(thing) for model in LISTS.values() for thing in _in_public_use(model)}
    for path, model in LISTS.items():
        entries = [_plain(entry, public) for entry in entries_of(model) if entry.name in public]
        yield path, yaml_text.write(entries).encode()
    given = set()
    for kind in KINDS:
        for edition in _editions(kind):
            rows = {model.plural: list(getattr(edition, model.plural).all()) for model in row_models_of(type(edition))}
            written = edition_text(edition.record, edition, rows)
            yield from ((path, content.encode()) for path, content in written.files().items())
            for path, name in written.pictures.items():
                if path not in given:
                    given.add(path)
                    with suppress(FileNotFoundError):  # the health check says so; readers get the rest
                        yield path, keeping.contents(PictureFile.named(name))


def _in_public_use(model: Any) -> Any:
    return model._default_manager.in_public_use()


def _plain(entry: Any, public: set[str]) -> dict[str, Any]:
    """What a list says of an entry, without what names something that is not public."""
    return {
        name: value
        for name, value in entry.plain.items()
        if not (field := entry.model._meta.get_field(name)).is_relation
        or f"{field.related_model._meta.model_name}/{value}" in public
    }


def _editions(kind: str) -> Iterator[Any]:
    """Published editions of a kind with all that their files say; records they name only where these are public."""
    model: Any = KINDS[kind]
    of_records = [many.name for many in model._meta.local_many_to_many if many.related_model is Record]
    prefetched = [Prefetch(name, published_records()) for name in of_records]
    prefetched += [Prefetch(row.plural, _rows(row).order_by("rank", "key")) for row in row_models_of(model)]
    others = [many.name for many in model._meta.local_many_to_many if many.name not in of_records]
    relations = [field.name for field in model._meta.local_fields if field.is_relation and field is not model._meta.pk]
    editions = model._default_manager.published().select_related("record", *relations).defer("frozen", "rendered")
    return editions.prefetch_related(*prefetched, *others).order_by("record__slug").iterator(chunk_size=EDITIONS)


def _rows(model: Any) -> Any:
    if model is Responsibility:
        public = Prefetch("handed_to", published_records())  # nothing where it is not public
        return model._default_manager.select_related("task").prefetch_related(public)
    rows = model._default_manager.with_what_they_name()
    return rows.filter(record__in=published_records()) if model is Relation else rows
