"""Fills an empty database with a synthetic record, to measure the site with. Never a real one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from missions.synthetic import filling

LEAST_SOURCES = 10  # a mission cites six


class Command(BaseCommand):
    help = "Fill an empty or synthetic database with invented public records, for measurements."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--events", type=int, default=1000, help="Events to add.")
        parser.add_argument("--missions", type=int, default=50, help="Missions to add.")
        parser.add_argument("--sources", type=int, default=500, help="Sources there are to be.")
        parser.add_argument("--seed", type=int, default=1, help="The same seed gives the same record.")

    def handle(
        self, *args: Any, events: int, missions: int, sources: int, seed: int, verbosity: int, **options: Any
    ) -> None:
        if min(events, missions) < 0 or sources < LEAST_SOURCES:
            raise CommandError(f"Give whole numbers from 0, and at least {LEAST_SOURCES} sources.")
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            filling.fill(events=events, missions=missions, sources=sources, seed=seed, progress=progress)
        except filling.NotSynthetic as error:
            raise CommandError(str(error)) from None
        if verbosity:
            self.stdout.write(f"Added {missions} missions and {events} events. All of it is invented.")
