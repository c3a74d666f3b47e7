from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from editorial import integrity


class Command(BaseCommand):
    help = (
        "Check that what is public is still what was published: hashes, rows, numbers, live editions, "
        "the serial. Names edition and field, keeps the result for /healthz, and ends with status 1 when it is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="Only what a health check asks, in a few queries.")

    def handle(self, *args: Any, **options: Any) -> None:
        quick = options["quick"]
        findings = integrity.Findings(faults=integrity.quick()) if quick else integrity.check_and_keep()
        for note in findings.notes:
            self.stdout.write(f"Note: {note}")
        for fault in findings.faults:
            self.stderr.write(f"Fault: {fault}")
        if findings.faults:
            raise CommandError(f"Faults found: {len(findings.faults)}.")
        if not quick:
            self.stdout.write(f"Editions compared with what was published: {findings.editions}.")
        self.stdout.write("No fault found.")
