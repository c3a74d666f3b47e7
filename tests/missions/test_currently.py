"""Which figures the infobox shows."""

from __future__ import annotations

import datetime

import pytest

from missions.currently import current_figures, infobox_figures, key_figures, what_was_not_found
from missions.models import Mission
from tests.factories import EventFactory, FigureFactory, MissionFactory, SourceFactory, TermFactory, published

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 5, 3)


def figures_of(*rows, status=Mission.Status.RUNNING):
    """A mission's figures from rows of (key, values); the measure is named by its key."""
    mission = MissionFactory(status=status, **({"end": "2002"} if status == "closed" else {}))
    for key, values in rows:
        measure = TermFactory(vocabulary="measure", key=values.pop("measure", "military-personnel"))
        if basis := values.pop("basis", None):
            values["basis"] = TermFactory(vocabulary="basis", key=basis)
        FigureFactory(edition=mission, key=key, measure=measure, **{"fact": f"strength-{key}"} | values)
    return mission.figures.select_related("measure", "basis")


def shown(figures, today=TODAY):
    return [(row.heading, row.figure.key, row.label) for row in current_figures(figures, today)]


def test_the_latest_count_under_each_heading_is_shown():
    figures = figures_of(
        ("old", {"as_of": "2020"}),
        ("new", {"as_of": "2025-10"}),
        ("police", {"as_of": "2025-02", "measure": "police"}),
        ("civil", {"as_of": "2025", "measure": "civilian-personnel"}),
        ("deaths", {"as_of": "2026", "measure": "killed"}),
    )
    assert shown(figures) == [("Military", "new", ""), ("Police", "police", ""), ("Civilian", "civil", "")]


def test_a_count_older_than_two_years_is_the_last_known():
    figures = figures_of(("a", {"as_of": "2024-05"}))
    assert shown(figures) == [("Military", "a", "")]
    assert shown(figures, datetime.date(2026, 6, 1)) == [("Military", "a", "last known")]


@pytest.mark.parametrize(
    "part",
    [
        {"country": "IT"},
        {"part_of": "strength-a"},
        {"group": "women"},
        {"basis": "planned"},
        {"basis": "authorised"},
        {"basis": "ceiling"},
        {"as_of": ""},
    ],
)
def test_parts_plans_and_undated_numbers_are_no_counts(part):
    figures = figures_of(("a", {"as_of": "2024-10"}), ("b", {"as_of": "2026"} | part))
    assert shown(figures) == [("Military", "a", "")]


def test_all_rows_of_the_latest_fact_are_shown_where_its_sources_differ():
    figures = figures_of(
        ("a", {"fact": "strength-2025", "as_of": "2025", "value": 4500}),
        ("b", {"fact": "strength-2025", "as_of": "2025-10", "value": 4600}),
    )
    rows = current_figures(figures, TODAY)
    assert [(row.figure.key, row.sources_differ) for row in rows] == [("a", True), ("b", True)]


def test_one_row_is_shown_where_sources_agree():
    figures = figures_of(
        ("a", {"fact": "strength-2025", "as_of": "2025"}),
        ("b", {"fact": "strength-2025", "as_of": "2025-10"}),
    )
    assert shown(figures) == [("Military", "b", "")]


def test_an_old_sum_does_not_stand_beside_the_later_counts_of_its_parts():
    staff = [
        ("all", {"as_of": "2010", "measure": "civilian-personnel"}),
        ("international", {"as_of": "2025", "measure": "international-civilian-personnel"}),
        ("local", {"as_of": "2025", "measure": "local-civilian-personnel"}),
        ("total", {"as_of": "2024-12", "measure": "total-personnel"}),
    ]
    assert [key for _, key, _ in shown(figures_of(*staff))] == ["international", "local"]


def test_a_sum_newer_than_its_parts_stands_beside_them():
    figures = figures_of(
        ("police", {"as_of": "2018", "measure": "police"}),
        ("total", {"as_of": "2025", "measure": "total-personnel"}),
    )
    assert shown(figures) == [("Police", "police", "last known"), ("All personnel", "total", "")]


def test_a_closed_mission_shows_its_strength_on_entry():
    figures = figures_of(
        ("entry", {"fact": "strength-on-entry-1999", "as_of": "1999-06"}),
        ("planned", {"fact": "strength-on-entry-1999", "as_of": "1999-06", "basis": "planned", "value": 1}),
        ("later", {"as_of": "2000", "value": 90000}),
        status="closed",
    )
    assert [(row.figure.key, row.label) for row in key_figures(figures)] == [("entry", "on entry")]


def test_a_closed_mission_without_one_shows_the_highest_count_even_if_undated():
    figures = figures_of(
        ("low", {"as_of": "2000", "value": 10}),
        ("high", {"as_of": "", "value": None, "low": 900, "high": 1000}),
        ("police", {"as_of": "2000", "value": 5, "measure": "police"}),
        status="closed",
    )
    rows = [(row.heading, row.figure.key, row.label) for row in key_figures(figures)]
    assert rows == [
        ("Military", "high", "highest in this record"),
        ("Police", "police", "highest in this record"),
    ]


def test_the_status_decides_and_events_have_no_such_figures():
    closed = MissionFactory(status="closed", end="2002")
    figure = FigureFactory(edition=closed, as_of="1999-06", source=SourceFactory())
    figures = closed.figures.select_related("measure", "basis")
    assert [row.label for row in infobox_figures(closed, figures, TODAY)] == ["on entry"]
    closed.status = Mission.Status.RUNNING
    assert [row.label for row in infobox_figures(closed, figures, TODAY)] == ["last known"]
    assert infobox_figures(EventFactory(), [figure], TODAY) == []


def test_a_figure_of_the_first_year_or_without_an_amount_breaks_nothing():
    first = figures_of(("a", {"as_of": "0001"}))
    assert shown(first) == [("Military", "a", "last known")]
    empty = figures_of(("a", {"value": None}), ("b", {"value": None}), status="closed")
    assert len(key_figures(empty)) == 1


def test_a_running_mission_without_a_current_count_says_after_when_none_was_found():
    def said(figures, **fields):
        mission = MissionFactory(**{"status": Mission.Status.RUNNING} | fields)
        return what_was_not_found(mission, current_figures(figures, TODAY))

    old = figures_of(("a", {"as_of": "2014-06-13"}), ("b", {"as_of": "2018-10", "measure": "police"}))
    new = figures_of(("a", {"as_of": "2014"}), ("b", {"as_of": "2025", "measure": "police"}))
    plan = figures_of(("a", {"as_of": "2026", "basis": "planned"}))
    none_after = "No figure after October 2018 for all its personnel in place was found in the sources searched."
    assert said(old) == none_after
    assert said(new) == said(old, status="closed", end="2019") == ""
    assert said(plan) == "No figure for all its personnel in place was found in the sources searched."


def test_the_page_of_a_running_mission_says_what_is_known_of_its_present_size(client):
    mission = MissionFactory(slug="kfor")
    FigureFactory(edition=mission, as_of="2018-10")
    published(mission)
    published(MissionFactory(slug="dialogue"))
    known, unknown = (
        " ".join(client.get(f"/missions/{slug}/").content.decode().split()) for slug in ("kfor", "dialogue")
    )
    for text in (
        "Currently in Kosovo",
        "last known",
        "No figure after October 2018 for all its personnel in place was found",
    ):
        assert text in known
    assert (
        "<dt>Personnel</dt><dd>No figure for all its personnel in place was found in the sources searched.</dd>"
        in unknown
    )
