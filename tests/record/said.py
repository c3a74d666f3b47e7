"""The numbers and dates that a text says, in figures or in words, each with the words that say it.

A date is written as much as is known: `1999-06-12`, `1999-06`, `1999`; without its year `--06-12`, `--06`;
a decade `1990s`. A number is plain: `42000`, `11.5`, `2/3`; the name of a document keeps its slash: `1999/1`.
Passed over are “first” and “second”, which only order; “dozens” or “thousands”, which are no number; and
“one” before anything but what is counted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple


class Said(NamedTuple):
    """A number or date, and the words of the text that say it."""

    what: str
    words: str


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("January", "Jan"), ("February", "Feb"), ("March", "Mar"), ("April", "Apr"), ("May",), ("June", "Jun"),
            ("July", "Jul"), ("August", "Aug"), ("September", "Sept", "Sep"), ("October", "Oct"), ("November", "Nov"),
            ("December", "Dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SMALL = {word: number for number, word in enumerate(UNITS)} | {word: 10 * n for n, word in enumerate(TENS, start=2)}
BIG = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
            "thirteenth", "fourteenth", "fifteenth",
        ],
        start=3,
    )
}  # fmt: skip
PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
COUNTED = (
    "person|people|man|woman|child|soldier|officer|policeman|police|civilian|member|seat|vote|death|killed|dead|injured"
    "|wounded|missing|protester|attacker|bus|judge|battalion|company|brigade|year|month|week|day|hour"
)

_MONTH = rf"(?:{'|'.join(MONTHS)})\b"
_DAY = r"(?<![\d,./])(?:[12]?\d|3[01])(?:st|nd|rd|th)?(?![\d,./%])"
_DAYS = rf"{_DAY}(?:(?:, (?:and |or )?| and | or | to | until | ?[-–/] ?){_DAY})*"
_YEAR = r"(?:19|20)\d\d(?![\d,]\d|\d)"
DATE = re.compile(
    rf"(?<![\d-])(?P<iso>{_YEAR}-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)(?![\d-])"
    rf"|(?P<days>{_DAYS}) (?P<month>{_MONTH})(?:,? (?P<year>{_YEAR}))?"
    rf"|(?P<month_first>{_MONTH}) (?P<day_after>{_DAY}), (?P<year_after>{_YEAR})"
    rf"|\b(?P<bare_month>{_MONTH})(?: (?P<bare_year>{_YEAR}))?"
    rf"|(?<![\d,./])(?P<decade>(?:19|20)\d0)s\b"
    rf"|(?<![\w,./])(?P<only_year>{_YEAR})(?:[-–/](?P<short>\d\d)(?![\d-]))?(?![\w/])",
)
DOCUMENT = re.compile(r"(?<![\w/.])(?:L )?(?P<name>\d{1,4}/\d{1,4}(?:/[A-Z]+)?)(?![\w/])")
SYMBOL = re.compile(r"\b[A-Z]{1,8}(?:[./][A-Z0-9]+)*/[A-Z0-9./]*\d[A-Z0-9./]*(?: \(\d{4}\))?")

_SMALL = "|".join(sorted(SMALL, key=len, reverse=True))
_WORD = rf"(?:(?:{'|'.join(TENS)})-(?:{'|'.join(UNITS[1:10])})|{_SMALL})"
_BIG = "|".join(BIG)
NUMBER = re.compile(
    rf"(?<![\w.,/])(?P<figures>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:st|nd|rd|th)?(?: (?P<of>{_BIG})\b)?(?![\w/])"
    rf"|\b(?P<top>{_WORD}|a)[ -](?P<parts>thirds?|quarters?|fifths?|tenths?)(?= of\b|\b(?<=s))"
    rf"|(?<!first )(?<!second )\b(?P<half>half)(?= (?:of|the|a|its|their|those|that|all)\b)"
    rf"|\b(?P<ordinal>{'|'.join(ORDINALS)})\b(?! (?:state|part|countr))"
    rf"|\b(?P<one>one)(?= (?:(?!to\b|of\b|in\b|by\b|or\b)[\w-]+ ){{0,2}}(?:{COUNTED})\w*)"
    rf"|\b(?:(?P<words>(?!one\b){_WORD}|one(?= (?:{_BIG})\b))|(?P<a>a)(?= (?:{_BIG})\b))"
    rf"(?: (?P<times>{_BIG})\b(?:(?: and)? (?P<rest>{_WORD})\b)?|\b)",
    re.IGNORECASE,
)


def _month(name: str) -> str:
    return f"{MONTHS[name]:02}"


def _dates_of(found: re.Match[str]) -> Iterator[str]:
    if found["iso"]:
        yield found["iso"]
    elif found["days"] or found["month_first"]:
        year = found["year"] or found["year_after"] or "-"
        for day in re.findall(r"\d+", found["days"] or found["day_after"]):
            yield f"{year}-{_month(found['month'] or found['month_first'])}-{int(day):02}"
    elif found["bare_month"]:
        yield f"{found['bare_year'] or '-'}-{_month(found['bare_month'])}"
    elif found["decade"]:
        yield f"{found['decade']}s"
    else:
        yield found["only_year"]
        if found["short"]:
            yield found["only_year"][:2] + found["short"]


def plain(number: Decimal) -> str:
    """A number without needless zeros or signs."""
    return f"{number.normalize():f}"


def _small(word: str) -> int:
    return sum(SMALL[part] for part in word.lower().split("-"))


def _number_of(found: re.Match[str]) -> str:
    if found["figures"]:
        number = Decimal(found["figures"].replace(",", ""))
        return plain(number * BIG[found["of"].lower()] if found["of"] else number)
    if found["parts"]:
        top = 1 if found["top"].lower() == "a" else _small(found["top"])
        return f"{top}/{PARTS[found['parts'].lower().rstrip('s')]}"
    if found["half"]:
        return "1/2"
    if found["ordinal"]:
        return str(ORDINALS[found["ordinal"].lower()])
    if found["one"]:
        return "1"
    number = _small(found["words"]) if found["words"] else 1
    if found["times"]:
        number *= BIG[found["times"].lower()]
    return str(number + (_small(found["rest"]) if found["rest"] else 0))


def _blanked(pattern: re.Pattern[str], text: str) -> tuple[list[re.Match[str]], str]:
    """What matches, and the text with that made blank, of the same length."""
    return list(pattern.finditer(text)), pattern.sub(lambda found: " " * len(found.group()), text)


@cache
def said_in(text: str) -> tuple[Said, ...]:
    """All numbers and dates in `text`, dates first. A document's symbol (S/1999/779) says none."""
    said = []
    _, text = _blanked(SYMBOL, text)
    documents, rest = _blanked(DOCUMENT, text)
    said += [Said(found["name"], found.group()) for found in documents]
    dates, rest = _blanked(DATE, rest)
    said += [Said(date, found.group()) for found in dates for date in _dates_of(found)]
    said += [Said(_number_of(found), found.group()) for found in NUMBER.finditer(rest)]
    return tuple(said)


def is_date(what: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d|(?:\d{4}|-)-\d\d(?:-\d\d)?|\d{4}s", what))


def is_among(what: str, known: Iterable[str]) -> bool:
    """Whether `what` is known: a number exactly; a date also by one that says more, or by its day and its year apart."""
    if not is_date(what):
        return what in known
    if what.endswith("s"):
        return any(is_date(other) and other.startswith(what[:3]) for other in known)
    if what.startswith("-"):
        return any(is_date(other) and f"{other}-".find(f"{what[1:]}-") in (1, 4) for other in known)
    if any(f"{other}-".startswith(f"{what}-") for other in known):
        return True
    year, _, day = what.partition("-")
    return bool(day) and any(f"{other}-".startswith(f"--{day}-") for other in known) and is_among(year, known)
