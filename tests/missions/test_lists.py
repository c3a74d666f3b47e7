"""Lists of missions, events and articles: what they show, how they are narrowed, and nonsense."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import paging, workflow
from missions.filters import ArticleFilter, EventFilter, MissionFilter
from missions.models import Article, Classification, Disagreement, Event, Mission, Participation
from missions.views import lists
from tests.factories import (
    ArticleFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    TermFactory,
    imported,
    managing_editor,
    next_edition,
    published,
)

pytestmark = pytest.mark.django_db

LISTS = [
    "/missions/",
    "/events/",
    "/articles/",
    "/organisations/",
    "/sources/",
    "/definitions/",
    "/disagreements/",
    "/changes/",
    "/sources/export.bib",
]


def shown(client, address):
    """The titles on the page of a list."""
    return [edition.title for edition in client.get(address).context["listing"]]


def led_by(mission, organisation, role="lead"):
    Participation(edition=mission, key=f"by-{organisation.key}", organisation=organisation, role=role).save()
    return mission


def classified(mission, vocabulary, key):
    term = TermFactory(vocabulary=vocabulary, key=key)
    Classification(edition=mission, key=key, term=term, basis="source").save()
    return mission


# What a list shows


def test_missions_stand_in_the_order_in_which_they_began(client):
    published(MissionFactory(title="Second", start="1999-06-12"))
    published(MissionFactory(title="First", start="1998-10"))
    published(MissionFactory(title="Third", start="2008"))
    assert shown(client, "/missions/") == ["First", "Second", "Third"]


def test_a_body_that_was_no_peace_mission_is_marked_in_the_list(client):
    published(MissionFactory(title="Air campaign", peace_mission=False))
    page = client.get("/missions/").content.decode()
    assert "no peace mission" in page


def test_events_are_grouped_by_year(client):
    published(EventFactory(title="Entry", date="1999-06-12"))
    published(EventFactory(title="Declaration", date="2008-02-17"))
    page = client.get("/events/").content.decode()
    assert page.index("year-1999") < page.index("Entry") < page.index("year-2008") < page.index("Declaration")


def test_the_years_of_the_timeline_are_those_with_events_and_in_a_long_list_all_from_first_to_last(client, monkeypatch):
    published(EventFactory(date="1999-03"))
    published(EventFactory(date="2001", end_date="2003-01"))
    EventFactory(date="1989")

    def linked_years():
        page = client.get("/events/").content.decode()
        return [year for year in range(1985, 2010) if f'href="?year={year}"' in page]

    assert linked_years() == [1999, 2001, 2002, 2003]
    monkeypatch.setattr(lists, "COUNTED", 1)
    assert linked_years() == [1999, 2000, 2001]


def test_a_list_shows_only_what_is_published(client):
    MissionFactory(title="Only a draft")
    withdrawn = published(MissionFactory(title="Withdrawn"))
    workflow.withdraw(withdrawn, by=managing_editor(), reason="It was wrong.")
    live = published(MissionFactory(title="Old title"))
    next_edition(live.record, title="Title of a draft")
    assert shown(client, "/missions/") == ["Old title"]


def test_a_standfirst_stands_in_the_list_without_its_markers(client):
    published(ArticleFactory(summary="It *came*.[^a] And [went](https://example.org/).[^a]"))
    page = client.get("/articles/").content.decode()
    assert "It came. And went." in page
    assert "[^a]" not in page


def test_an_event_names_its_public_missions_only(client):
    public = published(MissionFactory(title="Kosovo Force", acronym="KFOR"))
    draft = MissionFactory(title="Hidden mission", acronym="HIDDEN")
    event = EventFactory()
    event.missions.set([public.record, draft.record])
    published(event)
    page = client.get("/events/").content.decode()
    assert "KFOR" in page
    assert "HIDDEN" not in page


# Narrowing


def test_missions_are_narrowed_by_organisation(client):
    nato = OrganisationFactory(key="nato", name="NATO")
    published(led_by(MissionFactory(title="Led"), nato))
    published(led_by(MissionFactory(title="Supported"), nato, "supporting"))
    published(MissionFactory(title="Other"))
    assert set(shown(client, "/missions/?organisation=nato")) == {"Led", "Supported"}


def test_a_mission_is_found_by_what_its_published_edition_says_and_no_other(client):
    nato, un = OrganisationFactory(key="nato"), OrganisationFactory(key="un")
    mission = published(led_by(MissionFactory(title="Changed"), nato))
    second = next_edition(mission.record)
    second.participations.all().delete()
    published(led_by(second, un))
    third = next_edition(mission.record)
    led_by(third, nato)
    published(led_by(MissionFactory(title="Keeps NATO in the list"), nato))
    assert shown(client, "/missions/?organisation=nato") == ["Keeps NATO in the list"]
    assert shown(client, "/missions/?organisation=un") == ["Changed"]


def test_several_keys_divided_by_commas_mean_or(client):
    published(classified(MissionFactory(title="A"), "initiative-type", "peacekeeping"))
    published(classified(MissionFactory(title="B"), "initiative-type", "monitoring"))
    published(classified(MissionFactory(title="C"), "initiative-type", "administration"))
    address = "/missions/?initiative_type=peacekeeping,monitoring"
    assert shown(client, address) == ["A", "B"]
    page = client.get(address)
    assert page.context["form"].errors == {}
    assert '<option value="peacekeeping,monitoring" selected>peacekeeping or monitoring' in page.content.decode()


def test_conflict_and_initiative_types_do_not_mix(client):
    published(classified(MissionFactory(title="A"), "conflict-type", "relapse"))
    published(classified(MissionFactory(title="B"), "initiative-type", "peacekeeping"))
    assert shown(client, "/missions/?conflict_type=relapse") == ["A"]
    assert client.get("/missions/?conflict_type=peacekeeping").context["form"].errors


def test_missions_are_narrowed(client):
    published(MissionFactory(title="Long", acronym="LMM", start="1998-10", end="2008", status="closed"))
    published(MissionFactory(title="Running", start="1999-06-12"))
    field = TermFactory(vocabulary="mission-kind", key="field-mission")
    published(MissionFactory(title="Late", start="2008-02", end="2012-09-10", status="closed", mission_kind=field))
    expected = {
        "active_on=2004-03-17": ["Long", "Running"],
        "active_on=12 June 1999": ["Long", "Running"],
        "active_on=1998-12-01": ["Long"],
        "active_on=1998": ["Long"],
        "active_on=September 2012": ["Running", "Late"],
        "active_on=2008": ["Long", "Running", "Late"],
        "start_after=1999": ["Running", "Late"],
        "start_before=1998": ["Long"],
        "start_before=1999-06-12": ["Long", "Running"],
        "status=closed": ["Long", "Late"],
        "kind=field-mission": ["Late"],
        "q=long": ["Long"],
        "q=LMM": ["Long"],
    }
    assert {query: shown(client, f"/missions/?{query}") for query in expected} == expected


def test_events_are_narrowed(client):
    kfor = published(MissionFactory(slug="kfor"))
    security = TermFactory(vocabulary="theme", key="security")
    entry = EventFactory(title="Entry", date="1999-06-12")
    entry.missions.set([kfor.record])
    entry.themes.set([security])
    published(entry)
    violence = TermFactory(vocabulary="event-kind", key="violence")
    place = PlaceFactory(key="mitrovica", name="Mitrovica")
    clash = EventFactory(title="Clash", date="2000-12-30", end_date="2001-01", event_kind=violence, place=place)
    clash.themes.set([security])
    published(clash)
    expected = {
        "mission=kfor": ["Entry"],
        "theme=security": ["Entry", "Clash"],
        "kind=violence": ["Clash"],
        "place=mitrovica": ["Clash"],
        "year=1999": ["Entry"],
        "year=2001": ["Clash"],
        "after=2000": ["Clash"],
        "before=1999-06": ["Entry"],
        "q=clash": ["Clash"],
    }
    assert {query: shown(client, f"/events/?{query}") for query in expected} == expected


def test_articles_are_narrowed_by_theme_and_mission(client):
    kfor = published(MissionFactory(slug="kfor"))
    one, other = ArticleFactory(title="On KFOR"), ArticleFactory(title="On return")
    one.missions.set([kfor.record])
    other.themes.set([TermFactory(vocabulary="theme", key="returns")])
    published(one)
    published(other)
    assert shown(client, "/articles/?mission=kfor") == ["On KFOR"]
    assert shown(client, "/articles/?theme=returns") == ["On return"]


def test_records_whose_sources_differ_are_found(client):
    agreeing = MissionFactory(title="Agreeing")
    FigureFactory(edition=agreeing, value=5)
    FigureFactory(edition=agreeing, value=5)
    published(agreeing)
    growing = MissionFactory(title="Growing")
    source = SourceFactory()
    FigureFactory(edition=growing, value=5, source=source)
    FigureFactory(edition=growing, value=6, source=source)
    published(growing)
    differing = MissionFactory(title="Differing")
    FigureFactory(edition=differing, value=5)
    FigureFactory(edition=differing, value=None, low=4, high=6)
    published(differing)
    asking = MissionFactory(title="Asking")
    Disagreement(
        edition=asking,
        key="start",
        about="start",
        question="When did it begin?",
        positions=[{"holder": "A", "text": "In May."}, {"holder": "B", "text": "In June."}],
    ).save()
    published(asking)
    assert set(shown(client, "/missions/?has_disagreement=true")) == {"Differing", "Asking"}
    assert set(shown(client, "/missions/?has_disagreement=false")) == {"Agreeing", "Growing"}


# Options


def test_only_words_of_published_editions_are_offered(client):
    published(led_by(MissionFactory(), OrganisationFactory(key="nato", name="NATO")))
    draft = led_by(MissionFactory(), OrganisationFactory(key="hidden", name="Hidden organisation"))
    classified(draft, "initiative-type", "hidden-type")
    page = client.get("/missions/").content.decode()
    assert '<option value="nato">NATO</option>' in page
    assert "Hidden organisation" not in page
    assert "hidden-type" not in page


def test_the_key_of_a_draft_is_as_unknown_as_any_other(client):
    led_by(MissionFactory(), OrganisationFactory(key="hidden"))
    answers = [
        client.get(f"/missions/?organisation={key}").context["form"].errors["organisation"][0]
        for key in ("hidden", "nothing")
    ]
    assert answers[0].replace("hidden", "nothing") == answers[1]


# Paging


def numbered(count):
    for number in range(count):
        imported(ArticleFactory(title=f"Article {number:02}", slug=f"article-{number:02}"))


def test_a_list_goes_on_over_pages_keeps_its_filters_and_beyond_the_end_is_the_last_page(client):
    numbered(27)
    first = client.get("/articles/?q=article")
    assert len(first.context["listing"]) == 25
    assert first.context["listing"].next == "?q=article&page=2"
    assert shown(client, "/articles/?q=article&page=2") == ["Article 25", "Article 26"]
    last = client.get("/articles/?q=article&page=2").context["listing"]
    assert (last.previous, last.next) == ("?q=article", "")

    response = client.get("/articles/?page=99")
    assert response.context["listing"].page.number == 2
    assert paging.BEYOND in response.content.decode()


@pytest.mark.parametrize("page", ["abc", "0", "-3", "1.5", "9" * 5000, "²"])
def test_a_page_that_is_no_number_is_the_first_one_with_a_word(client, page):
    published(ArticleFactory())
    response = client.get("/articles/", {"page": page})
    assert response.status_code == 200
    assert response.context["listing"].page.number == 1
    assert response.context["listing"].problem


def test_beyond_what_is_counted_a_list_goes_on_by_key(client, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 25)
    numbered(52)
    first = client.get("/articles/").context["listing"]
    assert first.count_in_words == "more than 25"
    assert first.next == "?beyond=article-24"
    second = client.get(f"/articles/{first.next}").context["listing"]
    assert [article.address for article in second][::24] == ["/articles/article-25/", "/articles/article-49/"]
    third = client.get(f"/articles/{second.next}").context["listing"]
    assert [article.address for article in third] == ["/articles/article-50/", "/articles/article-51/"]
    assert third.next == ""


def test_to_go_on_from_an_unknown_entry_is_the_first_page_with_a_word(client):
    published(ArticleFactory(title="Only one"))
    MissionFactory(slug="draft")
    response = client.get("/articles/?beyond=draft")
    assert response.context["listing"].problem == paging.NO_ENTRY
    assert shown(client, "/articles/?beyond=draft") == ["Only one"]


# Wrong values


def test_a_wrong_value_is_told_beside_its_field_and_passed_over(client):
    published(MissionFactory(title="Shown"))
    response = client.get("/missions/?active_on=2004-13-45&organisation=nobody&q=sho")
    assert response.status_code == 200
    assert [mission.title for mission in response.context["listing"]] == ["Shown"]
    page = response.content.decode()
    assert "“2004-13-45” is not a date." in page
    assert "“nobody” is not one of the choices here." in page
    assert response.context["listing"].kept == {"q": "sho"}


def test_an_unknown_parameter_is_passed_over(client):
    published(MissionFactory(title="Shown"))
    assert shown(client, "/missions/?colour=blue") == ["Shown"]


NONSENSE = [
    "page=abc",
    "page=-1",
    "page=999999999999999999999999999999",
    "beyond=%27%22%3Cscript%3E",
    "active_on=2004-13-45",
    "active_on=99999-01-01",
    "start_after=0000",
    "year=99999999999999999999",
    "year=%D9%A1%D9%A9%D9%A9%D9%A9",
    "organisation=" + "x" * 5000,
    "organisation=" + "x," * 2000,
    "q=" + "y " * 2000,
    "q=%25_%5C%27",
    "page=%00",
    "q=%00",
    "organisation=a%00b",
    "q=%ff",
    "active_on=%ff%fe",
    "q=" + "z" * 10_000,
    "has_disagreement=perhaps",
    "theme=&kind=&mission=&type=nothing&standing=&cited_in=moon",
    "mission=a&mission=b",
    "=&&&==;",
]


@pytest.mark.parametrize("address", LISTS)
def test_nonsense_is_never_an_error_of_the_server(client, address):
    published(MissionFactory())
    for query in NONSENSE:
        response = client.get(f"{address}?{query}")
        assert response.status_code in (200, 400), query
        assert b"<script>" not in b"".join(response), query


@pytest.mark.parametrize("address", LISTS[:-1])
def test_an_empty_site_has_lists(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", LISTS[:-1])
def test_lists_are_read_only(client, address):
    assert client.post(address).status_code == 405


# Cost


def crowded(number):
    """A mission, an event and an article with rows, all published."""
    organisation = OrganisationFactory()
    theme = TermFactory(vocabulary="theme", key=f"theme-{number}")
    mission = led_by(MissionFactory(title=f"Mission {number}"), organisation)
    for value in range(2, 4 + number):
        FigureFactory(edition=mission, value=value)
    published(classified(mission, "initiative-type", f"type-{number}"))
    event = EventFactory(title=f"Event {number}", place=PlaceFactory())
    event.missions.set([mission.record])
    event.themes.set([theme])
    published(event)
    article = ArticleFactory(title=f"Article {number}")
    article.missions.set([mission.record])
    article.themes.set([theme])
    published(article)


def queries_of(client, addresses):
    counts = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts[address] = len(captured)
    return counts


def test_lists_cost_the_same_however_many_there_are(client):
    crowded(0)
    addresses = [*LISTS[:-1], "/missions/?has_disagreement=true&active_on=2004-03-17", "/events/?year=1999"]
    before = queries_of(client, addresses)
    for number in range(1, 5):
        crowded(number)
    assert queries_of(client, addresses) == before


@pytest.mark.parametrize("address", ["/missions/", "/events/", "/articles/"])
def test_lists_load_no_long_text(client, address):
    crowded(0)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    for query in captured:
        for column in ("body", "frozen", "rendered", "mandate"):
            assert f'"{column}"' not in query["sql"].partition(" FROM ")[0]


# As the API uses the filters


@pytest.mark.parametrize("filterset, model", [(MissionFilter, Mission), (EventFilter, Event), (ArticleFilter, Article)])
def test_a_plain_mapping_can_be_filtered_by(filterset, model):
    bound = filterset({"q": "x", "has_disagreement": "true"}, queryset=model.objects.published())
    assert bound.is_valid()
    assert list(bound.qs) == []
