"""Makes the search index anew from what is public."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from editorial.search import index


class Command(BaseCommand):
    help = "Make the search index anew from what is public. Publication keeps it right by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        count = index.rebuild(self.tell if options["verbosity"] > 1 else lambda count: None)
        self.stdout.write(f"{count:,} things can be found.")

    def tell(self, count: int) -> None:
        """Say how far it is."""
        self.stderr.write(f"{count:,}", ending="\r")
