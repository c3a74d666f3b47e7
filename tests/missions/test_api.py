"""Missions, events, articles, their rows and reference data in the API."""

from __future__ import annotations

import datetime
import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial import workflow
from editorial.models import Edition, Record
from missions.models import (
    Classification,
    Disagreement,
    Instrument,
    Leader,
    Objective,
    Organisation,
    Participation,
    Phase,
    Relation,
    Responsibility,
)
from tests.factories import (
    ArticleFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    StatementFactory,
    TermFactory,
    managing_editor,
    next_edition,
    published,
)

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def known_site(settings):
    settings.SITE_URL = SITE


def get(client, path, expected=200, /, **query):
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == expected, response.content
    return response.json()


def slugs(client, path, /, **query):
    return [entry["slug"] for entry in get(client, path, **query)["results"]]


def full_mission(slug="kfor", rows=1, **fields):
    """A draft with `rows` rows of every kind, and a public mission it relates to."""
    other = published(MissionFactory(slug=f"{slug}-other", title="Another mission")).record
    mission = MissionFactory(slug=slug, **fields)
    for n in range(rows):
        own = {"edition": mission, "key": f"row{n}", "cites": "a"}
        term = TermFactory(vocabulary="conflict-type", key=f"{slug}-type{n}")
        Classification.objects.create(term=term, basis="ours", reason="We read it so.", **own)
        Participation.objects.create(organisation=OrganisationFactory(key=f"{slug}-org{n}"), role="lead", **own)
        Instrument.objects.create(title="Resolution 1244", date="1999-06-10", effect="establishes", **own)
        Objective.objects.create(text="To keep the peace.", **own)
        Phase.objects.create(title="Build-up", start="1999-06", **own)
        task = TermFactory(vocabulary="task", key=f"{slug}-task{n}")
        Responsibility.objects.create(task=task, handed_to=other, start="1999", **own)
        Leader.objects.create(person="Mike Jackson", role="Commander", start="1999-06", **own)
        Relation.objects.create(record=other, kind="parallel", **own)
        StatementFactory(edition=mission, key=f"row{n}", holder="Kofi Annan", date="1999-07")
        Disagreement.objects.create(
            question="How many?",
            about=f"fact{n}",
            positions=[{"holder": "A", "text": "Ten.", "cites": ["a"]}, {"holder": "B", "text": "Nine."}],
            **own,
        )
        measure = TermFactory(key=f"{slug}-measure{n}")
        FigureFactory(edition=mission, key=f"row{n}", fact=f"fact{n}", measure=measure, value="42.8")
    return mission


def full_event(slug="entry", rows=1, missions=()):
    event = EventFactory(slug=slug, place=PlaceFactory(key=f"{slug}-place"), actors="NATO\nRussia")
    event.missions.set(missions)
    for n in range(rows):
        event.themes.add(TermFactory(vocabulary="theme", key=f"{slug}-theme{n}"))
        StatementFactory(edition=event, key=f"row{n}")
    return event


# Lists


def test_a_list_has_published_editions_with_their_addresses_and_hash(client):
    mission = published(MissionFactory(slug="kfor", acronym="KFOR", start="1999-06"))
    MissionFactory(slug="draft")

    (entry,) = get(client, "missions/")["results"]

    mission.refresh_from_db()
    assert entry["slug"] == "kfor"
    assert entry["summary_text"] == "A force came."
    assert entry["start"] == {"value": "1999-06", "precision": "month"}
    assert entry["end"] is None
    assert entry["mission_kind"]["key"] == "peacekeeping-force"
    assert entry["address"] == f"{SITE}/missions/kfor/"
    assert entry["api_address"] == f"{SITE}/api/v1/missions/kfor/"
    assert entry["permanent_address"] == f"{SITE}/missions/kfor/editions/1/"
    assert (entry["edition"], entry["sha256"]) == (1, mission.sha256)
    assert "body" not in entry


def test_a_withdrawn_and_a_suppressed_record_leave_the_lists(client):
    _, wrong, unlawful = (published(MissionFactory(slug=slug)) for slug in ("kept", "wrong", "unlawful"))
    workflow.withdraw(wrong, by=managing_editor(), reason="It was wrong.")
    workflow.suppress(unlawful, by=managing_editor(), reason="A court said so.")

    assert slugs(client, "missions/") == ["kept"]
    cited = [entry["record"]["slug"] for entry in get(client, "citations/")["results"]]
    assert cited == ["kept"]


