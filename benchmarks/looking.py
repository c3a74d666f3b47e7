"""A browser that goes to page after page of a site, in some width and light, and keeps what no page may say or do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.errors import BenchmarkError
from benchmarks.page_kinds import CHROMIUM, expected_status

HEIGHTS = {360: 780, 768: 1024, 794: 1123, 1280: 900, 1920: 1080}  # of the window, by its width
PATIENCE = 120_000  # milliseconds: a machine may be busy
LARGEST_TEXT = "try { localStorage.setItem('kosovo-peace-size', 'l') } catch {}"  # preferences.js reads it


@dataclass(frozen=True)
class View:
    """One way to look at pages: `paper` is an A4 sheet at 96 dots an inch."""

    kind: Literal["light", "dark", "paper", "large"]
    width: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.width}"


@contextmanager
def a_browser() -> Iterator[Browser]:
    """The chromium that CHROMIUM names, else the one of playwright."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None, args=list(CHROMIUM))


def visits(browser: Browser, site: str, view: View, pages: Mapping[str, str]) -> Iterator[tuple[str, Page, list[str]]]:
    """Each page by its name, loaded whole; and what it said: its console, its errors, what it asked of other hosts.

    What a page says while it is looked at is added. Raises BenchmarkError where a page has another status than is expected.
    """
    context = browser.new_context(
        viewport={"width": view.width, "height": HEIGHTS[view.width]},
        color_scheme="dark" if view.kind == "dark" else "light",
        reduced_motion="reduce",
    )
    if view.kind == "large":
        context.add_init_script(LARGEST_TEXT)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    said: list[str] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda request: None if request.url.startswith(site) else said.append(f"asks {request.url}"))
    for name, path in pages.items():
        said.clear()
        status = expected_status(name)
        answer = page.goto(site + path, wait_until="networkidle")
        page.wait_for_load_state("load")  # a busy machine may still be reading a long page
        if answer is None or answer.status != status:
            raise BenchmarkError(f"{site}{path}: {answer.status if answer else 'no answer'}")
        page.evaluate("document.fonts.ready.then(() => null)")
        # A browser says of a page that is missing that it is missing.
        said[:] = [line for line in said if status != 404 or "404" not in line]
        yield name, page, said
    context.close()


def too_wide(page: Page, view: View) -> list[str]:
    """One line where a page is wider than its window, else none."""
    width = int(page.evaluate("document.documentElement.scrollWidth"))
    return [f"{width - view.width} pixels wider than the window"] if width > view.width else []
