"""The library in the editors' site: the list, where a source is cited, and forms opened by two."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import amendments
from sources.models import Source
from tests.admin_forms import at_work, form_data
from tests.factories import (
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    PlaceFactory,
    SourceFactory,
    author,
    next_edition,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/sources/source/"


def page(thing):
    return f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/{thing.pk}/change/"


def keys(query=""):
    return {source.key for source in at_work().get(f"{LIST}{query}").context["cl"].result_list}


# The list


def test_each_source_shows_how_many_records_cite_it():
    source = SourceFactory(key="s")
    mission = MissionFactory()
    CitationFactory(edition=mission, source=source)
    FigureFactory(edition=mission, source=source)
    published(mission)
    next_edition(mission.record)
    CitationFactory(edition=EventFactory(), source=source)
    listed = {one.key: one.citing_records for one in at_work().get(LIST).context["cl"].result_list}
    assert listed["s"] == 2


def test_the_list_is_narrowed_by_use_and_by_what_is_wanting():
    never = SourceFactory(key="never", url="https://example.org/")
    public, draft = SourceFactory(key="public", status="unreachable"), SourceFactory(key="draft")
    mission = MissionFactory()
    CitationFactory(edition=mission, source=public, locator="")
    published(mission)
    CitationFactory(edition=MissionFactory(), source=draft)
    assert never.key in keys("?use=never")
    assert not keys("?use=never") & {"public", "draft"}
    assert "public" in keys("?use=public")
    assert "draft" not in keys("?use=public")
    assert "draft" in keys("?use=drafts")
    assert "public" not in keys("?use=drafts")
    assert keys("?wanting=archive") == {"never"}
    assert keys("?wanting=locator") == {"public"}
    assert keys("?status__exact=unreachable") == {"public"}


@pytest.mark.parametrize("query", ["?q=thaçi", "?q=thaci+2001", "?q=2001-05", "?q=thaqi", "?q=kosovo+report"])
def test_the_list_is_searched_by_author_year_key_and_words(query):
    SourceFactory(key="thaqi", title="Report on Kosovo", authors=[{"family": "Thaçi", "given": "A."}], issued="2001-05")
    SourceFactory(key="other")
    assert keys(query) == {"thaqi"}


def test_the_list_costs_the_same_however_long_it_is():
    client = at_work()
    source = SourceFactory()
    CitationFactory(edition=MissionFactory(), source=source)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(10):
        FigureFactory(edition=EventFactory(), source=SourceFactory(origin=source))
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


# Where it is cited


def test_a_source_shows_every_edition_that_cites_it_with_rows_places_and_links():
    source = SourceFactory()
    mission = MissionFactory(title="Kosovo Force")
    row = CitationFactory(edition=mission, key="b", source=source, locator="p. 12", quote="These words.")
    figure = FigureFactory(edition=mission, key="f", source=source, value=4600)
    first = published(mission)
    second = published(next_edition(first.record))
    draft = next_edition(first.record)

    shown = at_work().get(page(source))

    cited = shown.context["cited"]
    assert [it.edition.pk for it in cited.public] == [second.pk]
    assert [it.edition.pk for it in cited.open] == [draft.pk]
    assert [(it.edition.pk, it.rows) for it in cited.older] == [(first.pk, {"citations": 1, "figures": 1})]
    assert cited.records == 1
    for words in ("p. 12", "These words.", "4,600 persons", "Cited by 1 record now"):
        assert words in shown.text
    assert page(row).replace(str(row.pk), str(second.citations.get(key="b").pk)) in shown.text
    assert page(figure).replace(str(figure.pk), str(second.figures.get(key="f").pk)) in shown.text


def test_a_source_costs_the_same_however_much_cites_it():
    client, source = at_work(), SourceFactory()
    mission = MissionFactory()
    CitationFactory(edition=mission, source=source)
    FigureFactory(edition=mission, source=source)
    client.get(page(source))
    with CaptureQueriesContext(connection) as few:
        client.get(page(source))
    for _ in range(4):
        other = EventFactory()
        for _ in range(3):
            FigureFactory(edition=other, source=source, measure__key="police")
            CitationFactory(edition=other, source=source)
    with CaptureQueriesContext(connection) as many:
        client.get(page(source))
    assert len(many) == len(few)


def test_what_is_not_cited_says_so():
    assert "Nothing cites it." in at_work().get(page(SourceFactory())).text


# Two editors with one form


@pytest.mark.parametrize(("thing", "field"), [(SourceFactory, "title"), (PlaceFactory, "name")])
def test_the_second_save_of_two_is_refused_with_both_values_and_then_possible(thing, field):
    thing = thing()
    ana, ben = at_work(), at_work()
    of_ana, of_ben = ana.get(page(thing)), ben.get(page(thing))
    assert ana.post(page(thing), form_data(of_ana, **{field: "What Ana wrote"})).status_code == 302

    refused = ben.post(page(thing), form_data(of_ben, **{field: "What Ben wrote"}))

    assert refused.status_code == 200
    assert "Somebody else changed this" in refused.text
    assert "What Ana wrote" in refused.text
    assert 'value="What Ben wrote"' in refused.text
    thing.refresh_from_db()
    assert getattr(thing, field) == "What Ana wrote"
    ben.post(page(thing), form_data(refused))
    thing.refresh_from_db()
    assert getattr(thing, field) == "What Ben wrote"


def test_every_field_can_be_shown_beside_what_is_saved():
    source = SourceFactory()
    client = at_work()
    opened = client.get(page(source))
    everything = {
        "authors": [{"family": "Everts", "given": "Daan"}], "type": "book", "issued": "2020-05", "stake": "party",
        "stake_reason": "Signed by them.", "origin": SourceFactory(title="What it draws on"), "publisher": "",
    }  # fmt: skip
    for name, value in everything.items():
        setattr(source, name, value)
    source.save()
    refused = client.post(page(source), form_data(opened, note="Mine."))
    for words in ("Authors: Everts, Daan", "Type: book", "Stake: party to the conflict", "What it draws on", "2020-05"):
        assert words in refused.text
    assert "Publisher: (empty)" in refused.text


def test_a_form_that_nobody_overtook_is_saved():
    source = SourceFactory()
    client = at_work()
    assert client.post(page(source), form_data(client.get(page(source)), note="Read in print.")).status_code == 302
    source.refresh_from_db()
    assert source.note == "Read in print."


def test_a_proposal_on_what_was_amended_meanwhile_is_refused_once():
    source = SourceFactory(title="One")
    mission = MissionFactory()
    CitationFactory(edition=mission, source=source)
    published(mission)
    client = at_work()
    opened = client.get(page(source))
    assert "Readers see this." in opened.text
    changed = Source.objects.get(pk=source.pk)
    changed.title = "Two"
    amendments.confirm(amendments.propose(source, changed, by=author(), reason="A slip."), by=reviewer())
    refused = client.post(page(source), form_data(opened, title="Three", reason="Mine."))
    assert "Two" in refused.text
    client.post(page(source), form_data(refused))
    assert amendments.Amendment.objects.open().get().new_values == {"title": "Three"}


def test_an_amendment_shows_values_as_editors_write_them():
    source = SourceFactory(authors=[{"literal": "United Nations"}], standing="news")
    changed = Source.objects.get(pk=source.pk)
    changed.authors, changed.standing = [{"family": "Everts", "given": "Daan"}], "ngo"
    proposal = amendments.propose(source, changed, by=author(), reason="A slip.")
    shown = at_work().get(page(proposal)).text
    assert "<ins>Everts, Daan</ins>" in shown
    assert "<del>United Nations</del>" in shown
    assert "<ins>non-governmental organisation</ins>" in shown
