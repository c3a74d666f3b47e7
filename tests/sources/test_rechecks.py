"""Editions to look at again because of what became of a source."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import amendments, workflow
from editorial.workflow import WorkflowError
from sources import rechecks
from sources.models import Recheck, Source
from tests.admin_forms import at_work
from tests.factories import (
    CitationFactory,
    EditorFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db


def became(source, status):
    source = Source.objects.get(pk=source.pk)
    source.status = status
    source.save()
    return source


@pytest.fixture
def source():
    return SourceFactory(key="res", title="A report")


@pytest.fixture
def mission(source):
    mission = MissionFactory(slug="kfor", title="Kosovo Force", body="It was a force.[^a] It was large.[^b]")
    CitationFactory(edition=mission, key="b", source=source, locator="p. 12", quote="These words.")
    return published(mission)


@pytest.fixture
def event(source):
    event = EventFactory(slug="entry")
    FigureFactory(edition=event, source=source)
    return published(event)


def waiting():
    return {recheck.record.slug: recheck.status for recheck in Recheck.objects.waiting()}


# Raised and ended


@pytest.mark.parametrize("status", ["unreachable", "retracted"])
def test_each_record_whose_public_edition_cites_it_waits_to_be_looked_at(source, mission, event, status):
    draft = MissionFactory()
    CitationFactory(edition=draft, source=source)
    became(source, status)
    assert waiting() == {"kfor": status, "entry": status}


def test_a_confirmed_amendment_raises_them_too(source, mission):
    changed = Source.objects.get(pk=source.pk)
    changed.status = Source.Status.RETRACTED
    proposal = amendments.propose(source, changed, by=author(), reason="The publisher withdrew it.")
    assert waiting() == {}
    amendments.confirm(proposal, by=reviewer())
    assert waiting() == {"kfor": "retracted"}


def test_another_save_raises_nothing_again_and_worse_news_replaces_the_better(source, mission):
    became(source, "unreachable")
    source = Source.objects.get(pk=source.pk)
    source.note = "Read in print."
    source.save()
    became(source, "unreachable")
    assert Recheck.objects.count() == 1
    became(source, "retracted")
    assert waiting() == {"kfor": "retracted"}
    assert Recheck.objects.count() == 1


def test_a_new_source_that_is_out_of_reach_raises_nothing():
    SourceFactory(status="unreachable")
    assert not Recheck.objects.exists()


def test_they_end_when_the_source_is_available_again(source, mission):
    became(source, "unreachable")
    became(source, "available")
    recheck = Recheck.objects.get()
    assert (recheck.outcome, recheck.done_by) == ("The source is available again.", None)
    assert recheck.done_at is not None
    became(source, "unreachable")
    assert waiting() == {"kfor": "unreachable"}


def test_they_end_when_a_new_edition_no_longer_cites_it(source, mission):
    became(source, "unreachable")
    second = next_edition(mission.record, body="It was a force.[^a]")
    assert waiting() == {"kfor": "unreachable"}
    second.citations.filter(key="b").delete()
    published(second)
    assert waiting() == {}
    assert Recheck.objects.get().outcome == "The record no longer cites it in public."


def test_they_stay_when_the_new_edition_still_cites_it(source, mission, event):
    became(source, "unreachable")
    published(next_edition(mission.record))
    assert waiting() == {"kfor": "unreachable", "entry": "unreachable"}


def test_a_withdrawn_record_need_not_be_looked_at(source, mission):
    became(source, "unreachable")
    workflow.withdraw(mission, by=managing_editor(), reason="It was wrong.")
    assert waiting() == {}


def test_somebody_says_what_was_found(source, mission):
    became(source, "unreachable")
    recheck, ben = Recheck.objects.get(), author()
    with pytest.raises(WorkflowError, match="Say what you found"):
        rechecks.settle(recheck, by=ben, outcome=" ")
    rechecks.settle(recheck, by=ben, outcome="Read in print: it holds.")
    assert (recheck.done_by, recheck.outcome) == (ben, "Read in print: it holds.")
    with pytest.raises(WorkflowError, match="already: Read in print"):
        rechecks.settle(recheck, by=ben, outcome="Again.")


# What readers see


@pytest.mark.parametrize(("status", "words"), [("unreachable", "Out of reach"), ("retracted", "Retracted")])
def test_the_public_citation_carries_the_mark(source, mission, client, status, words):
    became(source, status)
    assert f'<strong class="source-status">{words}.</strong>' in client.get("/missions/kfor/").text
    assert words.lower() in client.get("/sources/res/").text


# Stories of the workflow


def test_a_source_retracted_during_review_keeps_the_edition_from_being_published(source):
    mission = MissionFactory()
    CitationFactory(edition=mission, key="b", source=source)
    workflow.submit(mission, by=mission.contributors.first() or mission.created_by)
    became(source, "retracted")
    cem = at_work(reviewer())
    page = f"/admin/missions/mission/{mission.pk}/do/publish/"
    shown = cem.get(page)
    assert "Citations, b: its source" in shown.text
    mission.refresh_from_db()
    refused = cem.post(page, {"shown": mission.lock_version})
    assert refused.status_code == 409
    assert "Citations, b: its source, “United Nations Secretary-General, <em>A report" not in refused.text
    assert "is retracted" in refused.text
    mission.refresh_from_db()
    assert mission.state == "in_review"


def test_a_cited_source_is_not_deleted_and_the_page_says_who_cites_it(source, mission):
    client = at_work()
    address = f"/admin/sources/source/{source.pk}/delete/"
    page = client.get(address)
    assert "would require deleting the following protected related objects" in page.text
    assert "Kosovo Force, edition 1 (published)" in page.text
    client.post(address, {"post": "yes"})
    assert Source.objects.filter(pk=source.pk).exists()


# In the editors' site

LIST = "/admin/sources/recheck/"


def change(recheck):
    return f"{LIST}{recheck.pk}/change/"


def settle(recheck):
    return f"{LIST}{recheck.pk}/do/settle/"


def test_the_list_shows_what_waits_and_the_page_what_is_cited_where(source, mission, event):
    became(source, "unreachable")
    client = at_work()
    listed = client.get(LIST)
    assert "Kosovo Force" in listed.text
    recheck = Recheck.objects.get(record=mission.record)
    page = client.get(change(recheck))
    for words in ("p. 12", "These words.", "out of reach", "start the next edition", "Body: It was large."):
        assert words in page.text
    assert f"/admin/missions/mission/{mission.pk}/do/start/" in page.text

    draft = next_edition(mission.record)
    assert f"/admin/missions/mission/{draft.pk}/change/" in client.get(change(recheck)).text
    assert "wait for somebody to look" in client.get(f"/admin/sources/source/{source.pk}/change/").text


def test_it_is_dealt_with_by_a_sentence(source, mission):
    became(source, "unreachable")
    recheck, ben = Recheck.objects.get(), author()
    client = at_work(ben)
    empty = client.post(settle(recheck), {"outcome": " "})
    assert "This field is required" in empty.text
    client.post(settle(recheck), {"outcome": "Read in print: it holds."})
    recheck.refresh_from_db()
    assert (recheck.done_by, recheck.outcome) == (ben, "Read in print: it holds.")
    late = client.post(settle(recheck), {"outcome": "Again."})
    assert (late.status_code, "already" in late.text) == (409, True)
    assert "Kosovo Force" not in client.get(LIST).text
    assert "Kosovo Force" in client.get(f"{LIST}?of=done").text


def test_it_is_refused_by_get_without_token_and_to_those_who_may_not_write(source, mission):
    became(source, "unreachable")
    recheck = Recheck.objects.get()
    stranger = EditorFactory()
    stranger.groups.clear()
    assert at_work(stranger).post(settle(recheck), {"outcome": "x"}).status_code == 403
    careful = at_work(enforce_csrf_checks=True)
    assert careful.post(settle(recheck), {"outcome": "x"}).status_code == 403
    at_work().get(settle(recheck), {"outcome": "x"})
    assert at_work().post(change(recheck), {"outcome": "x"}).status_code == 403
    assert at_work().get(f"{LIST}add/").status_code == 403
    recheck.refresh_from_db()
    assert recheck.done_at is None


def test_list_and_page_cost_the_same_however_many_wait(source, mission):
    became(source, "unreachable")
    client, recheck = at_work(), Recheck.objects.get()
    client.get(LIST)

    def queries():
        with CaptureQueriesContext(connection) as listed:
            client.get(LIST)
        with CaptureQueriesContext(connection) as shown:
            client.get(change(recheck))
        return len(listed), len(shown)

    few = queries()
    for n in range(4):
        other = MissionFactory(slug=f"m{n}")
        CitationFactory(edition=other, source=source)
        published(other)
    draft = next_edition(mission.record)
    for _ in range(3):
        FigureFactory(edition=draft, source=source)
    became(source, "available")
    became(source, "retracted")
    recheck = Recheck.objects.waiting().get(record=mission.record)
    many = queries()
    assert many[0] == few[0]
    assert many[1] <= few[1]
