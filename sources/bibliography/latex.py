"""Text as BibTeX has it: escaped for writing, and read again from LaTeX in all its spellings."""

from __future__ import annotations

import logging
import re

from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

from sources.bibliography.reading import DEEPEST, LONGEST_VALUE, one_line

logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # what it cannot read is no news for the log

_ESCAPES = {
    # Braces by name: BibTeX counts those of an escape too, and one without its pair would end the entry.
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
_ESCAPED = {ord(sign): written for sign, written in _ESCAPES.items()}
_WRITTEN = {written: sign for sign, written in _ESCAPES.items()}
_OUR_ESCAPES = re.compile("|".join(re.escape(written) for written in _ESCAPES.values()))
_LATEX = re.compile(r"[\\{}~^$]|--|``|''")
_MORE_THAN_BRACES = re.compile(r"[\\~^$]|--|``|''|[!?]`")
_UNESCAPED = re.compile(r"(?<!\\)([%&#])")
_IN_ADDRESSES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_COMMAND = re.compile(r"\\(?:url|path|nolinkurl)\s*\{(.*)\}\s*\Z", re.DOTALL)
_reader = LatexNodes2Text(math_mode="text")


def escaped(text: str) -> str:
    """Text on one line in which nothing is a command."""
    return one_line(text).translate(_ESCAPED)


def written_address(url: str) -> str:
    """An address as it stands in a field that is read verbatim."""
    return "".join(url.splitlines()).translate(_IN_ADDRESSES)


def decoded(latex: str) -> str:
    r"""Text without commands: `{\"o}` is ö, `--` a dash, braces that only group are gone.

    Raises ValueError when the text is too long, too deep, or its commands lack what belongs to them.
    """
    if len(latex) > LONGEST_VALUE:
        raise ValueError(f"a value is longer than {LONGEST_VALUE} characters.")
    latex = latex.strip()
    if not _LATEX.search(_OUR_ESCAPES.sub("", latex)):
        return one_line(_OUR_ESCAPES.sub(lambda found: _WRITTEN[found[0]], latex))
    if depth(latex) > DEEPEST:
        raise ValueError(f"braces stand more than {DEEPEST} deep in each other.")
    if not _MORE_THAN_BRACES.search(latex) and _is_balanced(latex):
        return one_line(latex.replace("{", "").replace("}", ""))  # as most titles are; a whole reader takes its time
    try:
        text = _reader.latex_to_text(_UNESCAPED.sub(r"\\\1", latex))
    except (ValueError, IndexError, AttributeError, TypeError, RecursionError):
        raise ValueError("a LaTeX command in it cannot be read.") from None
    return one_line(text.replace("\u02c6", "^"))


def address(latex: str) -> str:
    """An address: what LaTeX escapes in it is as it was, everything else stays."""
    latex = latex.strip()
    if command := _COMMAND.search(latex):
        latex = command[1]
    while is_braced(latex):
        latex = latex[1:-1].strip()
    return re.sub(r"\\([&%$#_~{}])", r"\1", latex)


def depth(latex: str) -> int:
    """How deep braces stand in each other."""
    deepest = now = 0
    for sign in latex:
        now += (sign == "{") - (sign == "}")
        deepest = max(deepest, now)
    return deepest


def _is_balanced(latex: str) -> bool:
    now = 0
    for sign in re.findall(r"[{}]", latex):
        now += 1 if sign == "{" else -1
        if now < 0:
            return False
    return now == 0


def is_braced(latex: str) -> bool:
    """Whether one pair of braces holds all of it."""
    if not (latex.startswith("{") and latex.endswith("}")):
        return False
    now = 0
    for place, sign in enumerate(latex):
        now += (sign == "{") - (sign == "}")
        if now == 0:
            return place == len(latex) - 1
    return False


def divided(latex: str, by: str) -> list[str]:
    """The parts of a text between the words or signs `by` (a pattern) that stand outside of all braces."""
    parts, start, now = [], 0, 0
    for found in re.finditer(rf"[{{}}]|(?:{by})", latex):
        if found[0] == "{":
            now += 1
        elif found[0] == "}":
            now = max(0, now - 1)
        elif now == 0:
            parts.append(latex[start : found.start()])
            start = found.end()
    return [*parts, latex[start:]]


def names(latex: str) -> list[dict[str, str]]:
    """Authors of a BibTeX field: people by family and given name, bodies in braces by name."""
    every = map(str.strip, divided(latex, r"\s+and\s+"))
    found = [_name(name) for name in every if name and name.lower() != "others"]
    return [author for author in found if any(author.values())]


def _name(name: str) -> dict[str, str]:
    if is_braced(name):
        return {"literal": decoded(name)}
    parts = [part.strip() for part in divided(name, ",")]
    if len(parts) > 3:
        raise ValueError(f"“{one_line(name)[:80]}” has too many commas: put a body’s name in braces.")
    if len(parts) == 1:
        words = [word for word in divided(name, r"\s+|~") if word]
        if len(words) == 1:
            return {"literal": decoded(name)}
        begin = next((n for n, word in enumerate(words[:-1]) if n and word[:1].islower()), len(words) - 1)
        family, given = " ".join(words[begin:]), " ".join(words[:begin])
    else:
        family, given = parts[0], ", ".join(part for part in [parts[-1], *parts[1:-1]] if part)
    family, given = decoded(family), decoded(given)
    if not family:
        return {"literal": given}
    return {"family": family, "given": given} if given else {"family": family}
