"""Sentences that claim something and show no evidence: what a reviewer has to look at one by one.

`uncited_claims` reads a Markdown field and gives its sentences with a number, a date, a quotation or
a superlative in them and no marker, in the order of the text. A marker covers the sentence it stands
in or directly after: `A force came.[^a]`. Headings, tables and code are left out. What is found is a
guess, for a person to judge; every pattern here takes time in proportion to the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import pairwise, takewhile

from django.utils.text import get_text_list
from markdown_it import MarkdownIt

from editorial.claims import Claim
from sources.dates import MONTHS
from sources.markers import GROUP, markers_in

MARK = "\ue000"  # a marker, or adjacent ones, while sentences are looked for
_LITERAL = 0xE100  # added to a character that was escaped, so that it means nothing to Markdown


def uncited_claims(text: str, field: str) -> list[Claim]:
    """The sentences of a Markdown text that ought to have a marker, each once."""
    claims: dict[str, Claim] = {}
    for prose, _ in _prose(text):
        for sentence in sentences(prose):
            if MARK not in sentence and (reason := reason_for_evidence(sentence)):
                claims.setdefault(sentence, Claim(field, sentence, reason))
    return list(claims.values())


def cited_sentences(text: str) -> Iterator[tuple[str, list[str]]]:
    """The sentences of a Markdown text that have markers, and the keys of these."""
    for prose, groups in _prose(text):
        group = iter(groups)
        for sentence in sentences(prose):
            if keys := [key for _ in range(sentence.count(MARK)) for key in next(group, [])]:
                yield sentence.replace(MARK, ""), keys


# What is prose


@cache
def _blocks() -> MarkdownIt:
    """The block structure of Markdown as the pages read it; what stands within lines is read below."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["inline", "text_join"])


