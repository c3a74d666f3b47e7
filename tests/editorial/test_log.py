"""The logs: who did what, and every change of state; who sees them, their filters, their export."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial import workflow
from editorial.admin.export import cell
from editorial.models import Edition, Editor
from tests.admin_forms import at_work
from tests.factories import MissionFactory, author, managing_editor, next_edition, published, reviewer, superuser

pytestmark = pytest.mark.django_db
DEEDS = "/admin/admin/logentry/"
MOVES = "/admin/editorial/transition/"
EXPORT = f"{DEEDS}export/"


def deed(by: Editor, words: str = "Submit for review.", *, name: str = "KFOR", **fields) -> LogEntry:
    values = {
        "user": by,
        "content_type": ContentType.objects.get_for_model(Edition),
        "object_id": "1",
        "object_repr": name,
        "action_flag": CHANGE,
        "change_message": words,
    }
    return LogEntry.objects.create(**values | fields)


def rows(response) -> list[dict[str, str]]:
    """What a spreadsheet makes of an exported file."""
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def names(response) -> list[str]:
    assert response.status_code == 200
    return [entry.object_repr for entry in response.context["cl"].result_list]


# Who did what


def test_the_log_says_who_did_what_and_leads_there():
    ana, dua = author(public_name="Ana"), managing_editor()
    edition = MissionFactory(by=ana, title="Kosovo Force")
    client = at_work(ana)
    address = reverse("admin:missions_mission_do", args=[edition.pk, "submit"])
    client.post(address, {})
    page = at_work(dua).get(DEEDS).text
    assert "Submit for review." in page
    assert "Ana" in page
    assert f'<a href="{reverse("admin:missions_mission_change", args=[edition.pk])}">Kosovo Force</a>' in page


def test_what_was_tried_in_vain_is_logged_and_can_be_looked_for_alone():
    ana, dua = author(), managing_editor()
    edition = MissionFactory(by=ana, title="Tried")
    at_work(ana).post(reverse("admin:missions_mission_do", args=[edition.pk, "publish"]), {"shown": 0})
    deed(ana, "Done.", name="Done")
    found = names(at_work(dua).get(f"{DEEDS}?refused=only"))
    assert found == ["Tried"]
    assert len(names(at_work(dua).get(DEEDS))) == 2


def test_an_editor_sees_own_deeds_and_a_managing_editor_those_of_all():
    ana, ben, dua = author(), author(), managing_editor()
    deed(ana, name="Ana's")
    deed(ben, name="Ben's")
    assert names(at_work(ana).get(DEEDS)) == ["Ana's"]
    assert names(at_work(ana).get(f"{DEEDS}?user__id__exact={ben.pk}")) == []
    assert [row["What"] for row in rows(at_work(ana).get(EXPORT))] == ["Ana's"]
    bens = LogEntry.objects.get(user=ben)
    assert at_work(ana).get(f"{DEEDS}{bens.pk}/change/").status_code == 302
    assert set(names(at_work(dua).get(DEEDS))) == {"Ana's", "Ben's"}
    assert names(at_work(dua).get(f"{DEEDS}?user__id__exact={ben.pk}")) == ["Ben's"]
    outsider = Editor.objects.create(username="outsider", is_staff=True)
    assert at_work(outsider).get(DEEDS).status_code == 403
    assert at_work(outsider).get(EXPORT).status_code == 403
    assert Client().get(EXPORT).status_code == 302


def test_nobody_writes_in_the_log():
    root = superuser()
    entry = deed(root)
    client = at_work(root)
    assert client.get(f"{DEEDS}add/").status_code == 403
    assert client.post(f"{DEEDS}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{DEEDS}{entry.pk}/change/", {"change_message": "Other"}).status_code == 403
    assert client.post(EXPORT).status_code == 405
    assert LogEntry.objects.get().change_message == "Submit for review."


def test_the_log_is_filtered_by_kind_action_and_date_and_searched():
    dua = managing_editor()
    deed(dua, name="An edition")
    deed(dua, name="An editor", content_type=ContentType.objects.get_for_model(Editor), action_flag=1)
    old = timezone.make_aware(timezone.datetime(2020, 5, 3))
    deed(dua, name="Of long ago", action_time=old)
    client = at_work(dua)
    assert names(client.get(f"{DEEDS}?kind=editorial.editor")) == ["An editor"]
    assert ">editor</a>" in client.get(DEEDS).text
    assert names(client.get(f"{DEEDS}?action_flag__exact=1")) == ["An editor"]
    assert names(client.get(f"{DEEDS}?action_time__year=2020&action_time__month=5")) == ["Of long ago"]
    assert names(client.get(f"{DEEDS}?q=long+ago")) == ["Of long ago"]


def test_the_moves_of_texts_are_for_every_editor_to_see_filter_and_export():
    ana, cem = author(public_name="Ana"), reviewer(public_name="Cem")
    first = published(MissionFactory(by=ana, title="Kosovo Force", slug="kfor"), by=cem)
    workflow.submit(MissionFactory(title="Another"), by=Editor.objects.get(editions_started__title="Another"))
    client = at_work(author())
    page = client.get(f"{MOVES}?by__id__exact={cem.pk}")
    assert [move.to_state for move in page.context["cl"].result_list] == ["published"]
    exported = rows(client.get(f"{MOVES}export/?by__id__exact={cem.pk}"))
    assert [(row["Title"], row["Record"], row["Edition"], row["To"], row["Who"]) for row in exported] == [
        ("Kosovo Force", "kfor", "1", "published", "Cem")
    ]
    assert exported[0]["When"].startswith(f"{timezone.localtime(first.published_at):%Y-%m-%d}")
    assert len(rows(client.get(f"{MOVES}export/"))) == 3


# The export


def test_the_export_has_all_pages_of_what_the_filters_leave():
    ana, dua = author(), managing_editor()
    for number in range(120):
        deed(ana, name=f"Thing {number}")
    deed(dua, name="Other")
    client = at_work(dua)
    response = client.get(f"{EXPORT}?user__id__exact={ana.pk}&q=thing")
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="logentry-')
    exported = rows(response)
    assert len(exported) == 120
    assert {row["Log-in name"] for row in exported} == {ana.username}
    listed = client.get(f"{DEEDS}?user__id__exact={ana.pk}&q=thing").text
    assert f"{EXPORT}?user__id__exact={ana.pk}&amp;q=thing" in listed


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_taken_for_a_formula(begin):
    dua = managing_editor()
    deed(dua, f"{begin}cmd|' /C calc'!A0", name=f"{begin}1+1")
    exported = rows(at_work(dua).get(EXPORT))[0]
    assert exported["What"] == f"'{begin}1+1"
    assert exported["In words"].startswith(f"'{begin}")


def test_a_cell_is_as_it_was_otherwise():
    assert [cell(value) for value in ("Gjakovë = Đakovica", None, 5, 'a\nb,"c"', "")] == [
        "Gjakovë = Đakovica",
        "",
        "5",
        'a\nb,"c"',
        "",
    ]


def test_letters_of_all_languages_arrive():
    dua = managing_editor(public_name="Дуа Çë")
    deed(dua, name="Ђаковица / Gjakovë")
    exported = rows(at_work(dua).get(EXPORT))[0]
    assert (exported["Who"], exported["What"]) == ("Дуа Çë", "Ђаковица / Gjakovë")


NONSENSE = [
    "action_time__year=99999999999999999999",
    "action_time__year=9999",
    "action_time__year=1",
    "action_time__year=nonsense",
    "action_time__year=2024&action_time__month=99",
    "action_time__year=2024&action_time__month=1&action_time__day=999999999999999999999",
    "action_time__year=2024&action_time__month=99999999999999999999",
    "action_time__gte=nonsense",
    "user__id__exact=nonsense",
    "user__id__exact=99999999999999999999999",
    "content_type__id__exact=x",
    "kind=x.y",
    "action_flag__exact=x",
    "nonsense=1",
    "user__password__startswith=a",
    "q=" + "x" * 3000,
    "p=nonsense",
]


def test_nonsense_in_the_address_of_a_log_is_no_accident():
    dua = managing_editor()
    deed(dua)
    client = at_work(dua)
    for query in NONSENSE:
        for address in (DEEDS, EXPORT):
            assert client.get(f"{address}?{query}").status_code in (200, 302, 400), (address, query[:60])
        for address in (MOVES, f"{MOVES}export/"):
            moved = query.replace("action_time", "at")
            assert client.get(f"{address}?{moved}").status_code in (200, 302, 400), (address, moved[:60])


def test_a_longer_log_needs_no_more_queries():
    dua = managing_editor()
    client = at_work(dua)

    def fill() -> None:
        edition = published(MissionFactory())
        next_edition(edition.record)
        deed(author(), object_id=edition.pk)
        deed(dua, content_type=ContentType.objects.get_for_model(Editor))

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            if response.streaming:
                list(response.streaming_content)
        return len(captured)

    addresses = [DEEDS, EXPORT, MOVES, f"{MOVES}export/"]
    fill()
    for address in addresses:
        queries(address)
    few = [queries(address) for address in addresses]
    fill()
    fill()
    assert [queries(address) for address in addresses] == few
