"""What stands on the paper that chromium prints to a PDF: as much of the format as that takes, and no more."""

from __future__ import annotations

import re
import zlib

STREAM = re.compile(rb"\n(\d+) 0 obj\n<<(?:(?!endobj)[\s\S])*?>>\s*stream\r?\n([\s\S]*?)\r?\nendstream")
FONT = re.compile(rb"\n(\d+) 0 obj\n<</Type /Font\n(?:(?!endobj)[\s\S])*?/ToUnicode (\d+) 0 R")
ONE = re.compile(rb"^<(\w+)> <(\w+)>$", re.MULTILINE)
MANY = re.compile(rb"^<(\w+)> <(\w+)> <(\w+)>$", re.MULTILINE)
SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|<(\w+)>")


def pages_of(pdf: bytes) -> int:
    """How many sheets there are."""
    return len(re.findall(rb"/Type /Page\n", pdf))


def words_of(pdf: bytes) -> str:
    """All that is written, in the order in which it was painted, without the spaces and ends of lines between."""
    streams = {number: _unpacked(body) for number, body in STREAM.findall(pdf)}
    letters = {font: _letters(streams[table]) for font, table in FONT.findall(pdf)}
    words, font = [], b""
    for content in streams.values():
        if b" Tf\n" not in content:
            continue
        for other, codes in SHOWN.findall(content):
            font = other or font
            length = len(next(iter(letters[font])))
            words += [letters[font].get(codes[at : at + length], "") for at in range(0, len(codes), length)]
    return re.sub(r"\s", "", "".join(words))


def _unpacked(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return b""


def _letters(table: bytes) -> dict[bytes, str]:
    """The letters that the codes of a font stand for, from its table of them."""
    codes = {code: _text(letters) for code, letters in ONE.findall(table.partition(b"endcodespacerange")[2])}
    for first, last, letter in MANY.findall(table):
        for step in range(int(last, 16) - int(first, 16) + 1):
            codes[b"%0*X" % (len(first), int(first, 16) + step)] = chr(int(letter, 16) + step)
    return codes


def _text(letters: bytes) -> str:
    return bytes.fromhex(letters.decode()).decode("utf-16-be")
