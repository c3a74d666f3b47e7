"""Make the HTML of all public editions anew, after a change to how pages are rendered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from editorial.models import Edition
from missions.rendering import keep


class Command(BaseCommand):
    """Remakes `rendered`; texts, hashes and addresses stay as they are."""

    help = "Make the stored HTML of all public editions anew. Texts and hashes stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        editions = Edition.objects.public().select_related("record").order_by("pk")
        quiet = options["verbosity"] == 0
        with transaction.atomic():
            for edition in tqdm(
                editions.iterator(), total=editions.count(), unit="edition", disable=quiet
            ):
                keep(edition)
        if not quiet:
            self.stdout.write(f"{editions.count()} editions rendered.")
