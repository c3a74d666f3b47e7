"""Writes the whole site into one file, while it runs; or reads such a file through."""

from __future__ import annotations

import datetime
import re
import time
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from kosovo_peace.backup import archive, saving

NAME = "kosovo-peace-{:%Y-%m-%dT%H%M%S}Z.zip"
DAY = 24 * 3600  # seconds
OURS = re.compile(r"kosovo-peace-\d{4}-\d{2}-\d{2}T\d{6}Z\.zip")


class Command(BaseCommand):
    help = (
        "Write all that the site holds into one file, while it runs: every table, pictures, releases. The file holds "
        "what is private too, and only its owner can read it. SECRET_KEY is not in it: keep that elsewhere."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The file, or a folder, where it is named after the time.")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--verify", action="store_true", help="Write nothing: read the file through.")
        what.add_argument("--keep", type=int, help="In a folder: delete older backups than this many.")

    def handle(self, *args: Any, path: Path, verify: bool, keep: int | None, verbosity: int, **options: Any) -> None:
        if keep is not None and (keep < 1 or not path.is_dir()):
            raise CommandError("--keep needs a folder, and at least 1.")
        try:
            if verify:
                self.tell(path, archive.verify(path), "is whole")
                return
            if path.is_dir():
                path /= NAME.format(datetime.datetime.now(datetime.UTC))
            manifest = saving.save(path, partial(tqdm, disable=None if verbosity else True, leave=False))
        except (archive.BadBackup, OSError) as error:
            raise CommandError(str(error)) from None
        if verbosity:
            self.tell(path, manifest, "written and read through")
        if keep:
            self.delete_older(path.parent, keep)

    def tell(self, path: Path, manifest: archive.Manifest, how: str) -> None:
        self.stdout.write(
            f"{path} {how}: {manifest.rows:,} rows of {len(manifest.tables)} tables, {len(manifest.files)} files, "
            f"serial {manifest.serial}, made of {manifest.site} at {manifest.made_at}."
        )

    def delete_older(self, folder: Path, keep: int) -> None:
        """Only what was named by this command, and what one that was killed has left; names sort by time."""
        for partial_file in folder.glob(f".kosovo-peace-*{archive.PARTIAL}"):
            if time.time() - partial_file.stat().st_mtime > DAY:
                partial_file.unlink()
        ours = sorted(file for file in folder.iterdir() if OURS.fullmatch(file.name))
        for old in ours[:-keep]:
            old.unlink()
            self.stdout.write(f"Deleted: {old.name}")
