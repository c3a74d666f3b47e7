"""The editors' site: who may change what, the buttons of the workflow, reference data, reports."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial import workflow
from editorial.models import (
    Amendment,
    Change,
    Edition,
    Editor,
    Record,
    State,
)
from editorial.roles import AUTHOR
from missions.models import Mission
from sources.models import Source
from tests.admin_forms import action, at_work, do, form_data, form_of, with_new_row
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    StatementFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reported,
    reviewer,
    state_of,
    superuser,
)

pytestmark = pytest.mark.django_db


# From a new record to its second edition


def test_two_editors_bring_a_new_record_and_its_second_edition_to_the_public():
    ana, cem = author(public_name="Ana"), reviewer(public_name="Cem")
    ana_works, cem_works = at_work(ana), at_work(cem)
    source = SourceFactory(key="un1999res1244")
    kind = MissionFactory().mission_kind

    ana_works.post(reverse("admin:missions_mission_add"), {"title": "Kosovo Force", "slug": "kfor"})
    first = Mission.objects.get(record__slug="kfor")
    add = reverse("admin:sources_citation_add", query={"edition": first.pk})
    ana_works.post(add, {"source": source.pk, "checked": "not-opened"})
    opened = ana_works.get(form_of(first))
    data = form_data(
        opened,
        summary="A force came.[^un1999res1244]",
        body="It was a force.[^un1999res1244]",
        start="12 June 1999",
        status="running",
        mission_kind=kind.pk,
    )
    saved = ana_works.post(form_of(first), data)
    assert saved.status_code == 302
    first.refresh_from_db()
    assert (first.start, first.lock_version) == ("1999-06-12", 2)
    assert [row.key for row in first.citations.all()] == ["un1999res1244"]

    do(ana_works, first, "submit")
    do(cem_works, first, "publish")
    first.refresh_from_db()
    assert (first.state, first.number, first.checked_by) == (State.PUBLISHED, 1, "Cem")
    assert "Published as edition 1" in cem_works.get(form_of(first)).text

    started = do(ana_works, first, "start")
    second = first.record.editions.open().get()
    assert started.redirect_chain[-1][0] == form_of(second)
    ana_works.post(
        form_of(second), form_data(ana_works.get(form_of(second)), change_note="A better date.", start="1999-06-10")
    )
    do(ana_works, second, "submit")
    do(cem_works, second, "publish")
    second.refresh_from_db()
    assert (second.state, second.number) == (State.PUBLISHED, 2)
    assert state_of(first) == State.SUPERSEDED


def test_a_new_record_needs_a_title_only():
    client = at_work(author())
    client.post(reverse("admin:missions_event_add"), {"title": "Entry of the force", "slug": ""})
    assert Record.objects.get(kind="event").slug == "entry-of-the-force"


def test_an_address_that_is_taken_is_refused_and_the_title_kept():
    MissionFactory(slug="kfor")
    client = at_work(author())
    refused = client.post(reverse("admin:missions_mission_add"), {"title": "Another force", "slug": "kfor"})
    assert "at this address already" in refused.text
    assert "Another force" in refused.text
    assert Record.objects.count() == 1


def test_the_address_of_a_page_of_the_site_is_refused_and_the_title_kept():
    client = at_work(author())
    refused = client.post(reverse("admin:missions_mission_add"), {"title": "Compare", "slug": ""})
    assert "a page of its own at this address" in refused.text
    assert 'value="Compare"' in refused.text
    assert not Record.objects.exists()


def test_an_address_taken_at_the_same_moment_is_refused_and_the_title_kept(monkeypatch):
    MissionFactory(slug="kfor")
    monkeypatch.setattr(Record, "full_clean", lambda self: None)  # as it was a moment ago
    client = at_work(author())
    typed = {"title": "Kosovo Force", "slug": "kfor"}
    response = client.post(reverse("admin:missions_mission_add"), typed, follow=True)
    assert "There is a record of this kind at this address already." in response.text
    assert 'value="Kosovo Force"' in response.text


# Who may not


def test_the_author_cannot_publish_even_by_a_forged_post():
    cem = reviewer()
    edition = MissionFactory(by=cem)
    workflow.submit(edition, by=cem)
    client = at_work(cem)
    assert action(edition, "publish") not in client.get(form_of(edition)).text
    for given in ({}, {"shown": edition.lock_version}):
        refused = client.post(action(edition, "publish"), given)
        assert refused.status_code == 409
        assert workflow.NO_SECOND_PERSON in refused.text
    assert state_of(edition) == State.IN_REVIEW


def test_a_superuser_who_worked_on_a_text_cannot_publish_it():
    root, ana = superuser(), author()
    edition = MissionFactory(by=ana)
    client = at_work(root)
    client.post(form_of(edition), form_data(client.get(form_of(edition)), headquarters="Pristina"))
    workflow.submit(edition, by=ana)
    refused = client.post(action(edition, "publish"), {"shown": 1})
    assert workflow.NO_SECOND_PERSON in refused.text
    assert state_of(edition) == State.IN_REVIEW


def test_saving_without_a_change_makes_nobody_a_contributor():
    edition = MissionFactory()
    cem = reviewer()
    client = at_work(cem)
    client.post(form_of(edition), form_data(client.get(form_of(edition))))
    edition.refresh_from_db()
    assert edition.lock_version == 0
    assert not edition.worked_on_by(cem)


def test_a_reviewer_must_have_seen_the_text_that_is_published():
    edition, cem = MissionFactory(), reviewer()
    workflow.submit(edition, by=edition.contributors.get())
    client = at_work(cem)
    refused = client.post(action(edition, "publish"), {"shown": edition.lock_version + 1})
    assert "read it again" in refused.text
    assert client.post(action(edition, "publish"), {}).status_code == 409
    assert state_of(edition) == State.IN_REVIEW


def test_who_is_no_editor_sees_nothing(client):
    edition = MissionFactory()
    assert client.get(form_of(edition)).status_code == 302
    outsider = Editor.objects.create(username="outsider", is_staff=True)
    assert at_work(outsider).get(form_of(edition)).status_code == 403
    assert at_work(outsider).post(form_of(edition), {}).status_code == 403
    assert at_work(outsider).post(action(edition, "submit"), {}).status_code == 403
    assert at_work(outsider).get(reverse("admin:index")).status_code == 200


# What is public is only read


def test_a_published_edition_is_shown_with_its_rows_and_not_edited_by_superusers_either():
    edition = MissionFactory()
    StatementFactory(edition=edition, text="The exact words")
    published(edition)
    shown = at_work(superuser()).get(form_of(edition))
    assert shown.status_code == 200
    assert "The exact words" in shown.text
    assert "Seen version" not in shown.text
    assert not re.search(r'<(input|textarea)[^>]+name="(title|statements-0-text)"', shown.text)
    assert 'name="_save"' not in shown.text


def test_a_save_that_comes_after_publication_is_answered_409_with_all_that_was_typed():
    edition, ana = MissionFactory(), author()
    StatementFactory(edition=edition)
    client = at_work(ana)
    data = form_data(client.get(form_of(edition)), summary="My long text", statements__0__text="My quote")
    published(edition)
    late = client.post(form_of(edition), data)
    assert late.status_code == 409
    assert "My long text" in late.text
    assert "My quote" in late.text
    edition.refresh_from_db()
    assert edition.summary != "My long text"


def test_a_published_edition_cannot_be_deleted():
    edition = published(MissionFactory())
    address = reverse("admin:missions_mission_delete", args=[edition.pk])
    assert at_work(superuser()).post(address, {"post": "yes"}).status_code == 403
    assert Mission.objects.filter(pk=edition.pk).exists()


def test_a_draft_that_was_never_submitted_can_be_deleted_by_who_worked_on_it():
    ana = author()
    edition = MissionFactory(slug="mistake", by=ana)
    address = reverse("admin:missions_mission_delete", args=[edition.pk])
    assert at_work(author()).post(address, {"post": "yes"}).status_code == 403
    assert at_work(ana).post(address, {"post": "yes"}).status_code == 302
    assert not Record.objects.filter(slug="mistake").exists()


# Two editors at once


def test_a_form_that_was_overtaken_is_not_saved_and_shows_both_texts():
    edition, ana, ben = MissionFactory(), author(), author()
    ana_works, ben_works = at_work(ana), at_work(ben)
    anas, bens = ana_works.get(form_of(edition)), ben_works.get(form_of(edition))
    ana_works.post(form_of(edition), form_data(anas, summary="What Ana wrote"))

    refused = ben_works.post(form_of(edition), form_data(bens, summary="What Ben wrote"))
    assert refused.status_code == 200
    assert "What Ana wrote" in refused.text
    assert "What Ben wrote" in refused.text
    edition.refresh_from_db()
    assert edition.summary == "What Ana wrote"

    merged = form_data(refused, summary="What both wrote")
    assert ben_works.post(form_of(edition), merged).status_code == 302
    edition.refresh_from_db()
    assert edition.summary == "What both wrote"
    assert set(edition.contributors.all()) >= {ana, ben}


def test_rows_deleted_and_added_meanwhile_do_not_break_an_overtaken_form():
    edition, ana, ben = MissionFactory(), author(), author()
    StatementFactory(edition=edition, key="first", text="Said")
    StatementFactory(edition=edition, key="gone", text="Said too")
    StatementFactory(edition=edition, key="last", text="Also said")
    ana_works, ben_works = at_work(ana), at_work(ben)
    bens = form_data(ben_works.get(form_of(edition)), statements__1__text="What Ben typed here")
    anas = form_data(ana_works.get(form_of(edition)), statements__1__DELETE="on")
    assert anas["statements-1-key"] == "gone"
    anas = with_new_row(anas, "statements", holder="A holder", text="Said anew", kind="statement", key="new")
    assert ana_works.post(form_of(edition), anas).status_code == 302

    refused = ben_works.post(form_of(edition), bens)
    assert refused.status_code == 200
    assert "What Ben typed here" in refused.text
    assert "Also said" in refused.text
    assert ben_works.post(form_of(edition), form_data(refused)).status_code == 302
    texts = dict(edition.statements.values_list("key", "text"))
    assert texts == {"first": "Said", "gone": "What Ben typed here", "last": "Also said", "new": "Said anew"}


def test_nobody_loses_a_whole_form_for_a_row_that_is_wrong():
    edition = MissionFactory()
    StatementFactory(edition=edition)
    client = at_work(author())
    data = form_data(client.get(form_of(edition)), summary="Kept", statements__0__key="not a key!")
    refused = client.post(form_of(edition), data)
    assert refused.status_code == 200
    assert "Kept" in refused.text
    assert "letters, digits" in refused.text


# The other buttons


def test_the_way_of_a_text_through_all_the_buttons():
    ana, cem, dua = author(), reviewer(), managing_editor()
    edition = MissionFactory(by=ana)
    by_ana, by_cem, by_dua = at_work(ana), at_work(cem), at_work(dua)

    do(by_ana, edition, "submit")
    do(by_ana, edition, "take-back")
    assert state_of(edition) == State.DRAFT
    do(by_ana, edition, "submit")
    assert "required" in do(by_cem, edition, "request-changes").text
    do(by_cem, edition, "request-changes", reason="The date is wrong.")
    assert state_of(edition) == State.CHANGES_REQUESTED
    assert "The date is wrong." in by_ana.get(form_of(edition)).text
    do(by_ana, edition, "submit")

    past = do(by_cem, edition, "schedule", at="2020-01-01T06:00")
    assert "time in the future" in past.text
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)
    do(by_cem, edition, "schedule", at=f"{tomorrow:%Y-%m-%dT%H:%M}")
    assert state_of(edition) == State.SCHEDULED
    do(by_ana, edition, "unschedule", reason="One more check.")
    assert state_of(edition) == State.DRAFT
    do(by_ana, edition, "submit")
    do(by_cem, edition, "publish")

    do(by_dua, edition, "rename", slug="another-name")
    assert Record.objects.get(pk=edition.record_id).slug == "another-name"
    do(by_dua, edition, "withdraw", reason="It was wrong.")
    assert state_of(edition) == State.WITHDRAWN
    do(by_dua, edition, "suppress", reason="A court order.")
    edition.refresh_from_db()
    assert edition.is_suppressed


def test_an_older_edition_is_where_the_next_one_can_start_from():
    first = published(MissionFactory(summary="As it was.[^a]"))
    second = published(next_edition(first.record, summary="As it became.[^a]"))
    client = at_work(author())
    do(client, first, "restore")
    third = second.record.editions.open().get().typed
    assert third.summary == "As it was.[^a]"
    assert third.based_on_id == first.pk


def test_who_starts_an_edition_that_is_open_already_lands_in_it():
    first = published(MissionFactory())
    client = at_work(author())
    asked = client.get(action(first, "start"))
    opened = next_edition(first.record)
    landed = client.post(action(first, "start"), {}, follow=True)
    assert asked.status_code == 200
    assert landed.redirect_chain[-1][0] == form_of(opened)
    assert "open already" in landed.text
    assert first.record.editions.open().count() == 1


def test_a_discarded_draft_can_no_longer_be_changed():
    ana = author()
    edition = MissionFactory(by=ana)
    client = at_work(ana)
    do(client, edition, "discard")
    assert state_of(edition) == State.DISCARDED
    assert client.post(form_of(edition), {"title": "Typed"}).status_code == 409


def test_refusals_are_shown_in_words_and_change_nothing():
    edition = MissionFactory(body="", by=(ana := author()))
    client = at_work(ana)
    refused = do(client, edition, "submit")
    assert "The body is empty." in refused.text
    assert state_of(edition) == State.DRAFT
    for name in ("publish", "schedule", "withdraw", "suppress", "rename", "unschedule", "take-back"):
        given = {"reason": "Why not?", "at": "2999-01-01T00:00", "slug": "other", "shown": 0}
        assert client.post(action(edition, name), given).status_code == 409, name
    assert state_of(edition) == State.DRAFT
    assert client.post(action(edition, "nonsense"), {}).status_code == 404


@pytest.mark.parametrize(
    "nonsense", ["\x00", "x" * 10_000, "0001-01-01T00:00", "9999-12-31T23:59", "999999999999999999999999"]
)
def test_nonsense_in_a_form_is_no_accident(nonsense):
    ana, cem = author(), reviewer()
    edition = MissionFactory(by=ana)
    workflow.submit(edition, by=ana)
    client = at_work(cem)
    for name in ("schedule", "request-changes", "rename", "withdraw"):
        given = {"at": nonsense, "slug": nonsense, "shown": nonsense, "replacement": nonsense}
        assert client.post(action(edition, name), given | {"reason": ""}).status_code in (200, 409)
    for address in (f"?q={nonsense}", f"?state={nonsense}", f"?p={nonsense}", f"?o={nonsense}"):
        answer = client.get(reverse("admin:missions_mission_changelist") + address)
        assert answer.status_code in (200, 302, 400)


# Reference data


def test_a_source_in_public_use_changes_by_an_amendment_that_a_second_editor_confirms():
    ana, cem = author(), reviewer()
    source = SourceFactory(title="As printd", key="un1999")
    mission = MissionFactory()
    CitationFactory(edition=mission, key="b", source=source)
    published(mission)
    address = reverse("admin:sources_source_change", args=[source.pk])
    by_ana, by_cem = at_work(ana), at_work(cem)

    opened = by_ana.get(address)
    missing = by_ana.post(address, form_data(opened, title="As printed"))
    assert "This field is required" in missing.text
    proposed = by_ana.post(address, form_data(opened, title="As printed", reason="A slip of the pen."), follow=True)
    assert "waits for a second editor" in proposed.text
    assert "was changed successfully" not in proposed.text
    source.refresh_from_db()
    assert source.title == "As printd"
    amendment = Amendment.objects.get()
    assert amendment.new_values == {"title": "As printed"}

    again = by_ana.post(address, form_data(opened, title="Other", reason="Again."))
    assert "waits for a second editor already" in again.text

    confirm = reverse("admin:editorial_amendment_do", args=[amendment.pk, "confirm"])
    assert "Somebody other" in at_work_as_reviewer(ana, confirm)
    detail = by_cem.get(reverse("admin:editorial_amendment_change", args=[amendment.pk]))
    assert confirm in detail.text
    assert "As printd" in detail.text
    by_cem.post(confirm, {})
    source.refresh_from_db()
    assert source.title == "As printed"
    assert Change.objects.filter(amendment=amendment).exists()
    history = by_ana.get(reverse("admin:sources_source_history", args=[source.pk]))
    assert "As printd" in history.text


def at_work_as_reviewer(editor: Editor, address: str) -> str:
    """The answer to a POST by somebody who has been given a reviewer's role meanwhile."""
    editor.groups.set(reviewer().groups.all())
    return at_work(editor).post(address, {}).text


