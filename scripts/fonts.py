"""Make static/fonts/*.woff2: the letters we need of Source Serif 4 and Source Sans 3, in weights 400 to 700, italics in 400.

Run once, when a letter or a weight is missing; the results are committed. Not part of any set-up:

    pip install fonttools brotli && python scripts/fonts.py

Needs npm, which fetches the two packages. A page loads `latin` always (English, Albanian and the west of Europe),
`near` (Serbian and Turkish), `more` (other Latin alphabets), `serbian` (its Cyrillic) and `cyrillic` (other
languages) only where it has such letters: `unicode-range` in static/css/fonts.css says the same as LETTERS here.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
PACKAGES = {
    "source-serif-4": {"serif": "normal", "serif-italic": "italic"},
    "source-sans-3": {"sans": "normal"},
}
SERBIAN = "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШабвгдђежзијклљмнњопрстћуфхцчџш"
# Which letters, and which file of the package has them.
LETTERS = {
    "latin": ("latin", [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "–—‘’“”„•…€™−")]),
    "near": ("latin-ext", [*map(ord, "ČčĆćĐđŠšŽžĞğİıŞş")]),
    "more": (
        "latin-ext",
        [*map(ord, "ĀāĂăĄąĎďĒēĖėĘęĚěĢģĪīĮįĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘřŚśŢţŤťŪūŮůŰűŲųŹźŻżȘșȚț")],
    ),
    "serbian": ("cyrillic", [*map(ord, SERBIAN)]),
    "cyrillic": ("cyrillic", [letter for letter in range(0x400, 0x460) if chr(letter) not in SERBIAN]),
}
WEIGHTS = (400, 700)
FEATURES = ["mark", "mkmk", "ccmp", "locl", "liga", "tnum", "pnum", "lnum"]
KERNED = {"serif-latin"}  # the face of headings and text: pairs of letters weigh a quarter of a file


def main() -> None:
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for package, faces in PACKAGES.items():
            files = unpacked(package, Path(folder))
            for name, style in faces.items():
                for part, (subset, letters) in LETTERS.items():
                    source = files / f"{package}-{subset}-wght-{style}.woff2"
                    target = FONTS / f"{name}-{part}.woff2"
                    cut(source, target, letters)
                    print(f"{target.name}: {target.stat().st_size:,} bytes")


def unpacked(package: str, folder: Path) -> Path:
    """The folder of the package's font files. Copies its licence beside ours."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"@fontsource-variable/{package}"],
        cwd=folder, check=True, capture_output=True, text=True,
    ).stdout.split()[-1]  # fmt: skip
    shutil.unpack_archive(folder / packed, folder / package, "gztar")
    shutil.copyfile(folder / package / "package" / "LICENSE", FONTS / f"LICENSE-{package}")
    return folder / package / "package" / "files"


def cut(source: Path, target: Path, letters: list[int]) -> None:
    font = TTFont(source)
    options = Options()
    options.layout_features = [*FEATURES, "kern"] if target.stem in KERNED else FEATURES
    options.flavor = "woff2"
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    instantiateVariableFont(font, {"wght": 400 if "italic" in target.name else WEIGHTS}, inplace=True)
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    main()
