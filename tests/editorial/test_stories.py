"""The stories that the editors' desk was built to: each as it happens, through the pages editors and readers use."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editorial import freezing, integrity, workflow
from editorial.models import Amendment, Edition, Notice, Record, State, Transition
from missions.models import Figure
from sources.models import Citation
from tests.admin_forms import action, at_work, do, form_data, form_of
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reviewer,
    superuser,
)

pytestmark = pytest.mark.django_db

PRISTINA = ZoneInfo("Europe/Belgrade")


def save(client: Client, edition, **typed):
    return client.post(form_of(edition), form_data(client.get(form_of(edition)), **typed))


def fresh(edition):
    return Edition.objects.get(pk=edition.pk).typed


def on(edition, text: str) -> bool:
    """Whether a reader finds the words at the permanent address of an edition."""
    return text in Client().get(fresh(edition).get_absolute_url()).text


@pytest.fixture
def clock(monkeypatch):
    """The time of the site, which the test sets."""

    def set_to(moment: datetime.datetime) -> datetime.datetime:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return set_to


@contextmanager
def a_column_added_by_a_migration(model: type[models.Model], name: str) -> Iterator[None]:
    """A text column that earlier editions know nothing of."""
    field = models.CharField(max_length=40, blank=True, default="")
    field.contribute_to_class(model, name)
    quote = connection.ops.quote_name
    connection.check_constraints()  # what waits for the end of the transaction would be in the way
    try:
        with connection.cursor() as cursor:
            table = quote(model._meta.db_table)
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN {quote(name)} varchar(40) NOT NULL DEFAULT ''")
        yield
    finally:
        model._meta.local_fields.remove(field)
        model._meta._expire_cache()
        delattr(model, name)


def test_2_who_worked_on_a_text_cannot_approve_it_and_the_attempt_is_logged():
    ana, cem = author(public_name="Ana"), reviewer(public_name="Cem")
    first = MissionFactory(by=ana)
    do(at_work(ana), first, "submit")
    ana.is_superuser = True
    ana.save()
    by_ana = at_work(ana)

    assert action(first, "publish") not in by_ana.get(form_of(first)).text
    refused = by_ana.post(action(first, "publish"), {"shown": fresh(first).lock_version})

    assert refused.status_code == 409
    assert workflow.NO_SECOND_PERSON in refused.text
    assert fresh(first).state == State.IN_REVIEW
    logged = LogEntry.objects.filter(user=ana, object_id=str(first.pk)).first()
    assert logged is not None
    assert "refused" in logged.get_change_message()

    # Cem changes one citation in round one …
    by_cem = at_work(cem)
    do(at_work(reviewer()), first, "request-changes", reason="The place is missing.")
    citation = reverse("admin:sources_citation_change", args=[first.citations.get().pk])
    by_cem.post(citation, form_data(by_cem.get(citation), locator="para. 10"))
    assert fresh(first).citations.get().locator == "para. 10"
    do(by_ana, first, "submit")

    # … and approves round two.
    refused = by_cem.post(action(first, "publish"), {"shown": fresh(first).lock_version})
    assert refused.status_code == 409
    assert workflow.NO_SECOND_PERSON in refused.text
    assert fresh(first).state == State.IN_REVIEW
    assert "refused" in LogEntry.objects.filter(user=cem, object_id=str(first.pk))[0].get_change_message()


def test_6_a_published_edition_is_read_only_and_offers_the_next_one():
    live = MissionFactory()
    FigureFactory(edition=live, key="entry")
    published(live)
    root = superuser()

    for editor in (author(), reviewer(), managing_editor(), root):
        client = at_work(editor)
        opened = client.get(form_of(live))
        assert opened.status_code == 200
        for words in (live.title, live.summary, "It was a force.", "para. 9"):
            assert words in opened.text
        for name in ("title", "summary", "body", "_save", "_continue"):
            assert f'name="{name}"' not in opened.text
        assert action(live, "start") in opened.text
        assert action(live, "submit") not in opened.text
        figure = client.get(reverse("admin:missions_figure_change", args=[live.figures.get().pk]))
        assert "50000" in figure.text
        assert 'name="value"' not in figure.text

    ana, ben = at_work(author()), at_work(author())
    landed = [do(ana, live, "start"), ben.post(action(live, "start"), follow=True)]
    opened = live.record.editions.open().get()
    assert [answer.redirect_chain[-1][0] for answer in landed] == [form_of(opened)] * 2


def test_9_a_schedule_in_the_past_is_refused_and_one_in_the_future_is_met(clock):
    now = clock(datetime.datetime(2026, 11, 22, 14, 30, tzinfo=PRISTINA))
    ana, cem = author(), reviewer()
    edition = MissionFactory(by=ana)
    do(at_work(ana), edition, "submit")
    by_cem = at_work(cem)

    refused = do(by_cem, edition, "schedule", at="2026-11-22T13:30")
    assert refused.status_code == 409
    assert "it is now 22 November 2026, 14:30 (CET)" in refused.text
    assert fresh(edition).state == State.IN_REVIEW

    do(by_cem, edition, "schedule", at="2026-11-23T14:30")
    assert fresh(edition).state == State.SCHEDULED
    shown = at_work(ana).get(form_of(edition)).text
    assert "Scheduled for 23 November 2026, 14:30" in shown
    assert 'name="title"' not in shown
    assert at_work(ana).post(form_of(edition), {"title": "Other"}).status_code == 409

    clock(now + datetime.timedelta(hours=23, minutes=59))
    call_command("publish_due")
    assert fresh(edition).state == State.SCHEDULED
    clock(now + datetime.timedelta(hours=24, minutes=1))
    call_command("publish_due")
    live = fresh(edition)
    assert (live.state, live.number, live.reviewed_by) == (State.PUBLISHED, 1, cem)
    assert live.transitions.last().note.startswith("scheduled publication")
    assert "scheduled publication" in at_work(cem).get(form_of(edition)).text
    assert Client().get(live.record.get_absolute_url()).status_code == 200


def test_10_after_an_outage_what_was_due_is_published_once_with_the_actual_time(clock):
    clock(datetime.datetime(2026, 11, 21, 18, tzinfo=PRISTINA))
    ana, cem = author(), reviewer()
    source = SourceFactory(title="A report", key="report")
    due = [MissionFactory(by=ana), EventFactory(by=ana), ArticleFactory(by=ana)]
    CitationFactory(edition=due[2], key="b", source=source)
    for edition in due:
        do(at_work(ana), edition, "submit")
        do(at_work(cem), edition, "schedule", at="2026-11-22T06:00")
    assert [fresh(edition).state for edition in due] == [State.SCHEDULED] * 3

    # The scheduler is down from here on.
    clock(datetime.datetime(2026, 11, 22, 5, tzinfo=PRISTINA))
    by_ana = at_work(ana)
    address = reverse("admin:sources_source_change", args=[source.pk])
    by_ana.post(address, form_data(by_ana.get(address), status="retracted"))
    source.refresh_from_db()
    assert source.status == "retracted"

    clock(datetime.datetime(2026, 11, 22, 6, 5, tzinfo=PRISTINA))
    assert "overdue" not in at_work(ana).get(reverse("admin:index")).text.lower()
    clock(datetime.datetime(2026, 11, 22, 6, 11, tzinfo=PRISTINA))
    for address in (reverse("admin:index"), reverse("admin:sources_source_changelist")):
        banner = at_work(ana).get(address).text
        assert "overdue" in banner.lower()
        assert form_of(due[0]) in banner
    assert Client().get("/healthz").status_code == 503

    clock(datetime.datetime(2026, 11, 22, 8, 10, tzinfo=PRISTINA))
    for _ in range(2):
        with pytest.raises((SystemExit, CommandError)) as ended:
            call_command("publish_due")
        assert getattr(ended.value, "returncode", getattr(ended.value, "code", None)) == 1

    assert [fresh(edition).state for edition in due] == [State.PUBLISHED, State.PUBLISHED, State.SCHEDULED]
    for edition in due[:2]:
        assert timezone.localtime(fresh(edition).published_at) == datetime.datetime(
            2026, 11, 22, 8, 10, tzinfo=PRISTINA
        )
        assert Transition.objects.filter(edition=edition, to_state=State.PUBLISHED).count() == 1
        assert "due 22 November 2026, 06:00" in fresh(edition).transitions.last().note
    held_up = at_work(ana).get(form_of(due[2])).text
    assert "is retracted" in held_up
    assert "is retracted" in at_work(ana).get(reverse("admin:index")).text


def test_11_a_crash_in_the_middle_of_a_publication_leaves_everything_as_it_was(monkeypatch):
    first = published(MissionFactory())
    second = next_edition(first.record, title="The second", change_note="New.")
    do(at_work(second.contributors.get()), second, "submit")
    superseded = []

    def crash(*args, **kwargs):
        superseded.append(Edition.objects.get(pk=first.pk).state)
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(freezing, "document", crash)
    before = [Transition.objects.count(), Notice.objects.count(), LogEntry.objects.count()]
    cem = Client(raise_request_exception=False)
    cem.force_login(reviewer())

    crashed = cem.post(action(second, "publish"), {"shown": fresh(second).lock_version})

    assert (crashed.status_code, superseded) == (500, [State.SUPERSEDED])
    assert (fresh(first).state, fresh(second).state) == (State.PUBLISHED, State.IN_REVIEW)
    assert Record.objects.get(pk=first.record_id).live_id == first.pk
    assert (fresh(second).frozen, fresh(second).sha256, fresh(second).number) == ("", "", None)
    assert [Transition.objects.count(), Notice.objects.count(), LogEntry.objects.count()] == before
    assert "The second" not in Client().get(first.record.get_absolute_url()).text
    monkeypatch.undo()
    assert integrity.check().faults == []


def test_12_an_older_edition_comes_back_as_the_next_draft_and_changes_nothing_public():
    first = MissionFactory(title="The first")
    FigureFactory(edition=first, key="entry", value=50000)
    published(first)
    second = next_edition(first.record, title="The second")
    second.figures.update(value=42000)
    published(second)
    third = next_edition(first.record, title="The third")
    third.figures.all().delete()
    published(third)
    published(next_edition(first.record, title="The fourth"))
    addresses = [f"{first.record.get_absolute_url()}editions/{number}/" for number in (2, 3, 4)]
    frozen = [Client().get(f"{address[:-1]}.json").content for address in addresses]
    ana, cem = author(), reviewer()

    assert action(second, "restore") in at_work(ana).get(form_of(second)).text
    landed = do(at_work(ana), second, "restore")

    draft = first.record.editions.open().get().typed
    assert landed.redirect_chain[-1][0] == form_of(draft)
    assert (draft.title, draft.state, draft.based_on_id) == ("The second", State.DRAFT, second.pk)
    assert [(figure.key, figure.value) for figure in draft.figures.all()] == [("entry", 42000)]
    save(at_work(ana), draft, change_note="Back to what edition 2 said.")
    do(at_work(ana), draft, "submit")
    do(at_work(cem), draft, "publish")

    fifth = fresh(draft)
    assert (fifth.number, fifth.state) == (5, State.PUBLISHED)
    assert json.loads(fifth.frozen)["based_on"] == 2
    assert [Client().get(f"{address[:-1]}.json").content for address in addresses] == frozen
    for address, title in zip(addresses, ("The second", "The third", "The fourth"), strict=True):
        assert title in Client().get(address).text
    assert integrity.check().faults == []


def test_13_a_withdrawal_stands_at_every_address_and_moves_into_the_history():
    first = published(MissionFactory(title="Kosovo Force", slug="kfor"))
    second = published(next_edition(first.record))
    better = published(MissionFactory(title="The better one", slug="better"))
    dua, cem = managing_editor(public_name="Dua"), reviewer()

    without_reason = do(at_work(dua), second, "withdraw", reason="")
    assert fresh(second).state == State.PUBLISHED
    assert "required" in without_reason.text
    do(at_work(dua), second, "withdraw", reason="The source was forged.", replacement=better.record_id)

    page = Client().get(second.record.get_absolute_url())
    assert page.status_code == 200
    for words in ("Withdrawn", "Dua", "The source was forged.", "The better one", f"{timezone.localdate():%-d %B %Y}"):
        assert words in page.text
    for address in (reverse("mission-list"), reverse("mission-list") + "?q=Force"):
        assert "Kosovo Force" not in Client().get(address).text
    answer = Client().get("/api/v1/missions/kfor/").json()
    assert answer["withdrawn_notice"]["reason"] == "The source was forged."
    assert answer["withdrawn_notice"]["replacement"]["slug"] == "better"
    assert Client().get("/api/v1/missions/kfor/editions/2/").json()["state"] == "withdrawn"
    assert [mission["slug"] for mission in Client().get("/api/v1/missions/").json()["results"]] == ["better"]
    assert on(second, "The source was forged.")
    assert on(first, "The source was forged.")
    told = Notice.objects.waiting_for(cem).get()
    assert "The source was forged." in told.text
    assert "The source was forged." in at_work(cem).get(reverse("admin:index")).text
    assert not Notice.objects.waiting_for(dua).exists()

    published(next_edition(first.record, title="Kosovo Force, again", change_note="With another source."))

    page = Client().get(second.record.get_absolute_url()).text
    assert "The source was forged." not in page
    assert "Kosovo Force, again" in Client().get(reverse("mission-list")).text
    history = Client().get(reverse("mission-editions", args=["kfor"])).text
    assert "The source was forged." in history
    assert on(second, "The source was forged.")
    assert not on(first, "The source was forged.")


def test_15_the_record_keeps_through_new_columns_and_corrected_sources(settings):
    first = MissionFactory(slug="kfor")
    source = SourceFactory(title="As printd", key="report")
    CitationFactory(edition=first, key="b", source=source)
    first.body += "\n\nIt was large.[^b]"
    first.save()
    FigureFactory(edition=first, key="entry", fact="strength-1999", source=SourceFactory(title="A tabel", key="table"))
    published(first)
    second = published(next_edition(first.record, change_note="The same again."))
    ana, cem = at_work(author()), at_work(reviewer())

    for key, title in (("report", "As printed"), ("table", "A table")):
        thing = Citation.objects.filter(source__key=key).first() or Figure.objects.get(edition=first, source__key=key)
        address = reverse("admin:sources_source_change", args=[thing.source_id])
        ana.post(address, form_data(ana.get(address), title=title, reason="A slip of the pen."))
        amendment = Amendment.objects.open().get()
        cem.post(reverse("admin:editorial_amendment_do", args=[amendment.pk, "confirm"]))
        assert not Amendment.objects.open().exists()

    with a_column_added_by_a_migration(Citation, "shelf_mark"):
        for edition in (first, second):
            address = fresh(edition).get_absolute_url()
            page = Client().get(address)
            assert page.status_code == 200
            assert (
                page.text.count("Cited then as: United Nations Secretary-General, <cite>As printd")
                + page.text.count("Cited then as: United Nations Secretary-General, As printd")
                == 1
            )
            assert "As printed" in page.text
            text = Client().get(f"{address[:-1]}.json").content
            assert hashlib.sha256(text).hexdigest() == fresh(edition).sha256
            assert b"shelf_mark" not in text
        findings = integrity.check()
        assert findings.faults == []
        assert {note.split(": ")[1].split(", ")[-1] for note in findings.notes} == {"as_printed"}
        third = published(next_edition(first.record, change_note="With the new column."))
        Citation._base_manager.filter(edition=third, key="b").update(shelf_mark="QA 1")
        (fault,) = integrity.check().faults
        assert fault == "mission/kfor, edition 3: citations, b, shelf_mark: was not published and is there."
        Citation._base_manager.filter(edition=third, key="b").update(shelf_mark="")

    call_command("check_record")
    assert Client().get("/healthz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("UPDATE missions_figure SET value = 42000 WHERE edition_id = %s", [second.pk])
    with pytest.raises(CommandError) as failure:
        call_command("check_record")
    assert failure.value.returncode == 1
    assert Client().get("/healthz").status_code == 503
    assert integrity.check().faults == [
        "mission/kfor, edition 2: figures, entry, value: “50000” was published, “42000” is there."
    ]


def test_what_was_published_of_a_source_is_told_where_only_a_figure_cites_it():
    mission = MissionFactory()
    figure = FigureFactory(edition=mission, fact="strength", source=SourceFactory(title="A tabel"))
    published(mission)
    figure.source.title = "A table"
    figure.source.save()
    assert freezing.same_words(
        freezing.canonical(json.loads(fresh(mission).frozen)["content"]),
        freezing.canonical(freezing.content(fresh(mission))),
    )
    assert "A tabel" in json.loads(fresh(mission).frozen)["content"]["figures"][figure.key]["as_printed"]
