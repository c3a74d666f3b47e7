"""The first page of the editors' site: what waits for whom, notices, what is late, the sections."""

from __future__ import annotations

import datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial import amendments, notices, reviewing, workflow
from editorial.admin.desk import Desk, what_waits
from editorial.models import Edition, Editor, Notice
from sources.models import Recheck, Source
from tests.admin_forms import at_work
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    imported,
    managing_editor,
    published,
    reported,
    reviewer,
    submitted,
    superuser,
)

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


def desk_of(editor: Editor) -> Desk:
    return what_waits(Editor.objects.get(pk=editor.pk))


def piles(editor: Editor) -> dict[str, list[str]]:
    """By their names: the texts of what lies in the editor's piles."""
    return {pile.name: [line.text for line in pile.lines] for pile in desk_of(editor).piles}


def details(editor: Editor, name: str) -> list[str]:
    return [line.detail for pile in desk_of(editor).piles if pile.name == name for line in pile.lines]


def scheduled(due: datetime.datetime, **fields):
    """Approved, to become public at that time, which may be past: as if the worker had stopped."""
    edition = submitted(MissionFactory(by=author(), **fields))
    workflow.schedule(edition, by=reviewer(), at=timezone.now() + datetime.timedelta(hours=1))
    Edition._base_manager.filter(pk=edition.pk).update(publish_at=due)
    return edition


