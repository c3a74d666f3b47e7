"""Keeps the files of pictures in the storage of the site (`STORAGES`), each once, under the name of its content.

A file is there before the row that names it, so a draft that was never saved leaves some behind: `tidy` deletes what no
row has named for a day. What decodes pictures is loaded when the first is kept: readers need none of it.
"""

from __future__ import annotations

import datetime
import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from missions.pictures.names import Picture, PictureFile

if TYPE_CHECKING:
    from missions.pictures.decoding import Encoded

FOLDER = "pictures"
UNNAMED_FOR = datetime.timedelta(days=1)


def keep_upload(upload: BinaryIO, size: int) -> Picture:
    """Keep what was uploaded, and say what it is called. Raises BadPicture."""
    from missions.pictures.decoding import encoded_anew

    return _keep(encoded_anew(upload, size))


def keep_as_it_is(name: str, data: bytes) -> Picture:
    """Keep a picture of the record files. Raises BadPicture where it is not what its name says."""
    from missions.pictures.decoding import as_it_is

    return _keep(as_it_is(name, data))


def contents(file: PictureFile) -> bytes:
    """The bytes of a picture or a copy. Raises FileNotFoundError."""
    with default_storage.open(_path(file)) as opened:
        found: bytes = opened.read()
    return found


def fault(name: str) -> str:
    """What is wrong with the file of a picture that an edition holds; empty when it is as it was kept."""
    try:
        picture = Picture.named(name)
        data = contents(PictureFile(picture))
    except (ValueError, FileNotFoundError):
        return "the file of the picture is gone."
    if hashlib.sha256(data).hexdigest() != picture.sha256:
        return "the file of the picture is not the one that was kept."
    missing = [copy for copy in picture.copies if not default_storage.exists(_path(copy))]
    return "smaller copies of the picture are gone." if missing else ""


def is_there(name: str) -> bool:
    """Whether the file of a picture is kept; one look, without reading it."""
    try:
        return default_storage.exists(_path(PictureFile.named(name)))
    except ValueError:
        return False


def tidy() -> int:
    """Delete the files of pictures that no row of any edition names; returns how many files went."""
    from missions.models import Illustration

    with suppress(FileNotFoundError):
        names = default_storage.listdir(FOLDER)[1]
        before = timezone.now() - UNNAMED_FOR
        old = [name for name in names if default_storage.get_modified_time(f"{FOLDER}/{name}") < before]
        named = set(Illustration.objects.exclude(picture="").values_list("picture", flat=True)) if old else set()
        unnamed = [name for name in old if not _is_of(name, named)]
        for name in unnamed:
            default_storage.delete(f"{FOLDER}/{name}")
        return len(unnamed)
    return 0


def _is_of(name: str, named: set[str]) -> bool:
    """Whether a file is one of the pictures named, or a copy of one. What is no picture is not ours to delete."""
    try:
        return str(PictureFile.named(name).picture) in named
    except ValueError:
        return True


def _keep(encoded: Encoded) -> Picture:
    for file, data in encoded.files.items():
        path = _path(file)
        if default_storage.exists(path):
            if default_storage.size(path) == len(data):
                continue
            default_storage.delete(path)  # written half, when the machine stopped
        saved = default_storage.save(path, ContentFile(data))
        if saved != path:  # somebody else kept the same at this moment
            default_storage.delete(saved)
    return encoded.picture


def _path(file: PictureFile) -> str:
    return f"{FOLDER}/{file}"
