#!/usr/bin/env python3
"""Find words the site does not use in its own voice, in the founding record and the templates.

American spelling is found there too, and in the documents of the project.

    python scripts/check_wording.py [file or folder …]

What binds is the wording page (/about/wording/); this finds what a program can find, by the rules of
missions/wording.py. In templates <q> and <blockquote> are quotations too, in the record's files YAML
values that are a source's words.

Prints file, line and word, and exits 1 if it found any.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from missions.wording import ALLOWED, NOTHING, RULES, blank, read_allowed, words_found  # noqa: E402

PLACES = ("missions/record", "sources/record", "templates")
# Written about the program: only their spelling is looked at.
DOCUMENTS = ("docs", "CHANGELOG.md", "CONTRIBUTING.md", "README.md")
ALL_BUT_SPELLING = frozenset(rule.kind for rule in RULES) - {"spelling"}
CODE_OR_ADDRESS = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\n]*\)", re.DOTALL)
SUFFIXES = {".md", ".yaml", ".yml", ".html", ".txt", ".xml"}


# --- templates, with their places kept --------------------------------------------------------


def end_sentence(match: re.Match[str]) -> str:
    """Blanks that also end a sentence, as a block tag or a heading does."""
    return "\x1e" + blank(match)[1:]


TEMPLATE_NOISE = re.compile(
    r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|{%.*?%}|{{.*?}}|<!--.*?-->"
    r"|<(?P<unread>script|style|q|blockquote|cite|code)\b.*?</(?P=unread)\s*>",
    re.DOTALL | re.IGNORECASE,
)
INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|br|dfn|em|i|mark|small|span|strong|sub|sup|time|wbr)\b[^>]*>",
    re.IGNORECASE,
)
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
SHOWN_ATTRIBUTE = re.compile(
    r"\b(?:alt|title|aria-label|aria-description|placeholder|content|label)\s*=\s*"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')",
    re.IGNORECASE,
)


def visible_text(template: str) -> str:
    """A template's text and the attributes that are shown or read out, each at its place."""
    template = TEMPLATE_NOISE.sub(blank, template)
    template = re.sub(
        r"&[#\w]+;",
        lambda entity: html.unescape(entity.group()).ljust(len(entity.group())),
        template,
    )

    def shown(match: re.Match[str], blanks: str) -> str:
        kept = list(blanks)
        for attribute in SHOWN_ATTRIBUTE.finditer(match.group()):
            name = "double" if attribute["double"] is not None else "single"
            start, end = attribute.span(name)
            kept[start - 1 : end + 1] = f"\x1e{match.group()[start:end]}\x1e"
        return "".join(kept)

    template = INLINE_TAG.sub(lambda tag: shown(tag, blank(tag)), template)
    return TAG.sub(lambda tag: shown(tag, end_sentence(tag)), template)


@dataclass(frozen=True, order=True)
class Finding:
    path: Path
    line: int
    word: str
    advice: str

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}: “{self.word}”: {self.advice}"


# --- files ----------------------------------------------------------------------------------------

PROSE_KEYS = {
    *("title", "summary", "mandate", "body", "text", "note", "question", "definition", "reason"),
    *("settled", "perspective", "change_note", "stake_reason", "basis_note", "as_of_note"),
    *("counted_whom", "unit", "qualifier", "handed_to_text", "alt", "caption", "about"),
}
# In the library a title is the source's own.
SOURCE_KEYS = {"note", "stake_reason"}


def prose_values(node: yaml.Node, keys: set[str]) -> Iterator[tuple[yaml.ScalarNode, frozenset[str]]]:
    """The values that are our prose, and which kinds of words a holder's name excuses there."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from prose_values(item, keys)
    if not isinstance(node, yaml.MappingNode):
        return
    fields = {key.value: value for key, value in node.value}
    scalars = {name: value.value for name, value in fields.items() if isinstance(value, yaml.ScalarNode)}
    quoted = scalars.get("quoted", "").lower() in {"true", "yes", "on"}
    held = frozenset({"charged", "verdict"}) if scalars.get("holder") else NOTHING
    for name, value in fields.items():
        if name in {"quote", "positions"} or (name == "text" and quoted):
            continue  # a source's words; each position names its holder
        if isinstance(value, yaml.ScalarNode):
            if name in keys:
                yield value, held if name == "text" else NOTHING
            elif name == "name" and "vocabulary" in scalars and "as_in_source" not in scalars:
                yield value, NOTHING
        else:
            yield from prose_values(value, keys)


def check_yaml(text: str, path: Path, phrases: list[str], *, offset: int = 0) -> Iterator[Finding]:
    keys = SOURCE_KEYS if path.name == "sources.yaml" else PROSE_KEYS
    lines = text.splitlines()
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return
    for value, spared in prose_values(node, keys):
        first, last = value.start_mark.line, value.end_mark.line
        for _place, word, rule in words_found(value.value, phrases, spared=spared):
            # YAML folds lines, so the place in the value is not the place in the file: look there.
            first_word = word.split()[0].lower()
            line = next(
                (n for n in range(first, min(last + 1, len(lines))) if first_word in lines[n].lower()),
                first,
            )
            yield Finding(path, offset + line + 1, " ".join(word.split()), rule.advice)


def check_text(
    text: str, path: Path, phrases: list[str], *, offset: int = 0, spared: frozenset[str] = NOTHING
) -> Iterator[Finding]:
    for place, word, rule in words_found(text, phrases, spared=spared):
        line = offset + text.count("\n", 0, place) + 1
        yield Finding(path, line, " ".join(word.split()), rule.advice)


FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)


def check_file(path: Path, phrases: list[str]) -> Iterator[Finding]:
    text = path.read_text(encoding="utf-8")
    if path.suffix in {".yaml", ".yml"}:
        yield from check_yaml(text, path, phrases)
    elif path.suffix == ".md":
        body, offset = text, 0
        if front := FRONT_MATTER.match(text):
            yield from check_yaml(front["yaml"], path, phrases, offset=1)
            body, offset = text[front.end() :], text.count("\n", 0, front.end())
        if is_document(path):
            yield from check_text(CODE_OR_ADDRESS.sub(blank, body), path, phrases, spared=ALL_BUT_SPELLING)
        else:
            yield from check_text(body, path, phrases, offset=offset)
    else:
        yield from check_text(visible_text(text), path, phrases)


def is_document(path: Path) -> bool:
    return any(path.is_relative_to(ROOT / place) for place in DOCUMENTS)


def files_below(places: list[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_file():
            yield place
        elif place.is_dir():
            yield from sorted(p for p in place.rglob("*") if p.is_file() and p.suffix in SUFFIXES)


def main(arguments: list[str]) -> int:
    places = [Path(argument).resolve() for argument in arguments] or [ROOT / p for p in (*PLACES, *DOCUMENTS)]
    try:
        phrases, names = read_allowed()
    except ValueError as error:
        raise SystemExit(str(error)) from None
    exempt = {ROOT / name for name in names}
    findings: list[Finding] = []
    read = 0
    for path in files_below(places):
        if path in exempt or (is_document(path) and path.suffix != ".md"):
            continue
        read += 1
        try:
            findings += check_file(path, phrases)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            print(f"{path}: cannot be read: {error}", file=sys.stderr)
            return 1
    for finding in sorted(set(findings)):
        print(finding)
    if findings:
        print(
            f"{len(set(findings))} words to change, in {read} files."
            f" A quotation needs its marks; an official name goes into {ALLOWED.name}."
        )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