def test_a_proposal_that_changes_nothing_is_refused():
    mission = published(MissionFactory())
    source = mission.citations.get().source
    address = reverse("admin:sources_source_change", args=[source.pk])
    client = at_work(author())
    refused = client.post(address, form_data(client.get(address), reason="For no reason."))
    assert "Nothing has changed" in refused.text


def test_who_proposed_an_amendment_takes_it_back_by_declining():
    ana = author()
    mission = published(MissionFactory())
    source = mission.citations.get().source
    client = at_work(ana)
    address = reverse("admin:sources_source_change", args=[source.pk])
    client.post(address, form_data(client.get(address), note="Noted.", reason="To say so."))
    decline = reverse("admin:editorial_amendment_do", args=[Amendment.objects.get().pk, "decline"])
    answer = client.post(decline, {}, follow=True)
    assert answer.status_code == 200
    assert not Amendment.objects.exists()


def test_a_source_of_drafts_alone_is_edited_freely():
    mission = MissionFactory()
    source = mission.citations.get().source
    address = reverse("admin:sources_source_change", args=[source.pk])
    client = at_work(author())
    client.post(address, form_data(client.get(address), authors="Annan, Kofi\n{Body, with comma}\nNATO"))
    source.refresh_from_db()
    assert source.authors == [
        {"family": "Annan", "given": "Kofi"},
        {"literal": "Body, with comma"},
        {"literal": "NATO"},
    ]
    shown = client.get(address)
    assert "Annan, Kofi\n{Body, with comma}\nNATO" in shown.text
    client.post(address, form_data(shown))
    source.refresh_from_db()
    assert len(source.authors) == 3


