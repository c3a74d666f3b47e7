"""Brings references into the library: new ones arrive, all others are named for an editor to decide."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from tqdm import tqdm

from editorial.workflow import WorkflowError
from sources import bibliography, importing
from sources.bibliography import BadText
from sources.importing import CHANGED, NEW, SUSPECTED, UNCHANGED
from sources.models import Source


class Command(BaseCommand):
    help = (
        "Import BibTeX, RIS or CSL-JSON. What is in the library already is not changed, and what may be a "
        "duplicate is left out: both are named, and decided in the editors’ site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The file to read, in UTF-8.")
        parser.add_argument("--format", choices=list(bibliography.NAMES), help="bib, ris or json; found out otherwise.")
        parser.add_argument("--standing", choices=Source.Standing.values, help="Of sources that do not say theirs.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen; save nothing.")

    def handle(
        self, *args: Any, file: Path, format: str | None, standing: str | None, dry_run: bool, verbosity: int, **_: Any
    ) -> None:
        # disable=None: no bar where the output is no terminal.
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            text = file.read_text(encoding="utf-8-sig")
            with transaction.atomic():
                planned = importing.plan(
                    text, format or bibliography.detected(text), standing=standing or "", progress=progress
                )
                report = importing.Report() if dry_run else importing.carry_out(planned, {}, by=None)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise CommandError(f"{file} is no text in UTF-8.") from None
        except (BadText, WorkflowError) as error:
            raise CommandError(str(error)) from None
        for bad in planned.bad:
            self.stdout.write(f"Line {bad.line}, {bad.name}: {bad.reason}")
        for line in [*planned.of(CHANGED), *planned.of(SUSPECTED)]:
            what = "has other values than" if line.outcome == CHANGED else "is perhaps the same as"
            others = ", ".join(it.source.key for it in line.candidates)
            self.stdout.write(f"Line {line.entry.line}, {line.source.key}: {what} {others}; left out.")
        counts = {name: len(planned.of(name)) for name in (NEW, UNCHANGED, CHANGED, SUSPECTED)}
        parts = [f"{name}: {count}" for name, count in counts.items()]
        verb = "Nothing was saved" if dry_run else f"Saved {len(report.created)}"
        self.stdout.write(f"{verb}. {', '.join(parts)}, bad: {len(planned.bad)}.")
