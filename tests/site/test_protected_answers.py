"""What stands on every answer, whom the site believes, and how often one reader is answered."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils import timezone

from editorial import limits
from kosovo_peace import reading_limits
from kosovo_peace.middleware import REFUSAL, Refusal
from tests.factories import MissionFactory, published

pytestmark = pytest.mark.django_db

PROTECTING = {
    "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Content-Security-Policy",
    "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Strict-Transport-Security",
}  # fmt: skip


def test_every_answer_protects_readers_whatever_gives_it(client, kept_pages, settings):
    settings.SECURE_HSTS_SECONDS = 3600
    published(MissionFactory(slug="kfor"))
    asked = {
        "/": 200, "/missions/kfor/": 200, "/missions/kfor": 301, "/nothing/": 404, "/?a=%00": 400, "/livez": 200,
        "/api/v1/missions/": 200, "/api/v1/nothing/": 404, "/api/v1/missions/?x=1": 400, "/api/docs/": 200,
        "/changes/feed/": 200, "/data/": 200, "/favicon.ico": 200, "/admin/": 302,
        "/accounts/login/": 200, "/corrections/mine/x/": 404, "/.well-known/security.txt": 200,
    }  # fmt: skip
    for address, status in asked.items():
        for _ in ("made", "kept"):
            response = client.get(address, secure=True)
            assert response.status_code == status, address
            assert set(response.headers) >= PROTECTING, (address, PROTECTING - set(response.headers))
        if response["Content-Type"].startswith("text/html"):
            assert "script-src 'self'" in response["Content-Security-Policy"], address
            assert "unsafe" not in response["Content-Security-Policy"], address
    wrong_host = client.get("/", secure=True, HTTP_HOST="evil.example")
    refused = client.get("/", secure=True, **{REFUSAL: Refusal(413, "Too large.")})
    asked_before = client.options("/api/v1/missions/", HTTP_ORIGIN="https://example.org",
                                  HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET", secure=True)  # fmt: skip
    for response, status in ((wrong_host, 400), (refused, 413), (asked_before, 200)):
        assert response.status_code == status
        assert set(response.headers) >= PROTECTING
    assert asked_before["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert wrong_host["Cross-Origin-Resource-Policy"] == "same-origin"


def test_an_unchanged_page_says_nothing_that_would_replace_what_the_browser_keeps(client, kept_pages):
    etag = client.get("/")["ETag"]
    unchanged = client.get("/", headers={"if-none-match": etag})
    assert unchanged.status_code == 304
    assert "Content-Security-Policy" not in unchanged


def test_plain_http_is_sent_on_to_https_and_only_a_trusted_proxy_can_say_that_it_was_https(client, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 3600
    said = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "198.51.100.9"}

    forged = client.get("/about/", REMOTE_ADDR="203.0.113.1", **said)
    assert (forged.status_code, forged["Location"]) == (301, "https://testserver/about/")
    settings.TRUSTED_PROXIES = ["203.0.113.0/28"]
    told = client.get("/about/", REMOTE_ADDR="203.0.113.1", **said)
    assert (told.status_code, told["Strict-Transport-Security"]) == (200, "max-age=3600")
    assert client.get("/about/", REMOTE_ADDR="203.0.113.77", **said).status_code == 301


def test_an_address_is_taken_from_the_end_of_what_proxies_say_and_nonsense_is_no_address(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "fd00::/8"]

    def address(peer, said):
        return limits.client_address(RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=said))

    assert address("10.0.0.1", "1.1.1.1, 198.51.100.9, 10.0.0.7") == "198.51.100.9"
    assert address("fd00::1", "1.1.1.1, ::ffff:198.51.100.9") == "::ffff:198.51.100.9"
    assert limits.hashed("::ffff:198.51.100.9") == limits.hashed("198.51.100.9")
    for nonsense in ("", "unknown", "198.51.100.9\r\nX: y", "127.0.0.1:80", "<script>", "1" * 10_000):
        assert address("10.0.0.1", nonsense) == "10.0.0.1"
    assert address("203.0.113.1", "198.51.100.9") == "203.0.113.1"


def test_who_asks_for_too_much_is_told_when_to_come_back_and_keeps_what_was_typed(
    client, settings, kept_pages, monkeypatch
):
    now = 1000.0
    monkeypatch.setattr(reading_limits, "clock", lambda: now)
    settings.SEARCHES_PER_MINUTE, settings.WEB_WORKERS = 2, 1
    reading_limits.buckets.forget()
    asked = ["/search/?q=one", "/events/?q=two", "/search/?q=three"]
    assert [client.get(address).status_code for address in asked] == [200, 200, 429]

    refused = client.get("/search/?q=%3Cb%3Ethree&kind=event")
    assert (refused["Retry-After"], refused["Cache-Control"]) == ("31", "no-store")
    assert 'href="/search/?kind=event&amp;q=%3Cb%3Ethree"' in refused.text
    for free in ("/search/?q=one", "/search/?q=", "/events/", "/api/v1/search/?q=four", "/missions/"):
        assert client.get(free).status_code == 200, free
    assert client.get("/search/?q=four", REMOTE_ADDR="192.0.2.7").status_code == 200
    now += 30
    assert client.get("/search/?q=three").status_code == 200
    settings.PAGES_PER_MINUTE = 2
    days = [f"/missions/?active_on=1999-06-{day}" for day in (12, 13, 14, 12)]  # each is made for itself, once
    assert [client.get(address).status_code for address in days] == [200, 200, 429, 200]
    assert client.get("/livez").status_code == 200
    reading_limits.buckets.forget()


def test_a_hole_can_be_told_of_and_the_file_says_until_when_it_holds(client, settings):
    settings.SECURITY_CONTACT = ["mailto:security@example.org", "https://example.org/holes"]
    settings.SECURITY_EXPIRES = "2027-06-30"
    lines = client.get("/.well-known/security.txt").text.splitlines()
    assert lines[:3] == [
        "Contact: mailto:security@example.org",
        "Contact: https://example.org/holes",
        "Expires: 2027-06-30T00:00:00Z",
    ]
    settings.SECURITY_EXPIRES = ""
    expires = client.get("/.well-known/security.txt").text.split("Expires: ")[1][:10]
    assert 150 < (timezone.datetime.fromisoformat(expires).date() - timezone.localdate()).days < 190
