"""Where sets of files are kept, and that each is made once.

    DATA_DIR/data/2041/               the set of serial 2041: made once, by whoever wants it first
    DATA_DIR/data/releases/2026.1/    a release: made once by `manage.py make_release`, and kept

A set appears whole: it is made in a folder of its own, which is then given its name. Of several processes one makes
it, under a lock that ends with the process. A text that is removed for legal cause goes with the set that held it:
from that moment it is not given out, and it is deleted before the next is made.
"""

from __future__ import annotations

import fcntl
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from editorial.models import Change, Edition, PublicSerial
from missions import dataset
from missions.dataset import Dataset
from missions.record_files.reading import Progress, no_progress

WAIT = 5.0  # seconds for a set that another process is making
MOST_FOR_READERS = 5000  # records whose files are made while a reader waits; more are left to the worker
OLDER_KEPT = 1  # sets besides the newest, for downloads that go on
RELEASE = r"\d{4}\.\d{1,3}"
REMOVED = "removed.txt"  # in the folder of a release that had to go: the reason, for readers
MAKING = ".making-"

# Whoever asks for files while they are made waits in a thread; the others stay for those who read pages.
waiting = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 4))


class BeingMade(Exception):
    """Another process is making the set, or soon will; in a little while it will be there."""


class ReleaseExists(Exception):
    """There is a release of this name: it never changes."""


@dataclass(frozen=True)
class Release:
    """A release that is kept; or what became of it, in words, where it had to be removed by law."""

    name: str
    dataset: Dataset | None
    removed: str = ""


def root() -> Path:
    path: Path = settings.DATA_DIR / "data"
    return path


def set_of(serial: int) -> Dataset | None:
    """The set of a serial, if it is there and may still be given out."""
    found = Dataset.read(root() / str(serial))
    return None if found is None or _holds_removed_text(serial) else found


def newest(*, wait: float | None = None, however_large: bool = False) -> Dataset | None:
    """The set of what is public now, made if need be; None while nothing is public.

    Raises BeingMade where another process is longer at it than `wait` (or WAIT) seconds, or it takes too long for a reader.
    """
    serial = PublicSerial.now()
    if not serial:
        return None
    if found := set_of(serial):
        return found
    if not however_large and Edition.objects.published()[MOST_FOR_READERS:].exists():
        raise BeingMade
    with _one_at_a_time(WAIT if wait is None else wait):
        return set_of(PublicSerial.now()) or _make()


def at_hand() -> Dataset | None:
    """The newest set that need not be made: of what is public now, or else of what was public before."""
    return next((found for serial in _serials() if (found := set_of(serial))), None)


def tidy() -> None:
    """Delete sets that hold what was removed for legal cause, sets nobody asks for any more, and half-made ones."""
    with _one_at_a_time(0):
        _tidy()


def _make() -> Dataset:
    _tidy()
    with _new_folder() as folder:
        made = dataset.make(folder)
        shutil.rmtree(root() / str(made.about.serial), ignore_errors=True)
        folder.rename(root() / str(made.about.serial))
    _tidy()
    return made


def _tidy() -> None:
    for left in root().glob(f"{MAKING}*"):
        shutil.rmtree(left, ignore_errors=True)
    for place, serial in enumerate(_serials()):
        if place > OLDER_KEPT or _holds_removed_text(serial):
            shutil.rmtree(root() / str(serial), ignore_errors=True)


def _serials() -> list[int]:
    """Of the sets that are there, the newest first."""
    folders = root().iterdir() if root().is_dir() else []
    return sorted((int(folder.name) for folder in folders if folder.name.isdecimal()), reverse=True)


def _holds_removed_text(serial: int) -> bool:
    return Change.objects.filter(serial__gt=serial, kind=Change.Kind.SUPPRESSED).exists()


# Releases


def make_release(name: str, progress: Progress = no_progress) -> Dataset:
    """Make a release of what is public now. Raises ReleaseExists, and ValueError for a name that is none."""
    if not re.fullmatch(RELEASE, name):
        raise ValueError(f"“{name}” is no name of a release: write the year and a number, such as 2026.1.")
    place = root() / "releases" / name
    with _one_at_a_time(WAIT), _new_folder() as folder:
        if place.exists():
            raise ReleaseExists(f"There is a release {name} already: a release never changes. Choose the next number.")
        place.parent.mkdir(exist_ok=True)
        made = dataset.make(folder, release=name, progress=progress)
        folder.rename(place)
    return made


def release(name: str) -> Release | None:
    """The release of this name; None where there never was one."""
    folder = root() / "releases" / name
    if not re.fullmatch(RELEASE, name) or not folder.is_dir():
        return None
    if (folder / REMOVED).exists():
        return Release(name, None, (folder / REMOVED).read_text(encoding="utf-8").strip())
    found = Dataset.read(folder)
    return Release(name, found) if found else None


def releases() -> list[Release]:
    """All of them, the newest first."""
    folder = root() / "releases"
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    found = [one for name in names if (one := release(name))]
    return sorted(found, key=lambda one: [int(part) for part in one.name.split(".")], reverse=True)


# On disk


@contextmanager
def _one_at_a_time(wait: float) -> Iterator[None]:
    """Raises BeingMade when another thread or process is longer at it than `wait` seconds."""
    root().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (root() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _wait_for(lock, wait)
        yield


def _wait_for(lock: IO[str], seconds: float) -> None:
    """Take the lock as soon as it is free. Raises BeingMade when that is too late, or when too many wait already."""
    if not waiting.acquire(blocking=False):
        raise BeingMade
    try:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.1)
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
        raise BeingMade
    finally:
        waiting.release()


@contextmanager
def _new_folder() -> Iterator[Path]:
    """A folder to make a set in; gone where that fails."""
    folder = Path(tempfile.mkdtemp(prefix=MAKING, dir=root()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
