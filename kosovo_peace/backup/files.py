"""The files of a site that no database holds and nothing can make again: pictures, and releases of the data files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from kosovo_peace.backup.archive import PIECE, Member
from kosovo_peace.data_files import keeping

PICTURES, RELEASES = "media/", "releases/"


class InTheWay(Exception):
    """There is another file where one of the backup belongs."""


def names() -> Iterator[str]:
    """What there is, by the names that files have in a backup."""
    yield from sorted(f"{PICTURES}{path}" for path in _stored(""))
    folder = _releases()
    yield from sorted(f"{RELEASES}{path.relative_to(folder)}" for path in folder.rglob("*") if path.is_file())


def opened(name: str) -> IO[bytes]:
    """A file, to be read. Raises FileNotFoundError."""
    if name.startswith(PICTURES):
        found: IO[bytes] = default_storage.open(name.removeprefix(PICTURES))
        return found
    return _release_path(name).open("rb")


def is_there(name: str, member: Member) -> bool:
    """Whether this very file is there already. Raises InTheWay where another has its name."""
    try:
        with opened(name) as file:
            digest = hashlib.sha256()
            while piece := file.read(PIECE):
                digest.update(piece)
    except FileNotFoundError:
        return False
    if digest.hexdigest() != member.sha256:
        raise InTheWay(f"There is another file {name}: restore into a folder (DATA_DIR) that is empty.")
    return True


def put(name: str, content: IO[bytes]) -> None:
    """Write a file that is not there yet."""
    if name.startswith(PICTURES):
        default_storage.save(name.removeprefix(PICTURES), File(content))
        return
    path = _release_path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("wb") as file:
        while piece := content.read(PIECE):
            file.write(piece)
    partial.rename(path)


def is_known(name: str) -> bool:
    """Whether a name in a backup is one that a file of ours can have, and leads nowhere else."""
    parts = Path(name).parts
    return name.startswith((PICTURES, RELEASES)) and len(parts) > 1 and ".." not in parts and "\\" not in name


def _stored(folder: str) -> Iterator[str]:
    with suppress(FileNotFoundError):
        folders, files = default_storage.listdir(folder)
        yield from (f"{folder}{file}" for file in files)
        for inner in folders:
            yield from _stored(f"{folder}{inner}/")


def _releases() -> Path:
    return keeping.root() / "releases"


def _release_path(name: str) -> Path:
    return _releases() / name.removeprefix(RELEASES)
