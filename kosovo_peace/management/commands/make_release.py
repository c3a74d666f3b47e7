"""Makes a release of the data files: the record as it is now, kept for ever under a name."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from tqdm import tqdm

from editorial.api.links import absolute
from editorial.models import PublicSerial
from kosovo_peace.data_files import keeping


class Command(BaseCommand):
    help = "Make a release of the data files of what is public now; it is kept for ever and never made again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="The year and a number, such as 2026.1.")

    def handle(self, *args: Any, name: str, verbosity: int, **options: Any) -> None:
        if not PublicSerial.now():
            raise CommandError("Nothing is public yet: there is nothing to release.")
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            made = keeping.make_release(name, progress)
        except (keeping.ReleaseExists, ValueError) as error:
            raise CommandError(str(error)) from None
        except keeping.BeingMade:
            raise CommandError("Other files are being made at this moment. Please try again in a minute.") from None
        if verbosity:
            self.stdout.write(f"Release {name}: {absolute(reverse('data-release', args=[name]))}")
            self.stdout.write(f"Cite as: {made.about.cite_as}")
            for file in made.files.values():
                self.stdout.write(f"{file.sha256}  {file.name}")
