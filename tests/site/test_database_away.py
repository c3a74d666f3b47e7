"""A database that does not answer: 503 and when to try again, and nothing that was typed is lost."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(monkeypatch, client):
    def cursor(self):
        raise OperationalError("connection to server at 10.0.0.3 failed: canary")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", cursor)
    client.raise_request_exception = False
    return client


def test_a_reader_is_asked_to_come_back(away):
    response = away.get("/missions/kfor/?on=2024-01-01&x=<b>")
    text = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "no-store" in response["Cache-Control"]
    assert "<h1>The record cannot be reached at this moment</h1>" in text
    assert 'href="/missions/kfor/?on=2024-01-01&amp;x=%3Cb%3E"' in text
    assert "canary" not in text


def test_a_program_gets_the_shape_of_all_errors(away):
    for address in ("/api/v1/missions/", "/api/v1/missions/kfor/"):
        response = away.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "30")
        assert response.json()["type"] == "server_error"
        assert [error["code"] for error in response.json()["errors"]] == ["unavailable"]
        assert "canary" not in response.content.decode()


def test_what_a_reader_reported_is_shown_to_be_sent_again(away):
    sent = {"record": "mission/kfor", "message": "The figure of <June> is wrong.", "name": "Ana"}
    response = away.post("/corrections/new/", sent)
    text = response.content.decode()
    assert response.status_code == 503
    assert "The figure of &lt;June&gt; is wrong." in text
    assert "the second one does no harm" in text


def test_what_an_editor_sent_is_shown_and_no_password(away):
    away.cookies["sessionid"] = "0123456789abcdefghijklmnopqrstuv"
    response = away.post("/admin/missions/mission/add/", {"title": "A long text", "password": "canary-2", "_save": "1"})
    assert response.status_code == 503
    assert "A long text" in response.content.decode()
    assert "canary" not in response.content.decode()