def test_a_cited_source_cannot_be_deleted_and_the_page_says_who_cites_it():
    mission = MissionFactory(title="A mission that cites")
    source = mission.citations.get().source
    client = at_work(author())
    address = reverse("admin:sources_source_delete", args=[source.pk])
    assert "A mission that cites" in client.get(address).text
    client.post(address, {"post": "yes"})
    assert Source.objects.filter(pk=source.pk).exists()


# People


def test_a_managing_editor_makes_accounts_but_no_superusers():
    root, dua = superuser(), managing_editor()
    client = at_work(dua)
    data = {
        "username": "new",
        "public_name": "New Editor",
        "role": Group.objects.get(name=AUTHOR).pk,
        "password1": "correct horse battery staple",
        "password2": "correct horse battery staple",
    }
    client.post(reverse("admin:editorial_editor_add"), data)
    new = Editor.objects.get(username="new")
    address = reverse("admin:editorial_editor_change", args=[new.pk])
    opened = client.get(address)
    assert "is_superuser" not in opened.text
    data = form_data(opened, is_superuser="on", public_name="Newest Editor")
    data.pop("password", None)
    client.post(address, data)
    new.refresh_from_db()
    assert (new.is_superuser, new.public_name) == (False, "Newest Editor")
    above = reverse("admin:editorial_editor_change", args=[root.pk])
    assert client.post(above, {"username": "mine"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert client.get(password).status_code == 403
    for editor in (new, root):
        assert (
            client.post(reverse("admin:editorial_editor_delete", args=[editor.pk]), {"post": "yes"}).status_code == 403
        )


# The pages


def test_the_first_page_says_what_waits_in_a_constant_number_of_queries():
    cem = reviewer()
    client = at_work(cem)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("admin:index")).status_code == 200
        return len(captured)

    def more() -> None:
        for edition in (MissionFactory(), EventFactory(), ArticleFactory()):
            workflow.submit(edition, by=edition.contributors.get())
        mine = MissionFactory(by=cem)
        workflow.submit(mine, by=cem)
        workflow.request_changes(mine, by=reviewer(), reason="Please.")
        MissionFactory(by=cem)
        reported(record=published(MissionFactory()).record)
        due = EventFactory()
        workflow.submit(due, by=due.contributors.get())
        soon = timezone.now() + datetime.timedelta(seconds=30)
        workflow.schedule(due, by=reviewer(), at=soon)
        Edition._base_manager.filter(pk=due.pk).update(publish_at=timezone.now() - datetime.timedelta(hours=1))

    more()
    queries()  # what Django keeps after the first request
    few = queries()
    more()
    assert queries() == few
    text = client.get(reverse("admin:index")).text
    for title in ("overdue", "For you to review", "Sent back to you", "Your drafts", "Reports from readers"):
        assert title in text


def _changelists() -> list[str]:
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
    ]


