"""What is decided on a report: which state may follow which, who is told of it, what becomes public."""

from __future__ import annotations

import itertools

import pytest
from django.db import transaction
from django.test import Client

from editorial.corrections import answering, deciding, receiving
from editorial.corrections.moves import FLOW
from editorial.models import Change, Correction, CorrectionEntry, Edition, Editor, Mail, PublicSerial
from editorial.workflow import WorkflowError
from tests.factories import EditorFactory, MissionFactory, author, published, reported

pytestmark = pytest.mark.django_db
State = Correction.State

# What editors do, and the state it leads to. `same_as` gets its original in `decide`.
DECISIONS = {
    "confirm": State.CONFIRMED,
    "decline": State.DECLINED,
    "close": State.CLOSED,
    "same_as": State.DUPLICATE,
    "ask": State.NEEDS_INFORMATION,
    "reopen": State.NEW,
    "start": State.IN_WORK,
    "detach": State.CONFIRMED,
}
# Moves of the table that no editor's decision makes: in work, a report comes back only by being detached.
BY_DETACHING = {(State.IN_WORK, "confirm")}


def in_state(state: str, **fields) -> Correction:
    """A report about a public mission, which has come to this state in the real way."""
    record = published(MissionFactory()).record
    fields.setdefault("email", "reader@example.org")
    if state == State.FIXED:
        report = reported(record, state=State.IN_WORK, **fields)
        published(report.attached_to)
        report.refresh_from_db()
        return report
    if state == State.DUPLICATE:
        fields["duplicate_of"] = reported(record)
    return reported(record, state=state, **fields)


def decide(report: Correction, decision: str, *, by: Editor | None = None) -> None:
    by = by or author()
    given = {
        "decline": {"answer": "The sources agree."},
        "same_as": {"original": reported(report.record)},
        "ask": {"question": "Which page?"},
        "reopen": {"reason": "There is a new source."},
    }.get(decision, {})
    module = answering if decision in ("start", "detach") else deciding
    getattr(module, decision)(report, by=by, **given)


def is_allowed(state: State, decision: str) -> bool:
    if decision == "start":
        return state in (State.CONFIRMED, State.IN_WORK)
    if decision == "detach":
        return state == State.IN_WORK
    return DECISIONS[decision] in FLOW[state] and (state, decision) not in BY_DETACHING


@pytest.mark.parametrize("state", State.values)
def test_every_decision_is_taken_where_it_may_follow_and_refused_everywhere_else(state):
    report = in_state(state)
    stood = Correction.objects.values().get(pk=report.pk)
    for decision, to in DECISIONS.items():
        with transaction.atomic():
            if is_allowed(State(state), decision):
                decide(report, decision)
                assert Correction.objects.get(pk=report.pk).state == report.state == to, decision
            else:
                with pytest.raises(WorkflowError):
                    decide(report, decision)
                assert Correction.objects.values().get(pk=report.pk) == stood, decision
            transaction.set_rollback(True)
        report.refresh_from_db()


def test_the_flow_leads_every_report_to_an_end_and_no_end_but_correction_is_for_ever():
    reached = {State.NEW}
    while more := set().union(*(FLOW[state] for state in reached)) - reached:
        reached |= more
    assert reached == set(State)
    assert {state for state in State if not FLOW[state]} == {State.FIXED}


def test_a_report_among_spam_is_taken_out_before_it_is_decided_on():
    report = reported(published(MissionFactory()).record, is_spam=True)
    for decision in ("confirm", "decline", "close", "same_as", "ask"):
        with pytest.raises(WorkflowError, match="suspected spam"):
            decide(report, decision)
    deciding.not_spam(report, by=author())
    decide(report, "confirm")
    with pytest.raises(WorkflowError, match="answered in public"):
        deciding.mark_spam(report, by=author())


# Who is told


def told(report: Correction) -> tuple[int, list[str]]:
    """How many lines the public log has on it, and the subjects of its mails."""
    lines = Change.objects.filter(correction=report, kind=Change.Kind.ANSWERED).count()
    return lines, [mail.subject.split(": ", 1)[1] for mail in report.mails.order_by("pk")]


