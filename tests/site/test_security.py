"""What an attacker would try: each of these was, or could have been, a hole."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial import amendments, workflow
from editorial.models import Edition, Editor
from editorial.roles import AUTHOR, MANAGING_EDITOR
from kosovo_peace.wsgi import application
from sources.bibliography import written_as
from sources.models import Source
from tests.factories import (
    EditorFactory,
    EventFactory,
    MissionFactory,
    SourceFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reviewer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connections_left_open")]

LOG_IN = "/accounts/login/"


# The charset of a request


def answer(address, **headers):
    """(status, body) of a GET as a web server hands it on."""
    path, _, query = address.partition("?")
    environ = RequestFactory().get(path, **headers).environ | {"QUERY_STRING": query, **headers}
    told = []
    body = b"".join(application(environ, lambda status, headers: told.append(status)))
    return int(told[0].split()[0]), body


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16", "cp037", "hex", "undefined"])
def test_the_page_kept_for_an_address_is_its_own_whatever_charset_the_first_to_ask_names(kept_pages, charset):
    published(EventFactory(title="Entry of the force"))
    address = "/events/?q=nosuchxx"  # eight bytes: in UTF-16, four signs that are no parameter
    first = answer(address, CONTENT_TYPE=f"text/plain; charset={charset}")
    assert first[0] == 200
    assert b"Entry of the force" not in first[1]
    assert first == answer(address)


def test_a_form_sent_in_an_impossible_charset_is_read_as_utf8():
    published(MissionFactory(slug="kfor"))
    sent = urlencode({"record": "mission/kfor", "message": ""}).encode()
    environ = RequestFactory().post("/corrections/new/").environ | {
        "CONTENT_TYPE": "multipart/form-data; boundary=x; charset=undefined",
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.input": io.BytesIO(sent),
    }
    told = []
    application(environ, lambda status, headers: told.append(status))
    assert told[0].startswith(("400", "422"))


def test_a_report_whose_length_is_no_number_is_refused_like_an_empty_one(client):
    for length in ("abc", "²", "-1"):
        response = client.post("/api/v1/corrections/", b"{}", content_type="application/json", CONTENT_LENGTH=length)
        assert response.status_code == 400


# Log-in (more in test_log_in.py)


@pytest.mark.parametrize("cookie", [r'sessionid="aaaaaaaaaaaa\000b"', r'csrftoken="a\000b"', r'messages="a\000b"'])
def test_a_cookie_that_holds_a_nul_is_no_cookie(client, cookie):
    for address in ("/", "/admin/", LOG_IN):
        assert client.get(address, HTTP_COOKIE=cookie).status_code in (200, 302)


# Roles


def test_a_managing_editor_makes_no_superuser_and_changes_none(client):
    root = EditorFactory(is_superuser=True)
    ana = author()
    client.force_login(managing_editor())
    page = reverse("admin:editorial_editor_change", args=[ana.pk])
    sent = {
        "username": ana.username, "is_active": "on", "is_staff": "on", "is_superuser": "on",
        "role": Group.objects.get(name=AUTHOR).pk, "user_permissions": ["1"],
    }  # fmt: skip
    assert client.post(page, sent).status_code == 302
    ana.refresh_from_db()
    assert not ana.is_superuser
    assert not ana.user_permissions.exists()
    assert client.post(reverse("admin:editorial_editor_change", args=[root.pk]), sent).status_code == 403
    new = {"password1": "another long pass phrase", "password2": "another long pass phrase"}
    assert client.post(reverse("admin:auth_user_password_change", args=[root.pk]), new).status_code == 403


def test_an_author_changes_neither_editors_nor_roles_and_sees_no_password(client):
    ana = author()
    other = EditorFactory(role=MANAGING_EDITOR)
    client.force_login(ana)
    page = client.get(reverse("admin:editorial_editor_change", args=[other.pk]))
    assert other.password not in page.content.decode()
    for address in (
        reverse("admin:editorial_editor_change", args=[ana.pk]),
        reverse("admin:editorial_editor_add"),
        reverse("admin:auth_user_password_change", args=[other.pk]),
        reverse("admin:auth_group_changelist"),
        reverse("admin:auth_group_change", args=[Group.objects.get(name=AUTHOR).pk]),
    ):
        assert client.post(address, {"is_superuser": "on"}).status_code == 403, address
    assert not Editor.objects.filter(is_superuser=True).exists()


def test_no_workflow_action_is_done_by_get(client):
    draft = MissionFactory(by=(ana := author()))
    client.force_login(ana)
    for action in ("submit", "discard"):
        client.get(reverse("admin:missions_mission_do", args=[draft.pk, action]))
    assert Edition.objects.get(pk=draft.pk).state == "draft"


@pytest.mark.django_db(transaction=True)
def test_a_post_to_a_page_that_only_shows_is_no_fault(client):
    """On PostgreSQL rows are locked in transactions only."""
    draft = MissionFactory(by=(ana := author()))
    client.force_login(ana)
    for page in ("history", "preview"):
        address = reverse(f"admin:missions_mission_{page}", args=[draft.pk])
        assert client.post(address).status_code in (200, 302)


# What was removed, and what is not public


def suppressed_mission():
    """A public record of two editions, the first removed for legal cause."""
    first = published(MissionFactory(slug="kfor", title="Defamed by Name"))
    second = next_edition(first.record, title="Kosovo Force", change_note="No longer says Secret Accusation.")
    published(second)
    third = published(next_edition(first.record, title="Kosovo Force", change_note="A slip."))
    for edition in (first, second):
        workflow.suppress(Edition.objects.get(pk=edition.pk), by=managing_editor(), reason="A court order.")
    return third


def test_title_and_note_of_an_edition_removed_for_legal_cause_are_nowhere_in_public(client):
    suppressed_mission()
    for address in (
        "/", "/changes/", "/changes/feed/", "/api/v1/changes/", "/missions/kfor/", "/missions/kfor/editions/",
        "/api/v1/missions/kfor/editions/", "/missions/kfor/editions/1/", "/missions/kfor/editions/1..3/",
    ):  # fmt: skip
        text = client.get(address).content.decode()
        assert "Defamed" not in text, address
        assert "Secret Accusation" not in text, address
    assert "A court order." in client.get("/changes/").content.decode()


def test_the_history_of_a_record_removed_for_legal_cause_does_not_name_it(client):
    mission = published(MissionFactory(slug="kfor", title="Defamed by Name"))
    workflow.suppress(mission, by=managing_editor(), reason="A court order.")
    response = client.get("/missions/kfor/editions/")
    assert response.status_code == 200
    assert "Defamed" not in response.content.decode()


def amended(origin):
    source = published(MissionFactory()).citations.get().source
    changed = Source.objects.get(pk=source.pk)
    changed.origin, changed.note = origin, "It draws on another."
    amendments.confirm(amendments.propose(source, changed, by=author(), reason="Established."), by=reviewer())


def test_an_amendment_names_no_source_that_is_not_public(client):
    amended(SourceFactory(key="unseen-dossier"))
    answer = client.get("/api/v1/changes/?kind=amended").json()
    assert "unseen-dossier" not in json.dumps(answer)
    assert [row["field"] for row in answer["results"][0]["differences"]] == ["note"]


def test_an_amendment_names_a_public_source_at_a_constant_number_of_queries(client):
    origin = published(MissionFactory()).citations.get().source
    amended(origin)
    with CaptureQueriesContext(
        connection,
    ) as one:
        answer = client.get("/api/v1/changes/?kind=amended").json()
    differences = answer["results"][0]["differences"]
    assert {"field": "origin", "was": None, "now": origin.key} in differences
    for _ in range(3):
        amended(origin)
    with CaptureQueriesContext(connection) as four:
        client.get("/api/v1/changes/?kind=amended")
    assert len(four) == len(one)


def test_any_zone_of_iso_8601_is_a_time_for_the_database(client):
    for zone in ("+23:59", "-23:59"):
        assert client.get("/api/v1/missions/", {"updated_since": f"2026-01-01T00:00:00{zone}"}).status_code == 200


# Other formats


def test_a_pasted_control_character_does_not_break_the_feed(client):
    published(EventFactory(title="Entry\x0bof a\x1fforce", change_note="One\x0c\ufffftwo"))
    feed = client.get("/changes/feed/")
    assert feed.status_code == 200
    assert "Entry of a force" in ET.fromstring(feed.content).find(".//{*}entry/{*}title").text  # type: ignore[union-attr,operator]


def test_a_brace_in_a_title_does_not_end_its_bibtex_entry():
    text, _ = written_as("bib", [Source(key="k", type="book", title="A}}, note={x}}\n@misc{evil, title={{B")])
    depth, ended = 0, []
    for position, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)  # as BibTeX counts: those of an escape too
        if sign == "}" and depth == 0:
            ended.append(position)
    assert ended == [len(text.rstrip()) - 1]
    assert len(re.findall(r"^@", text, re.MULTILINE)) == 1