def _prose(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Paragraphs and list items as readers see them, with `MARK` for markers; and the keys at each `MARK`.

    What leads to a list ("The tasks were:") has a `MARK` more where each item of the list has one.
    """
    tokens = _blocks().parse(_PRIVATE.sub("", text))
    found = [
        (token.level, *_as_read(token.content))
        for before, token in pairwise(tokens)
        if token.type == "inline" and before.type == "paragraph_open"
    ]
    for number, (depth, prose, groups) in enumerate(found):
        after = (found[n] for n in range(number + 1, len(found)))
        below = [bool(part[2]) for part in takewhile(partial(_is_below, depth), after)] if prose.endswith(":") else []
        yield prose + MARK if below and all(below) else prose, groups


def _is_below(depth: int, part: tuple[int, str, list[list[str]]]) -> bool:
    return part[0] > depth


_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|(&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z0-9]{1,31});)")
_CODE = re.compile(r"`[^`]*`")
_ADDRESS = re.compile(r"<?\bhttps?://[^\s<>)\]]*>?")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_EMPHASIS = re.compile(r"\*+|~~|(?<!\w)_+|_+(?!\w)")
_PRIVATE = re.compile("[\ue000-\ue1ff]")


def _as_read(text: str) -> tuple[str, list[list[str]]]:
    text = _CODE.sub("", _ESCAPED.sub(_literally, text))
    groups = [markers_in(group) for group in GROUP.findall(text)]
    text = _LINK.sub(r"\1", GROUP.sub(MARK, text))
    text = _EMPHASIS.sub("", _ADDRESS.sub("", text))
    return " ".join(_PRIVATE.sub(_as_it_was, text).split()), groups


def _literally(match: re.Match[str]) -> str:
    character = match[1] or _PRIVATE.sub("", html.unescape(match[2]))
    return chr(_LITERAL + ord(character)) if len(character) == 1 and character.isascii() else character


def _as_it_was(match: re.Match[str]) -> str:
    return match[0] if match[0] == MARK else chr(ord(match[0]) - _LITERAL)


# Where sentences end

_QUOTED = re.compile(r"“[^“”]*”|„[^“”„]*[“”]|«[^«»]*»|\"[^\"]*\"")
_STOP = re.compile(rf"(?<![.!?…])[.!?…]++[”“\"’'»)\]{MARK}]*+(?: {MARK})*+(?=\s|$)")
# Abbreviations: those that a number follows ("No. 12", "Art. V"), and all others ("Gen. Jackson", "U.S.", "J.").
_OF_A_NUMBER = re.compile(r"(?<![\w.])(?:nos?|nr|arts?|paras?|pp?|chaps?|ch|secs?|sect|vols?|figs?)$", re.IGNORECASE)
_NUMERAL = re.compile(r"\d|[IVXLC]+\b")
_SHORT = re.compile(
    r"(?<![\w.])(?:Res|Doc|Add|Corr|Rev|al|cf|ca|approx|e\.g|i\.e|viz|vs|eds?|St|Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj"
    r"|Brig|Adm|Capt|Cpt|Sgt|Hon|Jr|Sr|Inc|Ltd|Co|Corp|Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|[^\W\d_](?:\.[^\W\d_])*)$"
)
# Words with which a sentence begins, whatever stands before: "in the U.S. The …".
_BEGINNINGS = re.compile(
    r"(?:An?|And|As|At|But|By|For|From|He|Her|His|However|If|In|Its?|No|On|One|Other|She|Some|That|The|Their|Then"
    r"|There|These|They|This|Those|To|Under|We|When|While|With)\b"
)
_MONTHS = tuple(MONTHS[1:])
_DAY = re.compile(r"(?<!\d)\d{1,2}$")  # "12. June", as in other languages


def sentences(prose: str) -> Iterator[str]:
    """The sentences of a paragraph, each with the markers directly after its full stop.

    A quotation of several sentences is not taken apart: it belongs to the sentence it stands in.
    """
    shape = _QUOTED.sub(lambda quoted: re.sub(r"[.!?…]", "-", quoted[0][:-2]) + quoted[0][-2:], prose)
    start = 0
    for stop in _STOP.finditer(shape):
        if _ends_here(prose, stop):
            yield prose[start : stop.end()].strip()
            start = stop.end()
    if rest := prose[start:].strip():
        yield rest


def _ends_here(prose: str, stop: re.Match[str]) -> bool:
    after = prose[stop.end() : stop.end() + 30].lstrip()
    if not after:
        return True
    if after[0].islower() or after[0] in "–—-,;:":
        return False
    if MARK in stop[0] or stop[0][0] != ".":
        return True
    before = prose[max(0, stop.start() - 12) : stop.start()]
    after = after.lstrip('“"„«([')
    if _OF_A_NUMBER.search(before):
        return not _NUMERAL.match(after)
    if _SHORT.search(before):
        return bool(_BEGINNINGS.match(after))
    return not (_DAY.search(before) and after.startswith(_MONTHS))


# What needs evidence

_MONTH = "|".join(_MONTHS)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})\b(?:,? \d{{4}}\b)?"
    rf"|(?:{_MONTH}) \d{{1,4}}\b(?:, \d{{4}}\b)?"
    rf"|(?:{'|'.join(month for month in _MONTHS if month not in ('March', 'May'))})\b"
    r"|(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Ff]rom|[Bb]efore|[Aa]fter|[Oo]f|[Ee]arly|[Ll]ate|[Mm]id) (?:March|May)\b"
    r"|(?:1[5-9]|20)\d\d(?:s\b|(?:[–/-]\d{1,4})++|\b(?![,.]\d)))"
)
# Numbers that are names: of resolutions, articles and pages; and G8, B92, S/RES/1244, P5+1.
_NAME = re.compile(
    r"\b(?:resolutions?|regulations?|directives?|decisions?|articles?|arts?\.|annex(?:es)?|chapters?|paragraphs?"
    r"|paras?\.?|sections?|protocols?|nos?\.|pp?\.|routes?|phases?|pillars?|goals?|options?|editions?) \d[\d/.–-]*+(?: \(\d{4}\))?"
    r"(?:(?:, | and | to | or )\d[\d/.–-]*+(?: \(\d{4}\))?)*"
    r"|(?<![\w/+-])[a-z][a-z/+-]*+\d[\w/+-]*+(?: \(\d{4}\))?",
    re.IGNORECASE,
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NUMBER = re.compile(
    r"\d|\b(?:hundreds?|thousands?|millions?|billions?|dozens?|per cent|percent|half|halved|doubled|tripled)\b"
    r"|\b(?<!the )(?<!these )(?<!those )(?<!its )(?<!their )(?<!other )(?<!all )"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    rf"|{_TENS})\b",
    re.IGNORECASE,
)
_RANKING = re.compile(
    r"(?:\b(?:the|its|their|his|her|a|an|no other)|[’']s) "
    r"(?:first(?! (?:hours?|days?|weeks?|months?|years?|annex|place|part|half|point|time\b(?! in))\b)|only|sole|best|worst)\b"
    r"|\b(?:larg|great|bigg|small|high|low|long|short|old|young|strong|weak|deadli|heavi|few|earli|bloodi)est\b"
    r"|\b(?:first (?:to|ever)|unprecedented|never before|unique(?:ly)?|(?<!-)majority|more than any|most(?! likely\b) \w+)\b",
    re.IGNORECASE,
)
# What has no source by its nature: what was looked for and not found.
_OWN_SEARCH = re.compile(r"\bin the sources searched\b|^We found no\b")


def reason_for_evidence(sentence: str) -> str:
    """What in a sentence needs a source, such as "a date and a number"; empty where nothing does.

    A question states nothing, unless it quotes somebody.
    """
    words, quotations = _QUOTED.subn(" ", sentence)
    if _OWN_SEARCH.search(words) or (sentence.endswith("?") and not quotations):
        return ""
    found = []
    words = _NAME.sub(" ", words)
    words, dates = _DATE.subn(" ", words)
    if dates:
        found.append("a date")
    if _NUMBER.search(words):
        found.append("a number")
    if quotations:
        found.append("a quotation")
    if _RANKING.search(words):
        found.append("a superlative")
    return get_text_list(found, "and")
