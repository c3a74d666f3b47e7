"""American forms of words, found in English that ought to be British: `AMERICAN` has patterns and what to write.

Forms that are right in both, or in British English for another meaning ("program" for a computer, "to
license", "judgment"), are left alone.
"""

from __future__ import annotations

import re


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

AMERICAN: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        # At least three letters before: "size", "prize" and "seize" are British too.
        _words(r"(?!(?:cap|down|out|over|re|under)siz|assiz)\w{3,}i(?:z(?:e[sd]?|ing|ers?)|zations?|zational)"),
        'British spelling: "-ise", "-isation"',
    ),
    (_words(r"(?:anal|catal|paral)yz(?:e[sd]?|ing)"), 'British spelling: "-yse"'),
    (
        _words(
            r"(?:col|fav|hon|lab|neighb)or(?:s|ed|ing|able|ably|ite|ites|hoods?|ers?)?",
            r"(?:arm|behavi|endeav|harb|hum|rum|savi|splend|vap)or(?:s|ed|ing|al)?",
        ),
        'British spelling: "-our"',
    ),
    (
        _words(
            r"(?:cent|theat)er(?:s|ed|ing)?",
            r"(?:calib|fib|lit|somb|spect)ers?",
            r"(?:centi|kilo|milli)meters?",
        ),
        'British spelling: "-re"',
    ),
    (_words(r"(?:def|off|pret)enses?"), 'British spelling: "-ence"'),
    (_words(r"(?:an?|the|this|its|their|under)\s+licenses?"), 'British spelling of the noun: "licence"'),
    (
        _words(
            r"(?:cancel|channel|counsel|fuel|label|level|marshal|model|quarrel|signal|total|travel|tunnel)"
            r"(?:ed|ing|ers?|ors?)"
        ),
        'British spelling: "-lled", "-lling"',
    ),
    (
        _words(r"installments?", r"enroll(?:s|ments?)?", r"fulfill(?:s|ments?)?", r"(?:skil|wil)lful(?:ly)?"),
        'British spelling: one "l"',
    ),
    (_words(r"(?:ana|cata|dia)logs?"), 'British spelling: "-logue"'),
    (_words(r"maneuver(?:s|ed|ing)?"), 'British spelling: "manoeuvre"'),
    (_words(r"skeptic(?:s|al|ism)?"), 'British spelling: "sceptic"'),
    (_words(r"airplanes?"), '"aircraft" or "aeroplane"'),
    (_words(r"gray", r"plow(?:s|ed|ing)?", r"gotten", r"aluminum"), "an American form"),
    (_words(r"percent"), '"per cent"'),
    (_words(rf"(?:{_MONTHS})\s+\d{{1,2}},\s+\d{{4}}"), "the day goes first: 12 June 1999"),
)
