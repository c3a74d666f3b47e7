"""The client of docs/examples keeps an exact copy by the log of changes, whatever editors do meanwhile."""

from __future__ import annotations

import io
import json
import runpy
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.db import connections

from editorial import amendments, workflow
from editorial.models import Change, Record
from missions.models import Relation
from sources.models import Source
from tests.factories import (
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reported,
    reviewer,
    submitted,
)

pytestmark = pytest.mark.django_db(transaction=True)

client = runpy.run_path(str(Path(site_settings.BASE_DIR) / "docs/examples/keep_a_copy.py"))
bring_up_to_date = client["bring_up_to_date"]


@pytest.fixture
def site(live_server, settings, kept_pages):
    """The address of a running site that keeps its pages until the serial moves, and sees at once when it does."""
    settings.SITE_URL = live_server.url
    settings.SERIAL_REMEMBERED = 0
    return live_server.url


def asked(address):
    with urllib.request.urlopen(address) as answer:  # noqa: S310  the site of the test
        return json.load(answer)


def require_exact(copy, site):
    """The copy has what the server's lists have, and says of each record what the server does now."""
    listed = asked(f"{site}/api/v1/records/?page_size=100")
    assert {entry["api_address"] for entry in listed["results"]} == set(copy["records"])
    for entry in listed["results"]:
        kept = copy["records"][entry["api_address"]]
        now = asked(entry["api_address"])
        now["figures"] = asked(f"{now['figures']['address']}&cursor=*")["results"]
        assert kept == now, entry["slug"]
    assert copy["serial"] == Change.objects.order_by("-serial").values_list("serial", flat=True).first()


def amended(source, **values):
    changed = Source.objects.get(pk=source.pk)
    for name, value in values.items():
        setattr(changed, name, value)
    amendments.confirm(amendments.propose(source, changed, by=author(), reason="A slip."), by=reviewer())


def test_a_copy_is_exact_after_all_that_can_happen(site):
    copy = {"serial": 0, "records": {}}
    bring_up_to_date(copy, site)
    assert copy == {"serial": 0, "records": {}}

    source = SourceFactory(key="nato", title="A title with a slip")
    mission = MissionFactory(slug="kfor")
    FigureFactory(edition=mission, source=source)
    other = MissionFactory(slug="unmik", title="Interim Administration")
    Relation.objects.create(edition=mission, key="r", record=other.record, kind="parallel")
    event = EventFactory(slug="entry")
    event.missions.add(mission.record)
    CitationFactory(edition=event, source=source)
    by = managing_editor()

    def superseded():
        published(next_edition(mission.record, title="Kosovo Force (KFOR)"))

    steps = [
        lambda: [published(mission), published(event)],
        lambda: published(other),  # of which the mission has said nothing until now
        superseded,
        lambda: amended(source, title="The right title"),
        lambda: workflow.rename(Record.objects.get(slug="kfor"), "force", by=by),
        lambda: workflow.rename(Record.objects.get(slug="force"), "kfor", by=by),
        lambda: reported(event.record, state="declined"),
        lambda: workflow.withdraw(other, by=by, reason="It was wrong."),
        lambda: published(next_edition(other.record, title="Back again")),
        lambda: workflow.suppress(event, by=by, reason="A court said so."),
    ]
    sizes = []
    for step in steps:
        step()
        bring_up_to_date(copy, site)
        require_exact(copy, site)
        sizes.append(len(copy["records"]))
    assert sizes == [2, 3, 3, 3, 3, 3, 3, 2, 3, 2]
    assert "The right title" in json.dumps(copy)
    assert "A title with a slip" not in json.dumps(copy)
    anew = {"serial": 0, "records": {}}
    bring_up_to_date(anew, site)
    assert anew == copy


def test_with_two_publishers_at_once_no_serial_appears_late_and_the_copy_is_exact(site):
    """Whoever has seen a serial has seen all before it: readers ask for what comes after, never before."""
    drafts = [submitted(EventFactory(slug=f"event{n}")) for n in range(16)]
    second_editors = [reviewer(), reviewer()]
    copy, done = {"serial": 0, "records": {}}, threading.Event()
    begin = threading.Barrier(4, timeout=20)

    def publish(number):
        try:
            begin.wait()
            for draft in drafts[number::2]:
                workflow.publish(draft, by=second_editors[number])
        finally:
            connections.close_all()

    def watch():
        """The serials in the order in which a reader with a connection of its own comes to see them."""
        seen: list[int] = []
        try:
            begin.wait()
            finished = False
            while not finished:
                finished = done.is_set()  # once more after all is done
                last = seen[-1] if seen else 0
                seen += Change.objects.filter(serial__gt=last).order_by("serial").values_list("serial", flat=True)
                time.sleep(0.002)  # or the publishers hardly get a turn in this one process
        finally:
            connections.close_all()
        return seen

    def keep():
        begin.wait()
        while not done.is_set():
            bring_up_to_date(copy, site)
            time.sleep(0.01)

    with ThreadPoolExecutor(4) as threads:
        publishing = [threads.submit(publish, number) for number in (0, 1)]
        watching, keeping = threads.submit(watch), threads.submit(keep)
        for one in publishing:
            one.exception(timeout=60)
        done.set()
        for one in (*publishing, keeping):
            one.result(timeout=60)
        seen = watching.result(timeout=60)

    assert seen == list(Change.objects.order_by("serial").values_list("serial", flat=True))
    assert len(seen) == len(drafts)
    bring_up_to_date(copy, site)
    require_exact(copy, site)


def test_an_answer_older_than_the_change_that_led_to_it_is_asked_for_again(monkeypatch):
    """Another process of the site, or a cache before it, may be a moment behind."""
    behind = iter([4, 4, 5])

    class Answer(io.BytesIO):
        def __init__(self):
            serial = next(behind)
            super().__init__(json.dumps({"as_of": serial}).encode())
            self.headers = {"Serial": str(serial)}

    monkeypatch.setattr(urllib.request, "urlopen", lambda *args, **kwargs: Answer())
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    assert client["get"]("http://localhost/", 5) == {"as_of": 5}
