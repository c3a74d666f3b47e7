"""Citing in the editors' site: “Cite here” with and without script, and the citations of an edition."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial import workflow
from editorial.models import Editor
from sources.models import Citation, Source
from tests.admin_forms import at_work, form_data, form_of
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    MissionFactory,
    SourceFactory,
    StatementFactory,
    author,
    published,
)

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"HTTP_ACCEPT": "application/json"}


def cite_page(edition, field: str = "body") -> str:
    return reverse(f"admin:missions_{edition.record.kind}_cite", args=[edition.pk], query={"field": field})


def citation_page(citation) -> str:
    return reverse("admin:sources_citation_change", args=[citation.pk])


def described(**fields) -> dict[str, str]:
    """A new source as it is typed."""
    values = {"type": "report", "title": "A report nobody has cited", "standing": "official"} | fields
    return {f"new-{name}": value for name, value in values.items()}


# Cite here


@pytest.mark.parametrize("factory", [MissionFactory, EventFactory, ArticleFactory])
def test_the_form_leads_from_each_text_to_a_page_that_cites_without_script(factory):
    edition, ana = factory(), author(public_name="Ana")
    client = at_work(ana)
    shown = client.get(form_of(edition))
    for field in edition.markdown_fields:
        assert f'href="{cite_page(edition, field)}"' in shown.text
    source = SourceFactory(title="Balkan peacekeeping", key="everts2020")

    searched = client.post(cite_page(edition), {"q": "balkan", "find": "1", "locator": "p. 7"})
    assert f'value="source:{source.pk}"' in searched.text
    assert 'value="p. 7"' in searched.text
    assert edition.citations.count() == 1
    answer = client.post(
        cite_page(edition),
        {"choice": f"source:{source.pk}", "locator": "p. 12", "quote": "The very words.", "compared": "on"},
        follow=True,
    )
    assert 'value="[^everts2020]"' in answer.text
    citation = edition.citations.get(key="everts2020")
    assert (citation.source, citation.locator, citation.quote) == (source, "p. 12", "The very words.")
    assert (citation.checked, citation.checked_by) == ("compared", "Ana")
    edition.refresh_from_db()
    assert edition.lock_version == 1
    assert edition.worked_on_by(ana)


def test_another_place_in_the_same_source_is_another_citation_and_the_same_place_is_not():
    mission, source = MissionFactory(), SourceFactory(key="un1999s779")
    client = at_work(author())

    def cite(**given) -> str:
        answer = client.post(cite_page(mission), {"choice": f"source:{source.pk}"} | given, **BY_SCRIPT)
        return answer.json()["marker"]

    assert cite(locator="para. 9") == "[^un1999s779]"
    assert cite(locator="para. 12") == "[^un1999s779-2]"
    assert cite(locator="para. 9") == "[^un1999s779]"
    assert cite(locator="para. 9", quote="Other words.") == "[^un1999s779-3]"
    assert mission.citations.filter(source=source).count() == 3


def test_a_citation_of_the_edition_is_used_again_without_a_change_to_it():
    mission, client = MissionFactory(), at_work(author())
    answer = client.post(cite_page(mission), {"choice": "citation:a"}, **BY_SCRIPT).json()
    assert (answer["marker"], answer["key"]) == ("[^a]", "a")
    assert answer["before"] == answer["version"] == 0
    assert mission.citations.count() == 1

    elsewhere = client.post(cite_page(mission), {"choice": "citation:a", "locator": "para. 40"}, **BY_SCRIPT).json()
    citation = mission.citations.get(key=elsewhere["key"])
    assert citation.source == mission.citations.get(key="a").source
    assert (elsewhere["before"], elsewhere["version"]) == (0, 1)
    assert f"[^{citation.key}]" in elsewhere["panel"]


def test_a_new_source_comes_into_the_library_with_a_key_of_its_own():
    mission, ana = MissionFactory(), author()
    SourceFactory(key="muharremi2016")
    given = described(
        type="article-journal",
        title="The Specialist Chambers",
        authors="Muharremi, Robert\nUnited Nations",
        container="ASIL Insights",
        issued="26 May 2016",
        url="https://www.asil.org/insights/20",
        standing="scholarly",
    )
    answer = at_work(ana).post(cite_page(mission), {"choice": "new", "locator": "p. 3"} | given, **BY_SCRIPT).json()
    source = Source.objects.get(title="The Specialist Chambers")
    assert answer["marker"] == "[^muharremi2016-2]"
    assert source.key == "muharremi2016-2"
    assert source.issued == "2016-05-26"
    assert source.authors == [{"family": "Muharremi", "given": "Robert"}, {"literal": "United Nations"}]
    assert mission.citations.get(source=source).locator == "p. 3"
    assert source.history.get().history_user == ana
    assert LogEntry.objects.filter(user=ana, object_id=str(source.pk)).exists()


def test_what_is_missing_is_said_beside_the_fields_and_nothing_typed_is_lost():
    mission, client = MissionFactory(), at_work(author())
    typed = described(title="", issued="sometime in 1999") | {
        "locator": "p. 12",
        "quote": "Exact words",
        "choice": "new",
    }
    for headers in ({}, BY_SCRIPT):
        refused = client.post(cite_page(mission), typed, **headers)
        assert refused.status_code == 200
        shown = refused.json()["form"] if headers else refused.text
        assert "This field is required" in shown
        assert "is not a date" in shown
        for words in ("sometime in 1999", "p. 12", "Exact words"):
            assert words in shown
    nothing = client.post(cite_page(mission), {"locator": "p. 12"})
    assert "Choose a source" in nothing.text
    both = client.post(cite_page(mission), described() | {"choice": "citation:a"})
    assert "You chose a source and described a new one" in both.text
    assert mission.citations.count() == 1
    assert Source.objects.count() == 1


def test_a_source_the_library_may_have_is_suggested_before_another_is_made():
    mission, client = MissionFactory(), at_work(author())
    there = SourceFactory(title="NATO deploys troops in Kosovo", url="https://www.example.org/troops/", issued="2004")
    given = described(title="Nato deploys troops in Kosovo!", url="http://example.org/troops?utm_source=x")
    refused = client.post(cite_page(mission), given | {"choice": "new"})
    assert "This may be:" in refused.text
    assert f'value="instead:{there.pk}"' in refused.text
    assert not mission.citations.filter(source=there).exists()

    client.post(cite_page(mission), given | {"choice": f"instead:{there.pk}"})
    assert mission.citations.filter(source=there).exists()
    client.post(cite_page(mission), given | {"choice": "new", "none_of_these": "on"})
    assert Source.objects.filter(title="Nato deploys troops in Kosovo!").exists()


def test_sources_are_found_by_what_editors_know_of_them():
    mission, client = MissionFactory(), at_work(author())
    source = SourceFactory(
        key="everts2020",
        title="Peacekeeping in Albania and Kosovo",
        authors=[{"family": "Çeku", "given": "Agim"}],
        publisher="I.B. Tauris",
        issued="2020-03",
        symbol="S/1999/779",
    )
    merged = SourceFactory(title="Peacekeeping in Albania and Kosovo", merged_into=source)
    for words in ("albania kosovo", "Çeku", "2020", "everts2020", "S/1999/779", "tauris", "agim 2020"):
        shown = client.get(cite_page(mission) + "&" + "q=" + words.replace("/", "%2F")).text
        assert f'value="source:{source.pk}"' in shown, words
        assert f'value="source:{merged.pk}"' not in shown
    nothing = client.get(cite_page(mission) + "&q=zzz").text
    assert f'value="source:{source.pk}"' not in nothing
    assert "Nothing found" in nothing
    kept = client.get(f"{cite_page(mission)}&q=zzz&choice=source:{source.pk}", **BY_SCRIPT).json()["form"]
    assert f'value="source:{source.pk}" checked' in kept


def test_who_cites_too_late_is_told_so_and_keeps_what_was_typed():
    mission, client = MissionFactory(), at_work(author())
    published(mission)
    typed = {"choice": "citation:a", "locator": "p. 99", "quote": "Typed too late"}
    late = client.post(cite_page(mission), typed)
    assert late.status_code == 409
    assert "Typed too late" in late.text
    by_script = client.post(cite_page(mission), typed, **BY_SCRIPT)
    assert by_script.status_code == 409
    assert "published" in by_script.json()["error"]
    assert client.get(cite_page(mission)).url == form_of(mission)
    assert mission.citations.count() == 1


def test_only_editors_who_may_write_cite():
    mission = MissionFactory()
    outsider = Editor.objects.create(username="outsider", is_staff=True)
    assert Client().get(cite_page(mission)).status_code == 302
    logged_out = Client().post(cite_page(mission), {"choice": "citation:a", "quote": "Typed while logged out"})
    assert logged_out.status_code == 403
    assert "Typed while logged out" in logged_out.text
    for method in ("get", "post"):
        assert getattr(at_work(outsider), method)(cite_page(mission), {"choice": "citation:a"}).status_code == 403
    forged = at_work(enforce_csrf_checks=True)
    source = SourceFactory()
    assert forged.post(cite_page(mission), {"choice": f"source:{source.pk}"}, **BY_SCRIPT).status_code == 403
    assert mission.citations.count() == 1


def test_the_form_still_says_so_when_somebody_else_saved_before_the_citation():
    mission, source = MissionFactory(), SourceFactory()
    ana, ben = at_work(author()), at_work(author())
    opened = form_data(ana.get(form_of(mission)), summary="What Ana typed")
    ben.post(form_of(mission), form_data(ben.get(form_of(mission)), summary="What Ben wrote"))
    answer = ana.post(cite_page(mission), {"choice": f"source:{source.pk}"}, **BY_SCRIPT).json()
    assert (answer["before"], answer["version"]) == (1, 2)
    assert str(answer["before"]) != str(opened["seen_version"])  # so the script leaves it
    refused = ana.post(form_of(mission), opened)
    assert refused.status_code == 200
    mission.refresh_from_db()
    assert mission.summary == "What Ben wrote"


@pytest.mark.parametrize("nonsense", ["\x00", "x" * 10_000, "source:", "source:x", "citation:\x00", "instead:9" * 9])
def test_nonsense_is_answered_with_the_form(nonsense):
    mission, client = MissionFactory(), at_work(author())
    refused = dict.fromkeys(("new-issued", "new-type", "new-url"), nonsense)  # which take none of it
    for given in (
        {"choice": "new"} | refused,
        {"choice": "new", "new-title": nonsense},
        *({name: nonsense} for name in ("choice", "q", "locator", "quote", "made")),
    ):
        typed = {"choice": "", **described()} | given
        assert client.post(cite_page(mission), typed, **BY_SCRIPT).status_code in (200, 302), given
        assert client.post(cite_page(mission), typed | {"find": "1"}).status_code == 200, given
    assert client.get(cite_page(mission).replace(str(mission.pk), "999999999999999999999")).status_code == 302
    assert client.get(cite_page(mission).replace(str(mission.pk), "x")).status_code == 302


# The citations of an edition


def test_the_form_shows_the_citations_and_how_often_each_is_used():
    mission = MissionFactory(summary="A force came.[^a]", body="It grew.[^a] It left.[^b]")
    CitationFactory(edition=mission, key="b", locator="", checked="read")
    CitationFactory(edition=mission, key="idle")
    CitationFactory(edition=mission, key="field", supports="start")
    StatementFactory(edition=mission, cites="a b")
    shown = at_work(author()).get(form_of(mission))
    lines = {line.citation.key: line for line in shown.context["citation_lines"]}
    assert {key: line.uses for key, line in lines.items()} == {"a": 3, "b": 2, "idle": 0, "field": 0}
    assert [key for key, line in lines.items() if line.is_idle] == ["idle"]
    assert "no place given" in shown.text
    assert "read in a copy when compiled" in shown.text
    assert lines["b"].address in shown.text
    assert reverse("admin:sources_citation_add", query={"edition": mission.pk}) in shown.text
    assert "citations-TOTAL_FORMS" not in shown.text


def test_a_published_edition_shows_its_citations_and_offers_no_new_one():
    mission = published(MissionFactory())
    shown = at_work(author()).get(form_of(mission)).text
    assert "[^a]" in shown
    assert cite_page(mission, "body") not in shown
    assert reverse("admin:sources_citation_add", query={"edition": mission.pk}) not in shown


def test_a_citation_is_added_changed_and_deleted_on_pages_of_its_own():
    mission, ana = MissionFactory(), author()
    client, source = at_work(ana), SourceFactory(key="nato1999")
    add = reverse("admin:sources_citation_add", query={"edition": mission.pk})
    assert client.get(add).status_code == 200
    added = client.post(add, {"source": source.pk, "locator": "p. 3", "checked": "compared"})
    listed = reverse("admin:sources_citation_changelist", query={"edition__id__exact": mission.pk})
    assert added.url == listed
    citation = mission.citations.get(key="nato1999")
    assert "[^nato1999]" in client.get(listed).text

    changed = client.post(citation_page(citation), form_data(client.get(citation_page(citation)), quote="Words."))
    assert changed.status_code == 302
    citation.refresh_from_db()
    assert citation.quote == "Words."
    assert mission.citations.get(pk=citation.pk).checked == "not-opened"  # what a form sends is not believed

    delete = reverse("admin:sources_citation_delete", args=[mission.citations.get(key="a").pk])
    assert "It is named 2 times in this edition" in client.get(delete).text
    delete = reverse("admin:sources_citation_delete", args=[citation.pk])
    client.post(delete, {"post": "yes"})
    assert not mission.citations.filter(pk=citation.pk).exists()
    mission.refresh_from_db()
    assert mission.lock_version == 3
    assert mission.worked_on_by(ana)


def test_who_ticks_a_comparison_gives_their_own_name_and_it_is_void_once_the_words_change():
    mission, ana = MissionFactory(), author(public_name="Ana")
    citation, client = mission.citations.get(key="a"), at_work(ana)

    forged = form_data(client.get(citation_page(citation)), compared="on", checked_by="Cem", checked_on="1999-06-12")
    client.post(citation_page(citation), forged)
    citation.refresh_from_db()
    assert (citation.checked, citation.checked_by) == ("compared", "Ana")
    assert citation.checked_on == timezone.localdate()

    client.post(citation_page(citation), form_data(client.get(citation_page(citation)), note="Read twice."))
    citation.refresh_from_db()
    assert citation.checked == "compared"

    said = client.post(
        citation_page(citation), form_data(client.get(citation_page(citation)), locator="para. 10"), follow=True
    )
    citation.refresh_from_db()
    assert (citation.checked, citation.checked_by, citation.checked_on) == ("not-opened", "", None)
    assert "because you changed what it was about" in said.text


def test_a_citation_changed_meanwhile_is_not_written_over_unseen():
    mission = MissionFactory()
    address = citation_page(mission.citations.get())
    ana, ben = at_work(author()), at_work(author())
    bens = form_data(ben.get(address), quote="What Ben typed")
    ana.post(address, form_data(ana.get(address), locator="para. 12"))
    refused = ben.post(address, bens)
    assert refused.status_code == 200
    assert "para. 12" in refused.text
    assert "What Ben typed" in refused.text
    assert ben.post(address, form_data(refused, locator="para. 12")).status_code == 302
    assert mission.citations.filter(quote="What Ben typed", locator="para. 12").exists()


def test_a_citation_of_a_text_in_review_is_not_deleted_and_who_tries_is_told_why():
    ana = author()
    mission = MissionFactory(by=ana)
    citation = mission.citations.get()
    delete = reverse("admin:sources_citation_delete", args=[citation.pk])
    workflow.submit(mission, by=ana)
    client = at_work(ana)
    answer = client.post(delete, {"post": "yes"}, follow=True)
    assert "This edition is in review now: the citation was not deleted." in answer.text
    assert Citation.objects.filter(pk=citation.pk).exists()


def test_the_list_of_citations_finds_those_without_a_place():
    mission = MissionFactory()
    CitationFactory(edition=mission, key="nowhere", locator="")
    client = at_work(author())
    listed = reverse("admin:sources_citation_changelist", query={"edition__id__exact": mission.pk})
    assert "nowhere" in client.get(listed).text
    only = client.get(listed + "&place=missing").text
    assert "[^nowhere]" in only
    assert "[^a]" not in only
    assert "[^nowhere]" not in client.get(listed + "&place=given").text


def test_help_on_markers_and_the_sentences_that_lack_one_stand_beside_the_text():
    mission = MissionFactory(body="Some 50,000 soldiers came on 12 June 1999. It was a force.[^a]")
    client = at_work(author())
    shown = client.get(form_of(mission)).text
    assert "How to write it" in shown
    assert "1 sentence claims something without a marker" in shown
    assert "Some 50,000 soldiers came" in shown
    assert "No sentence without a marker was found" in shown


def test_as_many_queries_whatever_the_number_of_citations():
    client = at_work(author())
    small, large = MissionFactory(), MissionFactory()
    for number in range(20):
        CitationFactory(edition=large, key=f"c{number}")
        StatementFactory(edition=large, cites=f"c{number}")
    counted = []
    for mission in (small, large):
        with CaptureQueriesContext(connection) as on_form:
            client.get(form_of(mission))
        with CaptureQueriesContext(connection) as on_page:
            client.get(cite_page(mission) + "&q=report")
        with CaptureQueriesContext(connection) as on_list:
            client.get(reverse("admin:sources_citation_changelist", query={"edition__id__exact": mission.pk}))
        counted.append((len(on_form), len(on_page), len(on_list)))
    assert counted[0] == counted[1]