def test_every_list_and_form_can_be_opened_and_searched():
    client = at_work(superuser())
    mission = MissionFactory()
    EventFactory()
    ArticleFactory()
    FigureFactory(edition=mission)
    OrganisationFactory()
    PlaceFactory()
    published(MissionFactory())
    dua = managing_editor()
    renamed = published(EventFactory())
    workflow.rename(renamed.record, "renamed", by=dua)
    reported(record=renamed.record)
    source = renamed.citations.get().source
    address = reverse("admin:sources_source_change", args=[source.pk])
    client.post(address, form_data(client.get(address), note="Noted.", reason="To say so."))
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = client.get(reverse(f"{name}_changelist"))
        assert listed.status_code == 200, model
        assert client.get(reverse(f"{name}_changelist") + "?q=force").status_code == 200, model
        for thing in model._default_manager.all()[:2]:
            assert client.get(reverse(f"{name}_change", args=[thing.pk])).status_code == 200, model
            assert client.get(reverse(f"{name}_history", args=[thing.pk])).status_code == 200, model
        query = f"?edition={mission.pk}" if model._meta.model_name in ("figure", "citation") else ""
        expected = 200 if model_admin.has_add_permission(listed.wsgi_request) else 403
        assert client.get(reverse(f"{name}_add") + query).status_code == expected, model
        missing = client.get(reverse(f"{name}_change", args=[99999999999999999999]))
        assert missing.status_code == 302, model


def test_lists_need_a_constant_number_of_queries():
    client = at_work(superuser())

    def fill() -> None:
        for _ in range(2):
            first = published(MissionFactory())
            next_edition(first.record)
            mission = MissionFactory()
            FigureFactory(edition=mission)
            EventFactory()
            ArticleFactory()
            OrganisationFactory()
            PlaceFactory()
            reported(record=first.record)
            workflow.rename(first.record, f"{first.record.slug}-renamed", by=managing_editor())

    def queries() -> dict[str, int]:
        counts = {}
        for address in _changelists():
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts[address] = len(captured)
        return counts

    fill()
    queries()
    few = queries()
    fill()
    assert queries() == few


def test_a_form_with_more_rows_needs_no_more_queries():
    client = at_work(author())

    def queries(edition) -> int:
        address = form_of(edition)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    small, large = MissionFactory(), MissionFactory()
    for _ in range(15):
        CitationFactory(edition=large)
        FigureFactory(edition=large)
    queries(small)
    assert queries(large) == queries(small)
    published(large)
    published(small)
    assert queries(large) == queries(small)
