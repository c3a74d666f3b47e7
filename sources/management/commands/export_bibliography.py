"""Writes the whole library out, public or not: importing it again gives the same library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from sources.bibliography import FORMATS, NAMES, csl
from sources.models import Source


class Command(BaseCommand):
    help = "Write all sources as BibTeX, RIS or CSL-JSON, to a file or to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=list(NAMES), default="json", help="bib, ris or json (default).")
        parser.add_argument("--out", type=Path, help="The file to write; standard output without it.")

    def handle(self, *args: Any, format: str, out: Path | None, verbosity: int, **options: Any) -> None:
        sources = Source.objects.filter(merged_into=None).select_related("origin").order_by("key")
        # disable=None: no bar where the output is no terminal.
        bar = tqdm(sources, desc="Writing", disable=None if verbosity else True, leave=False, file=sys.stderr)
        items = [csl.item(source, origin=source.origin.key if source.origin else "") for source in bar]
        text = FORMATS[format][1](items)
        if out is None:
            self.stdout.write(text, ending="")
        else:
            out.write_text(text, encoding="utf-8", newline="")
            self.stdout.write(f"{len(items)} sources as {NAMES[format]} in {out}.")
