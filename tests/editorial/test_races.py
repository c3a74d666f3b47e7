"""Editors, readers and machines at the same moment: threads with connections of their own, on a real file or server."""

import datetime
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editorial import amendments, workflow
from editorial.models import Amendment, Change, PublicSerial, State, Transition
from editorial.workflow import OpenEditionExists, WorkflowError, drafts, flow, leaving, publication, review
from missions.models import Mission
from sources import founding
from sources.models import EvidenceCheck
from tests.factories import (
    EventFactory,
    MissionFactory,
    OrganisationFactory,
    author,
    imported,
    managing_editor,
    next_edition,
    published,
    reviewer,
    submitted,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """What each call returned or raised, all begun at the same moment in threads of their own."""
    start = threading.Barrier(len(calls), timeout=10)

    def run(call):
        try:
            start.wait()
            return call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [future.result(timeout=60) for future in [threads.submit(run, call) for call in calls]]


WORKFLOW = [workflow, drafts, flow, leaving, publication, review]


def _of_the_workflow(function):
    return next(getattr(module, function) for module in WORKFLOW if hasattr(module, function))


def put_in_the_workflow(monkeypatch, function, instead):
    """Put another in place of a function, in each module of the workflow that calls it."""
    for module in WORKFLOW:
        if hasattr(module, function):
            monkeypatch.setattr(module, function, instead)


def meet_before(monkeypatch, function, parties=2):
    """Let `parties` threads wait for one another when they come to a function of the workflow.

    Where the database lets only one of them that far, it goes on alone after a second.
    """
    original, meeting = _of_the_workflow(function), threading.Barrier(parties)

    def wait_then_go_on(*args, **kwargs):
        try:
            meeting.wait(timeout=1)
        except threading.BrokenBarrierError:
            pass
        return original(*args, **kwargs)

    put_in_the_workflow(monkeypatch, function, wait_then_go_on)


def fresh(edition):
    return Mission.objects.get(pk=edition.pk)


def errors(results):
    return [result for result in results if isinstance(result, Exception)]


def test_of_two_simultaneous_publications_one_succeeds_and_the_other_is_told(monkeypatch):
    mission = submitted(MissionFactory())
    meet_before(monkeypatch, "require_flow")

    results = at_once(*[partial(workflow.publish, fresh(mission), by=reviewer()) for _ in range(2)])

    assert [type(error) for error in errors(results)] == [WorkflowError]
    assert "cannot become published" in str(errors(results)[0])
    assert Transition.objects.filter(edition=mission, to_state=State.PUBLISHED).count() == 1
    assert [change.serial for change in Change.objects.all()] == [1]
    assert fresh(mission).number == 1


def test_of_two_who_start_the_next_edition_both_land_in_the_same_one(monkeypatch):
    record = published(MissionFactory()).record
    meet_before(monkeypatch, "copy")

    results = at_once(*[partial(workflow.start_edition, record, by=author()) for _ in range(2)])

    draft = record.editions.open().get().typed
    (refusal,) = errors(results)
    assert isinstance(refusal, OpenEditionExists)
    assert refusal.edition == draft
    assert draft in results
    assert draft.citations.count() == 1


def test_two_records_that_name_each_other_are_started_at_the_same_moment(monkeypatch):
    one, other = MissionFactory(), MissionFactory()
    one.relations.create(key="r", record=other.record, kind="successor", cites="a")
    other.relations.create(key="r", record=one.record, kind="predecessor", cites="a")
    records = [published(one).record, published(other).record]
    meet_before(monkeypatch, "copy")

    results = at_once(*[partial(workflow.start_edition, record, by=author()) for record in records])

    assert errors(results) == []
    assert [record.editions.open().count() for record in records] == [1, 1]


def test_who_starts_an_edition_while_the_one_before_is_being_published_gets_a_copy_of_the_new(monkeypatch):
    first = published(MissionFactory())
    second = submitted(next_edition(first.record, title="Second", change_note="New."))
    held, original = threading.Event(), flow.tell

    def publish_slowly(*args, **kwargs):
        held.set()
        time.sleep(0.3)
        original(*args, **kwargs)

    def start():
        held.wait(timeout=10)
        return workflow.start_edition(first.record, by=ben)

    put_in_the_workflow(monkeypatch, "tell", publish_slowly)
    ben = author()
    results = at_once(partial(workflow.publish, fresh(second), by=reviewer()), start)

    assert errors(results) == []
    assert (results[1].title, results[1].based_on_id) == ("Second", second.pk)


def test_a_withdrawal_at_the_moment_of_the_next_publication_leaves_one_public_edition(monkeypatch):
    first = published(MissionFactory())
    second = submitted(next_edition(first.record, change_note="New."))
    meet_before(monkeypatch, "require_permission")

    results = at_once(
        partial(workflow.publish, fresh(second), by=reviewer()),
        partial(workflow.withdraw, fresh(first), by=managing_editor(), reason="Wrong."),
    )

    # The withdrawal came first, and is history now, or it came too late and was told so.
    assert results[0] is None
    assert results[1] is None or isinstance(results[1], WorkflowError)
    first, second = fresh(first), fresh(second)
    assert (first.state, second.state) == (State.SUPERSEDED, State.PUBLISHED)
    assert (first.withdrawn_reason == "Wrong.") is (results[1] is None)
    assert first.record.live_id == second.pk


def test_two_machines_publish_what_is_due_once(monkeypatch):
    later = timezone.now() + datetime.timedelta(hours=2)
    for _ in range(2):
        mission = submitted(MissionFactory())
        workflow.schedule(mission, by=reviewer(), at=timezone.now() + datetime.timedelta(hours=1))
    meet_before(monkeypatch, "lock")

    results = at_once(*[partial(workflow.publish_due, later) for _ in range(2)])

    assert errors(results) == []
    assert sorted(len(done) for done, _ in results) in ([0, 2], [1, 1])
    assert [failed for _, failed in results] == [[], []]
    assert Change.objects.count() == 2
    assert set(Mission.objects.values_list("state", "number")) == {(State.PUBLISHED, 1)}


def test_two_who_confirm_one_amendment_put_it_in_force_once():
    organisation = OrganisationFactory(name="Before")
    mission = MissionFactory()
    mission.participations.create(key="p", organisation=organisation, role="lead", cites="a")
    published(mission)
    changed = type(organisation).objects.get(pk=organisation.pk)
    changed.name = "After"
    proposal = amendments.propose(organisation, changed, by=author(), reason="A new name.")

    read_by_both = [Amendment.objects.get(pk=proposal.pk) for _ in range(2)]
    results = at_once(*[partial(amendments.confirm, read, by=reviewer()) for read in read_by_both])

    assert [type(error) for error in errors(results)] == [WorkflowError]
    assert Change.objects.filter(kind=Change.Kind.AMENDED).count() == 1


def test_serials_become_visible_in_their_order_and_without_gaps():
    editions = [submitted(factory()) for factory in (MissionFactory, EventFactory) * 3]
    finished, seen = threading.Event(), []

    def watch():
        while not finished.is_set():
            serials = sorted(Change.objects.values_list("serial", flat=True))
            seen.append((serials, PublicSerial.now()))
            time.sleep(0.002)

    def publish_some(some, by):
        for edition in some:
            workflow.publish(edition, by=by)

    def publish_all():
        try:
            return at_once(*[partial(publish_some, editions[n::3], reviewer()) for n in range(3)])
        finally:
            finished.set()

    results = at_once(watch, publish_all)

    assert errors([*results, *results[1]]) == []
    assert [change.serial for change in Change.objects.order_by("serial")] == [1, 2, 3, 4, 5, 6]
    assert {change.edition_id for change in Change.objects.all()} == {edition.pk for edition in editions}
    for serials, now in seen:
        assert serials == list(range(1, len(serials) + 1))
        assert now >= len(serials)


def test_two_who_press_start_in_their_browsers_at_once_land_in_the_same_draft(monkeypatch):
    live = published(MissionFactory())
    meet_before(monkeypatch, "copy")

    def press(editor):
        client = Client()
        client.force_login(editor)
        return client.post(reverse("admin:missions_mission_do", args=[live.pk, "start"]))

    results = at_once(*[partial(press, author()) for _ in range(3)])

    assert errors(results) == []
    opened = live.record.editions.open().get()
    landed = {(answer.status_code, answer["Location"]) for answer in results}
    assert landed == {(302, reverse("admin:missions_mission_change", args=[opened.pk]))}


def test_two_who_press_publish_in_their_browsers_at_once_publish_once(monkeypatch):
    mission = submitted(MissionFactory())
    meet_before(monkeypatch, "require_flow")

    def press(editor):
        client = Client()
        client.force_login(editor)
        address = reverse("admin:missions_mission_do", args=[mission.pk, "publish"])
        return client.post(address, {"shown": fresh(mission).lock_version}).status_code

    results = at_once(*[partial(press, reviewer()) for _ in range(2)])

    assert sorted(results) == [302, 409]
    assert Transition.objects.filter(edition=mission, to_state=State.PUBLISHED).count() == 1


def test_two_who_finish_the_check_of_a_founding_edition_at_once_publish_one_edition(monkeypatch):
    mission = imported(MissionFactory())
    founding.check(mission, "citations", "a", outcome="holds", by=reviewer())
    meet_before(monkeypatch, "require_second_person")

    results = at_once(*[partial(founding.finish, fresh(mission), by=reviewer()) for _ in range(2)])

    assert [type(error) for error in errors(results)] == [WorkflowError]
    assert mission.record.editions.count() == 2


def test_two_who_tick_the_same_claim_at_once_leave_one_tick_and_one_is_told(monkeypatch):
    mission = imported(MissionFactory())
    meet_before(monkeypatch, "require_second_person")

    results = at_once(
        *[partial(founding.check, fresh(mission), "citations", "a", outcome="holds", by=reviewer()) for _ in range(2)]
    )

    assert [type(error) for error in errors(results)] == [WorkflowError]
    assert "only they can change" in str(errors(results)[0])
    assert EvidenceCheck.objects.count() == 1
