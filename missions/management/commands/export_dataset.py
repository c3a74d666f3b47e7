"""Writes the data files of what is public now into a folder: the same as the site offers for download."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from editorial.models import PublicSerial
from missions import dataset
from missions.dataset.making import MANIFEST


class Command(BaseCommand):
    help = "Write all tables as CSV and SQLite, with what describes them, into a new or empty folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="The folder, new or empty.")

    def handle(self, *args: Any, to: Path, verbosity: int, **options: Any) -> None:
        if not PublicSerial.now():
            raise CommandError("Nothing is public yet: nothing was written.")
        try:
            to.mkdir(parents=True, exist_ok=True)
            if any(to.iterdir()):
                raise CommandError(f"There are files in {to} already: name a new or empty folder.")
        except OSError as error:
            raise CommandError(f"{to} cannot be written to: {error.strerror}.") from None
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        made = dataset.make(to, progress=progress)
        (to / MANIFEST).unlink()  # it is the site's own
        if verbosity:
            rows = sum(file.rows or 0 for file in made.files.values())
            self.stdout.write(f"{len(made.files)} files, {rows} rows, serial {made.about.serial}, below {to}.")
