"""A demonstration: its story, its banner, and that it and a real record never meet."""

from __future__ import annotations

import pytest
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from editorial import integrity
from editorial.models import Amendment, Correction, Edition, Editor, Mail, Record, State
from kosovo_peace import demonstration
from kosovo_peace.demonstration import story
from tests.factories import ArticleFactory, EventFactory, MissionFactory, author, imported, published, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings):
    """A demonstration of a record of four short texts."""
    settings.DEMO = True
    demonstration.mark()
    make = {"mission": MissionFactory, "event": EventFactory, "article": ArticleFactory}
    for name in (story.CORRECTED, story.IN_REVIEW, story.SENT_BACK, story.SCHEDULED):
        kind, slug = name.split("/")
        imported(make[kind](slug=slug))
    editors = {"author": author(username="author"), "reviewer": reviewer(username="reviewer")}
    story.tell(**editors)
    return editors


def test_the_story_shows_every_step_of_the_workflow(told):
    open_ones = {edition.record.slug: edition.state for edition in Edition.objects.open().select_related("record")}
    assert open_ones == {
        "demonstration": State.DRAFT,
        "unmik": State.CHANGES_REQUESTED,
        "preventing-relapse": State.SCHEDULED,
        "kfor-entry-1999": State.IN_REVIEW,
    }
    assert [edition.state for edition in Record.objects.get(slug="kfor").editions.order_by("number")] == [
        State.SUPERSEDED,
        State.SUPERSEDED,
        State.PUBLISHED,
    ]
    reports = Correction.objects.public().order_by("pk")
    assert {report.state for report in reports} == set(Correction.State) - {Correction.State.CONFIRMED}
    by_edition, duplicate, *_ = reports
    assert (by_edition.fixed_in.number, duplicate.duplicate_of) == (3, by_edition)
    assert reports.exclude(fixed_by=None).get().subject == f"/sources/{story.LEAFLET}/"
    assert Correction.objects.filter(is_spam=True).count() == 1
    assert set(Amendment.objects.values_list("state", flat=True)) == {"confirmed", "proposed"}
    assert story.is_told()
    assert not integrity.check_and_keep().faults


def test_all_that_the_story_adds_says_that_it_is_invented(told):
    for report in Correction.objects.all():
        assert report.message.startswith(story.HEADING)
        assert not report.public_answer or report.public_answer.startswith(story.HEADING)
    for edition in Edition.objects.exclude(change_note=""):
        assert edition.change_note.startswith(story.HEADING)
        assert f"## {story.HEADING}" in edition.body
    for address in Mail.objects.exclude(to="").values_list("to", flat=True):
        assert address.endswith("@example.org")
    fact = Client().get(reverse("mission-fact", args=["kfor", story.FACT]))
    assert "invented" in fact.text


def test_every_page_has_the_banner_and_no_robot_is_let_in(told):
    editors = Client()
    editors.force_login(told["author"])
    pages = [
        *(Client().get(address) for address in ["/", "/missions/kfor/", "/corrections/", "/api/docs/", "/none/"]),
        *(editors.get(address) for address in ["/admin/", "/admin/missions/mission/"]),
        Client().get("/accounts/login/"),
    ]
    for page in pages:
        assert "<strong>Demonstration:</strong>" in page.text
        assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert Client().get("/api/v1/missions/")["X-Robots-Tag"] == "noindex, nofollow"
    assert Client().get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert [line for line in story.where_to_look() if "reader's own page" in line]


def test_a_real_site_has_neither_banner_nor_closed_doors():
    published(MissionFactory(slug="kfor"))
    page = Client().get("/missions/kfor/")
    assert "Demonstration" not in page.text
    assert "X-Robots-Tag" not in page
    assert "Disallow: /\n" not in Client().get("/robots.txt").text


def test_a_demonstration_and_a_real_record_refuse_each_others_database(settings):
    demonstration.require_right_database()  # an empty one is anybody's
    settings.DEMO = True
    demonstration.require_right_database()
    MissionFactory()
    with pytest.raises(CommandError, match="invented texts"):
        demonstration.require_right_database()

    Editor.objects.update(username="somebody")
    demonstration.mark()
    demonstration.require_right_database()
    settings.DEMO = False
    with pytest.raises(CommandError, match="make demo"):
        demonstration.require_right_database()
