"""Organisations, definitions and the page of all disagreements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions import disagreements
from missions.models import Classification, Disagreement, Participation
from tests.factories import (
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    SourceFactory,
    TermFactory,
    next_edition,
    published,
)

pytestmark = pytest.mark.django_db


def taken_part_in(mission, organisation, role="lead", note=""):
    Participation(
        edition=mission, key=f"{role}-{organisation.key}", organisation=organisation, role=role, note=note
    ).save()
    return mission


def asked(edition, key, question, about="", settled=""):
    Disagreement(
        edition=edition,
        key=key,
        about=about,
        question=question,
        settled=settled,
        positions=[{"holder": "One", "text": "This."}, {"holder": "Another", "text": "That."}],
    ).save()
    return edition


# Organisations


def test_an_organisation_shows_its_missions_with_its_role(client):
    nato = OrganisationFactory(
        key="nato", name="North Atlantic Treaty Organization", acronym="NATO", name_sq="Forma shqipe"
    )
    published(taken_part_in(MissionFactory(title="Kosovo Force"), nato, note="It led from Naples."))
    page = client.get("/organisations/nato/").content.decode()
    assert "Kosovo Force" in page
    assert "It led from Naples." in page
    assert '<span lang="sq" title="Albanian">Forma shqipe</span>' in page


def test_an_organisation_only_a_draft_names_has_no_page(client):
    taken_part_in(MissionFactory(), OrganisationFactory(key="hidden", name="Hidden"))
    assert client.get("/organisations/hidden/").status_code == 404
    assert "Hidden" not in client.get("/organisations/").content.decode()


def test_a_parent_and_parts_are_linked_when_they_are_public(client):
    hidden = OrganisationFactory(key="hidden", name="Hidden parent")
    middle = OrganisationFactory(key="middle", name="Middle", parent=hidden)
    part = OrganisationFactory(key="part", name="Public part", parent=middle)
    OrganisationFactory(key="other", name="Hidden part", parent=middle)
    mission = taken_part_in(MissionFactory(), middle)
    published(taken_part_in(mission, part, "supporting"))
    page = client.get("/organisations/middle/").content.decode()
    assert "Public part" in page
    assert "Hidden" not in page
    assert 'href="/organisations/middle/"' in client.get("/organisations/part/").content.decode()


def test_an_organisation_of_an_earlier_edition_keeps_its_page(client):
    nato = OrganisationFactory(key="nato")
    first = published(taken_part_in(MissionFactory(title="Kosovo Force"), nato))
    second = next_edition(first.record)
    second.participations.all().delete()
    published(second)
    page = client.get("/organisations/nato/")
    assert page.status_code == 200
    assert "Kosovo Force" not in page.content.decode()


def test_an_organisation_costs_the_same_however_often_it_took_part(client):
    nato = OrganisationFactory(key="nato")
    published(taken_part_in(MissionFactory(), nato))
    with CaptureQueriesContext(connection) as few:
        client.get("/organisations/nato/")
    for _ in range(4):
        published(taken_part_in(MissionFactory(), nato))
    with CaptureQueriesContext(connection) as many:
        client.get("/organisations/nato/")
    assert len(few) == len(many)


# Definitions


def test_a_term_in_public_use_has_its_definition_and_its_anchor(client):
    term = TermFactory(vocabulary="initiative-type", key="peacekeeping", name="Peacekeeping", definition="Our words.")
    term.as_in_source = "PEACE KEEPING"
    term.source = SourceFactory(key="never-cited", title="Source nobody cites")
    term.save()
    mission = MissionFactory()
    Classification(edition=mission, key="a", term=term, basis="source").save()
    published(mission)
    page = client.get("/definitions/").content.decode()
    assert 'id="initiative-type-peacekeeping"' in page
    assert "Our words." in page
    assert "PEACE KEEPING" in page
    assert "Source nobody cites" not in page
    assert '<a href="/missions/?initiative_type=peacekeeping">1 record</a>' in page


def test_a_term_only_a_draft_uses_is_not_defined_in_public(client):
    mission = MissionFactory()
    Classification(
        edition=mission, key="a", basis="source", term=TermFactory(vocabulary="initiative-type", key="hidden")
    ).save()
    assert "hidden" not in client.get("/definitions/").content.decode()


def test_a_term_is_counted_once_for_each_record(client):
    mission = MissionFactory()
    FigureFactory(edition=mission)
    FigureFactory(edition=mission)
    first = published(mission)
    published(next_edition(first.record))
    word = next(
        word
        for key, _, words in client.get("/definitions/").context["vocabularies"]
        for word in words
        if word.term.key == "military-personnel"
    )
    assert word.count == 1


# Disagreements


def questions(client):
    return [entry.question for entry in client.get("/disagreements/").context["found"]]


def test_a_fact_whose_sources_differ_is_listed_with_all_its_values(client):
    mission = MissionFactory(slug="kfor")
    FigureFactory(edition=mission, value=50000, qualifier="about")
    FigureFactory(edition=mission, value=42000)
    published(mission)
    page = client.get("/disagreements/").content.decode()
    assert "about 50,000" in page
    assert "42,000" in page
    assert 'href="/missions/kfor/figures/strength-on-entry-1999/"' in page


def test_what_a_record_asks_about_a_fact_is_one_entry_with_it(client):
    mission = MissionFactory()
    FigureFactory(edition=mission, value=50000)
    FigureFactory(edition=mission, value=42000)
    asked(mission, "differs-1", "How many came?", about="strength-on-entry-1999")
    published(mission)
    assert questions(client) == ["How many came?"]


def test_a_question_in_words_leads_to_its_place_on_the_record(client):
    published(asked(MissionFactory(slug="kfor"), "differs-1", "On which day did it begin?", about="start"))
    page = client.get("/disagreements/").content.decode()
    assert 'href="/missions/kfor/#differ-differs-1"' in page
    assert disagreements.DATES in page


def test_deaths_and_losses_stand_apart_by_date(client):
    killed = TermFactory(vocabulary="measure", key="killed")
    event = asked(EventFactory(date="2004-03-17"), "a", "What was the weather?")
    for value in (3, 4):
        FigureFactory(edition=event, measure=killed, fact="killed-2004", as_of="2004-03", value=value)
        FigureFactory(edition=event, fact="troops-1998", as_of="1998", value=value)
    asked(event, "b", "How many people were injured in May 2001?")
    published(event)
    found = client.get("/disagreements/").context["found"]
    assert [entry.subject for entry in found][:2] == [disagreements.LOSSES] * 2
    assert [entry.key.date for entry in found[:2]] == ["2004-03", "2004-03-17"]
    assert [entry.subject for entry in found][-1] == disagreements.OTHER


def test_change_over_time_and_one_source_alone_are_no_disagreement(client):
    mission = MissionFactory()
    source = SourceFactory()
    FigureFactory(edition=mission, value=5, source=source)
    FigureFactory(edition=mission, value=6, source=source)
    FigureFactory(edition=mission, value=7, fact="strength-2000", as_of="2000")
    published(mission)
    assert questions(client) == []


def test_the_disagreements_of_drafts_are_not_listed(client):
    asked(MissionFactory(), "a", "A question of a draft?")
    live = published(MissionFactory())
    asked(next_edition(live.record), "a", "A question of the next edition?")
    assert questions(client) == []


def test_all_disagreements_cost_the_same_however_many_there_are(client):
    def differing(number):
        mission = asked(MissionFactory(), "a", f"Question {number}?")
        for value in range(2 + number):
            FigureFactory(edition=mission, value=value + 1)
        published(mission)

    differing(0)
    with CaptureQueriesContext(connection) as few:
        client.get("/disagreements/")
    for number in range(1, 4):
        differing(number)
    with CaptureQueriesContext(connection) as many:
        client.get("/disagreements/")
    assert len(few) == len(many)
