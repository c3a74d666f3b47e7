"""What is sent to the site: read quickly by a few threads, whole or not at all."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory

from kosovo_peace import wsgi


def answer(body: bytes, *, length: int | None = None, to: str = "/corrections/new/") -> tuple[str, dict[str, str]]:
    environ = RequestFactory().post(to).environ | {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body) if length is None else length),
        "wsgi.input": io.BytesIO(body),
    }
    told = []
    wsgi.application(environ, lambda status, headers: told.append((status, dict(headers))))
    return told[0]


@pytest.fixture
def django_application(monkeypatch):
    """Stands for Django, and notes what it is given and how many more bodies could be read meanwhile."""
    seen = []

    def note(environ, start_response):
        body, free = environ["wsgi.input"].read(), 0
        while wsgi.bodies.acquire(blocking=False):
            free += 1
        for _ in range(free):
            wsgi.bodies.release()
        seen.append((body, free))
        start_response("200 OK", [])
        return []

    monkeypatch.setattr(wsgi, "django_application", note)
    return seen


def test_a_form_is_read_before_it_is_dealt_with_so_that_others_can_be_read_meanwhile(django_application, settings):
    body = urlencode({"message": "Đakovica"}).encode()
    assert answer(body)[0] == "200 OK"
    assert django_application == [(body, settings.WEB_THREADS // 2)]


def test_a_large_upload_is_read_first_as_well_and_not_taken_for_the_whole_where_it_breaks_off(
    django_application, settings, monkeypatch
):
    monkeypatch.setattr(wsgi, "LARGE", 3)
    monkeypatch.setattr(wsgi, "PIECE", 2)
    form = "/admin/missions/mission/1/change/"
    assert answer(b"fours", to=form)[0] == "200 OK"
    assert answer(b"four", length=5, to=form)[0] == "400 Bad Request"
    assert answer(b"", length=wsgi.MOST + 1, to=form)[0] == "413 Content Too Large"
    assert answer(b"four")[0] == "413 Content Too Large"  # from readers nothing large is wanted
    assert django_application == [(b"fours", settings.WEB_THREADS // 2)]


def test_a_form_that_breaks_off_is_refused_and_nothing_is_done(django_application):
    status, _ = answer(b"message=It+is+wr", length=20)
    assert status == "400 Bad Request"
    assert not django_application


def test_while_slow_senders_hold_all_places_others_are_told_to_come_back(django_application, settings, monkeypatch):
    monkeypatch.setattr(wsgi, "PATIENCE", 0)
    for _ in range(settings.WEB_THREADS // 2):
        assert wsgi.bodies.acquire(blocking=False)
    try:
        status, headers = answer(b"message=x")
    finally:
        for _ in range(settings.WEB_THREADS // 2):
            wsgi.bodies.release()
    assert status == "503 Service Unavailable"
    assert headers["Retry-After"] == "5"
    assert not django_application
    assert answer(b"message=x")[0] == "200 OK"
