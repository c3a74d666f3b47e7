"""`make screenshots`: a picture of each kind of page in each width, light, dark, on paper and with the largest text.

<folder>/light-360/mission.png ...   whole pages, a folder for each view
<folder>/sheet-light-360.png ...     the upper part of all pages of a view, beside each other
<folder>/noticed.txt                 pages wider than their window, messages in the console, requests elsewhere
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.errors import BenchmarkError
from benchmarks.founding_site import founding_site
from benchmarks.page_kinds import CHROMIUM, chosen, expected_status

HEIGHTS = {360: 780, 768: 1024, 794: 1123, 1280: 900, 1920: 1080}  # of the window, by its width
TALLEST = 16_000  # pixels of a page; browsers paint no taller picture
LARGEST_TEXT = "try { localStorage.setItem('kosovo-peace-size', 'l') } catch {}"  # preferences.js reads it
THUMB, SHOWN, COLUMNS, LABEL, GAP = 300, 420, 6, 22, 12  # pixels of a contact sheet, and how many beside each other


@dataclass(frozen=True)
class View:
    """One way to look at pages: `paper` is an A4 sheet at 96 dots an inch."""

    kind: Literal["light", "dark", "paper", "large"]
    width: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.width}"


WIDTHS = (360, 768, 1280, 1920)
VIEWS = (
    *(View("light", width) for width in WIDTHS),
    *(View("dark", width) for width in WIDTHS),
    *(View("large", width) for width in (360, 1280)),
    View("paper", 794),
)


def main() -> int:
    given = _arguments()
    try:
        pages = chosen(given.pages)
        with founding_site(given.site) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM") or None, args=list(CHROMIUM)
            )
            noticed = [line for view in given.views for line in _look(browser, site, view, pages, given.to)]
    except BenchmarkError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    for view in given.views:
        _sheet(given.to / str(view), given.to / f"sheet-{view}.png", list(pages))
    text = "\n".join(noticed) or "Nothing."
    (given.to / "noticed.txt").write_text(text + "\n", encoding="utf-8")
    print(f"Noticed:\n{text}\n\nWritten to {given.to}.")
    return 0


def _arguments() -> argparse.Namespace:
    known = {str(view): view for view in VIEWS}
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("--site", default="", help="The address of a running site, instead of one of its own.")
    parser.add_argument("--pages", default="", help="Names of pages, divided by commas.")
    parser.add_argument("--views", default="", help=f"Which of {', '.join(known)}.")
    parser.add_argument("--to", type=Path, required=True, help="The folder for the pictures.")
    given = parser.parse_args()
    wanted = [name.strip() for name in given.views.split(",") if name.strip()] or list(known)
    if unknown := sorted(set(wanted) - set(known)):
        parser.error(f"There is no view {', '.join(unknown)}: choose from {', '.join(known)}.")
    given.views = [known[name] for name in wanted]
    return given


def _look(browser: Browser, site: str, view: View, pages: Mapping[str, str], to: Path) -> Iterator[str]:
    """Take the pictures of a view; what is noticed meanwhile, a line for each. Raises BenchmarkError like `_open`."""
    print(f"Looking: {view} …", flush=True)
    (to / str(view)).mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        viewport={"width": view.width, "height": HEIGHTS[view.width]},
        color_scheme="dark" if view.kind == "dark" else "light",
        reduced_motion="reduce",
    )
    if view.kind == "large":
        context.add_init_script(LARGEST_TEXT)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda request: None if request.url.startswith(site) else said.append(f"asks {request.url}"))
    for name, path in pages.items():
        said.clear()
        _open(page, site + path, expected_status(name))
        if view.kind == "paper":
            page.emulate_media(media="print")
            page.evaluate("dispatchEvent(new Event('beforeprint'))")  # what is folded opens
        width, height = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": view.width, "height": min(height, TALLEST)}
        page.screenshot(path=to / str(view) / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
        page.emulate_media(media="screen")
        if width > view.width:
            yield f"{view} {name}: {width - view.width} pixels wider than the window"
        # A browser says of a page that is missing that it is missing.
        yield from (f"{view} {name}: {line}" for line in said if not (name == "not-found" and "404" in line))
    context.close()


def _open(page: Page, address: str, status: int) -> None:
    """Raises BenchmarkError for another status than is expected."""
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or answer.status != status:
        raise BenchmarkError(f"{address}: {answer.status if answer else 'no answer'}")
    page.evaluate("document.fonts.ready.then(() => null)")


def _sheet(folder: Path, file: Path, names: list[str]) -> None:
    """Write the contact sheet of a view: of each page the upper part, made small, under its name."""
    rows = -(-len(names) // COLUMNS)
    columns = min(COLUMNS, len(names))
    sheet = Image.new("RGB", (columns * (THUMB + GAP) + GAP, rows * (SHOWN + LABEL + GAP) + GAP), "#888888")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    for number, name in enumerate(names):
        x, y = GAP + number % COLUMNS * (THUMB + GAP), GAP + number // COLUMNS * (SHOWN + LABEL + GAP)
        with Image.open(folder / f"{name}.png") as picture:
            upper = picture.crop((0, 0, picture.width, min(picture.height, picture.width * SHOWN // THUMB)))
            small = upper.convert("RGB").resize((THUMB, max(1, upper.height * THUMB // upper.width)))
        draw.text((x, y), f"{name}  ({picture.height:,} px)", fill="white", font=font)
        sheet.paste(small, (x, y + LABEL))
    sheet.save(file)


if __name__ == "__main__":
    sys.exit(main())
