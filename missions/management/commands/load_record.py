"""Loads the founding record, all of it or none. A second run changes nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from missions import record_files
from missions.record_files import BadRecordError


class Command(BaseCommand):
    help = "Load the founding record from its text files; what was worked on in the site is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--root",
            type=Path,
            default=settings.BASE_DIR,
            help="The folder that holds sources/record and missions/record (default: the project).",
        )
        parser.add_argument("--check", action="store_true", help="Read and check the files; write nothing.")

    def handle(self, *args: Any, root: Path, check: bool, verbosity: int, **options: Any) -> None:
        # disable=None: no bar where the output is no terminal.
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            if check:
                folder = record_files.read_folder(root, progress)
                self.stdout.write(
                    f"{len(folder.records)} records and {len(folder.entries)} entries of reference data: no mistakes."
                )
                return
            report = record_files.load(root, progress)
        except BadRecordError as error:
            for file in error.files:
                self.stderr.write(str(file))
            count = len(error.files)
            raise CommandError(f"{count} {'file is' if count == 1 else 'files are'} bad: nothing was loaded.") from None
        for line in report.kept:
            self.stdout.write(f"Kept as the site has it: {line}")
        if verbosity:
            self.stdout.write(summary(report))


def summary(report: record_files.Report) -> str:
    """What a run did, in one sentence."""
    if not (report.created.total() or report.changed.total()):
        return f"0 changes: {report.unchanged} files and entries are as they were loaded."
    parts = [
        f"{verb} {', '.join(f'{number} {kind}' for kind, number in counts.items() if number)}"
        for verb, counts in (("new:", report.created), ("changed:", report.changed))
        if counts.total()
    ]
    return f"Loaded. {'; '.join(parts)}; published: {report.published}; unchanged: {report.unchanged}."