def test_each_step_writes_the_file_the_public_log_and_the_mail_as_far_as_it_concerns_them():
    by = author()
    report = in_state(State.NEW)
    deciding.ask(report, by=by, question="Which page?")
    assert told(report) == (0, ["we have a question"])  # the public sees “received” still
    deciding.confirm(report, by=by, answer="You are right.")
    assert told(report) == (1, ["we have a question", "confirmed"])
    edition = answering.start(report, by=by)
    answering.detach(report, by=by)
    answering.attach(report, by=by, edition=edition)
    assert told(report) == (1, ["we have a question", "confirmed"])  # work inside the house
    published(edition)
    report.refresh_from_db()
    assert (report.state, report.fixed_in) == (State.FIXED, Edition.objects.get(pk=edition.pk))
    assert told(report) == (2, ["we have a question", "confirmed", "corrected"])
    kept = report.entries.values_list("kind", "state")
    assert list(kept) == [
        ("question", "needs_information"), ("moved", "confirmed"), ("done", "in_work"), ("done", "confirmed"),
        ("done", "in_work"), ("moved", "fixed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "mail"), [("decline", "declined"), ("close", "closed"), ("same_as", "the same as another report")]
)
def test_an_end_is_told_once_and_opening_it_again_to_the_public_only(decision, mail):
    report = in_state(State.NEW)
    decide(report, decision)
    assert told(report) == (1, [mail])
    assert report.settled_at is not None
    decide(report, "reopen")
    assert told(report) == (2, [mail])
    assert (report.settled_at, report.public_answer, report.duplicate_of) == (None, "", None)


def test_nobody_is_written_to_where_no_address_was_left_and_what_editors_note_tells_nobody():
    report = in_state(State.NEW, email="")
    by = author()
    decide(report, "confirm")
    before = told(report)
    deciding.note(report, by=by, text="Look at para. 9.")
    deciding.describe(report, by=by, category="factual", assignee=by, living_person=True)
    assert told(report) == before == (1, [])
    noted = report.entries.order_by("-pk")
    assert noted[0].text == f"Set category: a fact is wrong; assignee: {by}; living person: yes."
    assert (noted[1].kind, noted[1].by) == (CorrectionEntry.Kind.NOTE, by)
    deciding.describe(report, by=by, category="factual")
    assert report.entries.count() == 3  # the first is the decision


def test_what_readers_are_shown_at_a_figure_moves_the_serial_and_an_assignment_does_not():
    report = in_state(State.CONFIRMED)
    before = PublicSerial.now()
    deciding.describe(report, by=author(), assignee=author())
    assert PublicSerial.now() == before
    deciding.describe(report, by=author(), figure="strength-1999")
    assert PublicSerial.now() > before


# The same as another


def test_reports_that_say_the_same_all_name_the_first_and_hear_what_becomes_of_it():
    first, second, third = (in_state(State.NEW) for _ in range(3))
    by = author()
    deciding.same_as(second, by=by, original=third)
    deciding.same_as(third, by=by, original=first)  # what named the third names the first now
    second.refresh_from_db()
    assert (second.duplicate_of, third.duplicate_of) == (first, first)
    fourth = in_state(State.NEW)
    deciding.same_as(fourth, by=by, original=second)  # by way of one that is itself the same
    assert fourth.duplicate_of == first
    with pytest.raises(WorkflowError, match="not the same as itself"):
        deciding.same_as(first, by=by, original=fourth)
    with pytest.raises(WorkflowError, match="suspected spam"):
        deciding.same_as(first, by=by, original=reported(first.record, is_spam=True))
    decide(first, "confirm")
    published(answering.start(first, by=by))
    for report in (first, second, third, fourth):
        assert told(report)[1][-1] == "corrected"


# Words and names


def test_words_and_names_are_published_only_as_far_as_the_reader_allowed_and_after_the_decision():
    by, name, words = author(), "Eli Reader", "Words of the reader"
    for may_quote, may_name in itertools.product([False, True], repeat=2):
        report = in_state(State.NEW, may_quote=may_quote, may_name=may_name, name=name, message=words)
        with pytest.raises(WorkflowError, match="Decide on the report first"):
            deciding.release(report, by=by, words=may_quote, name=not may_quote)
        decide(report, "decline")
        for wanted, allowed in (
            ({"words": True, "name": False}, may_quote),
            ({"words": False, "name": True}, may_name),
        ):
            if allowed:
                deciding.release(report, by=by, **wanted)
                assert {"words": report.words_public, "name": report.name_public} == wanted
            else:
                with pytest.raises(WorkflowError, match="has not allowed"):
                    deciding.release(report, by=by, **wanted)
        deciding.release(report, by=by, words=False, name=False)
        page = Client().get(report.get_absolute_url()).text
        assert name not in page
        assert words not in page


def test_leave_that_is_taken_back_hides_what_stood_in_public():
    report = in_state(State.DECLINED, may_quote=True, may_name=True, name="Eli")
    deciding.release(report, by=author(), words=True, name=True)
    receiving.withdraw_words(report)
    receiving.withdraw_name(report)
    report.refresh_from_db()
    assert (report.words_public, report.name_public, report.name) == (False, False, "")
    with pytest.raises(WorkflowError, match="has not allowed"):
        deciding.release(report, by=author(), words=True, name=False)


# Who may, and what is overdue


def test_without_a_role_nothing_is_decided():
    nobody = EditorFactory()
    nobody.groups.clear()
    nobody = Editor.objects.get(pk=nobody.pk)
    new, confirmed = in_state(State.NEW), in_state(State.CONFIRMED)
    before = CorrectionEntry.objects.count(), Mail.objects.count()
    tries = [
        *[lambda decision=decision: decide(new, decision, by=nobody) for decision in ("confirm", "decline", "ask")],
        lambda: decide(confirmed, "start", by=nobody),
        lambda: deciding.note(new, by=nobody, text="A note."),
        lambda: deciding.describe(new, by=nobody, living_person=True),
        lambda: deciding.mark_spam(new, by=nobody),
        lambda: deciding.release(confirmed, by=nobody, words=False, name=False),
    ]
    for one in tries:
        with pytest.raises(WorkflowError, match="role does not allow"):
            one()
    assert (CorrectionEntry.objects.count(), Mail.objects.count()) == before


def test_what_the_reader_wrote_again_waits_until_it_is_read_or_answered_by_a_decision():
    report = in_state(State.DECLINED)
    with pytest.raises(WorkflowError, match="has not written again"):
        deciding.seen(report, by=author())
    receiving.follow_up(report, {"text": "But page 9 says so."}, address="203.0.113.1")
    assert list(Correction.objects.to_decide()) == [report]
    report.refresh_from_db()
    assert not report.is_overdue
    deciding.seen(report, by=author())
    assert not Correction.objects.to_decide()
    receiving.follow_up(report, {"text": "Look again."}, address="203.0.113.1")
    decide(report, "reopen")
    assert report.reader_wrote_at is None
