"""Puts a backup into an empty database, and compares what stands there with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from kosovo_peace.backup import archive, files, restoring


class Command(BaseCommand):
    help = (
        "Restore a backup into the empty database that DATABASE_URL names, PostgreSQL or SQLite, whichever it was made "
        "of, and check the record. Stop the site first, and start it afterwards."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The file that `manage.py backup` has written.")

    def handle(self, *args: Any, path: Path, verbosity: int, **options: Any) -> None:
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            found = restoring.restore(path, progress)
        except (archive.BadBackup, restoring.NotEmpty, restoring.Different, files.InTheWay, OSError) as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(
                f"The database refused what the backup holds, and nothing was restored: {error}"
            ) from None
        for line in found:
            self.stdout.write(line)
        if any(line.startswith("Fault") for line in found):
            raise CommandError("All is restored as it was backed up, and the record has the faults above.")
        self.stdout.write("Restored, and compared with the backup row by row. The record was checked: no fault.")
