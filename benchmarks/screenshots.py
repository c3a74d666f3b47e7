"""`make screenshots`: a picture of each kind of page in each width, light, dark, on paper and with the largest text.

<folder>/light-360/mission.png ...   whole pages, a folder for each view
<folder>/sheet-light-360.png ...     the upper part of all pages of a view, beside each other
<folder>/noticed.txt                 pages wider than their window, messages in the console, requests elsewhere
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser

from benchmarks.errors import BenchmarkError
from benchmarks.founding_site import arguments, founding_site
from benchmarks.looking import View, a_browser, too_wide, visits
from benchmarks.page_kinds import chosen

TALLEST = 16_000  # pixels of a page; browsers paint no taller picture
THUMB, SHOWN, COLUMNS, LABEL, GAP = 300, 420, 6, 22, 12  # pixels of a contact sheet, and how many beside each other
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
        with founding_site(given.site) as site, a_browser() as browser:
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
    parser = arguments("make screenshots", __doc__.partition("\n")[0])
    parser.add_argument("--views", default="", help=f"Which of {', '.join(known)}.")
    parser.add_argument("--to", type=Path, required=True, help="The folder for the pictures.")
    given = parser.parse_args()
    wanted = [name.strip() for name in given.views.split(",") if name.strip()] or list(known)
    if unknown := sorted(set(wanted) - set(known)):
        parser.error(f"There is no view {', '.join(unknown)}: choose from {', '.join(known)}.")
    given.views = [known[name] for name in wanted]
    return given


def _look(browser: Browser, site: str, view: View, pages: Mapping[str, str], to: Path) -> Iterator[str]:
    """Take the pictures of a view; what is noticed meanwhile, a line for each. Raises BenchmarkError like `visits`."""
    print(f"Looking: {view} …", flush=True)
    (to / str(view)).mkdir(parents=True, exist_ok=True)
    for name, page, said in visits(browser, site, view, pages):
        if view.kind == "paper":
            page.emulate_media(media="print")
            page.evaluate("dispatchEvent(new Event('beforeprint'))")  # what is folded opens
        height = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": view.width, "height": min(height, TALLEST)}
        page.screenshot(path=to / str(view) / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
        noticed = too_wide(page, view)
        page.emulate_media(media="screen")
        yield from (f"{view} {name}: {line}" for line in noticed + said)


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
