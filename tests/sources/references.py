"""A source and a page of ours, as the tests of the reference formats write them out."""

from __future__ import annotations

import datetime

from sources.bibliography import Work
from sources.dates import PartialDate
from sources.models import Source

RESOLUTION = Source(
    key="un1999res1244",
    type="legislation",
    title="Resolution 1244 (1999)",
    authors=[{"literal": "United Nations Security Council"}],
    publisher="United Nations",
    symbol="S/RES/1244 (1999)",
    issued=PartialDate("1999-06-10"),
    url="https://example.org/a_b%20c?x=1&y={2}#p",
    language="en",
)
WORK = Work(
    title="Kosovo Force",
    authors=("Ana", "Ben"),
    published=datetime.date(2026, 5, 3),
    url="https://peace.example/missions/kfor/editions/4/",
    edition=4,
    sha256="ab" * 32,
    kind="mission",
    accessed=datetime.date(2026, 6, 1),
)
