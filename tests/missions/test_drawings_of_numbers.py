"""Drawings of numbers: strength through time, values on a scale, contributions by country, a place on a small map."""

from __future__ import annotations

import re
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.drawings.contributions import contributions_drawn
from missions.drawings.density import density
from missions.drawings.place_map import place_map
from missions.drawings.scale import scale
from missions.drawings.strength import strength_drawn
from missions.facts import facts_of
from missions.models import Figure, Place, Term
from missions.pages import strength
from sources.dates import PartialDate
from sources.models import Source
from tests.factories import EventFactory, FigureFactory, MissionFactory, PlaceFactory, TermFactory, published

TROOPS = Term(pk=1, vocabulary="measure", key="military-personnel", name="Military personnel")
DEATHS = Term(pk=2, vocabulary="measure", key="killed", name="People killed")
PLANNED = Term(pk=3, vocabulary="basis", key="planned", name="planned")
_numbers = count(1)


def figure(fact, as_of="", value=None, *, source=1, **more):
    given = {"measure": TROOPS, "unit": "persons", "value": value, "as_of": PartialDate(as_of) if as_of else ""} | more
    return Figure(key=f"f{next(_numbers)}", fact=fact, source=Source(pk=source, key=f"s{source}"), **given)


def drawn_of(*figures):
    return strength_drawn(strength(facts_of(figures)))


# What is drawn


def test_strength_marks_what_is_counted_planned_or_disputed_and_joins_only_counts_not_far_apart():
    drawing = drawn_of(
        figure("entry", "1999-06", 50000, basis=PLANNED),
        figure("y2000", "2000", 46000),
        figure("y2001", "2001", 43000),
        figure("y2003", "2003-12", 17500),
        figure("y2003", "2003-12", 19000, source=2),
        figure("y2006", "2006", low=16000, high=17000),
        figure("y2007", "2007", 15000),
    )

    for _, at in drawing.widths:
        (panel,) = at.panels
        assert [mark.kind for mark in panel.marks] == [
            "planned", "counted", "counted", "rival", "rival", "counted", "counted",
        ]  # fmt: skip
        assert [mark.x for mark in panel.marks] == sorted(mark.x for mark in panel.marks)
        assert [bool(mark.box) for mark in panel.marks] == [True, *[False] * 4, True, False]
        assert [len(line.split()) for line in panel.lines] == [2]
        assert [tick.text for tick in panel.ticks] == ["0", "20,000", "40,000", "60,000"]
        assert max(mark.x for mark in panel.marks) < at.width
    assert (drawing.first, drawing.last, drawing.figures, drawing.sources) == (1999, 2008, 7, 2)


def test_the_highest_count_is_labelled_though_its_year_ends_lower():
    drawing = drawn_of(
        figure("y2010", "2010-10", 2846),
        figure("report", "2011-04", 2858),
        figure("y2011", "2011-10", 2500),
        figure("y2012", "2012-01", 2531),
        figure("planned", "2008", 3000, basis=PLANNED),
        figure("undated", "", 3200),
        figure("y2008", "2008-12", 1900),
    )

    assert {label.text for label in drawing.wide.panels[0].labels} == {"2,858", "2,531"}


def test_two_dates_are_no_drawing_and_a_number_of_countries_is_no_strength():
    assert drawn_of(figure("a", "1999", 5), figure("b", "2000", 6)) is None
    countries = Term(pk=4, vocabulary="measure", key="contributing-countries", name="Contributing countries")
    assert drawn_of(*(figure(f"c{year}", str(year), 30, measure=countries) for year in range(2000, 2005))) is None


def test_rival_values_stand_on_one_scale_but_never_deaths_or_values_of_different_units():
    rivals = [figure("entry", "1999", 50000), figure("entry", "1999", low=14000, high=18000, source=2)]
    (fact,) = facts_of(rivals)
    drawing = scale(fact, fact.values)
    dot, bar = (rung.mark for rung in drawing.rungs)
    assert [tick.text for tick in drawing.ticks] == ["0", "20,000", "40,000", "60,000"]
    assert bar.x < bar.to[0] < dot.x < drawing.end
    assert scale(fact, fact.values, "How many were injured?") is None

    for change in ({"measure": DEATHS}, {"group": "displaced persons"}, {"fact": "missing-2004"}):
        (loss,) = facts_of(figure(**{"fact": "a", "value": n, "source": n} | change) for n in (1, 2))
        assert scale(loss, loss.values) is None
    (mixed,) = facts_of([figure("budget", value=5, unit="EUR"), figure("budget", value=6, unit="USD", source=2)])
    assert scale(mixed, mixed.values) is None


