"""Writes the live text of the site back to the founding record's files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from editorial.models import Record
from missions import record_files


class Command(BaseCommand):
    help = "Write the live text (or the draft, where nothing is public) to the record files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to",
            type=Path,
            default=settings.BASE_DIR,
            help="The folder that is to hold sources/record and missions/record (default: the project).",
        )

    def handle(self, *args: Any, to: Path, verbosity: int, **options: Any) -> None:
        if not Record.objects.exists():
            raise CommandError("There is no record in the database: nothing was written.")
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            changed = record_files.export(to, progress)
        except FileNotFoundError as error:
            raise CommandError(f"The file of a picture is gone, and nothing was written: {error}") from None
        if verbosity > 1:
            for path in changed:
                self.stdout.write(path)
        if verbosity:
            self.stdout.write(f"{len(changed)} files changed below {to}.")
