"""Words the site does not use in its own voice, found in a text; what binds is the wording page (/about/wording/).

- words of status ("province"): in quotations and official names only;
- charged words ("massacre"): in quotations, in the words of a named holder, or in a sentence that
  gives a court's finding with the court and its year;
- verdicts ("successful"): in quotations, in the words of a named holder, or in a sentence that
  says whose judgement it is ("NATO called …");
- American spelling ("organization"): in quotations and official names only.

Quotations are text in “…”, "…", «…», „…“ and lines after `>`. Official names stand in
wording_allowed.txt, each with its reason. `make check` (scripts/check_wording.py) reads the founding
record and the templates with it, the review page the text of an edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from missions.spelling import AMERICAN

ALLOWED = Path(__file__).with_name("wording_allowed.txt")
NOTHING: frozenset[str] = frozenset()
LONGEST_SHOWN = 600  # characters of a sentence: each of its words is told with it


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
    *(Rule("spelling", pattern, advice) for pattern, advice in AMERICAN),
)


# --- plain text, with its places kept ---------------------------------------------------------
# Everything that is not our voice is overwritten with blanks of the same length, so that a
# position in the result is a position in the text.


def blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


# A quotation ends with its paragraph, lest a forgotten mark hide the rest of the text.
QUOTATION = re.compile(
    r"“(?:[^“”\n]|\n(?![ \t]*\n))*+”|\"(?:[^\"\n]|\n(?![ \t]*\n))*+\""
    r"|«(?:[^«»\n]|\n(?![ \t]*\n))*+»|„(?:[^„“”\n]|\n(?![ \t]*\n))*+[“”]"
)
MARKERS = re.compile(r"\[\^[^\[\]\s]+\]")
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


# --- sentences ----------------------------------------------------------------------------------

SENTENCE_END = re.compile(r"[.!?][”\"’')\]]*\s+(?=[A-ZČĆĐŠŽÇË“\"(\[])|\x1e")
ABBREVIATION = re.compile(r"\b(?:[A-Z]|No|Nos|St|Dr|Mr|Mrs|Ms|para|paras|art|Gen|Lt|Col|cf|e\.g|i\.e)\.$")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence with its place. A paragraph, list item or heading ends one too."""
    text = BLOCK_START.sub("\x1e", text)
    start = 0
    for end in SENTENCE_END.finditer(text):
        if end.group()[0] == "." and ABBREVIATION.search(text[max(start, end.start() - 12) : end.start() + 1]):
            continue
        yield start, text[start : end.end()]
        start = end.end()
    yield start, text[start:]


def words_found(text: str, phrases: list[str], *, spared: frozenset[str] = NOTHING) -> Iterator[tuple[int, str, Rule]]:
    """Place, word and rule of each word that should not stand there; `spared` names kinds that may."""
    for place, _, match, rule in _found(text, phrases, spared):
        yield place + match.start(), match.group(), rule


def doubts(text: str) -> Iterator[str]:
    """For an editor: each word that should not stand there, what is the matter, and the sentence."""
    for place, length, match, rule in _found(text, official_names(), NOTHING):
        whole = text[place : place + min(length, LONGEST_SHOWN)]
        sentence = " ".join(MARKERS.sub("", whole).split()) + (" …" if length > LONGEST_SHOWN else "")
        yield f"“{' '.join(match.group().split())}”: {rule.advice}. In: {sentence}"


def _found(text: str, phrases: list[str], spared: frozenset[str]) -> Iterator[tuple[int, int, re.Match[str], Rule]]:
    """Place and length of the sentence, the word within it, and the rule."""
    # A quotation's words are not ours, but its sentence's holder may be named around it.
    for place, sentence in sentences(own_words(text, phrases)):
        for rule in RULES:
            if rule.kind in spared or not rule.pattern.search(sentence) or rule.excused(sentence):
                continue
            for match in rule.pattern.finditer(sentence):
                yield place, len(sentence), match, rule


# --- official names -----------------------------------------------------------------------------


def read_allowed(path: Path = ALLOWED) -> tuple[list[str], list[str]]:
    """Allowed phrases, longest first, and files that are let alone. Raises ValueError where a reason is missing."""
    phrases: list[str] = []
    files: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        phrase, _, reason = (part.strip() for part in line.partition("#"))
        if not reason:
            raise ValueError(f"{path.name}:{number}: give a reason: phrase  # reason")
        if phrase.startswith("file:"):
            files.append(phrase.removeprefix("file:").strip())
        else:
            phrases.append(phrase)
    return sorted(phrases, key=len, reverse=True), files


@cache
def official_names() -> list[str]:
    """The phrases that may stand although they hold such a word."""
    return read_allowed()[0]
