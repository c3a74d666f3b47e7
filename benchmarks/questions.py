"""Sixty questions to an invented record, as readers ask them; its words stand in missions/synthetic/texts.py."""

from __future__ import annotations

COMMON = [
    "water", "patrols", "training", "schools", "elections", "statistics", "survey", "police training",
    "field hospital", "winter aid was planned", "meeting on returns", "civil registry demining",
]  # fmt: skip
PHRASES = [
    '"land records"', '"police training"', '"the working group"', '"was handed over"', '"municipal assembly"',
    '"opening of an office"', '"worked on customs"', '"cases on prisons"', '"transport unit" housing',
    '"met on radio and bridges"', '"liaison team" -water', '"of 2400 cases on medicine"',
]  # fmt: skip
BEGINNINGS = [
    "demin*", "stat*", "hous*", "regis*", "inspec*", "munic*", "agree* water", "hosp* elections", "cust*",
    "dono* radio", "trans* budgets", "liai* winter",
]  # fmt: skip
MISTYPED = [
    "patorls", "demning", "statstics", "inspecton", "medecine", "schols", "elctions", "prisns", "tranning",
    "agrement water", "budgts report", "bridgs",
]  # fmt: skip


def questions(events: int) -> dict[str, list[str]]:
    """By what is hard about them; the rare ones name one thing of so many."""
    numbers = [events * part // 13 for part in range(1, 13)]
    forms = ("{}", "synthetic {}", '"synthetic {}"')
    rare = [forms[place % len(forms)].format(number) for place, number in enumerate(numbers)]
    return {"common": COMMON, "rare": rare, "phrase": PHRASES, "beginning": BEGINNINGS, "mistyped": MISTYPED}
