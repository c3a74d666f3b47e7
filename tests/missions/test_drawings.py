"""Drawings that the site makes of its rows: areas as boxes, and who held which task when as lanes."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.drawings.areas import areas
from missions.drawings.lanes import Held, lanes
from missions.models import Area, Article, Responsibility
from sources.dates import PartialDate
from tests.factories import ArticleFactory, MissionFactory, TermFactory, next_edition, published

TODAY = datetime.date(2026, 11, 22)


def held(task="police", start="", end="", **more):
    dates = [PartialDate(date) if date else "" for date in (start, end)]
    return Held("UNMIK", task, "k", *dates, **{"handed_to": "", "within": (PartialDate("1999-06-10"), "")} | more)


# What is drawn


def test_a_lane_goes_from_its_start_to_its_end_on_the_line_of_years():
    drawing = lanes([held(start="2000", end="2009"), held("justice", "2005-01-01", "2009-12-31")], today=TODAY)

    assert (drawing.first, drawing.last) == (2000, 2010)
    first, second = drawing.lanes
    assert (first.bar_x, first.bar_x + first.bar_width) == (2, pytest.approx(358, abs=1))
    assert second.bar_x == pytest.approx(180, abs=1)
    assert (first.is_known, drawing.has_gaps) == (True, False)
    assert [mark.year for mark in drawing.marks] == [2000, 2002, 2004, 2006, 2008, 2010]


def test_what_lacks_a_date_is_marked_and_goes_to_the_end_of_its_holder_or_to_today():
    closed = (PartialDate("1999"), PartialDate("2008"))
    drawing = lanes(
        [held(start="2000"), held("justice", end="2005"), held("returns", "2001", within=closed)], today=TODAY
    )

    going_on, unknown_start, of_a_closed_one = drawing.lanes
    assert drawing.last == 2027
    assert not any(lane.is_known for lane in drawing.lanes)
    assert going_on.bar_x + going_on.bar_width > 355
    assert unknown_start.bar_x < going_on.bar_x
    assert of_a_closed_one.bar_x + of_a_closed_one.bar_width < going_on.bar_x + going_on.bar_width


def test_lanes_of_one_task_are_told_apart_and_nothing_is_drawn_of_a_single_date():
    rows = [
        held("security", "1999", note="Demilitarisation, declared complete."),
        held("security", "2000", note="Patrols."),
    ]

    assert [lane.heading for lane in lanes(rows, today=TODAY).lanes] == [
        ["Security: Demilitarisation"],
        ["Security: Patrols"],
    ]
    assert lanes([held(start="1999"), held()], today=TODAY) is None


def test_areas_stand_where_they_lay_and_share_a_place_one_below_the_other():
    names = {"north": "North", "west": "West", "centre": "Centre", "east": "East", "south": "South"}
    rows = [Area(key=key, name=name, position=key, seat="Mitrovicë/Kosovska Mitrovica") for key, name in names.items()]
    boxes = {box.lines[0][1]: box for box in areas([*rows, Area(key="n2", name="Far north", position="north")]).boxes}

    assert boxes["West"].x < boxes["Centre"].x < boxes["East"].x
    assert boxes["North"].y < boxes["Far north"].y < boxes["Centre"].y < boxes["South"].y
    assert boxes["North"].x == boxes["Centre"].x
    assert [words for _, words, _ in boxes["North"].lines] == ["North", "Mitrovicë/", "Kosovska", "Mitrovica"]
    assert areas(rows[:1]) is None


# On the pages


def mission_with_tasks(slug: str, *tasks: tuple[str, str, str], **fields):
    mission = MissionFactory(slug=slug, title=f"Mission {slug}", acronym=slug.upper(), **fields)
    for key, start, end in tasks:
        task = TermFactory(vocabulary="task", key=key, name=key)
        Responsibility(edition=mission, key=key, task=task, start=start, end=end, cites="a").save()
    return mission


@pytest.mark.django_db
def test_a_mission_shows_its_areas_and_tasks_drawn_and_in_words(client):
    successor = published(MissionFactory(slug="eulex", title="A mission of law", acronym="EULEX"))
    mission = mission_with_tasks("unmik", ("police", "1999-06", "2008-12-09"), ("justice", "1999-07-25", ""))
    mission.responsibilities.filter(key="police").update(handed_to=successor.record)
    for key, country in (("north", "France"), ("south", "Germany")):
        Area(
            edition=mission, key=key, name=f"Brigade {key}", position=key, led_by=country, seat="Prizren <&>", cites="a"
        ).save()
    published(mission)

    page = client.get("/missions/unmik/").text
    drawn = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawn) == 2
    for drawing in drawn:
        assert re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', drawing)
        assert "<title" in drawing
        assert "<desc" in drawing
        assert "style=" not in drawing
    assert "Prizren &lt;&amp;&gt;" in drawn[0]
    assert "June 1999 to 9 December 2008; handed to EULEX" in drawn[1]
    for row in ("area-north", "area-south", "responsibility-police", "responsibility-justice"):
        assert f'id="{row}"' in page
    assert "A dashed bar lacks a date" in page
    assert '<a href="#areas">Areas and who led them</a>' in page


@pytest.mark.django_db
def test_an_article_draws_the_tasks_of_its_public_missions_if_it_says_so(client):
    unmik = mission_with_tasks("unmik", ("police", "1999-06", "2008-12-09"), ("returns", "2000", ""))
    unmik.responsibilities.update(handed_to=unmik.record)
    missions = [
        published(unmik),
        published(mission_with_tasks("omik", ("police", "1999", "2001"))),
        mission_with_tasks("draft", ("zanzibarquux", "1999", "2001")),
    ]
    article = ArticleFactory(slug="who")
    article.missions.add(*[mission.record for mission in missions])
    published(article)
    assert "Who held which task when" not in client.get("/articles/who/").text

    published(next_edition(article.record, drawing=Article.Drawing.HANDOVERS))
    page = client.get("/articles/who/").text
    assert page.count("<svg") == 1
    assert "zanzibarquux" not in page
    for address in ("/missions/unmik/#responsibility-police", "/missions/omik/#responsibility-police"):
        assert f'href="{address}"' in page

    with CaptureQueriesContext(connection) as few:
        client.get("/articles/who/")
    more = next_edition(missions[1].record)
    for n in range(4):
        task = TermFactory(vocabulary="task", key=f"task{n}", name=f"task {n}")
        Responsibility(
            edition=more, key=f"t{n}", task=task, start="2001", handed_to=missions[0].record, cites="a"
        ).save()
    published(more)
    with CaptureQueriesContext(connection) as many:
        assert client.get("/articles/who/").text.count("evidence<span") == 7
    assert len(many) == len(few)
