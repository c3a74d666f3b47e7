"""Previews: an edition that is not public as its page will be, for editors, and by a link for people outside."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editorial import previews, workflow
from tests.admin_forms import action, at_work
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    MissionFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db

WORD = "zanzibarquux"


def sharing(edition) -> str:
    return action(edition, "share")


def link_to(edition, **given) -> str:
    address, _until = previews.share(edition, **{"by": author(), "days": 7} | given)
    return address


@pytest.fixture
def outside():
    return Client()


def test_the_editors_preview_is_kept_nowhere_and_shows_what_is_saved_now(kept_pages):
    edition = MissionFactory(title=WORD)
    client = at_work(author())
    address = reverse("admin:missions_mission_preview", args=[edition.pk])
    shown = client.get(address)
    assert WORD in shown.text
    assert {"no-store", "private"} <= set(re.split(r",\s*", shown["Cache-Control"]))
    assert shown["X-Robots-Tag"] == "noindex"
    edition.title = "Another title"
    edition.save()
    assert "Another title" in client.get(address).text
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("make", [MissionFactory, EventFactory, ArticleFactory])
def test_an_editor_makes_a_link_with_which_an_expert_reads_the_draft(make, outside, kept_pages):
    edition, ana = make(title=f"Draft {WORD}"), author(username="ana")
    client = at_work(ana)
    asked = client.get(sharing(edition))
    assert asked.context["form"].initial.get("days", asked.context["form"].fields["days"].initial) == 7
    made = client.post(sharing(edition), {"days": "7"}, follow=True)
    address = re.search(r'class="preview-link" href="([^"]+)"', made.text)[1]

    shown = outside.get(address)
    assert shown.status_code == 200
    assert WORD in shown.text
    assert "this is not published" in shown.text
    assert "do not quote it" in shown.text
    assert 'name="message"' not in shown.text
    assert reverse("admin:login") not in shown.text
    assert f"/admin/missions/{edition.record.kind}/" not in shown.text
    assert shown["Referrer-Policy"] == "no-referrer"
    assert shown["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in shown.text
    assert {"no-store", "private"} <= set(re.split(r",\s*", shown["Cache-Control"]))
    assert not shown.cookies
    assert LogEntry.objects.filter(user=ana, change_message__contains="Share a preview").exists()


def test_a_link_shows_the_text_as_it_is_saved_when_it_is_opened(outside, kept_pages):
    edition = MissionFactory()
    address = link_to(edition)
    assert WORD not in outside.get(address).text
    edition.title = WORD
    edition.save()
    assert WORD in outside.get(address).text


def moves():
    def submit(edition):
        workflow.submit(edition, by=edition.contributors.first())

    def discard(edition):
        workflow.discard(edition, by=edition.contributors.first())

    def submit_and_take_back(edition):
        submit(edition)
        workflow.take_back(edition, by=edition.contributors.first())

    def submit_and_send_back(edition):
        submit(edition)
        workflow.request_changes(edition, by=reviewer(), reason="Why?")

    def delete(edition):
        edition.delete()

    return [submit, discard, submit_and_take_back, submit_and_send_back, delete, published]


@pytest.mark.parametrize("move", moves(), ids=lambda move: move.__name__)
def test_a_link_dies_when_the_edition_moves(move, outside):
    edition = MissionFactory(title=WORD)
    address = link_to(edition)
    move(edition)
    answer = outside.get(address)
    assert answer.status_code == 410
    assert "This preview is over" in answer.text
    assert WORD not in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_a_text_in_review_can_be_shared_too_until_it_is_decided(outside):
    edition = MissionFactory(title=WORD)
    workflow.submit(edition, by=edition.contributors.get())
    address = link_to(edition)
    assert WORD in outside.get(address).text
    workflow.publish(edition, by=reviewer())
    assert outside.get(address).status_code == 410


def test_a_link_works_for_the_days_chosen(outside, monkeypatch):
    edition = MissionFactory()
    address = link_to(edition, days=1)
    now = timezone.now()
    for hours, status in ((23, 200), (25, 410)):
        monkeypatch.setattr(previews.timezone, "now", lambda hours=hours: now + datetime.timedelta(hours=hours))
        assert outside.get(address).status_code == status


def signed(*payload, salt=previews.SALT):
    return signing.dumps(list(payload), salt=salt)


@pytest.mark.parametrize(
    "token",
    [
        "nothing", "a" * 5000, "a:b:c", ":::", "%F0%9F%98%80", "..", "%00", "%FF", "-1",
        pytest.param(signing.dumps([1, 0, 9_999_999_999], salt="another"), id="signed for something else"),
    ],
)  # fmt: skip
def test_a_token_that_never_was_a_link_is_answered_kindly(token, outside):
    answer = outside.get(f"/preview/{token}/")
    assert answer.status_code in (400, 404)
    if answer.status_code == 404:
        assert "There is no such preview" in answer.text or ".." in token


def test_a_link_with_one_letter_changed_leads_nowhere(outside):
    address = link_to(MissionFactory(title=WORD))
    for changed in (address[:-2] + ("a" if address[-2] != "a" else "b") + "/", address.replace(":", "x", 1)):
        answer = outside.get(changed)
        assert answer.status_code == 404
        assert WORD not in answer.text


def test_only_those_who_write_make_links_and_of_open_editions_only():
    edition, live = MissionFactory(), published(MissionFactory())
    for client in (at_work(reviewer()), at_work(managing_editor()), at_work(author())):
        assert sharing(edition) in client.get(reverse("admin:missions_mission_change", args=[edition.pk])).text
        assert sharing(live) not in client.get(reverse("admin:missions_mission_change", args=[live.pk])).text
        refused = client.post(sharing(live), {"days": "7"})
        assert refused.status_code == 409
        assert "preview-link" not in refused.text
    for days in ("", "0", "365", "7.5", "x" * 9000, "\x00"):
        assert "preview-link" not in at_work(author()).post(sharing(edition), {"days": days}, follow=True).text
    nobody = author()
    nobody.groups.clear()
    with pytest.raises(workflow.WorkflowError, match="role"):
        previews.share(edition, by=nobody, days=7)
    assert at_work(nobody).post(sharing(edition), {"days": "7"}).status_code == 403
    assert Client(enforce_csrf_checks=True).post(sharing(edition), {"days": "7"}).status_code == 403


def test_a_link_is_no_way_to_change_anything(outside):
    edition = MissionFactory()
    assert outside.post(link_to(edition)).status_code == 405


def test_a_link_to_the_next_edition_shows_neither_more_nor_less_than_its_text(outside):
    live = published(MissionFactory(title="Public title"))
    draft = next_edition(live.record, title=WORD, change_note="New.")
    CitationFactory(edition=draft, key="b")
    address = link_to(draft)
    assert WORD in outside.get(address).text
    assert WORD not in outside.get(live.record.get_absolute_url()).text