def late(minutes: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(minutes=minutes)


def amendment(by: Editor, title: str = "As printed"):
    mission = MissionFactory()
    source = CitationFactory(edition=mission, key="b", source=SourceFactory(title="As printd")).source
    published(mission)
    changed = Source.objects.get(pk=source.pk)
    changed.title = title
    return amendments.propose(source, changed, by=by, reason="A slip of the pen.")


# What waits for whom


def test_an_author_finds_what_was_sent_back_and_the_drafts():
    ana, ben, cem = author(), author(), reviewer()
    returned = submitted(MissionFactory(by=ana, title="Sent back"))
    workflow.request_changes(returned, by=cem, reason="The date.")
    MissionFactory(by=ana, title="A draft of Ana's")
    MissionFactory(by=ben, title="A draft of Ben's")
    submitted(MissionFactory(by=ana, title="Submitted by Ana"))
    submitted(MissionFactory(by=ben, title="Submitted by Ben"))
    assert piles(ana) == {
        "returned": ["Sent back"],
        "drafts": ["A draft of Ana's"],
        "waiting": ["Submitted by Ana"],
    }


def test_a_draft_that_was_only_started_is_the_one_who_started_its():
    ana = author()
    first = published(MissionFactory())
    workflow.start_edition(first.record, by=ana)
    assert piles(ana)["drafts"] == ["Kosovo Force"]


def test_a_reviewer_finds_what_others_submitted_oldest_first_and_who_reads_it():
    ana, cem, dan = author(public_name="Ana"), reviewer(), reviewer(public_name="Dan")
    first = submitted(MissionFactory(by=ana, title="First"))
    second = submitted(MissionFactory(by=ana, title="Second"))
    submitted(MissionFactory(by=ana, title="Third"))
    submitted(MissionFactory(by=cem, title="Mine"))
    reviewing.claim_review(first, by=cem)
    reviewing.claim_review(second, by=dan)
    assert piles(cem) == {"review": ["First", "Second", "Third"], "waiting": ["Mine"]}
    said = details(cem, "review")
    assert "submitted by Ana" in said[0]
    assert said[0].endswith("; you are reading it")
    assert said[1].endswith("; Dan is reading it")
    assert "reading" not in said[2]
    review = reverse("admin:missions_mission_review", args=[first.pk])
    assert review in at_work(cem).get(INDEX).text


def test_a_text_that_a_superuser_worked_on_waits_for_others():
    root, ana = superuser(), author()
    edition = MissionFactory(by=ana, title="Both wrote it")
    workflow.note_work(edition, by=root)
    workflow.submit(edition, by=ana)
    assert piles(root) == {"waiting": ["Both wrote it"]}


def test_a_late_publication_stands_first_and_says_why():
    editor = author()
    failed = scheduled(late(30), title="Late")
    Edition._base_manager.filter(pk=failed.pk).update(schedule_error="Its source is retracted.")
    scheduled(late(5), title="Due just now")
    scheduled(timezone.now() + datetime.timedelta(days=1), title="Due tomorrow")
    MissionFactory(by=editor)
    found = desk_of(editor).piles
    assert [pile.name for pile in found] == ["overdue", "drafts", "scheduled"]
    assert found[0].is_urgent
    assert [line.text for line in found[0].lines] == ["Late"]
    assert found[0].lines[0].detail.endswith("Its source is retracted.")
    assert [line.text for line in found[2].lines] == ["Due just now", "Due tomorrow"]


def test_new_reports_wait_for_every_editor_and_spam_for_none():
    record = published(MissionFactory()).record
    new = reported(record)
    reported(record, is_spam=True)
    reported(record, state="confirmed")
    assert piles(author())["reports"] == [f"{new}: Kosovo Force"]


def test_who_proposed_an_amendment_waits_and_the_others_who_review_confirm():
    ana, cem = author(), reviewer()
    one, other = amendment(by=ana), amendment(by=cem, title="As it was printed")
    by_title = {pile.title: [line.text for line in pile.lines] for pile in desk_of(cem).piles}
    assert by_title["Changes to sources and names, for you to confirm"] == [str(one)]
    assert by_title["Changes you proposed, waiting for a second editor"] == [str(other)]
    assert piles(ana)["proposed"] == [str(one)]
    assert not {"proposed", "to-confirm"} & set(piles(author()))


def test_founding_editions_wait_for_reviewers_until_somebody_works_on_them():
    cem = reviewer()
    for number in range(12):
        imported(MissionFactory(title=f"Founding {number}"))
    opened = imported(EventFactory(title="Somebody works on it"))
    workflow.start_edition(opened.record, by=author())
    pile = next(pile for pile in desk_of(cem).piles if pile.name == "founding")
    assert (pile.count, len(pile.lines), pile.more) == (12, 10, 2)
    assert pile.lines[0].address.endswith("/check/")
    assert "founding" not in piles(author())
    client = at_work(cem)
    every = client.get(pile.all_address)
    assert every.context["cl"].result_count == 12
    assert "All 12" in client.get(INDEX).text


def test_sources_to_look_at_again_are_a_pile_that_the_app_above_adds():
    edition = published(MissionFactory(title="KFOR"))
    source = edition.citations.get().source
    Recheck.objects.create(source=source, record=edition.record, status=Source.Status.RETRACTED)
    titles = [pile.title for pile in desk_of(author()).piles]
    assert titles == ["Sources to look at again"]


def test_what_was_published_last_is_shown_to_everybody():
    for number in range(12):
        published(MissionFactory(title=f"Number {number}"))
    found = [line.text for line in desk_of(author()).published]
    assert found == [f"Number {number}" for number in range(11, 1, -1)]


def test_where_nothing_waits_the_page_says_so():
    assert "Nothing waits for you." in at_work(author()).get(INDEX).text


def test_who_is_no_editor_is_told_nothing():
    outsider = Editor.objects.create(username="outsider", is_staff=True)
    ana = author()
    submitted(MissionFactory(by=ana, title="A secret draft"))
    scheduled(late(30), title="A late secret")
    page = at_work(outsider).get(INDEX)
    assert page.status_code == 200
    assert "secret" not in page.text


def test_the_first_page_needs_the_same_queries_however_much_waits():
    cem = reviewer()
    client = at_work(cem)

    def fill() -> None:
        for make in (MissionFactory, EventFactory, ArticleFactory):
            edition = make()
            workflow.submit(edition, by=edition.contributors.get())
            make(by=cem)
            own = make(by=cem)
            workflow.submit(own, by=cem)
            back = make(by=cem)
            workflow.submit(back, by=cem)
            workflow.request_changes(back, by=reviewer(), reason="Please.")
            reported(published(make()).record)
            imported(make())
        scheduled(late(30))
        scheduled(timezone.now() + datetime.timedelta(days=1))
        amendment(by=cem)
        amendment(by=author())
        Recheck.objects.create(
            source=SourceFactory(), record=published(MissionFactory()).record, status=Source.Status.RETRACTED
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(INDEX).status_code == 200
        return len(captured)

    fill()
    queries()
    few = queries()
    for _ in range(3):
        fill()
    assert queries() == few


# Notices


def test_a_notice_stands_on_the_first_page_until_it_is_put_away():
    ana, cem = author(), reviewer(public_name="Cem")
    edition = submitted(MissionFactory(by=ana, title="KFOR"))
    workflow.request_changes(edition, by=cem, reason="The date is wrong.")
    client = at_work(ana)
    page = client.get(INDEX)
    assert "Cem asks for changes: The date is wrong." in page.text
    assert reverse("admin:missions_mission_change", args=[edition.pk]) in page.text
    address = reverse("admin:put_away", args=[Notice.objects.get(to=ana).pk])
    assert f'action="{address}"' in page.text
    assert client.get(address).status_code == 405
    assert client.post(address, follow=True).redirect_chain[-1][0] == INDEX
    assert "Cem asks for changes" not in client.get(INDEX).text


def test_a_notice_to_somebody_else_is_neither_shown_nor_put_away():
    ana, ben = author(), author()
    notices.tell([ana], "For Ana only.")
    notice = Notice.objects.get()
    client = at_work(ben)
    assert "For Ana only." not in client.get(INDEX).text
    answer = client.post(reverse("admin:put_away", args=[notice.pk]), follow=True)
    assert "There is no such notice" in answer.text
    notice.refresh_from_db()
    assert notice.seen_at is None
    assert "For Ana only." in at_work(ana).get(INDEX).text


def test_a_notice_cannot_be_put_away_by_a_forged_or_foreign_request(client):
    ana = author()
    notices.tell([ana], "For Ana only.")
    address = reverse("admin:put_away", args=[Notice.objects.get().pk])
    assert client.post(address).status_code in (302, 403)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(ana)
    assert forged.post(address).status_code == 403
    outsider = Editor.objects.create(username="outsider", is_staff=True)
    assert at_work(outsider).post(address).status_code == 403
    assert at_work(ana).post(reverse("admin:put_away", args=[10**30])).status_code == 302
    assert Notice.objects.get().seen_at is None


def test_what_a_notice_says_is_text_and_no_markup():
    ana = author()
    notices.tell([ana], "<script>alert(1)</script>")
    page = at_work(ana).get(INDEX).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


# What is late, on every page


def _pages(edition) -> list[str]:
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model, model_admin in admin.site._registry.items()
    ]
    own = reverse("admin:missions_mission_change", args=[edition.pk])
    return [INDEX, "/admin/search/?q=kfor", own, own + "../do/submit/", own + "../history/", *lists]


def test_every_page_says_in_red_what_is_late():
    root = superuser()
    client = at_work(root)
    draft = MissionFactory(title="A draft")
    FigureFactory(edition=draft)
    shown = [address for address in _pages(draft) if client.get(address).status_code == 200]
    assert len(shown) > 10
    assert not any('class="overdue"' in client.get(address).text for address in shown)
    edition = scheduled(late(11), title="The late one")
    link = reverse("admin:missions_mission_change", args=[edition.pk])
    for address in shown:
        text = client.get(address).text
        assert 'class="overdue"' in text, address
        assert f'<a href="{link}">The late one</a>' in text, address


def test_what_is_ten_minutes_late_is_not_late_yet():
    scheduled(late(9))
    assert 'class="overdue"' not in at_work(author()).get(INDEX).text


def test_who_is_not_logged_in_is_not_told_what_is_late(client):
    scheduled(late(30), title="The late one")
    assert "The late one" not in client.get(INDEX, follow=True).text


# The sections


def sections(editor: Editor) -> dict[str, list[str]]:
    apps = at_work(editor).get(INDEX).context["app_list"]
    return {app["name"]: [str(model["name"]) for model in app["models"]] for app in apps}


def test_the_lists_stand_in_sections_that_editors_understand():
    found = sections(author())
    assert next(iter(found)) == "Records"
    assert found["Records"] == ["Missions", "Events", "Articles", "All records"]
    assert "Readers’ reports" in found["What waits"]
    assert "Who did what" in found["What was done"]
    assert "Technical" not in found
    assert not any("rate limit" in name for names in found.values() for name in names)


def test_what_is_listed_nowhere_is_for_managing_editors_to_see():
    technical = sections(managing_editor())["Technical"]
    assert {"Rate limits", "Public serials"} <= set(technical)
    everything = [name for names in sections(superuser()).values() for name in names]
    assert len(everything) == len(admin.site._registry)
