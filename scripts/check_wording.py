#!/usr/bin/env python3
"""Find words the site does not use in its own voice, in the founding record and the templates.

    python scripts/check_wording.py [file or folder …]

What binds is the wording page (/about/wording/); this finds what a program can find. Three kinds:

- words of status ("province"): in quotations and official names only;
- charged words ("massacre"): in quotations, in the words of a named holder, or in a sentence that
  gives a court's finding with the court and its year;
- verdicts ("successful"): in quotations, in the words of a named holder, or in a sentence that
  says whose judgement it is ("NATO called …").

Quotations are text in “…”, "…", «…», „…“, <q> or <blockquote>, lines after `>`, and YAML values
that are a source's words. Official names stand in wording_allowed.txt, each with its reason.
Prints file, line and word, and exits 1 if it found any.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("missions/record", "sources/record", "templates")
SUFFIXES = {".md", ".yaml", ".yml", ".html", ".txt", ".xml"}
ALLOWED = Path(__file__).with_name("wording_allowed.txt")


# --- the words --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """Words of one kind, and what an editor is told about them."""

    kind: str
    pattern: re.Pattern[str]
    advice: str
    excused: Callable[[str], bool] = field(default=lambda sentence: False)


HOLDER = re.compile(
    r"\b(?:judg(?:ed?|es|ing)|said|says?|call(?:ed|s|ing)(?!\s+(?:for|on|off)\b)|wrote|writes?"
    r"|conclud(?:ed?|es)|consider(?:ed|s)|count(?:ed|s)|describ(?:ed?|es)|argu(?:ed?|es)"
    r"|(?<!was\s)(?<!were\s)(?<!be\s)found|finds|claim(?:ed|s)|assess(?:ed|es)|critici[sz]ed|praised"
    r"|stated|held\s+that|according\s+to|in\s+the\s+(?:view|words|judgement)\s+of)\b",
    re.IGNORECASE,
)
COURT = re.compile(r"\b(?:courts?|tribunal|chambers?|ICTY|ICJ|judges?|panel|jury)\b", re.IGNORECASE)
FINDING = re.compile(
    r"\b(?:convict(?:ed|s|ions?)|found|ruled|held|acquitt(?:ed|als?)|sentenced|guilty|judgments?"
    r"|indict(?:ed|ments?)|charg(?:ed|es?)|upheld|confirmed)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def has_holder(sentence: str) -> bool:
    return bool(HOLDER.search(sentence))


def is_courts_finding(sentence: str) -> bool:
    return all(pattern.search(sentence) for pattern in (COURT, FINDING, YEAR))


def words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


RULES = (
    Rule(
        "status",
        words(
            r"kosovans?",
            r"kosovars?",
            r"(?:cross-)?border(?:s|ed|ing)?(?!\s+crossing\s+points?)",
            r"provinces?",
            r"republic\s+of\s+kosovo",
            r"kosovo\s+and\s+metohija",
        ),
        'only in quotations and official names ("Kosovo", "Kosovo Albanian", "crossing point")',
    ),
    Rule(
        "charged",
        words(
            r"massacr(?:es?|ed|ing)",
            r"terrorists?",
            r"ethnic(?:ally)?[\s-]+cleans(?:ing|ed?)",
            r"genocid(?:es?|al)",
            r"liberation",
            r"aggression",
            r"occupation",
            r"pogroms?",
            r"murder(?:s|ed|ing|ers?|ous)?",
        ),
        "only in a named holder's words, or as a court's finding with court and date",
        is_courts_finding,
    ),
    Rule(
        "verdict",
        words(
            # "was succeeded by", "succeeded X as": who came after whom is no verdict
            r"succeeded(?!\s+by\b)(?![^.;]{1,80}\s(?:as|in\s+the\s+post)\b)",
            r"(?:un)?successful(?:ly)?",
            r"failed",
            r"failures?",
            # "effective from 1 March": when something came into force is no verdict
            r"(?:in)?effective(?!\s+(?:from|on|as\s+of|date)\b)",
            r"historic",
        ),
        "only with who judged so, and when",
        has_holder,
    ),
    Rule("voice", words(r"it\s+should\s+be\s+noted"), "say it plainly"),
)


# --- plain text, with its places kept ---------------------------------------------------------
# Everything that is not our voice is overwritten with blanks of the same length, so that a
# position in the result is a position in the file.


def blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def end_sentence(match: re.Match[str]) -> str:
    """Blanks that also end a sentence, as a block tag or a heading does."""
    return "\x1e" + blank(match)[1:]


# A quotation ends with its paragraph, lest a forgotten mark hide the rest of the text.
_INSIDE = r"(?:(?!\n[ \t]*\n).)"
QUOTATION = re.compile(rf"“{_INSIDE}*?”|\"{_INSIDE}*?\"|«{_INSIDE}*?»|„{_INSIDE}*?[“”]", re.DOTALL)
MARKERS = re.compile(r"\[\^[^\]\s]+\]")
BLOCK_QUOTE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
BLOCK_START = re.compile(r"\n(?=[ \t]*\n)|\n(?=[ \t]*(?:[-*+|#]|\d+\.)[ \t|#])")


def blank_quotation(match: re.Match[str]) -> str:
    """Blanks, but for a full stop before the closing mark: it ends our sentence too."""
    blanks = blank(match)
    return blanks[:-2] + match.group()[-2] + " " if match.group()[-2] in ".!?" else blanks


def own_words(text: str, phrases: list[str]) -> str:
    """The text without quotations, markers and allowed phrases."""
    text = BLOCK_QUOTE.sub(blank, text)
    text = MARKERS.sub(blank, text)
    text = QUOTATION.sub(blank_quotation, text)
    for phrase in phrases:
        parts = r"\s+".join(re.escape(part) for part in phrase.split())
        text = re.sub(rf"(?<!\w){parts}(?!\w)", blank, text)
    return text


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


# --- sentences ----------------------------------------------------------------------------------

SENTENCE_END = re.compile(r"[.!?][”\"’')\]]*\s+(?=[A-ZČĆĐŠŽÇË“\"(\[])|\x1e")
ABBREVIATION = re.compile(r"\b(?:[A-Z]|No|Nos|St|Dr|Mr|Mrs|Ms|para|paras|art|Gen|Lt|Col|cf|e\.g|i\.e)\.$")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence with its place. A paragraph, list item or heading ends one too."""
    text = BLOCK_START.sub("\x1e", text)
    start = 0
    for end in SENTENCE_END.finditer(text):
        if end.group()[0] == "." and ABBREVIATION.search(text[start : end.start() + 1]):
            continue
        yield start, text[start : end.end()]
        start = end.end()
    yield start, text[start:]


