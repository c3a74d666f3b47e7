"""The way of an edition through its states, by whose hand, and what is refused."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from editorial import freezing, workflow
from editorial.models import Change, Edition, PublicSerial, Record, State, Transition
from editorial.signals import public_content_changed
from editorial.workflow import OpenEditionExists, WorkflowError
from missions.models import Figure, Mission
from sources.models import Source
from tests.factories import (
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reported,
    reviewer,
    submitted,
)

pytestmark = pytest.mark.django_db


# A first publication


def test_publishing_makes_an_edition_live_numbered_frozen_and_logged():
    ana, cem = author(), reviewer()
    mission = submitted(MissionFactory(by=ana))

    workflow.publish(mission, by=cem)

    assert (mission.state, mission.number) == (State.PUBLISHED, 1)
    assert mission.record.live_id == mission.pk
    assert mission.sha256 == freezing.sha256(mission.frozen)
    assert (mission.written_by, mission.checked_by) == (str(ana), str(cem))
    assert [(t.from_state, t.to_state, t.by) for t in mission.transitions.all()] == [
        (State.DRAFT, State.IN_REVIEW, ana),
        (State.IN_REVIEW, State.PUBLISHED, cem),
    ]
    assert Change.objects.get().edition_id == mission.pk
    assert PublicSerial.now() == 1


def test_publishing_supersedes_the_edition_that_was_public():
    first = published(MissionFactory())
    second = published(next_edition(first.record))

    first.refresh_from_db()
    assert first.state == State.SUPERSEDED
    assert first.superseded_at == second.published_at
    assert list(Mission.objects.published()) == [second]
    assert set(Mission.objects.public()) == {first, second}


def test_each_edition_s_frozen_text_holds_the_hash_of_the_one_before():
    first = published(MissionFactory())
    second = published(next_edition(first.record))

    assert "previous_sha256" not in json.loads(first.frozen)
    assert json.loads(second.frozen)["previous_sha256"] == first.sha256


def test_discarded_drafts_leave_no_gap_in_the_numbers():
    first = published(MissionFactory())
    given_up = next_edition(first.record)
    workflow.discard(given_up, by=given_up.contributors.get())
    third = published(next_edition(first.record))

    assert third.number == 2


def test_frozen_text_has_no_database_ids_and_is_the_same_for_the_same_content():
    fixed = {"summary": "Same.[^a]", "body": "Same.[^a]"}
    one, other = MissionFactory(**fixed), MissionFactory(**fixed)
    source = one.citations.get().source
    other.citations.get().delete()
    CitationFactory(edition=other, key="a", source=source)

    assert freezing.canonical(freezing.content(one)) == freezing.canonical(freezing.content(other))


# Four eyes


def test_nobody_approves_a_text_they_submitted_not_even_a_superuser():
    ana = author(is_superuser=True)
    mission = submitted(MissionFactory(by=ana))

    for approve in (
        lambda: workflow.publish(mission, by=ana),
        lambda: workflow.schedule(mission, by=ana, at=timezone.now() + datetime.timedelta(days=1)),
        lambda: workflow.request_changes(mission, by=ana, reason="No."),
    ):
        with pytest.raises(WorkflowError, match="has not worked on this text"):
            approve()

    mission.refresh_from_db()
    assert mission.state == State.IN_REVIEW
    assert not Change.objects.exists()


def test_a_reviewer_who_changed_one_citation_in_an_earlier_round_cannot_approve_the_next():
    ana, cem, dua = author(), reviewer(), reviewer()
    mission = submitted(MissionFactory(by=ana))
    workflow.request_changes(mission, by=cem, reason="The locator is wrong.")
    mission.citations.update(locator="para. 10")
    workflow.note_work(mission, by=cem)
    submitted(mission, by=ana)

    with pytest.raises(WorkflowError, match="has not worked on this text"):
        workflow.publish(mission, by=cem)
    workflow.publish(mission, by=dua)


def test_starting_an_edition_alone_does_not_make_somebody_its_author():
    first = published(MissionFactory())
    ana, cem = author(), reviewer()
    draft = workflow.start_edition(first.record, by=cem)
    Edition.objects.filter(pk=draft.pk).update(change_note="New.")
    workflow.note_work(draft, by=ana)
    submitted(draft, by=ana)

    workflow.publish(draft, by=cem)

    assert draft.state == State.PUBLISHED


def test_an_author_cannot_approve_the_text_of_another():
    mission = submitted(MissionFactory())

    with pytest.raises(WorkflowError, match="role"):
        workflow.publish(mission, by=author())


# Submitting, taking back, asking for changes


def test_submitting_keeps_the_text_as_it_was():
    mission = submitted(MissionFactory(title="As submitted"))

    assert json.loads(mission.transitions.get().text)["title"] == "As submitted"


def test_only_somebody_who_worked_on_a_text_submits_it():
    with pytest.raises(WorkflowError, match="worked on"):
        workflow.submit(MissionFactory(), by=author())


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"summary": ""}, "standfirst is empty"),
        ({"body": "A claim.[^nowhere]"}, r"Body: the marker \[\^nowhere\] leads to no citation"),
        ({"mandate": "A claim.[^gone]"}, r"Mandate: the marker \[\^gone\] leads to no citation"),
        ({"start": ""}, "Start: the date is missing"),
        ({"end": "1998", "status": "closed"}, "ends before it begins"),
        ({"end": "2008"}, "running mission has no end"),
    ],
)
def test_what_is_missing_is_named_at_submission_and_nothing_is_lost(fields, problem):
    mission = MissionFactory(**fields)

    with pytest.raises(WorkflowError, match=problem):
        submitted(mission)

    mission.refresh_from_db()
    assert mission.state == State.DRAFT
    assert not Transition.objects.exists()


def test_a_figure_needs_a_value_or_a_range():
    mission = MissionFactory()
    FigureFactory(edition=mission, key="f1", value=None)

    with pytest.raises(WorkflowError, match="Figures, f1: it has neither a value nor a range"):
        submitted(mission)


def test_a_change_note_is_needed_from_edition_two_on():
    draft = next_edition(published(MissionFactory()).record)

    with pytest.raises(WorkflowError, match="change note"):
        submitted(draft)


def test_the_submitter_takes_a_text_back_and_nobody_else_does():
    ana = author()
    mission = submitted(MissionFactory(by=ana))

    with pytest.raises(WorkflowError, match="Only the editor who submitted"):
        workflow.take_back(mission, by=reviewer())
    workflow.take_back(mission, by=ana)

    assert mission.state == State.DRAFT


def test_changes_are_requested_with_a_reason():
    mission = submitted(MissionFactory())

    with pytest.raises(WorkflowError, match="Say what should be changed"):
        workflow.request_changes(mission, by=reviewer(), reason="  ")
    workflow.request_changes(mission, by=reviewer(), reason="The date.")

    assert mission.state == State.CHANGES_REQUESTED
    assert mission.is_editable
    assert mission.transitions.last().note == "The date."


def test_approval_is_for_the_text_that_was_shown():
    mission = submitted(MissionFactory())
    shown = mission.lock_version
    workflow.take_back(mission, by=mission.submitted_by)
    workflow.note_work(mission, by=mission.submitted_by)
    submitted(mission, by=mission.submitted_by)

    with pytest.raises(WorkflowError, match="changed since you opened it"):
        workflow.publish(mission, by=reviewer(), shown=shown)


def test_a_row_changed_behind_the_workflow_s_back_stops_the_approval():
    mission = MissionFactory()
    FigureFactory(edition=mission, key="f1")
    submitted(mission)
    Figure._base_manager.filter(edition=mission).update(value=1)

    with pytest.raises(WorkflowError, match="not the one that was submitted"):
        workflow.publish(mission, by=reviewer())


def test_a_source_retracted_during_review_stops_the_publication():
    mission = submitted(MissionFactory())
    Source.objects.update(status=Source.Status.RETRACTED)

    with pytest.raises(WorkflowError, match=r"Citations, a: its source, .* is retracted"):
        workflow.publish(mission, by=reviewer())


def test_a_source_amended_during_review_does_not_stop_the_approval():
    mission = submitted(MissionFactory())
    Source.objects.update(title="As it really is called")

    workflow.publish(mission, by=reviewer())

    assert "As it really is called" in mission.frozen


# The next edition


def test_the_next_edition_copies_every_row_and_relation():
    first = MissionFactory()
    FigureFactory(edition=first, key="f1", value=42000)
    published(first)

    draft = workflow.start_edition(first.record, by=author())

    assert freezing.content(draft) == freezing.content(first)
    assert (draft.state, draft.number, draft.based_on_id) == (State.DRAFT, None, first.pk)
    assert draft.figures.get().pk != first.figures.get().pk
    assert not draft.contributors.exists()


def test_a_second_draft_of_a_record_leads_to_the_one_that_is_open():
    first = published(MissionFactory())
    draft = workflow.start_edition(first.record, by=author())

    with pytest.raises(OpenEditionExists) as refusal:
        workflow.start_edition(first.record, by=author())

    assert refusal.value.edition == draft


def test_an_older_edition_is_restored_as_the_next_draft_and_the_old_ones_stay():
    first = published(MissionFactory(title="First"))
    second = published(next_edition(first.record, title="Second"))

    draft = workflow.start_edition(first.record, by=author(), base=first)

    assert (draft.title, draft.based_on_id) == ("First", first.pk)
    second.refresh_from_db()
    assert second.state == State.PUBLISHED


def test_a_record_never_public_has_nothing_to_copy():
    mission = MissionFactory()
    workflow.discard(mission, by=mission.created_by)

    with pytest.raises(WorkflowError, match="there is none"):
        workflow.start_edition(mission.record, by=author())


# Scheduling


def scheduled():
    mission = submitted(MissionFactory())
    workflow.schedule(mission, by=reviewer(), at=timezone.now() + datetime.timedelta(hours=1))
    return mission


def test_a_time_in_the_past_is_refused_with_the_time_and_zone_now():
    mission = submitted(MissionFactory())

    with pytest.raises(WorkflowError, match=r"it is now .* \(CES?T\)"):
        workflow.schedule(mission, by=reviewer(), at=timezone.now() - datetime.timedelta(hours=1))


def test_a_scheduled_edition_is_public_at_the_first_run_after_its_time_and_once():
    mission = scheduled()
    later = timezone.now() + datetime.timedelta(hours=2)

    assert workflow.publish_due() == ([], [])
    done, failed = workflow.publish_due(later)
    assert ([e.pk for e in done], failed) == ([mission.pk], [])
    assert workflow.publish_due(later) == ([], [])

    mission.refresh_from_db()
    assert mission.state == State.PUBLISHED
    assert mission.transitions.last().note.startswith("scheduled publication, due ")


def test_an_edition_that_cannot_be_published_when_due_stays_scheduled_and_says_why():
    good, bad = scheduled(), scheduled()
    bad_source = bad.citations.get().source
    Source.objects.filter(pk=bad_source.pk).update(status=Source.Status.RETRACTED)

    done, failed = workflow.publish_due(timezone.now() + datetime.timedelta(hours=2))

    assert ([e.pk for e in done], [e.pk for e in failed]) == ([good.pk], [bad.pk])
    bad.refresh_from_db()
    assert bad.state == State.SCHEDULED
    assert "retracted" in bad.schedule_error


def test_one_that_fails_for_an_unforeseen_cause_does_not_hold_up_the_others(monkeypatch, caplog):
    bad, good = scheduled(), scheduled()
    render = public_content_changed.send

    def send(sender, edition):
        if edition.pk == bad.pk:
            raise RuntimeError("no way to render this")
        return render(sender, edition=edition)

    monkeypatch.setattr(public_content_changed, "send", send)
    done, failed = workflow.publish_due(timezone.now() + datetime.timedelta(hours=2))

    assert ([e.pk for e in done], [e.pk for e in failed]) == ([good.pk], [bad.pk])
    bad.refresh_from_db()
    assert (bad.state, bad.schedule_error) == (State.SCHEDULED, "no way to render this")


def test_calling_a_publication_off_makes_the_approval_void():
    mission = scheduled()

    with pytest.raises(WorkflowError, match="Say why"):
        workflow.unschedule(mission, by=reviewer(), reason="")
    workflow.unschedule(mission, by=reviewer(), reason="New facts.")

    assert (mission.state, mission.publish_at, mission.reviewed_by) == (State.DRAFT, None, None)


# Withdrawing, suppressing, renaming


def test_a_withdrawn_edition_stays_at_its_address_and_leaves_the_lists():
    mission = published(MissionFactory())
    other = published(MissionFactory())

    workflow.withdraw(mission, by=managing_editor(), reason="Wrong.", replacement=other.record)

    assert mission.record.live_id == mission.pk
    assert list(Mission.objects.published()) == [other]
    assert mission in Mission.objects.public()
    assert Change.objects.first().kind == Change.Kind.WITHDRAWN


def test_withdrawing_is_for_managing_editors_and_needs_a_reason():
    mission = published(MissionFactory())

    with pytest.raises(WorkflowError, match="role"):
        workflow.withdraw(mission, by=reviewer(), reason="Wrong.")
    with pytest.raises(WorkflowError, match="readers will see it"):
        workflow.withdraw(mission, by=managing_editor(), reason="")


def test_publishing_a_next_edition_ends_a_withdrawal():
    mission = published(MissionFactory())
    workflow.withdraw(mission, by=managing_editor(), reason="Wrong.")

    second = published(next_edition(mission.record))

    mission.refresh_from_db()
    assert (mission.state, mission.withdrawn_reason) == (State.SUPERSEDED, "Wrong.")
    assert second.record.live_id == second.pk


def test_a_suppressed_edition_is_gone_from_both_views_and_keeps_the_chain():
    first = published(MissionFactory())
    second = published(next_edition(first.record))
    workflow.suppress(first, by=managing_editor(), reason="Court order.")

    assert list(Mission.objects.public()) == [second]
    assert first.rendered == ""
    assert json.loads(second.frozen)["previous_sha256"] == first.sha256


def test_a_renamed_public_record_keeps_its_former_address_and_can_take_it_back():
    mission = published(MissionFactory(slug="old"))
    dua = managing_editor()

    workflow.rename(mission.record, "new", by=dua)
    assert mission.record.former_addresses.get().slug == "old"

    workflow.rename(mission.record, "old", by=dua)
    mission.record.refresh_from_db()
    assert mission.record.slug == "old"
    assert mission.record.former_addresses.get().slug == "new"


def test_no_record_takes_the_address_of_a_page_of_the_site():
    mission, event = MissionFactory(slug="kfor"), EventFactory(slug="entry")

    with pytest.raises(ValidationError, match="a page of its own"):
        workflow.rename(mission.record, "compare", by=managing_editor())
    workflow.rename(event.record, "compare", by=managing_editor())  # /events/compare/ is nobody's

    assert Record.objects.get(pk=mission.record.pk).slug == "kfor"


# Corrections that ride along


def test_publishing_says_of_attached_reports_in_which_edition_they_are_fixed():
    first = published(MissionFactory())
    draft = next_edition(first.record)
    correction = reported(first.record, state="in_work", attached_to=draft)

    published(draft)

    correction.refresh_from_db()
    assert (correction.state, correction.fixed_in_id) == ("fixed", draft.pk)


def test_discarding_a_draft_sends_its_reports_back_to_confirmed():
    first = published(MissionFactory())
    draft = next_edition(first.record)
    correction = reported(first.record, state="in_work", attached_to=draft)

    workflow.discard(draft, by=draft.contributors.get())

    correction.refresh_from_db()
    assert (correction.state, correction.attached_to) == ("confirmed", None)


# The founding record


def test_an_imported_edition_has_the_time_its_file_gives_and_says_what_it_is():
    at = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
    mission = MissionFactory()
    mission.contributors.clear()

    workflow.publish_imported(mission, at=at)

    assert (mission.imported, mission.published_at, mission.checked_by) == (True, at, "")
    assert json.loads(mission.frozen)["imported"] is True


def test_the_door_of_the_founding_record_is_closed_to_texts_worked_on_in_the_site():
    with pytest.raises(WorkflowError, match="worked on in the site"):
        workflow.publish_imported(MissionFactory(), at=timezone.now())


def test_a_draft_goes_public_only_through_review():
    with pytest.raises(WorkflowError, match="cannot become published"):
        workflow.publish(MissionFactory(), by=reviewer())


# All or nothing


def test_a_failure_in_the_middle_leaves_everything_as_it_was(monkeypatch):
    first = published(MissionFactory())
    second = submitted(next_edition(first.record, change_note="New."))
    serial, moves = PublicSerial.now(), Transition.objects.count()

    def fail(*args, **kwargs):
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(Change.objects, "create", fail)
    with pytest.raises(RuntimeError):
        workflow.publish(second, by=reviewer())

    for edition in (first, second):
        edition.refresh_from_db()
    assert (first.state, second.state, second.frozen) == (State.PUBLISHED, State.IN_REVIEW, "")
    assert (PublicSerial.now(), Transition.objects.count()) == (serial, moves)


def test_every_state_and_every_step_of_the_table_is_known():
    assert set(workflow.FLOW) == set(State)
    for follows in workflow.FLOW.values():
        assert follows <= set(State)


def test_events_too_go_through_the_same_door():
    event = published(EventFactory())

    assert Edition.objects.get(pk=event.pk).typed == event