def test_missions_are_narrowed_by_what_they_are(client):
    first = full_mission("first", start="1998", end="2001-05", status="closed")
    published(first)
    published(MissionFactory(slug="second", start="1999-06-12", peace_mission=False))

    assert slugs(client, "missions/", organisation="first-org0") == ["first"]
    assert slugs(client, "missions/", conflict_type="first-type0") == ["first"]
    assert slugs(client, "missions/", status="closed") == ["first"]
    assert slugs(client, "missions/", active_on="2004-03-17", peace_mission="false") == ["second"]
    assert slugs(client, "missions/", start_after="1999", peace_mission="false") == ["second"]
    assert slugs(client, "missions/", start_before="1998") == ["first"]
    assert slugs(client, "missions/", has_disagreement="true") == ["first"]
    assert slugs(client, "missions/", updated_since="2000-01-01", q="another") == ["first-other"]
    assert slugs(client, "missions/", updated_since="2100-01-01T00:00:00Z") == []


def test_several_keys_divided_by_commas_mean_or(client):
    for name in ("one", "two", "three"):
        published(EventFactory(slug=name, event_kind=TermFactory(vocabulary="event-kind", key=name)))

    assert sorted(slugs(client, "events/", kind="one,two")) == ["one", "two"]


@pytest.mark.parametrize(
    "name, value, told",
    [
        ("status", "gone", "running, closed"),
        ("kind", "navy", "peacekeeping-force"),
        ("has_disagreement", "perhaps", "true, false"),
        ("peace_mission", "1", "true, false"),
        ("start_after", "soon", "March 2004"),
        ("active_on", "2004-13", "17 March 2004"),
        ("updated_since", "9999-99-99", "2026-05-01"),
        ("updated_since", "0001-01-01T00:00:00+14:00", "2026-05-01"),
    ],
)
def test_a_wrong_value_is_answered_with_what_is_allowed(client, name, value, told):
    published(MissionFactory())

    problem = get(client, "missions/", 400, **{name: value})

    assert problem["type"] == "validation_error"
    assert problem["errors"][0]["attr"] == name
    assert told in problem["errors"][0]["detail"]


def test_events_and_articles_name_the_public_records_they_are_about(client):
    public = published(MissionFactory(slug="kfor")).record
    draft = MissionFactory(slug="draft-mission").record
    event = full_event(missions=[public, draft])
    published(event)
    article = ArticleFactory(slug="relapse")
    article.missions.add(public, draft)
    article.events.add(event.record)
    published(article)

    (entry,) = get(client, "events/", mission="kfor")["results"]
    assert [mission["slug"] for mission in entry["missions"]] == ["kfor"]
    assert entry["place"]["key"] == "entry-place"
    assert entry["themes"][0]["key"] == "entry-theme0"
    (entry,) = get(client, "articles/")["results"]
    assert [mission["title"] for mission in entry["missions"]] == ["Kosovo Force"]
    assert [event["slug"] for event in entry["events"]] == ["entry"]


# One record


def test_a_mission_has_its_texts_and_all_its_rows(client):
    published(full_mission())

    mission = get(client, "missions/kfor/")

    assert mission["summary"] == "A force came.[^a]"
    assert mission["body"].startswith("## What it was")
    assert mission["classifications"][0]["term"]["vocabulary"] == "conflict-type"
    assert mission["participations"][0]["organisation"]["address"] == f"{SITE}/organisations/kfor-org0/"
    assert mission["instruments"][0]["date"] == {"value": "1999-06-10", "precision": "day"}
    assert mission["objectives"][0] == {"key": "row0", "text": "To keep the peace.", "cites": ["a"]}
    assert mission["phases"][0]["title"] == "Build-up"
    assert mission["responsibilities"][0]["handed_to"]["title"] == "Another mission"
    assert mission["leaders"][0]["person"] == "Mike Jackson"
    assert mission["relations"][0]["record"]["slug"] == "kfor-other"
    assert mission["statements"][0]["holder"] == "Kofi Annan"
    assert mission["disagreements"][0]["positions"][0] == {
        "holder": "A", "text": "Ten.", "quoted": False, "cites": ["a"],
    }  # fmt: skip
    assert mission["citations"][0]["key"] == "a"
    assert mission["citations"][0]["as_printed"].startswith("United Nations Secretary-General")
    assert mission["figures"] == {"count": 1, "address": f"{SITE}/api/v1/figures/?record=mission/kfor"}
    assert mission["withdrawn_notice"] is None


