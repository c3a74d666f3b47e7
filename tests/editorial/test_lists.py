"""The lists of records: one line a record, what it says, its filters and its search."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from editorial import reviewing, workflow
from editorial.admin.lines import short_day
from editorial.corrections import deciding
from editorial.models import Edition, Editor
from tests.admin_forms import at_work
from tests.factories import (
    ArticleFactory,
    EventFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    TermFactory,
    author,
    imported,
    managing_editor,
    next_edition,
    published,
    reported,
    reviewer,
    superuser,
)

pytestmark = pytest.mark.django_db
MISSIONS = "/admin/missions/mission/"
EVENTS = "/admin/missions/event/"
ALL_RECORDS = "/admin/editorial/record/"
SEARCH = "/admin/search/"


def lines(client: Client, address: str = MISSIONS) -> dict[str, list[str]]:
    """By title: what the list says in its other columns, as words."""
    response = client.get(address)
    assert response.status_code == 200
    found = {}
    for row in response.context["cl"].result_list:
        line = row.line
        assert line.edition.title not in found, "one line a record"
        found[line.edition.title] = [
            strip_tags(line.public_edition()),
            strip_tags(line.open_edition()),
            strip_tags(line.open_reports()),
            line.next_step().words,
        ]
    return found


def day_of(edition) -> str:
    edition.refresh_from_db()
    return short_day(edition.published_at)


# One line a record


def test_a_record_has_one_line_whatever_editions_it_has():
    ana, dua = author(public_name="Ana"), managing_editor()
    public = published(MissionFactory(title="Public only"))
    both = published(MissionFactory(title="Public, and an open one"))
    next_edition(both.record, by=ana, title="Its open one")
    MissionFactory(title="Open only", by=ana)
    withdrawn = published(MissionFactory(title="Withdrawn"))
    workflow.withdraw(withdrawn, by=dua, reason="It was wrong.")
    thrice = published(MissionFactory(title="First of three"))
    published(next_edition(thrice.record, title="Second of three"))
    third = published(next_edition(thrice.record, title="Third of three"))

    found = lines(at_work(author()))
    assert set(found) == {"Public only", "Its open one", "Open only", "Withdrawn", "Third of three"}
    assert found["Public only"][:3] == [f"Edition 1, {day_of(public)}", "–", "–"]
    assert found["Its open one"][:2] == [f"Edition 1, {day_of(both)}", "draft by Ana"]
    assert found["Open only"][:2] == ["none yet", "draft by Ana"]
    assert found["Withdrawn"][0] == f"Edition 1, {day_of(withdrawn)} withdrawn"
    assert found["Third of three"][0] == f"Edition 3, {day_of(third)}"


def test_a_record_that_was_given_up_is_shown_when_it_is_asked_or_searched_for():
    ana = author()
    client = at_work(ana)
    edition = MissionFactory(title="Given up", slug="given-up", by=ana)
    workflow.discard(edition, by=ana)
    assert lines(client) == {}
    for query in ("?open=given-up", "?q=given"):
        assert lines(client, MISSIONS + query)["Given up"] == ["none yet", "given up", "–", "None: it was given up"]
        assert "Given up" in lines(client, ALL_RECORDS + query)


def test_a_discarded_next_edition_leaves_the_line_of_the_public_one():
    ana = author()
    first = published(MissionFactory(title="The public one"))
    second = next_edition(first.record, by=ana, title="Given up")
    workflow.discard(second, by=ana)
    assert list(lines(at_work(ana))) == ["The public one"]


def test_the_title_leads_to_the_edition_of_the_line():
    first = published(MissionFactory(title="The first"))
    second = next_edition(first.record, title="The second")
    text = at_work(author()).get(MISSIONS).text
    assert f'href="/admin/missions/mission/{second.pk}/change/"' in text
    assert f'href="/admin/missions/mission/{first.pk}/change/"' not in text
    record = at_work(author()).get(f"{ALL_RECORDS}{first.record_id}/change/").text
    assert f"/admin/missions/mission/{first.pk}/change/" in record
    assert f"/admin/missions/mission/{second.pk}/change/" in record


# What comes next


def test_the_next_step_of_an_open_edition_depends_on_who_looks():
    ana, ben, cem = author(public_name="Ana"), author(), reviewer(public_name="Cem")
    edition = MissionFactory(title="KFOR", by=ana)

    def steps() -> list[str]:
        return [lines(at_work(editor))["KFOR"][3] for editor in (ana, ben, cem)]

    assert steps() == ["Go on", "Waits for Ana", "Waits for Ana"]
    workflow.submit(edition, by=ana)
    assert steps() == ["Waits for a reviewer", "Waits for a reviewer", "Review"]
    reviewing.claim_review(edition, by=cem)
    assert steps() == ["Waits for Cem", "Waits for Cem", "Review"]
    dan = reviewer()
    assert lines(at_work(dan))["KFOR"][3] == "Review (Cem reads it)"
    workflow.request_changes(edition, by=cem, reason="The date.")
    assert steps() == ["Go on", "Waits for Ana", "Waits for Ana"]
    workflow.submit(edition, by=ana)
    workflow.publish(edition, by=cem)
    assert steps() == ["Start edition 2"] * 3


def test_a_superuser_who_worked_on_a_text_is_not_asked_to_review_it():
    root = superuser()
    edition = MissionFactory(title="KFOR", by=root)
    workflow.submit(edition, by=root)
    assert lines(at_work(root))["KFOR"][3] == "Waits for a reviewer"


def test_reports_are_counted_and_come_before_the_next_edition():
    edition = published(MissionFactory(title="KFOR"))
    client = at_work(author())
    first = reported(edition.record)
    reported(edition.record)
    reported(edition.record, is_spam=True)
    reported(edition.record, state="closed")
    confirmed = reported(edition.record, state="confirmed")
    assert lines(client)["KFOR"][2:] == ["2 to decide, 1 to put right", f"Start edition 2: {confirmed}"]
    deciding.decline(confirmed, by=author(), answer="It is right.")
    assert lines(client)["KFOR"][2:] == ["2 to decide", f"Decide {first}"]


def test_a_founding_edition_asks_reviewers_to_check_it():
    edition = imported(MissionFactory(title="KFOR"))
    assert lines(at_work(reviewer()))["KFOR"][3] == "Check against its sources"
    assert lines(at_work(author()))["KFOR"][3] == "Start edition 2"
    assert lines(at_work(author()))["KFOR"][0] == f"Edition 1, {day_of(edition)} never checked"
    page = at_work(reviewer()).get(MISSIONS).text
    assert reverse("admin:missions_mission_check", args=[edition.pk]) in page


def test_a_draft_of_the_founding_record_is_for_whoever_goes_on_with_it():
    edition = MissionFactory(title="KFOR")
    edition.contributors.clear()
    Edition.objects.filter(pk=edition.pk).update(created_by=None)
    found = lines(at_work(author()))["KFOR"]
    assert (found[1], found[3]) == ("draft from the founding record", "Go on")


def test_the_next_step_can_be_taken_from_the_list():
    first = published(MissionFactory(title="KFOR"))
    client = at_work(author())
    start = reverse("admin:missions_mission_do", args=[first.pk, "start"])
    assert start in client.get(MISSIONS).text
    client.post(start, {})
    assert lines(client)["KFOR"][1] == "draft by you"


# Filters


@pytest.mark.parametrize("address", [MISSIONS, ALL_RECORDS])
def test_the_filters_of_records(address):
    ana, cem = author(), reviewer()
    client = at_work(cem)
    draft = MissionFactory(title="Draft", by=ana)
    submitted = MissionFactory(title="In review", by=ana)
    workflow.submit(submitted, by=ana)
    mine = MissionFactory(title="Mine in review", by=cem)
    workflow.submit(mine, by=cem)
    public = published(MissionFactory(title="Public", by=ana), by=cem)
    imported(MissionFactory(title="Founding"))
    withdrawn = published(MissionFactory(title="Withdrawn", by=ana))
    workflow.withdraw(withdrawn, by=managing_editor(), reason="It was wrong.")
    reported(public.record)
    reported(withdrawn.record, state="confirmed")

    def shown(query: str) -> set[str]:
        return set(lines(client, f"{address}?{query}"))

    every = shown("")
    assert len(every) == 6
    assert shown("open=draft") == {str(draft)}
    assert shown("open=in_review") == {"In review", "Mine in review"}
    assert shown("open=none") == {"Public", "Founding", "Withdrawn"}
    assert shown("public=checked") == {"Public"}
    assert shown("public=unchecked") == {"Founding"}
    assert shown("public=withdrawn") == {"Withdrawn"}
    assert shown("public=none") == {"Draft", "In review", "Mine in review"}
    assert shown("reports=to-decide") == {"Public"}
    assert shown("reports=to-put-right") == {"Withdrawn"}
    assert shown("mine=open") == {"Mine in review"}
    assert shown("mine=review") == {"In review"}
    assert shown("mine=ever") == {"Mine in review"}
    assert shown("mine=review&open=in_review&public=none") == {"In review"}
    assert shown("open=nonsense&mine=nonsense&public=nonsense&reports=nonsense") == every


def test_each_kind_has_filters_of_its_own():
    theme = TermFactory(vocabulary="theme", key="returns")
    MissionFactory(title="Running", status="running")
    MissionFactory(title="Closed", status="closed")
    early, late = EventFactory(title="Early", date="1999"), EventFactory(title="Late", date="2004-03-17")
    late.themes.add(theme)
    ArticleFactory(title="On returns").themes.add(theme)
    ArticleFactory(title="On nothing")
    client = at_work(author())
    assert set(lines(client, f"{MISSIONS}?status__exact=closed")) == {"Closed"}
    assert set(lines(client, f"{EVENTS}?year=1999")) == {str(early)}
    assert set(lines(client, f"{EVENTS}?themes__id__exact={theme.pk}")) == {"Late"}
    assert set(lines(client, f"/admin/missions/article/?themes__id__exact={theme.pk}")) == {"On returns"}
    assert ">2004</a>" in client.get(EVENTS).text


def test_nonsense_in_a_list_is_no_accident():
    EventFactory()
    client = at_work(author())
    for query in ("year=nonsense", "themes__id__exact=x", "o=99.x", "p=-1", "q=" + "x" * 3000, "q=(((", "year=%25"):
        for address in (EVENTS, ALL_RECORDS):
            assert client.get(f"{address}?{query}").status_code in (200, 302, 400), query[:50]


# Search


@pytest.mark.parametrize("query", ["Gjakove", "gjakovë", "GJAKOVË", "ceshtja gjakove"])
def test_a_list_is_searched_without_regard_to_accents_and_capitals(query):
    MissionFactory(title="Çështja në Gjakovë")
    MissionFactory(title="Something else")
    assert set(lines(at_work(author()), f"{MISSIONS}?q={query}")) == {"Çështja në Gjakovë"}


@pytest.mark.parametrize("query", ["kfor", "kosovo-force", "Forca e Kosoves", "Snage za Kosovo", "Снаге за Косово"])
def test_a_mission_is_found_by_its_acronym_address_and_other_names(query):
    MissionFactory(
        title="International force",
        slug="kosovo-force",
        acronym="KFOR",
        name_sq="Forca e Kosovës",
        name_sr_latn="Snage za Kosovo",
    )
    MissionFactory(title="Something else")
    assert set(lines(at_work(author()), f"{MISSIONS}?q={query}")) == {"International force"}


def test_a_record_is_found_by_the_public_title_when_its_draft_has_another():
    first = published(MissionFactory(title="The old name"))
    next_edition(first.record, title="The new name")
    assert set(lines(at_work(author()), f"{MISSIONS}?q=old")) == {"The new name"}


def test_a_list_needs_the_same_queries_however_long_it_is_and_loads_no_long_texts():
    cem = reviewer()
    client = at_work(cem)
    theme = TermFactory(vocabulary="theme", key="returns")

    def fill() -> None:
        for make in (MissionFactory, EventFactory, ArticleFactory):
            first = published(make())
            reported(first.record)
            next_edition(first.record)
            submitted = make(by=cem)
            workflow.submit(submitted, by=cem)
            imported(make())
        EventFactory().themes.add(theme)

    def queries(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return [query["sql"] for query in captured]

    addresses = [MISSIONS, EVENTS, "/admin/missions/article/", ALL_RECORDS, f"{SEARCH}?q=a"]
    fill()
    for address in addresses:
        queries(address)
    few = [len(queries(address)) for address in addresses]
    fill()
    assert [len(queries(address)) for address in addresses] == few
    for address in addresses:
        for sql in queries(address):
            assert '"frozen"' not in sql.split(" FROM ")[0]
            assert '"body"' not in sql.split(" FROM ")[0]


# Search over everything


def found(client: Client, query: str) -> dict[str, list[str]]:
    response = client.get(SEARCH, {"q": query})
    assert response.status_code == 200
    return {group.title: [hit.text for hit in group.hits] for group in response.context["groups"]}


def test_the_search_finds_records_of_every_kind_drafts_too_and_what_goes_with_them():
    MissionFactory(title="Gjakovë mission")
    published(EventFactory(title="Entry into Gjakovë"))
    ArticleFactory(title="Returns to Đakovica", slug="gjakova-returns")
    SourceFactory(title="Letter from Gjakovë", symbol="S/1999/99")
    OrganisationFactory(name="Municipality of Gjakova")
    PlaceFactory(name="Gjakovë / Đakovica", name_sr_latn="Đakovica")
    client = at_work(author())
    assert found(client, "gjakov") == {
        "Missions": ["Gjakovë mission"],
        "Events": ["Entry into Gjakovë"],
        "Articles": ["Returns to Đakovica"],
        "Sources": [found(client, "S/1999/99")["Sources"][0]],
        "Organisations": ["Municipality of Gjakova"],
        "Places": ["Gjakovë / Đakovica"],
    }
    for query in ("dakovica", "Djakovica", "Ђаковица", "ĐAKOVICA"):
        assert found(client, query)["Places"] == ["Gjakovë / Đakovica"], query


def test_the_search_says_what_is_public_and_what_is_open_and_leads_there():
    first = published(MissionFactory(title="KFOR", slug="kfor"))
    second = next_edition(first.record, title="KFOR")
    page = at_work(author()).get(SEARCH, {"q": "kfor"}).text
    assert "Edition 1" in page
    assert "draft" in page
    assert reverse("admin:missions_mission_change", args=[second.pk]) in page
    assert found(at_work(author()), "kfor") == {"Missions": ["KFOR"]}


def test_what_is_called_so_exactly_comes_first():
    for number in range(10):
        MissionFactory(title=f"Support to KFOR {number}")
    MissionFactory(title="The force itself", acronym="KFOR")
    for number in range(2):
        MissionFactory(title=f"More on KFOR {number}")
    hits = found(at_work(author()), "kfor")["Missions"]
    assert hits[0] == "The force itself"
    assert len(hits) == 8
    page = at_work(author()).get(SEARCH, {"q": "kfor"}).text
    assert "All 13" in page


@pytest.mark.parametrize("query", ["{}", "#{}", "report {}", "Report no. {}"])
def test_a_report_is_found_by_its_number(query):
    one = reported(published(MissionFactory()).record)
    assert found(at_work(author()), query.format(one.pk))["Readers’ reports"] == [str(one)]


def test_an_author_of_a_source_is_found_with_and_without_accents():
    SourceFactory(title="A study", authors=[{"family": "Čubrilović", "given": "Žarko"}])
    client = at_work(author())
    assert len(found(client, "Cubrilovic")["Sources"]) == 1
    assert len(found(client, "ČUBRILOVIĆ")["Sources"]) == 1
    assert found(client, "family") == {}, "the name of a value is none"


def test_nonsense_that_is_searched_for_finds_nothing():
    MissionFactory()
    client = at_work(author())
    for query in ("", " ", "%00", "'; DROP TABLE", "\\", "[", "(?i", "%F0%9F%98%80", "x" * 5000, "*", "́"):
        response = client.get(f"{SEARCH}?q={query}")
        assert response.status_code in (200, 400), query[:50]
        assert response.status_code == 400 or response.context["groups"] == [], query[:50]


def test_the_search_is_for_editors_and_shows_each_what_they_may_see(client):
    MissionFactory(title="A secret draft")
    assert client.get(SEARCH, {"q": "secret"}).status_code == 302
    outsider = Editor.objects.create(username="outsider", is_staff=True)
    assert found(at_work(outsider), "secret") == {}


def test_every_page_of_the_editors_site_has_the_search_in_its_head():
    client = at_work(author())
    edition = MissionFactory()
    for address in ("/admin/", MISSIONS, f"{MISSIONS}{edition.pk}/change/", SEARCH, ALL_RECORDS):
        assert 'action="/admin/search/"' in client.get(address).text, address
    assert Edition.objects.count() == 1