@dataclass(frozen=True, order=True)
class Finding:
    path: Path
    line: int
    word: str
    advice: str

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}: “{self.word}”: {self.advice}"


def words_found(text: str, phrases: list[str], *, spared: frozenset[str]) -> Iterator[tuple[int, str, Rule]]:
    """Place, word and rule of each word that should not stand there."""
    # A quotation's words are not ours, but its sentence's holder may be named around it.
    for place, sentence in sentences(own_words(text, phrases)):
        for rule in RULES:
            if rule.kind in spared:
                continue
            for match in rule.pattern.finditer(sentence):
                if not rule.excused(sentence):
                    yield place + match.start(), match.group(), rule


# --- files ----------------------------------------------------------------------------------------

PROSE_KEYS = {
    *("title", "summary", "mandate", "body", "text", "note", "question", "definition", "reason"),
    *("settled", "perspective", "change_note", "stake_reason", "basis_note", "as_of_note"),
    *("counted_whom", "unit", "qualifier", "handed_to_text", "alt", "caption", "about"),
}
# In the library a title is the source's own.
SOURCE_KEYS = {"note", "stake_reason"}
NOTHING: frozenset[str] = frozenset()


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


def check_text(text: str, path: Path, phrases: list[str], *, offset: int = 0) -> Iterator[Finding]:
    for place, word, rule in words_found(text, phrases, spared=NOTHING):
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
        yield from check_text(body, path, phrases, offset=offset)
    else:
        yield from check_text(visible_text(text), path, phrases)


def read_allowed(path: Path = ALLOWED) -> tuple[list[str], set[Path]]:
    """Allowed phrases, longest first, and files that are let alone."""
    phrases: list[str] = []
    files: set[Path] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        phrase, _, reason = (part.strip() for part in line.partition("#"))
        if not reason:
            raise SystemExit(f"{path.name}:{number}: give a reason: phrase  # reason")
        if phrase.startswith("file:"):
            files.add(ROOT / phrase.removeprefix("file:").strip())
        else:
            phrases.append(phrase)
    return sorted(phrases, key=len, reverse=True), files


def files_below(places: list[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_file():
            yield place
        elif place.is_dir():
            yield from sorted(p for p in place.rglob("*") if p.is_file() and p.suffix in SUFFIXES)


def main(arguments: list[str]) -> int:
    places = [Path(argument).resolve() for argument in arguments] or [ROOT / p for p in PLACES]
    phrases, exempt = read_allowed()
    findings: list[Finding] = []
    read = 0
    for path in files_below(places):
        if path in exempt:
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
