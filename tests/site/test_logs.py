"""The log: a line for each request, under its number, with nothing of who asked."""

from __future__ import annotations

import io
import json
import logging
import re
import sys

import pytest
from django.db import OperationalError

from kosovo_peace.logs.formats import JsonLines, Lines, request_id

HELD = 'Failing row contains (7, Ana,\nana@example.org, "my words").'


@pytest.fixture
def lines(settings):
    """The lines of requests, as servers write them."""
    settings.LOG_REQUESTS = True
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("kosovo_peace.logs.requests")
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(handler)


def record(message="Done.", *args, error=None, **extra):
    exc_info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("kosovo_peace", logging.WARNING, __file__, 1, message, args, exc_info)
    made.__dict__.update(extra)
    return made


def raised(error):
    try:
        raise error
    except type(error):
        caught = sys.exc_info()[1]
        assert caught
        return caught


@pytest.mark.django_db
def test_each_request_has_one_line_without_who_asked_and_for_what(client, lines):
    response = client.get(
        "/definitions/?q=canary-word", HTTP_USER_AGENT="canary-agent", HTTP_COOKIE="a=canary", REMOTE_ADDR="192.0.2.77"
    )
    [line] = lines()
    assert (line["method"], line["path"], line["route"], line["status"]) == ("GET", "/definitions/", "definitions", 200)
    assert line["request_id"] == response["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", line["request_id"])
    assert line.keys() == {
        "time", "level", "logger", "message", "request_id", "method", "path", "route", "status", "ms"
    }  # fmt: skip
    assert "canary" not in str(line)
    assert "192.0.2.77" not in str(line)


def test_what_monitors_ask_has_no_line_while_all_is_well(client, lines):
    client.get("/livez")
    assert lines() == []


@pytest.mark.django_db
def test_a_page_that_is_kept_has_its_line_too(client, lines, kept_pages):
    numbers = {client.get("/definitions/")["X-Request-ID"] for _ in range(2)}
    assert [line["status"] for line in lines()] == [200, 200]
    assert {line["request_id"] for line in lines()} == numbers
    assert len(numbers) == 2


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        (["127.0.0.1"], "abcd-1234", True),
        ([], "abcd-1234", False),
        (["127.0.0.1"], 'x"} {"forged": 1', False),
        (["127.0.0.1"], "a" * 65, False),
    ],
)
def test_the_number_of_a_request_is_a_trusted_proxys_or_our_own(client, settings, proxies, given, taken):
    settings.TRUSTED_PROXIES = proxies
    assert (client.get("/livez", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given) is taken


def test_no_address_can_write_a_line_of_its_own(client, lines):
    client.get("/livez%0a%7b%22level%22:%22error%22%7d%1b[2J")
    [line] = lines()
    assert "\n" in line["path"]
    shown = Lines().format(record(method="GET", path=line["path"], status=404, ms=1.0))
    assert "\n" not in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("formatter", [JsonLines(), Lines()])
def test_nothing_in_a_line_says_who_somebody_is(formatter):
    cause = raised(ValueError(f'null value in column "x"\nDETAIL:  {HELD}\n'))
    error = raised(RuntimeError("for bob@example.org"))
    error.__cause__ = cause
    text = formatter.format(
        record("Mail to %s failed at /corrections/mine/s3cret/ and /preview/s3cret/", "eve@example.org", error=error)
    )
    assert "RuntimeError" in text
    assert "null value in column" in text
    assert not re.search(r"\b(bob|ana|eve|Ana|my words|s3cret)\b", text)


@pytest.mark.parametrize("formatter", [JsonLines(), Lines()])
def test_an_entry_is_one_line_and_what_a_traceback_adds_to_it_is_indented(formatter):
    token = request_id.set("0123456789abcdef")
    text = formatter.format(record("one\n12:00:00 ERROR two", error=raised(ValueError("three\nfour\u202e"))))
    request_id.reset(token)
    first, *rest = text.splitlines()
    assert "one" in first
    assert "two" in first
    assert all(line.startswith("    ") for line in rest)
    if isinstance(formatter, JsonLines):
        assert rest == []
        assert json.loads(text)["request_id"] == "0123456789abcdef"
        assert json.loads(text)["traceback"].endswith("ValueError: three\nfour\u202e")


def test_a_database_that_is_away_is_told_in_its_words_alone():
    entry = json.loads(JsonLines().format(record(error=raised(OperationalError("connection refused\nIs it running?")))))
    assert entry["error"] == "OperationalError: connection refused Is it running?"
    assert not entry["traceback"]
