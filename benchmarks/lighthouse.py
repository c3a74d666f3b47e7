"""`make lighthouse`: Google's Lighthouse on six kinds of pages, as a phone of the middle price sees them.

Each page is measured several times, in turns, and the median of each number counts. Lighthouse comes by npm; the browser is
the one of the browser tests; nothing is sent to anybody.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.founding_site import arguments, founding_site
from benchmarks.npm import installed
from benchmarks.page_kinds import CHROMIUM, chosen
from benchmarks.report import Table, keep, machine

VERSION = "12.8.2"  # 13 needs a newer node than Debian's
KINDS = "home,mission,event,article,events,source"
GRADES = {"performance": "speed", "accessibility": "access", "best-practices": "practice", "seo": "search engines"}
TIMES = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
}
TRIES = 3  # of each page in each run
Answer = dict[str, Any]


def main() -> int:
    given = _arguments()
    try:
        pages = chosen(given.pages)
        program = installed("lighthouse", VERSION) / "cli" / "index.js"
        began = machine()
        with founding_site(given.site) as site:
            answers = _measure(program, site, pages, given.runs)
    except BenchmarkError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    head = [*began, f"- Lighthouse {VERSION}; the median of {given.runs}"]
    tables = [_numbers(answers), _complaints(answers)]
    report = "# Measured by `make lighthouse`\n\n" + "\n".join(head) + "\n\n" + "\n".join(map(str, tables))
    keep(report, given.to)
    print(f"\n{report}\nWritten to {given.to}.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = arguments("make lighthouse", __doc__)
    parser.set_defaults(pages=KINDS)
    parser.add_argument("--runs", type=int, default=5, help="How often each page is measured.")
    parser.add_argument("--to", type=Path, required=True, help="The file for the tables.")
    given = parser.parse_args()
    if given.runs < 1:
        parser.error("Measure each page at least once.")
    return given


def _measure(program: Path, site: str, pages: Mapping[str, str], runs: int) -> dict[str, list[Answer]]:
    """What Lighthouse says of each page, run by run."""
    answers: dict[str, list[Answer]] = {name: [] for name in pages}
    for number in range(runs):
        for name, path in pages.items():
            print(f"Run {number + 1} of {runs}: {name} …", flush=True)
            answers[name].append(_one_in_the_end(program, site + path))
    return answers


def _one_in_the_end(program: Path, address: str) -> Answer:
    """Raises BenchmarkError where the page could not be measured, time after time: now and then the browser stumbles."""
    for _ in range(TRIES - 1):
        with suppress(BenchmarkError):
            return _one(program, address)
        print(f"  once more: {address} could not be measured", flush=True)
    return _one(program, address)


def _one(program: Path, address: str) -> Answer:
    """Raises BenchmarkError where the page could not be measured."""
    with tempfile.TemporaryDirectory(prefix="kp-lighthouse-") as folder:
        file = Path(folder) / "answer.json"
        options = ["--quiet", "--no-enable-error-reporting", "--output=json", f"--output-path={file}"]
        command = ["node", str(program), address, *options, f"--chrome-flags={' '.join(['--headless=new', *CHROMIUM])}"]
        surroundings = os.environ | {"CHROME_PATH": os.environ.get("CHROMIUM", ""), "TMPDIR": folder}
        try:
            done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BenchmarkError(f"{address}: {error}") from None
        if done.returncode or not file.exists():
            raise BenchmarkError(f"{address}: Lighthouse failed.\n{done.stderr[-2000:]}")
        answer: Answer = json.loads(file.read_text(encoding="utf-8"))
    if trouble := answer.get("runtimeError"):
        raise BenchmarkError(f"{address}: {trouble.get('message', trouble)}")
    return answer


def _numbers(answers: Mapping[str, list[Answer]]) -> Table:
    head = ["", *GRADES.values(), *TIMES.values(), "shift", "sent"]
    rows = []
    for name, runs in answers.items():
        grades = [f"{_middle(_grade(run, grade) for run in runs):.0f}" for grade in GRADES]
        times = [f"{_middle(_value(run, audit) for run in runs):,.0f} ms" for audit in TIMES]
        shift = f"{_middle(_value(run, 'cumulative-layout-shift') for run in runs):.3f}"
        sent = f"{_middle(_value(run, 'total-byte-weight') for run in runs) / 1024:,.0f} KiB"
        rows.append([name, *grades, *times, shift, sent])
    note = "Grades are of 100. Times are worked out for a slow phone (four times slower processor, 1.6 Mbit/s)."
    return Table("Lighthouse", note, head, rows)


def _complaints(answers: Mapping[str, list[Answer]]) -> Table:
    """What took a grade down, in most of a page's runs."""
    where: dict[str, list[str]] = {}
    for name, runs in answers.items():
        for audit, title in _failed(runs[0]).items():
            if sum(audit in _failed(run) for run in runs) * 2 > len(runs):
                where.setdefault(title, []).append(name)
    rows = [[title, ", ".join(names)] for title, names in where.items()] or [["nothing", ""]]
    return Table("What it minds", "Audits with a weight in a grade and less than 90 of 100.", ["", "pages"], rows)


def _failed(run: Answer) -> dict[str, str]:
    failed = {}
    for grade in GRADES:
        for part in run["categories"][grade]["auditRefs"]:
            audit = run["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                failed[part["id"]] = " ".join([audit["title"], audit.get("displayValue", "")]).replace("|", "/").strip()
    return failed


def _grade(run: Answer, grade: str) -> float:
    return (run["categories"][grade]["score"] or 0) * 100


def _value(run: Answer, audit: str) -> float:
    return float(run["audits"][audit].get("numericValue") or 0)


def _middle(numbers: Any) -> float:
    return float(median(numbers))


if __name__ == "__main__":
    sys.exit(main())
