"""Hundreds of readers at the same moment, before the site as it really runs: two web processes and a worker."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from editorial.models import Correction, Mail
from tests.factories import MissionFactory, published
from tests.other_processes import site

pytestmark = pytest.mark.django_db(transaction=True)

READERS, TWICE, LIMIT = 200, 20, 10


def send(port: int, reader: str, report: dict[str, str]) -> tuple[int, str | None]:
    """Status and Location of the answer to a report, sent through a proxy that names the reader's address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"X-Forwarded-For": reader, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", reverse("correction-new"), urlencode(report), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location")
    finally:
        connection.close()


def all_at_once(port: int, sent: list[tuple[str, dict[str, str]]]) -> list[tuple[int, str | None]]:
    """The answers to (reader, report), each sent by a client of its own at the same moment."""
    start = threading.Barrier(len(sent), timeout=60)

    def one(reader: str, report: dict[str, str]) -> tuple[int, str | None]:
        start.wait()
        return send(port, reader, report)

    with ThreadPoolExecutor(len(sent)) as clients:
        return [answer.result() for answer in [clients.submit(one, *each) for each in sent]]


def test_two_hundred_reports_at_once_are_all_stored_once_and_the_limit_holds_across_processes(tmp_path):
    about = {"record": f"mission/{published(MissionFactory()).record.slug}"}
    reports = [
        (f"10.1.{n // 250}.{n % 250 + 1}", about | {"message": f"Mistake {n}", "email": f"{n}@example.org"})
        for n in range(READERS)
    ]
    one_reader = [("10.2.0.1", about | {"message": f"Remark {n}"}) for n in range(4 * LIMIT)]

    with site(tmp_path, TRUSTED_PROXIES="127.0.0.1", CORRECTIONS_PER_HOUR=str(LIMIT)) as port:
        answers = all_at_once(port, reports + reports[:TWICE])  # some press the button twice
        if (left := 3600 - time.time() % 3600) < 30:  # the limit is counted from full hour to full hour
            time.sleep(left)
        limited = all_at_once(port, one_reader)

    assert Counter(status for status, _ in answers) == {303: READERS + TWICE}
    stored = Correction.objects.exclude(email="")
    assert sorted(stored.values_list("message", "email")) == sorted(
        (sent["message"], sent["email"]) for _, sent in reports
    )
    assert {address for _, address in answers} == {
        reverse("correction-mine", args=[report.token()]) for report in stored
    }
    assert answers[:TWICE] == answers[READERS:]
    assert Counter(Mail.objects.values_list("correction", "to")) == Counter(stored.values_list("pk", "email"))
    assert Counter(status for status, _ in limited) == {303: LIMIT, 429: 3 * LIMIT}
    assert Correction.objects.filter(message__startswith="Remark").count() == LIMIT
