"""Make the HTML of all public editions anew, after a change to how pages are rendered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from editorial.models import Edition
from missions.rendering import keep


class Command(BaseCommand):
    """Remakes `rendered`; texts, hashes and addresses stay as they are."""

    help = "Make the stored HTML of all public editions anew. Texts and hashes stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        editions = Edition.objects.public().select_related("record")
        keys = list(editions.order_by("pk").values_list("pk", flat=True))
        quiet = options["verbosity"] == 0
        for key in tqdm(keys, unit="edition", disable=quiet):
            keep(editions.get(pk=key))  # one by one: nobody else waits for a long transaction
        if not quiet:
            self.stdout.write(f"{len(keys)} editions rendered.")
