"""What is public, before two web processes that keep pages each for themselves."""

from __future__ import annotations

import http.client
import time

import pytest

from editorial import workflow
from tests.factories import MissionFactory, managing_editor, next_edition, published
from tests.other_processes import site

pytestmark = pytest.mark.django_db(transaction=True)

REMEMBERED = 1.0  # seconds, of the design
ASKED = 24  # times, each on a connection of its own: both processes have their turn


def answers(port):
    """What the processes answer now, each once or more: status and title."""
    found = set()
    for _ in range(ASKED):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/api/v1/missions/kfor/?fields=title")
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        found.add((answer.status, next((word for word in ("First", "Second") if word in body), "")))
    return found


def test_a_publication_and_a_removal_are_seen_on_all_processes_within_a_second(tmp_path):
    first = published(MissionFactory(slug="kfor", title="First"))
    with site(tmp_path, keeps_pages=True) as port:
        assert answers(port) == {(200, "First")}
        second = published(next_edition(first.record, title="Second"))
        time.sleep(REMEMBERED)
        assert answers(port) == {(200, "Second")}
        workflow.suppress(second, by=managing_editor(), reason="A court said so.")
        workflow.suppress(first, by=managing_editor(), reason="A court said so.")
        time.sleep(REMEMBERED)
        assert answers(port) == {(410, "")}
