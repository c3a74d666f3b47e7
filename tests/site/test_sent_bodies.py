"""What is sent to the site: read quickly by a few threads, whole or not at all."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from kosovo_peace import wsgi
from kosovo_peace.accounts import sessions
from kosovo_peace.middleware import REFUSAL
from tests.factories import author

pytestmark = pytest.mark.usefixtures("connections_left_open")
FORM = "/admin/missions/mission/1/change/"


def answer(
    body: bytes, *, length: int | None = None, to: str = "/corrections/new/", **more: str
) -> tuple[int, dict[str, str]]:
    environ = RequestFactory().post(to).environ | {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body) if length is None else length),
        "wsgi.input": io.BytesIO(body),
        **more,
    }
    told = []
    wsgi.application(environ, lambda status, headers: told.append((int(status.split()[0]), dict(headers))))
    return told[0]


@pytest.fixture
def django_application(monkeypatch):
    """Stands for Django, and notes what it is given and how many more bodies could be read meanwhile."""
    seen = []
    site = wsgi.django_application

    def note(environ, start_response):
        if REFUSAL in environ:
            return site(environ, start_response)
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
    assert answer(body)[0] == 200
    assert django_application == [(body, settings.WEB_THREADS // 2)]


@pytest.fixture
def threes(monkeypatch):
    """More than three bytes are much."""
    monkeypatch.setattr(wsgi, "LARGE", 3)
    monkeypatch.setattr(wsgi, "PIECE", 2)


def test_a_large_upload_is_read_first_as_well_and_not_taken_for_the_whole_where_it_breaks_off(
    django_application, settings, threes, monkeypatch
):
    monkeypatch.setattr(wsgi, "is_logged_in", lambda cookies: True)
    assert answer(b"fours", to=FORM)[0] == 200
    assert answer(b"four", length=5, to=FORM)[0] == 400
    assert answer(b"", length=wsgi.MOST + 1, to=FORM)[0] == 413
    assert answer(b"four")[0] == 413  # from readers nothing large is wanted
    assert django_application == [(b"fours", settings.WEB_THREADS // 2)]


@pytest.mark.django_db
def test_only_who_has_logged_in_sends_anything_large(django_application, threes, monkeypatch):
    monkeypatch.setattr(sessions, "close_old_connections", lambda: None)  # that of the test stays
    ana, client = author(), Client()
    client.force_login(ana)
    session = f"sessionid={client.cookies['sessionid'].value}"

    for cookie in ("", "sessionid=", "sessionid=abcdefgh", 'sessionid="a\\000b"', "x" * 9000):
        status, headers = answer(b"fours", to=FORM, HTTP_COOKIE=cookie)
        assert status == 403
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert answer(b"two", to=FORM)[0] == 200  # what is small is the site's to refuse, which shows what was typed
    assert answer(b"fours", to=FORM, HTTP_COOKIE=session)[0] == 200
    ana.set_password("another long pass phrase")
    ana.save()
    assert answer(b"fours", to=FORM, HTTP_COOKIE=session)[0] == 403
    assert len(django_application) == 2


def test_without_a_database_an_editor_is_asked_to_send_a_large_form_again(django_application, threes, monkeypatch):
    def fail(cookies):
        raise OperationalError

    monkeypatch.setattr(wsgi, "is_logged_in", fail)
    status, headers = answer(b"fours", to=FORM)
    assert (status, headers["Retry-After"]) == (503, "30")
    assert not django_application


def test_what_has_no_length_is_refused_and_not_taken_for_nothing(django_application):
    assert answer(b"message=x", HTTP_TRANSFER_ENCODING="chunked")[0] == 411
    assert not django_application


def test_a_form_that_breaks_off_is_refused_and_nothing_is_done(django_application):
    status, _ = answer(b"message=It+is+wr", length=20)
    assert status == 400
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
    assert status == 503
    assert headers["Retry-After"] == "5"
    assert not django_application
    assert answer(b"message=x")[0] == 200
