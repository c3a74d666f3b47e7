"""The search index follows what is public, in the transaction that changes it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import amendments, search, workflow
from editorial.models import SearchEntry
from editorial.search import index
from kosovo_peace import page_cache
from missions.models import Mission, Participation
from sources import merging
from sources.models import Source
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    TermFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reviewer,
)
from tests.search import found, stored


@pytest.mark.django_db
def test_a_draft_is_not_found_and_a_publication_is_at_once():
    mission = MissionFactory(slug="m", title="Zanzibar", body="Quuxian.[^a]")
    assert found("Zanzibar") == found("quuxian") == found("zanz*") == []
    assert search.ask("Zanzibra").suggestion == ""

    published(mission)
    assert found("Zanzibar") == found("quuxian") == ["mission/m"]
    assert search.ask("Zanzibra").suggestion == "Zanzibar"

    next_edition(mission.record, title="Madagascar", body="Other.[^a]")
    assert found("Madagascar") == []
    published(mission.record.editions.open().get().typed)
    assert found("Madagascar") == ["mission/m"]
    assert found("Zanzibar") == found("quuxian") == []


@pytest.mark.django_db
def test_what_was_withdrawn_is_not_found_and_its_sources_are():
    mission = MissionFactory(slug="m", title="Zanzibar")
    CitationFactory(edition=mission, source=SourceFactory(key="s", title="A memoir of Zanzibar"))
    workflow.withdraw(published(mission), by=managing_editor(), reason="It was wrong.")

    assert found("Zanzibar") == ["source/s"]  # it has a page still, which names the withdrawn record


@pytest.mark.django_db
def test_of_what_was_suppressed_nothing_is_left_in_the_index():
    published(EventFactory(slug="other"))
    before = stored()
    event = EventFactory(slug="e", title="Zanzibar", place=PlaceFactory(key="p", name="Zanzibar harbour"))
    CitationFactory(edition=event, source=SourceFactory(key="s", title="A memoir of Zanzibar"))
    published(event)
    assert sorted(found("Zanzibar")) == ["event/e", "place/p", "source/s"]
    workflow.suppress(event, by=managing_editor(), reason="A court order.")

    assert found("Zanzibar") == []
    assert stored() == before


@pytest.mark.django_db
def test_a_renamed_record_is_found_at_its_new_address():
    mission = published(MissionFactory(slug="old", title="Zanzibar"))
    workflow.rename(mission.record, "new", by=managing_editor())

    assert SearchEntry.objects.get(kind="mission").address == "/missions/new/"
    assert found("Zanzibar") == ["mission/new"]


@pytest.mark.django_db
def test_an_amended_name_is_found_and_so_are_the_records_that_say_it():
    mission = MissionFactory(slug="m")
    organisation = OrganisationFactory(key="o", name="Zanzibar Union")
    Participation(edition=mission, key="o", organisation=organisation, role="lead", cites="a").save()
    published(mission)
    assert found("Zanzibar") == ["organisation/o", "mission/m"]
    changed = type(organisation).objects.get(pk=organisation.pk)
    changed.name = "Madagascar Union"
    amendments.confirm(amendments.propose(organisation, changed, by=author(), reason="Renamed."), by=reviewer())

    assert found("Zanzibar") == []
    assert found("Madagascar") == ["organisation/o", "mission/m"]
    before = stored()
    call_command("rebuild_search", verbosity=0)
    assert stored() == before


@pytest.mark.django_db
def test_many_published_at_once_are_found_as_if_one_by_one():
    published(MissionFactory(slug="before", title="Zanzibar"))
    with index.made_at_the_end():
        published(MissionFactory(slug="one", title="Madagascar"))
        published(EventFactory(slug="two", title="Madagascar too"))
        assert found("Madagascar") == []
    assert found("Madagascar") == ["mission/one", "event/two"]
    made = stored()
    call_command("rebuild_search", verbosity=0)
    assert stored() == made


@pytest.mark.django_db
def test_of_two_sources_that_were_merged_one_is_found():
    mission = MissionFactory(slug="m")
    twice, once = SourceFactory(key="twice", title="Zanzibar"), SourceFactory(key="once", title="Zanzibar")
    CitationFactory(edition=mission, source=twice)
    published(mission)
    proposal = merging.merge(twice, once, by=author(), reason="The same.")
    assert found("Zanzibar") == ["source/twice"]
    amendments.confirm(proposal, by=reviewer())

    assert found("Zanzibar") == ["source/once"]
    assert Source.objects.in_public_use().filter(key="once").exists()


@pytest.mark.django_db
def test_hits_are_narrowed_by_kind_theme_and_years():
    theme = TermFactory(vocabulary="theme", key="law", name="Law")
    for slug, date, themes in (("e1", "1999", [theme]), ("e2", "2004-05", [])):
        event = EventFactory(slug=slug, title="Zanzibar", date=date)
        event.themes.set(themes)
        published(event)
    article = ArticleFactory(slug="a1", title="Zanzibar")
    article.themes.set([theme])
    published(article)
    published(MissionFactory(slug="m1", title="Zanzibar", start="2001"))

    assert sorted(found("Zanzibar", themes=("law",))) == ["article/a1", "event/e1"]
    assert sorted(found("Zanzibar", kinds=("mission", "article"))) == ["article/a1", "mission/m1"]
    assert sorted(found("Zanzibar", first=2003)) == ["event/e2", "mission/m1"]
    assert found("Zanzibar", last=1999) == ["event/e1"]
    answer = search.ask("Zanzibar", search.Narrowed(kinds=("event",), first=2003))
    assert answer.facets.kinds == {"event": 1, "mission": 1}
    assert answer.facets.years == {1995: 1, 2000: 1}
    assert search.ask("Zanzibar", search.Narrowed(kinds=("place",))).elsewhere


@pytest.mark.django_db
def test_more_hits_than_are_looked_at_are_said_to_be_more(monkeypatch, client):
    monkeypatch.setattr("editorial.search.answers.MOST", 2)
    for slug in ("a", "b", "c"):
        published(EventFactory(slug=slug, title="Zanzibar"))
    published(MissionFactory(slug="m", title="Zanzibar"))
    answer = search.ask("Zanzibar")

    assert (len(answer.entries), answer.more, answer.facets.at_least) == (2, True, True)
    assert found("Zanzibar", kinds=("event",)) == ["event/c", "event/b"]
    assert found("Zanzibar", kinds=("mission",)) == ["mission/m"]


@pytest.mark.django_db
def test_what_stands_in_a_text_is_escaped_and_marked(client):
    published(
        EventFactory(title="A <b>Zanzibar</b> & more", body="It <script>said</script> *Zanzibar*.[^a]\n\n## Next\n")
    )
    page = client.get("/search/?q=zanzibar").text

    assert "A &lt;b&gt;<mark>Zanzibar</mark>&lt;/b&gt; &amp; more" in page
    assert "It &lt;script&gt;said&lt;/script&gt; <mark>Zanzibar</mark>." in page
    assert "[^a]" not in page


@pytest.mark.django_db
def test_a_kept_page_of_the_search_is_one_for_all_who_ask_the_same(client, kept_pages):
    published(MissionFactory(slug="m", title="Zanzibar"))
    page = client.get("/search/?q=zanzibar&utm_source=x")
    with CaptureQueriesContext(connection) as captured:
        again = client.get("/search/?page=&unknown=1&q=zanzibar")
    assert again["ETag"] == page["ETag"]
    assert not captured.captured_queries

    workflow.withdraw(Mission.objects.get(), by=managing_editor(), reason="It was wrong.")
    page_cache.serial_memory.forget()
    assert "0 found" in client.get("/search/?q=zanzibar").text


@pytest.mark.django_db(transaction=True)
def test_the_index_outlives_a_change_of_its_table_and_an_emptied_database():
    published(MissionFactory(slug="m", title="Zanzibar"))
    field = SearchEntry._meta.get_field("detail")
    wider = field.clone()
    wider.max_length = 301
    wider.set_attributes_from_name("detail")
    wider.model = SearchEntry
    with connection.schema_editor() as editor:  # SQLite makes the table anew
        editor.alter_field(SearchEntry, field, wider)
        editor.alter_field(SearchEntry, wider, field)
    assert found("Zanzibar") == ["mission/m"]

    call_command("flush", interactive=False, verbosity=0)
    assert found("Zanzibar") == []
    published(MissionFactory(slug="n", title="Madagascar"))
    assert found("Madagascar") == ["mission/n"]
    assert found("Zanzibar") == []
