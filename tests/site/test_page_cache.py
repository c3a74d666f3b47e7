"""Whole pages kept until the serial moves: never a moment longer than that, and for everybody the same."""

from __future__ import annotations

import datetime
import gzip
import re
import time
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import brotli
import pytest
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError, connection
from django.http import HttpResponse, QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from editorial import workflow
from editorial.models import PublicSerial
from kosovo_peace import page_cache
from kosovo_peace.redis_cache import ForgivingRedisCache
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    managing_editor,
    next_edition,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db

KFOR = "/missions/kfor/"


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def tick(self, seconds):
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(kept_pages, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(page_cache.serial, "clock", clock)
    return clock


@pytest.fixture
def kfor():
    return published(MissionFactory(slug="kfor", title="Kosovo Force"))


def queries(client, *args, **kwargs):
    """The response, and how many queries it took."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(*args, **kwargs)
    return response, len(captured)


def said(response):
    """The headers of an answer, without the name of this one request."""
    return {name: value for name, value in response.items() if name != "X-Request-ID"}


# What a hit costs and says


def test_a_kept_page_costs_one_query_for_the_serial_and_within_a_second_none(client, kfor, clock):
    first, cost = queries(client, KFOR)
    assert cost > 1
    assert queries(client, KFOR)[1] == 0
    clock.tick(1.01)
    second, cost = queries(client, KFOR)

    assert cost == 1
    assert second.content == first.content
    assert said(second) == said(first)


def test_a_kept_page_carries_all_headers_of_safety(client, kfor):
    client.get(KFOR)
    page, cost = queries(client, KFOR)

    assert cost == 0
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert page["Cache-Control"] == "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=3600"
    assert page["Vary"] == "Accept-Encoding"
    assert not page.cookies


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_bodies_are_compressed_as_the_browser_accepts(client, kfor, encoding):
    plain = client.get(KFOR)
    packed = client.get(KFOR, HTTP_ACCEPT_ENCODING=f"deflate, {encoding};q=0.5")

    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == encoding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}[encoding]
    assert unpack(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2


def test_an_encoding_that_is_refused_is_not_used(client, kfor):
    assert not client.get(KFOR, HTTP_ACCEPT_ENCODING="br;q=0, gzip; q=0.0").has_header("Content-Encoding")


def test_an_unchanged_page_is_answered_304_without_a_body(client, kfor):
    etag = client.get(KFOR)["ETag"]
    assert etag.startswith('W/"')
    for known in (etag, etag.removeprefix("W/"), f'"other", {etag}'):
        response = client.get(KFOR, HTTP_IF_NONE_MATCH=known, HTTP_ACCEPT_ENCODING="br")
        assert response.status_code == 304
        assert response.content == b""
        assert response["ETag"] == etag
    assert client.get(KFOR, HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_head_says_what_get_says(client, kfor):
    head = client.head(KFOR)
    assert (head.status_code, head.content) == (200, b"")
    get, cost = queries(client, KFOR)
    assert cost == 0
    assert head["ETag"] == get["ETag"]


# When what is kept goes


def test_a_publication_makes_every_kept_page_stale(client, kfor, clock):
    other = published(MissionFactory(slug="other"))
    for address in (KFOR, "/missions/", "/missions/other/"):
        client.get(address)
    etag = client.get(KFOR)["ETag"]
    published(next_edition(kfor.record, title="Kosovo Force, renamed"))
    clock.tick(1.01)

    assert "Kosovo Force, renamed" in client.get(KFOR, HTTP_IF_NONE_MATCH=etag).text
    assert "Kosovo Force, renamed" in client.get("/missions/").text
    assert queries(client, other.record.get_absolute_url())[1] > 0


@pytest.mark.parametrize("removal", [workflow.withdraw, workflow.suppress])
def test_what_is_withdrawn_or_removed_is_gone_from_what_is_kept(client, kfor, clock, removal):
    assert "A force came." in client.get(KFOR).text
    removal(kfor, by=managing_editor(), reason="A reason.")
    clock.tick(1.01)
    page = client.get(KFOR, HTTP_ACCEPT_ENCODING="br, gzip")

    assert "A reason." in client.get(KFOR).text
    assert page.status_code == (410 if removal is workflow.suppress else 200)
    if removal is workflow.suppress:
        assert "A force came." not in client.get(KFOR).text
    assert "Kosovo Force" not in re.sub(r"(?s).*<main", "", client.get("/missions/").text)


def test_the_serial_is_read_before_the_page_so_that_a_page_is_never_older_than_its_key(client, kfor, clock):
    """A publication while a page is made leaves the new page under the old key, never the reverse."""
    before = page_cache.serial_memory.now()
    published(next_edition(kfor.record, title="Newer"))
    assert "Newer" in client.get(KFOR).text
    assert client.get(KFOR)["ETag"].startswith(f'W/"{before}-')
    clock.tick(1.01)
    assert client.get(KFOR)["ETag"].startswith(f'W/"{PublicSerial.now()}-')


def test_the_serial_a_process_knows_never_goes_back(clock, monkeypatch):
    monkeypatch.setattr(PublicSerial, "now", lambda: 7)
    assert page_cache.serial_memory.now() == 7
    clock.tick(2)
    monkeypatch.setattr(PublicSerial, "now", lambda: 5)
    assert page_cache.serial_memory.now() == 7


def test_where_a_proxy_keeps_pages_the_serial_is_asked_each_time_and_a_database_that_is_away_is_left_alone_for_a_second(
    clock, monkeypatch, settings
):
    settings.SERIAL_REMEMBERED = 0
    asked = []

    def ask():
        asked.append(clock())
        if clock() >= 2000:
            raise OperationalError
        return len(asked)

    monkeypatch.setattr(PublicSerial, "now", ask)
    for seconds in (0, 0.01, 0.01, 1000, 0.01, 0.5, 0.6):
        clock.tick(seconds)
        page_cache.serial_memory.now()
    assert [round(at, 2) for at in asked] == [1000, 1000.01, 1000.02, 2000.02, 2001.13]
    assert page_cache.serial_memory.now() == 3


def test_a_new_day_makes_kept_pages_stale(client, kfor, monkeypatch):
    etag = client.get(KFOR)["ETag"]
    midnight = timezone.now().astimezone(ZoneInfo("Europe/Belgrade")) + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: midnight)
    page, cost = queries(client, KFOR, HTTP_IF_NONE_MATCH=etag)

    assert cost > 0
    assert page.status_code == 200
    assert page["ETag"] != etag


def test_kept_pages_outlive_a_database_that_is_away_for_a_while(client, kfor, clock, monkeypatch):
    client.get(KFOR)

    def away():
        raise OperationalError

    monkeypatch.setattr(PublicSerial, "now", away)
    clock.tick(60)
    assert queries(client, KFOR)[1] == 0
    clock.tick(3601)
    assert queries(client, KFOR)[1] > 0


# What passes by


def test_what_is_no_public_page_is_not_kept(client, kfor):
    for address in ("/admin/login/", "/corrections/", "/healthz", "/missions/unknown/", "/unknown/"):
        client.get(address)
    client.post(KFOR)
    client.post("/corrections/new/", {"message": "m"})
    assert not page_cache.memory.pages


def test_editors_pass_by_and_leave_nothing_behind(client, kfor):
    client.get(KFOR)
    client.force_login(reviewer())
    page, cost = queries(client, KFOR)

    assert cost > 1
    assert "private" in page["Cache-Control"]
    client.get("/missions/")
    assert len(page_cache.memory.pages) == 1


def test_unknown_parameters_neither_fill_what_is_kept_nor_show_in_it(client, kfor):
    client.get("/missions/")
    for number in range(5):
        page, cost = queries(client, f"/missions/?utm_source={number}&page=")
        assert cost == 0
    assert "utm_source" not in page.text
    assert len(page_cache.memory.pages) == 1


def test_known_parameters_are_kept_in_one_order(client, kfor):
    first = client.get("/missions/?page=1&q=force&x=1")
    second, cost = queries(client, "/missions/?q=force&page=1")
    assert cost == 0
    assert second.content == first.content


def test_an_address_without_declared_parameters_is_kept_only_without_any(client):
    assert client.get("/favicon.ico?x=1").status_code == 200
    assert not page_cache.memory.pages


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "x=%00", "q=" + "x" * 9000])
def test_bad_input_is_answered_400_and_not_kept(client, kfor, query):
    client.get("/missions/")
    assert client.get(f"/missions/?{query}").status_code == 400
    assert len(page_cache.memory.pages) == 1


@pytest.mark.parametrize("address", ["/missions/%00/", "/missions/%ff/", "/%00", "/api/v1/%00/"])
def test_addresses_that_are_no_text_are_answered_400_with_all_headers_of_safety(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert "default-src 'none'" in response["Content-Security-Policy"]
    if address.startswith("/api/"):
        assert response.json()["type"] == "client_error"


def test_a_renamed_record_is_led_on_from_what_is_kept(client, kfor):
    workflow.rename(kfor.record, "kosovo-force", by=managing_editor())
    assert client.get(KFOR).status_code == 301
    again, cost = queries(client, KFOR)
    assert (again.status_code, again["Location"], cost) == (301, "/missions/kosovo-force/", 0)


def test_answers_of_the_api_are_kept_by_what_was_accepted(client, kfor):
    json = client.get("/api/v1/missions/?page=1&page_size=5")
    again, cost = queries(client, "/api/v1/missions/?page_size=5&page=1")
    assert (again.content, cost) == (json.content, 0)
    assert {"Accept", "Accept-Encoding", "origin"} == set(again["Vary"].split(", "))
    other, cost = queries(client, "/api/v1/missions/?page=1&page_size=5", HTTP_ACCEPT="application/json")
    assert cost > 0
    assert other["ETag"] != json["ETag"]


def test_other_sites_may_read_what_is_kept(client, kfor):
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/missions/")
    response, cost = queries(client, "/api/v1/missions/", HTTP_ORIGIN="https://elsewhere.example")
    assert cost == 0
    assert response["Access-Control-Allow-Origin"] == "*"


def test_mistakes_asked_of_the_api_are_not_kept(client, kfor):
    for query in ("unknown=1", "page=x", "page=2"):
        assert client.get(f"/api/v1/missions/?{query}").status_code in (400, 404)
    assert not page_cache.memory.pages


# Memory, and the store machines share


def test_memory_is_bounded_and_the_least_used_goes_first(client, kfor, settings):
    client.get(KFOR)
    settings.PAGE_CACHE_BYTES = page_cache.memory.size * 9
    for number in range(30):
        client.get(f"/missions/?q=word{number}")
        client.get(KFOR)

    assert page_cache.memory.size <= settings.PAGE_CACHE_BYTES
    assert page_cache.memory.size == sum(kept.size for kept in page_cache.memory.pages.values())
    assert queries(client, KFOR)[1] == 0


def test_with_a_shared_store_another_process_finds_the_page(client, kfor, settings):
    settings.PAGE_CACHE_SHARED = True
    caches["pages"].clear()
    first = client.get(KFOR, HTTP_ACCEPT_ENCODING="br")
    page_cache.memory.clear()
    second, cost = queries(client, KFOR, HTTP_ACCEPT_ENCODING="br")

    assert cost <= 3, "only what the page is made from"
    assert (second.content, said(second)) == (first.content, said(first))
    caches["pages"].clear()


def test_a_record_of_which_nothing_has_changed_is_not_made_anew_when_something_else_is_published(client, kfor):
    before = client.get(KFOR)
    published(EventFactory(title="Elsewhere"))
    page_cache.serial_memory.forget()
    after, cost = queries(client, KFOR)
    assert cost <= 5, "the serial, and what the page is made from"
    assert after.content == before.content
    assert after["ETag"] != before["ETag"]
    event = EventFactory(title="One of its own")
    event.missions.add(kfor.record)
    published(event)
    page_cache.serial_memory.forget()
    assert "One of its own" in client.get(KFOR).content.decode()


def test_redis_that_is_away_is_a_cache_that_finds_nothing():
    redis = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    redis.set("a", 1)
    assert redis.get("a", "nothing") == "nothing"
    assert redis.add("a", 1) is False
    assert redis.get_many(["a"]) == {}
    redis.clear()


def test_a_page_many_want_at_once_is_made_once(rf, monkeypatch):
    monkeypatch.setattr(PublicSerial, "now", lambda: 1)
    made = []

    def slow_view(request):
        made.append(request.path)
        time.sleep(0.2)
        request.resolver_match = resolve("/missions/")
        return HttpResponse("page")

    answer = page_cache.keep_pages(slow_view)
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(answer, [rf.get("/missions/") for _ in range(8)]))

    assert made == ["/missions/"]
    assert {response.content for response in responses} == {b"page"}


@pytest.fixture
def shared_store(settings, monkeypatch):
    """A store as processes share it, empty at first; the serial is 1."""
    settings.PAGE_CACHE_SHARED = True
    monkeypatch.setattr(PublicSerial, "now", lambda: 1)
    caches["pages"].clear()
    yield page_cache.shared
    caches["pages"].clear()


@pytest.fixture
def made(rf, monkeypatch):
    """Asks for a page through the page cache; `made.pages` are those the view had to make."""

    def view(request):
        ask.pages.append(request.path)
        request.resolver_match = resolve("/missions/")
        return HttpResponse("made here")

    def ask():
        return answer(rf.get("/missions/"))

    answer, ask.pages = page_cache.keep_pages(view), []
    return ask


def this_page(rf):
    return (1, timezone.localdate()), page_cache.keys.key_of("GET", "http", "/missions/", rf.get("/missions/").META)


def test_a_page_that_another_process_is_making_is_waited_for(rf, shared_store, made):
    version, key = this_page(rf)
    token = shared_store.begin(version, key)
    assert token
    assert shared_store.begin(version, key) is None
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(made) for _ in range(3)]
        time.sleep(0.1)
        assert not any(one.done() for one in waiting)
        shared_store.put(version, key, page_cache.pages.Page(200, [("Cache-Control", "public")], {"": b"made there"}))
        shared_store.end(version, key, token)
        assert {one.result().content for one in waiting} == {b"made there"}
    assert made.pages == []


def test_a_process_that_dies_over_a_page_is_not_waited_for(rf, shared_store, made, monkeypatch):
    monkeypatch.setattr(shared_store, "MAKING_FOR", 0.2)
    assert shared_store.begin(*this_page(rf))  # and is never heard of again
    assert made().content == b"made here"
    assert made.pages == ["/missions/"]


def test_who_took_too_long_does_not_end_the_turn_of_another(rf, shared_store, monkeypatch):
    version, key = this_page(rf)
    monkeypatch.setattr(shared_store, "MAKING_FOR", 0.01)
    slow = shared_store.begin(version, key)
    time.sleep(0.02)
    monkeypatch.undo()
    assert shared_store.begin(version, key)
    shared_store.end(version, key, slow)
    assert shared_store.is_being_made(version, key)


def test_without_the_shared_store_each_process_makes_its_pages(made, shared_store, settings, monkeypatch):
    away = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(shared_store, "caches", {"pages": away})
    assert made().content == b"made here"
    assert made().content == b"made here"
    assert made.pages == ["/missions/"]


# Every public page can be kept


class Recording(QueryDict):
    """A query string that remembers which parameters a view asked for."""

    asked: set[str] = set()

    def get(self, key, default=None):
        self.asked.add(key)
        return super().get(key, default)

    def getlist(self, key, default=None):
        self.asked.add(key)
        return super().getlist(key, default)

    def __getitem__(self, key):
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self.asked.add(key)
        return super().__contains__(key)


@pytest.fixture
def public_addresses(kfor):
    source = SourceFactory(key="report")
    draft = next_edition(kfor.record)
    CitationFactory(edition=draft, key="r", source=source)
    FigureFactory(edition=draft, key="strength", fact="strength-1999")
    published(draft)
    published(EventFactory(slug="entry"))
    published(ArticleFactory(slug="question"))
    return [
        "/", "/missions/", "/events/", "/articles/", KFOR, "/events/entry/", "/articles/question/",
        f"{KFOR}figures/", f"{KFOR}figures/strength-1999/", f"{KFOR}editions/", f"{KFOR}editions/1/",
        f"{KFOR}editions/1..2/", f"{KFOR}editions/1.json", f"{KFOR}cite.bib",
        "/organisations/", "/sources/", "/sources/report/", "/disagreements/", "/definitions/", "/changes/", "/search/",
        "/changes/feed/", "/sitemap.xml", "/robots.txt", "/about/", "/about/method/", "/about/quality/",
    ]  # fmt: skip


def test_every_public_page_is_kept_and_depends_on_no_cookie(client, public_addresses):
    for address in public_addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert "csrfmiddlewaretoken" not in response.text, address
        assert queries(client, address)[1] == 0, address


def test_views_ask_for_no_parameter_that_the_page_cache_does_not_know(client, public_addresses, settings, monkeypatch):
    settings.PAGE_CACHE = False
    # It asks for one of every address, behind the page cache: what an address does not know has been taken away there.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith(".limit_reading")]
    monkeypatch.setattr(WSGIRequest, "GET", property(lambda request: Recording(request.META.get("QUERY_STRING", ""))))
    for address in public_addresses:
        Recording.asked = set()
        client.get(address)
        known = page_cache.KNOWN[resolve(address).url_name]
        assert Recording.asked <= known, address