def test_a_value_says_how_many_sources_give_it_and_whether_they_draw_on_one():
    figures = [figure("entry", "1999", 50000, source=n) for n in (1, 2, 3)]
    assert facts_of(figures)[0].values[0].of_sources == "3 sources"
    for one in figures[1:]:
        one.source.origin_id = 1
    assert facts_of(figures)[0].values[0].of_sources == "3 sources, one origin"


def test_contributions_compare_the_first_and_last_date_with_enough_countries():
    sent = {
        "2000": {"IT": 5000, "FR": 4000, "DE": 3000, "ES": 900, "AT": 500, "GR": 800},
        "2005": {"IT": 1},
        "2017-02": {"IT": 551, "FR": 2, "DE": 530, "AT": 487},
    }
    facts = facts_of(
        figure(f"{code}-{date}", date, value, country=code)
        for date, countries in sent.items()
        for code, value in countries.items()
    )
    drawing = contributions_drawn(facts, {"military-personnel"})

    assert (drawing.before, drawing.after, drawing.counted_after) == ("2000", "2017-02", 4)
    assert [country.name for country in drawing.countries][:4] == ["Italy", "France", "Germany", "Spain"]
    assert [len(pair.after) for pair in drawing.narrow.pairs] == [1, 1, 1, 0, 0, 1]
    assert contributions_drawn(facts[:3], {"military-personnel"}) is None


def test_a_place_is_on_the_map_only_if_its_coordinates_are_inside():
    pristina = place_map(Place(name="Pristina", latitude=42.66, longitude=21.17))
    mitrovica = place_map(Place(name="Mitrovica", latitude=42.89, longitude=20.87))
    assert mitrovica.x < pristina.x < pristina.width
    assert mitrovica.y < pristina.y < pristina.height
    for elsewhere in (Place(latitude=44.82, longitude=20.46), Place(latitude=42.13, longitude=21.71), Place(), None):
        assert place_map(elsewhere) is None


def test_the_density_of_years_is_drawn_only_where_events_were_counted():
    drawing = density(((1999, 4), (2001, 2), (2004, 8)))
    for _, at in drawing.widths:
        assert [bar.height for bar in at.bars] == [28, 14, 56]
        assert at.bars[-1].x + at.bars[-1].width <= at.width
    assert (drawing.first, drawing.last, drawing.fullest, drawing.most) == (1999, 2004, 2004, 8)
    assert density(((1999, 0), (2000, 0), (2001, 0))) is None


# On the pages


@pytest.mark.django_db
def test_a_mission_shows_its_drawings_with_what_they_say_in_tables_and_no_more_queries_for_more(client):
    troops = TermFactory(vocabulary="measure", key="military-personnel", name="Military personnel")
    pages, queries = [], []
    for slug, years in (("small", 3), ("large", 12)):
        mission = MissionFactory(slug=slug, acronym=f"<{slug}>")
        for year in range(2000, 2000 + years):
            for code in ("", "IT", "FR", "DE", "AT")[: 5 if year < 2004 else 1]:
                more = {"edition": mission, "measure": troops, "as_of": str(year), "country": code, "unit": "persons"}
                for value in (
                    1000 + year,
                    *({"": (500, 600, 700, 800, 900), "IT": (900,)}.get(code, ()) if year == 2002 else ()),
                ):
                    FigureFactory(**more | {"fact": f"s-{year}-{code}", "value": value})
        published(mission)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            pages.append(client.get(f"/missions/{slug}/").text)
        queries.append(len(asked))

    assert queries[0] == queries[1]
    drawn = re.findall(r'<svg class="drawing-(?:wide|narrow)".*?</svg>', pages[1], re.DOTALL)
    assert len(drawn) == 4
    for drawing in drawn:
        assert re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', drawing)
        assert "style=" not in drawing
        assert "&lt;large&gt;" in drawing
    ids = re.findall(r'\bid="([^"]+)"', pages[1])
    assert len(ids) == len(set(ids))
    assert pages[1].count('class="drawing scale"') == 1  # of six values, not of two
    of_fact = client.get("/missions/large/figures/s-2002-/").text
    assert '<tspan class="drawing-number">800</tspan> <tspan class="drawing-year">Secretary-General,' in of_fact
    assert 'class="drawing-here"' in of_fact
    assert 'class="drawing-here"' not in client.get("/missions/large/figures/s-2002-IT/").text
    assert "4 countries in numbers" in pages[1]


@pytest.mark.django_db
def test_an_event_shows_where_it_took_place(client):
    place = PlaceFactory(name="Zveçan/Zvečan <&>", latitude="42.91", longitude="20.84")
    published(EventFactory(slug="here", place=place))
    page = client.get("/events/here/").text
    assert "they imply no view on status" in page
    assert "Zveçan/Zvečan &lt;&amp;&gt;" in re.search(r"<svg.*?</svg>", page, re.DOTALL)[0]