def test_a_record_that_is_only_a_draft_is_not_named(client):
    mission = MissionFactory(slug="kfor")
    draft = MissionFactory(slug="not-public-yet", title="Nobody knows of this").record
    Relation.objects.create(edition=mission, key="r", record=draft, kind="parallel")
    published(mission)

    assert get(client, "missions/kfor/")["relations"][0]["record"] is None


def test_a_mission_costs_the_same_number_of_queries_however_many_rows_it_has(client, django_assert_num_queries):
    published(full_mission("small", rows=1))
    published(full_mission("large", rows=6))
    with CaptureQueriesContext(
        connection,
    ) as small:
        get(client, "missions/small/")

    with django_assert_num_queries(len(small)):
        get(client, "missions/large/")


def test_a_withdrawn_record_keeps_its_address_with_the_notice_and_without_the_text(client):
    other = published(MissionFactory(slug="better")).record
    mission = published(MissionFactory(slug="kfor"))
    workflow.withdraw(mission, by=managing_editor(), reason="The source was forged.", replacement=other)

    answer = get(client, "missions/kfor/")

    assert answer["withdrawn_notice"]["reason"] == "The source was forged."
    assert answer["withdrawn_notice"]["replacement"]["slug"] == "better"
    assert answer["title"] == "Kosovo Force"
    assert not {"summary", "summary_text", "body", "citations"} & set(answer)
    assert set(get(client, "missions/kfor/", fields="slug,body")) == {"slug"}


def test_a_suppressed_record_is_gone(client):
    mission = published(MissionFactory(slug="kfor"))
    workflow.suppress(mission, by=managing_editor(), reason="A court said so.")

    for path in ("missions/kfor/", "missions/kfor/editions/1/"):
        problem = get(client, path, 410)
        assert problem["errors"][0]["code"] == "gone"
        assert "A court said so." in problem["errors"][0]["detail"]
    (listed,) = get(client, "missions/kfor/editions/")["results"]
    assert (listed["state"], listed["title"]) == ("suppressed", None)
    assert listed["sha256"] == mission.sha256


def test_a_former_address_leads_to_the_one_now_with_its_query(client):
    mission = published(MissionFactory(slug="k-for"))
    workflow.rename(mission.record, "kfor", by=managing_editor())

    for path in ("", "editions/", "editions/1/"):
        response = client.get(f"/api/v1/missions/k-for/{path}?fields=title")
        assert response.status_code == 301
        assert response["Location"] == f"{SITE}/api/v1/missions/kfor/{path}?fields=title"


def test_on_a_day_gives_the_edition_public_at_its_end(client):
    def day_of(number, days_ago):
        moment = timezone.now() - datetime.timedelta(days=days_ago)
        Edition._base_manager.filter(number=number).update(published_at=moment)
        Edition._base_manager.filter(number=number - 1).update(superseded_at=moment)
        return timezone.localdate(moment)

    published(MissionFactory(slug="kfor", title="The first title"))
    record = Record.objects.get()
    published(next_edition(record, title="The second title"))
    first, second = day_of(1, 20), day_of(2, 10)

    assert get(client, "missions/kfor/", on=str(first))["title"] == "The first title"
    before = second - datetime.timedelta(days=1)
    assert get(client, "missions/kfor/", on=str(before))["edition"] == 1
    assert get(client, "missions/kfor/", on=str(second))["title"] == "The second title"
    early = first - datetime.timedelta(days=1)
    assert "not public yet" in get(client, "missions/kfor/", 404, on=str(early))["errors"][0]["detail"]
    get(client, "missions/kfor/", 404, on="0001-01-01")
    assert get(client, "missions/kfor/", 400, on="yesterday")["errors"][0]["attr"] == "on"
    assert get(client, "missions/kfor/", 400, on="2199-01-01")["errors"][0]["attr"] == "on"


