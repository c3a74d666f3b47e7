"""`make axe`: every kind of page of the founding record, full of data, judged by axe-core's rules, WCAG 2.2 AA among them.

On a phone and on a desk, in light and dark, with all that is folded opened. The same walk tells messages in the console,
requests to other hosts, and pages wider than their window. Ends with 1 where it finds anything.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from benchmarks.errors import BenchmarkError
from benchmarks.founding_site import arguments, founding_site
from benchmarks.looking import View, a_browser, too_wide, visits
from benchmarks.page_kinds import chosen

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
VIEWS = (View("light", 360), View("dark", 360), View("light", 1280), View("dark", 1280))
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"
# The one rule that WCAG 2.2 adds is off in axe-core unless it is asked for.
RUN = "() => axe.run(document, {resultTypes: ['violations'], preload: false, rules: {'target-size': {enabled: true}}})"
EXTRACT = 200  # characters of an element that are shown


@dataclass(frozen=True)
class Finding:
    """What is wrong, in words that are the same wherever it is; the page and view; how often; one such element."""

    fault: str
    page: str
    view: str
    number: int = 1
    element: str = ""


def main() -> int:
    given = arguments("make axe", __doc__).parse_args()
    try:
        pages = chosen(given.pages)
        with founding_site(given.site) as site, a_browser() as browser:
            findings = [found for view in VIEWS for found in _walk(browser, site, view, pages)]
    except BenchmarkError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    print(f"\n{told(findings)}{len(pages)} pages in {len(VIEWS)} views: {len(findings) or 'nothing'} found.")
    return 1 if findings else 0


def told(findings: list[Finding]) -> str:
    """Each fault once: what it is, on which pages in which views how often, and an element that has it."""
    alike: dict[str, list[Finding]] = defaultdict(list)
    for found in findings:
        alike[found.fault].append(found)
    lines = []
    for fault, same in sorted(alike.items()):
        where = ", ".join(f"{one.page} {one.view} ({one.number} ×)" for one in same)
        lines.append(f"{fault}\n  on {where}\n  {same[0].element}\n")
    return "\n".join([*lines, ""]) if lines else ""


def _walk(browser: Browser, site: str, view: View, pages: Mapping[str, str]) -> Iterator[Finding]:
    """Raises BenchmarkError like `visits`."""
    print(f"Walking: {view} …", flush=True)
    for name, page, said in visits(browser, site, view, pages):
        page.evaluate(OPEN_ALL)
        page.evaluate(AXE)
        for violation in page.evaluate(RUN)["violations"]:
            nodes = violation["nodes"]
            element = " ".join(nodes[0]["html"].split())[:EXTRACT]
            yield Finding(f"{violation['id']}: {violation['help']}", name, str(view), len(nodes), element)
        for line in too_wide(page, view) + said:
            yield Finding(line, name, str(view))


if __name__ == "__main__":
    sys.exit(main())
