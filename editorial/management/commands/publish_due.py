"""Publishes what is due; `work` does the same every minute."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from editorial import workflow


class Command(BaseCommand):
    help = "Publish every scheduled edition whose time has come. Exit code 1 if one could not be."

    def handle(self, *args: Any, **options: Any) -> None:
        done, failed = workflow.publish_due()
        for edition in done:
            self.stdout.write(f"Published: {edition.title}, {edition.get_absolute_url()}")
        for edition in failed:
            edition.refresh_from_db(fields=["schedule_error"])
            self.stderr.write(f"Not published: {edition.title}: {edition.schedule_error}")
        if not (done or failed):
            self.stdout.write("Nothing is due.")
        if failed:
            sys.exit(1)
