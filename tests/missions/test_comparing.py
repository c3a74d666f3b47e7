"""Missions side by side."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Instrument, Responsibility
from tests.factories import FigureFactory, MissionFactory, TermFactory, published

pytestmark = pytest.mark.django_db
COMPARE = "/missions/compare/"


def mission(slug, counts, **fields):
    """A published mission with a count for each of these years, and a task of which it rid itself."""
    edition = MissionFactory(slug=slug, title=f"Mission {slug}", acronym=slug.upper(), **fields)
    for year, value in counts.items():
        FigureFactory(edition=edition, key=f"f{year}", fact=f"strength-{year}", value=value, as_of=f"{year}-07")
    Instrument(edition=edition, key="order", title=f"Order of {slug}", effect="establishes").save()
    task = TermFactory(vocabulary="task", key=f"task-{slug}", name=f"task of {slug}")
    heir = MissionFactory(title="Only a draft").record
    Responsibility(
        edition=edition, key="task", task=task, start="1999", handed_to=heir, handed_to_text="its heir"
    ).save()
    return published(edition)


def test_two_missions_stand_side_by_side_in_the_order_asked_for(client):
    mission("unmik", {1999: 900, 2004: 3500})
    mission("kfor", {1999: 42000, 2001: 38000, 2002: 32000}, mandate="To keep *order*.[^a]")
    response = client.get(COMPARE, {"m": ["kfor", "unmik"]})
    comparison = response.context["comparison"]
    assert [column.mission.acronym for column in comparison.columns] == ["KFOR", "UNMIK"]
    assert [year for year, _ in comparison.years] == ["1999"]
    assert [line.mission.acronym for line in comparison.strength.lines] == ["KFOR"]
    page = response.content.decode()
    for words in (
        "To keep order.", "Order of unmik", 'href="/missions/kfor/#responsibility-task">Task of kfor',
        'href="/missions/unmik/figures/strength-1999/">900', "1 source<", 'value="kfor" selected', "noindex", " (handed to its heir)",
    ):  # fmt: skip
        assert words in page
    assert "Only a draft" not in page


def test_what_cannot_be_compared_is_told_kindly(client):
    for slug in "abcde":
        published(MissionFactory(slug=slug))

    def said(*slugs):
        response = client.get(COMPARE, {"m": slugs})
        assert response.status_code == 200
        return response.context["comparison"], response.content.decode()

    assert said()[0] is None
    assert "needs two missions at least" in said("a", "a", "")[1]
    assert "needs two missions at least" in said("<script>", "x" * 1000)[1]
    comparison, page = said("a", "no-such", "b")
    assert len(comparison.columns) == 2
    assert "One mission asked for is not in this record" in page
    comparison, page = said(*"edcba")
    assert [column.mission.record.slug for column in comparison.columns] == [*"edcb"]
    assert "The first four are shown." in page
    assert "no year in which two of them were counted" in page
    assert client.get(f"{COMPARE}?m=%00&m=%ff").status_code in (200, 400)


def test_four_missions_cost_as_many_queries_as_two(client):
    for slug in ("a", "b", "c", "d"):
        mission(slug, {1999: 10, 2000: 20, 2001: 30})
    with CaptureQueriesContext(connection) as few:
        client.get(COMPARE, {"m": ["a", "b"]})
    with CaptureQueriesContext(connection) as many:
        client.get(COMPARE, {"m": ["a", "b", "c", "d"]})
    assert len(few) == len(many)
