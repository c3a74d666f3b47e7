"""A synthetic record: as whole as a real one, never mixed with one, and marked on every page."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from editorial import integrity
from editorial.models import PublicSerial, Record
from missions.models import Event, Mission
from missions.rendering import render
from tests.factories import MissionFactory, published

pytestmark = pytest.mark.django_db


def synthesize(**numbers: int) -> None:
    call_command("synthesize", **{"events": 12, "missions": 3, "sources": 20, "seed": 7} | numbers, verbosity=0)


def test_a_synthetic_record_is_as_whole_as_one_that_went_through_the_workflow(client):
    synthesize()

    findings = integrity.check()
    assert (findings.editions, findings.faults, findings.notes) == (15, [], [])
    assert PublicSerial.now() == 15
    for edition in (Mission.objects.first(), Event.objects.first()):
        assert edition.row_problems(edition.rows()) == []
        assert render(edition).to_json() == edition.rendered
    for address in ("/", "/missions/", "/events/", "/missions/synthetic-1/", "/events/synthetic-2/", "/data/"):
        assert "Synthetic record:" in client.get(address).content.decode(), address
    assert client.get("/events/synthetic-1/editions/1/").status_code == 200
    assert client.get("/api/v1/events/").json()["meta"]["count"] == 12
    assert client.get("/data/latest/events.csv")["Location"].startswith("/data/15/synthetic-record-15-")


def test_a_synthetic_record_grows_and_begins_the_same_from_the_same_seed():
    synthesize(events=4)
    first = list(Event.objects.order_by("pk").values_list("title", flat=True))
    synthesize(events=2, missions=0, seed=8)

    assert Record.objects.filter(kind="event").count() == 6
    assert first[0].endswith("(synthetic 1)")
    assert integrity.check().faults == []


def test_nothing_is_added_to_a_real_record(client):
    published(MissionFactory())
    with pytest.raises(CommandError, match="not synthetic"):
        synthesize()

    assert Record.objects.count() == 1
    assert "Synthetic record" not in client.get("/").content.decode()


def test_numbers_that_make_no_record_are_refused():
    with pytest.raises(CommandError, match="at least"):
        synthesize(sources=2)
