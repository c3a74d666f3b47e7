"""The page that brings references into the library."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from editorial.models import Amendment
from sources.models import Source
from tests.admin_forms import at_work
from tests.factories import CitationFactory, EditorFactory, MissionFactory, SourceFactory, author, published

pytestmark = pytest.mark.django_db
IMPORT = "/admin/sources/source/import/"
LIST = "/admin/sources/source/"
EVERTS = "@book{everts2020, author={Everts, Daan}, title={{Peacekeeping in Albania and Kosovo}}, publisher={Tauris}}"


def look(client, text, **given):
    return client.post(IMPORT, {"text": text, "format": "", "standing": "scholarly"} | given)


def save(client, looked, **chosen):
    """Press the button at the end of the page, with what was chosen on it."""
    data = {name: looked.context[name] for name in ("signed", "digest")}
    return client.post(IMPORT, data | {name.replace("__", "-"): value for name, value in chosen.items()}, follow=True)


def test_the_list_of_sources_leads_to_it():
    assert f'href="{IMPORT}"' in at_work().get(LIST).text


def test_what_would_follow_is_shown_and_nothing_is_saved():
    page = look(at_work(), EVERTS)
    assert page.status_code == 200
    assert "Daan Everts, Peacekeeping in Albania and Kosovo (Tauris, no date)" in page.text
    assert "New (1)" in page.text
    assert not Source.objects.exists()


def test_on_confirmation_exactly_what_was_shown_is_saved_and_logged():
    ana = author()
    client = at_work(ana)
    page = save(client, look(client, EVERTS))
    assert page.redirect_chain[-1][0] == LIST
    assert "Imported: 1 new" in page.text
    source = Source.objects.get()
    assert (source.key, source.standing) == ("everts2020", "scholarly")
    assert source.history.get().history_user == ana
    entry = LogEntry.objects.get()
    assert (entry.user_id, entry.object_id, entry.change_message) == (ana.pk, str(source.pk), "Imported.")


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (EVERTS.encode(), "Peacekeeping in Albania and Kosovo"),
        (b"\xef\xbb\xbf" + EVERTS.replace(", ", ",\r\n").encode(), "Peacekeeping in Albania and Kosovo"),
        ("@book{x, title={Gjakovë}}".encode("cp1252"), "Gjakovë"),
        ("@book{x, title={Đakovica}}".encode("utf-16"), "Đakovica"),
        (b"@book{x, title={broken \x81 sign}}", "broken \ufffd sign"),
    ],
    ids=["utf-8", "mark and crlf", "windows", "utf-16", "broken"],
)
def test_a_file_is_read_whatever_its_encoding(content, title):
    client = at_work()
    page = look(client, "", file=SimpleUploadedFile("refs.bib", content))
    save(client, page)
    assert Source.objects.get().title == title


@pytest.mark.parametrize(
    ("text", "given", "words"),
    [
        ("", {}, "Paste references, or choose a file."),
        ("hello", {}, "neither BibTeX nor RIS nor CSL-JSON"),
        ("hello", {"format": "ris"}, "There is no RIS record"),
        ("hello", {"format": "docx"}, "Select a valid choice"),
        (EVERTS, {"standing": ""}, "This field is required"),
        (EVERTS, {"standing": "golden"}, "Select a valid choice"),
        ("@book{a\0}", {}, "Null characters are not allowed"),
        ("", {"file": SimpleUploadedFile("x.bib", b"\0" * 100)}, "it holds a NUL character"),
        ("", {"file": SimpleUploadedFile("x.bib", b"x" * (5 * 1024 * 1024 + 1))}, "This file is too large"),
        ("@a{" * 11_000, {"format": "bib"}, "more than 10000 entries"),
    ],
    ids=["nothing", "no format", "wrong format", "unknown", "no standing", "bad standing", "nul", "binary", "5 MB", "many"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_on_the_form_with_what_was_typed(text, given, words):
    page = look(at_work(), text, **given)
    assert page.status_code == 200
    assert words in page.text
    if len(text) < 100 and "\0" not in text:
        assert text in page.text
    assert not Source.objects.exists()


def test_bad_entries_are_named_with_line_and_reason():
    page = look(
        at_work(), f"{EVERTS}\n@book{{other, title={{T}}, url={{javascript:alert(1)}}}}\n@book{{<b>x</b>, title={{"
    )
    assert re.search(
        r"<td>2</td><th scope=\"row\">other</th><td>Its address “javascript:alert\(1\)”: Enter a valid URL", page.text
    )
    assert re.search(r"<td>3</td><th scope=\"row\">&lt;b&gt;x&lt;/b&gt;</th><td>It has no end", page.text)
    assert "<b>x" not in page.text


def test_new_entries_can_be_left_out():
    client = at_work()
    page = look(client, f"{EVERTS}\n@book{{other, title={{Another matter}}}}")
    save(client, page, do__1="leave")
    assert Source.objects.get().key == "other"


def test_changes_are_taken_over_field_by_field():
    source = SourceFactory(key="everts2020", title="Peacekeeping in Albania and Kosovo", type="book")
    client = at_work()
    page = look(client, EVERTS)
    assert "United Nations" in page.text
    assert "Tauris" in page.text
    save(client, page)
    source.refresh_from_db()
    assert source.publisher == "United Nations"

    save(client, look(client, EVERTS), **{f"take__1__{source.pk}": ["publisher"]})
    source.refresh_from_db()
    assert source.publisher == "Tauris"
    assert source.authors == [{"literal": "United Nations Secretary-General"}]


def test_a_source_that_readers_see_is_proposed_with_a_reason_and_without_one_nothing_chosen_is_lost():
    mission = MissionFactory()
    source = SourceFactory(key="everts2020", title="Peacekeeping in Albania and Kosovo", type="book")
    CitationFactory(edition=mission, source=source)
    published(mission)
    client = at_work()
    chosen = {f"take__1__{source.pk}": ["publisher"]}

    refused = save(client, look(client, EVERTS), **chosen)
    assert refused.status_code == 409
    assert "give the reason" in refused.text
    assert re.search(r'value="publisher"[^>]*checked', refused.text)
    assert not re.search(r'value="authors"[^>]*checked', refused.text)
    assert not Amendment.objects.exists()

    save(client, refused, reason="As printed.", **chosen)
    assert Amendment.objects.get().new_values == {"publisher": "Tauris"}
    source.refresh_from_db()
    assert source.publisher == "United Nations"


def test_a_suspected_duplicate_is_left_out_unless_something_else_is_chosen():
    source = SourceFactory(key="other", title="Peacekeeping in Albania and Kosovo", issued="")
    client = at_work()
    page = look(client, EVERTS)
    assert "Perhaps in the library already (1)" in page.text
    save(client, page)
    save(client, page, do__1="nonsense")
    save(client, page, do__1="999999")
    assert Source.objects.count() == 1

    save(client, page, **{"do__1": source.pk, f"take__1__{source.pk}": ["publisher"]})
    source.refresh_from_db()
    assert source.publisher == "Tauris"
    save(client, look(client, EVERTS), do__1="new")
    assert Source.objects.count() == 2


def test_when_the_library_changed_meanwhile_nothing_is_saved_and_what_follows_now_is_shown():
    client = at_work()
    page = look(client, f"{EVERTS}\n@book{{other, title={{Another matter}}}}")
    SourceFactory(key="third", title="Peacekeeping in Albania and Kosovo")

    again = save(client, page, do__2="leave")

    assert again.status_code == 409
    assert "The library has changed since" in again.text
    assert "Perhaps in the library already (1)" in again.text
    assert re.search(r'name="do-2" value="leave"[^>]*checked', again.text)
    assert Source.objects.count() == 1


def test_what_was_shown_to_another_or_changed_on_the_way_is_not_saved():
    page = look(at_work(), EVERTS)
    assert "not yours" in save(at_work(), page).text
    data = {"signed": page.context["signed"][:-3] + "abc", "digest": page.context["digest"]}
    assert at_work().post(IMPORT, data).status_code == 302
    assert not Source.objects.exists()


def test_only_those_who_may_add_sources_import():
    visitor = Client().get(IMPORT)
    assert visitor.status_code == 302
    stranger = EditorFactory()
    stranger.groups.clear()
    assert at_work(stranger).get(IMPORT).status_code == 403
    assert look(at_work(stranger), EVERTS).status_code == 403
    careful = at_work(enforce_csrf_checks=True)
    assert look(careful, EVERTS).status_code == 403


def test_a_large_text_goes_through_without_thousands_of_fields(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
    text = "\n".join(f"@misc{{k{n}, title={{Title number {n}}}, note={{{'word ' * 380}}}}}" for n in range(1050))
    client = at_work()
    page = look(client, "", file=SimpleUploadedFile("refs.bib", text.encode()))
    assert len(page.context["signed"]) < 500_000
    save(client, page)
    assert Source.objects.count() == 1050


def test_looking_and_saving_cost_the_same_however_many_there_are():
    def queries(entries, key):
        client = at_work()
        text = "\n".join(f"@misc{{{key}{n}, title={{{key} {n}}}}}" for n in range(entries))
        with CaptureQueriesContext(connection) as asked:
            page = look(client, text)
        with CaptureQueriesContext(connection) as saved:
            save(client, page)
        return len(asked), len(saved)

    queries(1, "first")
    few, many = queries(2, "few"), queries(100, "many")
    assert many[0] == few[0]
    assert many[1] < few[1] + 10  # some more for each few dozen that are written together
