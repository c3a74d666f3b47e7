"""Invented words: they read like a record, and name nobody and nothing there is."""

from __future__ import annotations

import calendar
from random import Random

from sources.dates import PartialDate

FIRST, LAST_YEAR = 1989, 2025
BEGINNINGS = ("Ar", "Bel", "Cor", "Dro", "El", "Fal", "Gor", "Hal", "Il", "Jor", "Kel", "Lom", "Mar", "Nor", "Or", "Pel",
              "Quar", "Ros", "Sel", "Tor", "Ul", "Var", "Wen", "Yel", "Zor")  # fmt: skip
MIDDLES = ("a", "an", "e", "en", "i", "il", "o", "or", "u", "un")
ENDS = ("dale", "mere", "mit", "ra", "ro", "sten", "ta", "va", "vik", "zen")
MATTERS = ("water", "roads", "schools", "police training", "land records", "returns", "demining", "elections", "prisons",
           "customs", "courts", "medicine", "bridges", "radio", "budgets", "housing", "winter aid", "statistics")  # fmt: skip
HAPPENINGS = ("Talks", "Patrols", "Training", "Handover", "Opening of an office", "Agreement", "Inspection", "Report",
              "Meeting", "Exercise", "Count", "Visit")  # fmt: skip
DOINGS = ("was agreed", "was counted", "was inspected", "began", "ended", "was handed over", "was paid for", "was repaired",
          "was reported", "was delayed", "was extended", "was planned")  # fmt: skip
BODIES = ("the district office", "the liaison team", "the civil registry", "the working group", "the field hospital",
          "the transport unit", "the municipal assembly", "the donors’ office", "the survey team")  # fmt: skip
ROLES = ("Head of mission", "Deputy head", "Commander", "Chief of staff")
NAMES = ("A. Example", "B. Sample", "C. Instance", "D. Specimen", "E. Pattern")


def place_name(random: Random) -> str:
    """`Dromivik`: no place there is."""
    return random.choice(BEGINNINGS) + random.choice(MIDDLES) + random.choice(ENDS)


def date(random: Random, *, since: int = FIRST) -> PartialDate:
    """Most known to the day, some to the month or year."""
    year, month = random.randint(since, LAST_YEAR), random.randint(1, 12)
    day = random.randint(1, calendar.monthrange(year, month)[1])
    precision = random.random()
    if precision < 0.05:
        return PartialDate(f"{year}")
    return PartialDate(f"{year}-{month:02}" if precision < 0.2 else f"{year}-{month:02}-{day:02}")


def sentence(random: Random, place: str, marker: str = "") -> str:
    number = random.choice((3, 7, 12, 40, 150, 600, 2400))
    text = random.choice((
        f"{random.choice(BODIES).capitalize()} at {place} worked on {random.choice(MATTERS)}",
        f"Of {number} cases on {random.choice(MATTERS)}, {number // 2} were closed at {place}",
        f"What {random.choice(BODIES)} had asked for {random.choice(DOINGS)} at {place}",
        f"The work on {random.choice(MATTERS)} {random.choice(DOINGS)} with {random.choice(BODIES)}",
        f"Near {place}, {random.choice(BODIES)} met on {random.choice(MATTERS)} and {random.choice(MATTERS)}",
    ))  # fmt: skip
    return f"{text}.{marker}"


def text(random: Random, place: str, keys: list[str], *, paragraphs: int) -> str:
    """Markdown with a heading and a marker at each sentence."""
    parts = [f"## What happened at {place}"]
    for _ in range(paragraphs):
        sentences = (sentence(random, place, f"[^{random.choice(keys)}]") for _ in range(random.randint(2, 4)))
        parts.append(" ".join(sentences))
    return "\n\n".join(parts)