def test_an_edition_has_the_frozen_text_its_hash_is_of(client):
    published(MissionFactory(slug="kfor"))
    record = Record.objects.get()
    published(next_edition(record, title="A new title"))

    listed = get(client, "missions/kfor/editions/")
    first = get(client, "missions/kfor/editions/1/")

    assert [(entry["number"], entry["state"]) for entry in listed["results"]] == [
        (2, "published"), (1, "superseded"),
    ]  # fmt: skip
    assert hashlib.sha256(first["frozen_text"].encode()).hexdigest() == first["sha256"]
    assert first["permanent_address"] == f"{SITE}/missions/kfor/editions/1/"
    assert get(client, "missions/kfor/editions/3/", 404)["type"] == "client_error"
    assert get(client, "missions/nothing/editions/", 404)["type"] == "client_error"


# Rows of all records


def test_figures_say_what_each_source_gives(client):
    mission = MissionFactory(slug="kfor")
    source = SourceFactory(key="nato")
    FigureFactory(edition=mission, key="one", value=None, low=45000, high=50000, source=source)
    FigureFactory(edition=mission, key="two", value="42.8", country="IT", as_of="2001", fact="share")
    published(mission)
    FigureFactory(edition=MissionFactory(), key="draft")

    one, two = get(client, "figures/")["results"]

    assert (one["value"], one["low"], one["high"]) == (None, 45000, 50000)
    assert one["in_words"] == "45,000 to 50,000"
    assert two["value"] == 42.8
    assert one["record"]["slug"] == "kfor"
    assert one["address"] == f"{SITE}/missions/kfor/figures/strength-on-entry-1999/"
    assert one["source"]["key"] == "nato"
    assert one["permanent_address"].endswith("/missions/kfor/editions/1/")

    def keys(**query):
        return [row["key"] for row in get(client, "figures/", **query)["results"]]

    assert keys(record="mission/kfor", country="it") == ["two"]
    assert keys(fact="share") == ["two"]
    assert keys(source="nato") == ["one"]
    assert keys(has_value="false") == ["one"]
    assert keys(as_of_after="2000") == ["two"]
    assert keys(as_of_before="1999-06") == ["one"]
    assert keys(measure="military-personnel", ordering="-as_of") == ["two", "one"]
    assert keys(checked="compared") == []
    for name, value in [("record", "mission/none"), ("source", "none"), ("country", "Italy"), ("as_of_after", "x")]:
        assert get(client, "figures/", 400, **{name: value})["errors"][0]["attr"] == name


def test_disagreements_and_statements_stand_with_their_record(client):
    published(full_mission())

    (disagreement,) = get(client, "disagreements/", record="mission/kfor")["results"]
    assert disagreement["address"] == f"{SITE}/missions/kfor/#differ-row0"
    assert disagreement["figures"] == f"{SITE}/api/v1/figures/?record=mission/kfor&fact=fact0"
    assert get(client, "disagreements/", settled="true")["results"] == []
    (statement,) = get(client, "statements/", q="annan")["results"]
    assert statement["date"] == {"value": "1999-07", "precision": "month"}
    assert get(client, "statements/", date_after="2000")["results"] == []
    assert get(client, "statements/", quoted="true", kind="assessment")["results"] == []


# Reference data


def test_reference_data_is_public_only_through_a_public_edition(client):
    public = full_mission()
    organisation = Organisation.objects.get(key="kfor-org0")
    Organisation.objects.filter(pk=organisation.pk).update(parent=OrganisationFactory(key="hidden-parent"))
    published(public)
    published(full_event())
    full_mission("draft")
    PlaceFactory(key="hidden")

    assert [row["key"] for row in get(client, "organisations/")["results"]] == ["kfor-org0"]
    shown = get(client, "organisations/kfor-org0/")
    assert shown["parent"] is None
    assert shown["missions"] == f"{SITE}/api/v1/missions/?organisation=kfor-org0"
    assert [row["key"] for row in get(client, "places/")["results"]] == ["entry-place"]
    assert get(client, "places/entry-place/")["latitude"] is None
    assert get(client, "terms/conflict-type/kfor-type0/")["name"] == "kfor type0"
    assert [row["key"] for row in get(client, "terms/", vocabulary="task")["results"]] == ["kfor-task0"]
    for path in (
        "organisations/draft-org0/",
        "organisations/hidden-parent/",
        "places/hidden/",
        "terms/task/draft-task0/",
    ):
        get(client, path, 404)
