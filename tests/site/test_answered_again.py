"""What was answered from a kept page before is answered again before Django begins: to the same readers, the same."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.test.utils import override_settings

from editorial import workflow
from kosovo_peace import page_cache, wsgi
from kosovo_peace.page_cache import again
from tests.factories import MissionFactory, managing_editor, next_edition, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages", "connections_left_open")]
KFOR = "/missions/kfor/"


@pytest.fixture(autouse=True)
def kfor():
    return published(MissionFactory(slug="kfor", title="Kosovo Force"))


@pytest.fixture(autouse=True)
def a_second_is_long():
    with override_settings(SERIAL_REMEMBERED=3600.0):
        yield


@pytest.fixture
def asked(monkeypatch):
    """Which paths Django was asked for."""
    seen, site = [], wsgi.django_application

    def note(environ, start_response):
        seen.append(environ["PATH_INFO"])
        return site(environ, start_response)

    monkeypatch.setattr(wsgi, "django_application", note)
    return seen


def get(path=KFOR, method="GET", **headers):
    """Status, headers and body, as the server gets them."""
    told = []
    path, _, query = path.partition("?")
    environ = RequestFactory().generic(method, path).environ | {"QUERY_STRING": query}
    del environ["HTTP_COOKIE"]
    body = b"".join(wsgi.application(environ | headers, lambda *start: told.append(start)))
    [(line, given)] = told
    return line, dict(given), body


def but_for_its_number(answer):
    line, headers, body = answer
    return line, {name: value for name, value in headers.items() if name != "X-Request-ID"}, body


@pytest.mark.parametrize(
    "path", [KFOR, "/missions/?page=1", "/api/v1/missions/kfor/", "/missions/kfor/figures/", "/changes/feed/"]
)
@pytest.mark.parametrize("encoding", ["br", "gzip, deflate", ""])
def test_the_answer_is_the_same_as_the_first(asked, path, encoding):
    first, second, third = (get(path, HTTP_ACCEPT_ENCODING=encoding) for _ in range(3))
    assert first[0] == "200 OK"
    assert len(asked) == 1
    assert but_for_its_number(first) == but_for_its_number(second) == but_for_its_number(third)
    assert len({answer[1]["X-Request-ID"] for answer in (first, second, third)}) == 3


def test_a_reader_who_has_the_page_is_told_so(asked):
    etag = get()[1]["ETag"]
    first, second = (get(HTTP_IF_NONE_MATCH=etag) for _ in range(2))
    assert len(asked) == 2
    assert first[0] == "304 Not Modified"
    assert first[2] == b""
    assert but_for_its_number(second) == but_for_its_number(first)
    assert get(HTTP_IF_NONE_MATCH='W/"other"')[0] == "200 OK"
    assert len(asked) == 2


def test_a_head_has_the_headers_alone(asked):
    line, headers, body = get()
    assert but_for_its_number(get(method="HEAD")) == (line, but_for_its_number((line, headers, body))[1], b"")
    assert len(asked) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_COOKIE": "sessionid=x"},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"HTTP_HOST": "localhost"},
        {"QUERY_STRING": "on=2020-01-01"},
        {"REQUEST_METHOD": "POST"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_whoever_says_more_goes_through_django(asked, more):
    get()
    get(**more)
    assert len(asked) == 2
    get()
    assert len(asked) == 2, "and what they were answered is no answer for others"


def test_what_was_published_or_removed_is_seen_as_soon_as_the_serial_is(kfor, asked):
    assert b"Kosovo Force" in get()[2]
    assert b"Kosovo Force" in get()[2]
    second = published(next_edition(kfor.record, title="Force of Kosovo"))
    page_cache.serial_memory.forget()
    assert b"Force of Kosovo" in get()[2]
    assert b"Force of Kosovo" in get()[2]
    workflow.suppress(second, by=managing_editor(), reason="A court said so.")
    page_cache.serial_memory.forget()
    assert get()[0] == "410 Gone"
    assert b"Force of Kosovo" not in get()[2]


def test_a_page_that_lasts_names_the_serial_that_is_public_now(asked):
    before = get()[1]["ETag"]
    published(MissionFactory())
    page_cache.serial_memory.forget()
    published(MissionFactory(slug="other"))
    page_cache.serial_memory.forget()
    after = get()[1]["ETag"]
    assert before != after == get()[1]["ETag"]


def test_once_a_second_a_request_goes_the_long_way_and_asks_for_the_serial(asked, settings):
    get()
    settings.SERIAL_REMEMBERED = 0
    get()
    assert len(asked) == 2


def test_each_answer_has_its_line_in_the_log(caplog, settings):
    settings.LOG_REQUESTS = True
    with caplog.at_level("INFO", logger="kosovo_peace.logs.requests"):
        get()
        get()
    first, second = ({name: getattr(line, name) for name in ("method", "path", "status")} for line in caplog.records)
    assert first == second == {"method": "GET", "path": KFOR, "status": 200}


def test_what_cannot_be_kept_is_never_answered_again(asked):
    for path in ("/corrections/new/?record=kfor", "/admin/login/", "/healthz", "/missions/nothing/"):
        before = len(asked)
        get(path)
        get(path)
        assert len(asked) == before + 2, path
    assert again.answer_again(RequestFactory().get("/livez").environ, lambda *start: None) is None
