"""The file of a backup: written whole or not at all, and read through before it is believed."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any

from kosovo_peace.backup import tables

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 256 * 1024
PARTIAL = ".partial"  # at the end of the name of a file that is being written
UNREADABLE = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError, NotImplementedError, OSError)


class BadBackup(Exception):
    """The file is no backup, or not as it was written; the message says where."""


@dataclass(frozen=True)
class Member:
    """A file within the backup; of a table also its columns and how many rows it has."""

    sha256: str
    size: int
    columns: list[str] = field(default_factory=list)
    rows: int = 0


@dataclass
class Manifest:
    """What a backup holds, and what it was made of. `serial` is how far the public log went."""

    made_at: str
    site: str
    database: str
    serial: int
    key_check: str  # tells whether a site has the same SECRET_KEY; the key cannot be found from it
    migrations: list[list[str]]
    left_out: list[str]
    tables: dict[str, Member] = field(default_factory=dict)
    files: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


class Writer:
    """Adds tables and files, then the manifest, to an archive that is open."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive, self.manifest = archive, manifest

    def add_table(self, name: str, columns: list[str], rows: Iterable[tables.Row]) -> None:
        count = -1  # the first line has the columns

        def lines() -> Iterator[bytes]:
            nonlocal count
            for row in chain([columns], rows):
                count += 1
                yield tables.line(row)

        digest, size = self._add(table_path(name), lines())
        self.manifest.tables[name] = Member(digest, size, columns, count)

    def add_file(self, name: str, opened: IO[bytes]) -> None:
        with opened:
            digest, size = self._add(file_path(name), iter(lambda: opened.read(PIECE), b""), zipfile.ZIP_STORED)
        self.manifest.files[name] = Member(digest, size)

    def finish(self) -> None:
        text = json.dumps(asdict(self.manifest), indent=1, sort_keys=True)
        self._archive.writestr(MANIFEST, text)

    def _add(self, path: str, pieces: Iterator[bytes], compression: int = zipfile.ZIP_DEFLATED) -> tuple[str, int]:
        info = zipfile.ZipInfo(path)
        info.compress_type, info.external_attr = compression, 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
        return digest.hexdigest(), size


def table_path(name: str) -> str:
    return f"tables/{name}.jsonl"


def file_path(name: str) -> str:
    return f"files/{name}"


@contextmanager
def writing(path: Path, manifest: Manifest) -> Iterator[Writer]:
    """A backup that has its name once it is whole and was read through; only its owner can read it.

    Raises FileExistsError where there is a file of that name, and BadBackup where the disk does not give back what was written.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists already.")
    partial = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                writer = Writer(archive, manifest)
                yield writer
                writer.finish()
            file.flush()
            os.fsync(file.fileno())
        verify(partial)
        partial.rename(path)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Backup:
    """A backup that is open to be read."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive, self.manifest = archive, manifest

    def rows(self, name: str) -> Iterator[tables.Row]:
        """The rows of a table, one by one."""
        with self._archive.open(table_path(name)) as member:
            next(member)  # the columns
            for found in member:
                yield json.loads(found)

    def file(self, name: str) -> IO[bytes]:
        return self._archive.open(file_path(name))

    def read_through(self) -> None:
        """Compare every member with the manifest. Raises BadBackup."""
        manifest = self.manifest
        expected = {table_path(name): member for name, member in manifest.tables.items()}
        expected |= {file_path(name): member for name, member in manifest.files.items()}
        there = [name for name in self._archive.namelist() if name != MANIFEST]
        if sorted(there) != sorted(expected):
            odd = sorted(set(there) ^ set(expected))
            raise BadBackup(f"The file does not hold what its manifest lists: {', '.join(odd[:5]) or 'a name twice'}.")
        for path, member in expected.items():
            digest, size, lines = hashlib.sha256(), 0, 0
            with self._archive.open(path) as opened:
                while piece := opened.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
                    lines += piece.count(b"\n")
            if (digest.hexdigest(), size) != (member.sha256, member.size):
                raise BadBackup(f"{path} is not as it was written.")
            if member.columns and lines != member.rows + 1:
                raise BadBackup(f"{path} has {lines - 1} rows, and its manifest says {member.rows}.")


@contextmanager
def reading(path: Path) -> Iterator[Backup]:
    """A backup, open to be read. Raises BadBackup where it is none."""
    with _as_bad_backup(path):
        archive = zipfile.ZipFile(path)
    with archive:
        with _as_bad_backup(path):
            backup = Backup(archive, _manifest(json.loads(archive.read(MANIFEST))))
        yield backup


def verify(path: Path) -> Manifest:
    """Read a backup through, and say what it holds. Raises BadBackup."""
    with reading(path) as backup, _as_bad_backup(path):
        backup.read_through()
    return backup.manifest


@contextmanager
def _as_bad_backup(path: Path) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise BadBackup(f"{path} cannot be read as a backup: {error}") from None


def _manifest(found: dict[str, Any]) -> Manifest:
    if found.get("format") != FORMAT:
        raise BadBackup(f"The backup has format {found.get('format')}; this version of the site reads {FORMAT}.")
    for kind in ("tables", "files"):
        found[kind] = {name: Member(**member) for name, member in found[kind].items()}
    return Manifest(**found)
