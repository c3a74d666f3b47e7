"""Erases names and addresses of readers whose reports were answered long enough ago, as the worker does by itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from editorial.corrections import erasing


class Command(BaseCommand):
    help = (
        "Erase names and e-mail addresses of readers whose reports were answered longer ago than they are kept "
        "(REPORTERS_ERASED_AFTER_DAYS). The worker does it by itself; reports and answers stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--dry-run", action="store_true", help="Say how many there are, and change nothing.")
        what.add_argument(
            "--report",
            type=int,
            metavar="NUMBER",
            help="This report alone and at once, answered or not: its sender asked.",
        )

    def handle(self, *args: Any, dry_run: bool, report: int | None, **options: Any) -> None:
        if report is not None:
            if not erasing.erase_now(report).reports:
                raise CommandError(f"There is no report {report}, or its name and address are erased already.")
            self.stdout.write(f"Erased: name and address in report {report}, and in its mails.")
            return
        found = erasing.count_due() if dry_run else erasing.erase_due()
        self.stdout.write(
            f"{'To be erased' if dry_run else 'Erased'}: name and address in {_counted(found.reports, 'report')} "
            f"answered more than {settings.REPORTERS_ERASED_AFTER_DAYS} days ago, "
            f"the address in {_counted(found.mails, 'mail')}."
        )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
