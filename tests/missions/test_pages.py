"""The record pages as readers meet them: through the client, with editions the workflow published."""

from __future__ import annotations

import datetime
import re
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial import workflow
from missions.models import (
    Classification,
    Disagreement,
    Instrument,
    Leader,
    Objective,
    Participation,
    Phase,
    Relation,
    Responsibility,
    Statement,
)
from sources.models import Source
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    StatementFactory,
    TermFactory,
    imported,
    managing_editor,
    next_edition,
    published,
)

pytestmark = pytest.mark.django_db

HOSTILE = ["%00", "%FF%FE", "x" * 10_000, "<script>", "2024-99-99", "-1", "9" * 400, "'\";--"]


def text_of(response):
    return response.content.decode()


def kfor(**fields):
    """A mission with some of everything, published."""
    mission = MissionFactory(
        slug="kfor",
        acronym="KFOR",
        name_sq="Forca e Kosovës",
        name_sr_cyrl="Косовске снаге",
        other_names="MINUK (fr, acronym)",
        mandate="It was to keep the peace.[^a]",
        headquarters="Camp Film City",
        **fields,
    )
    CitationFactory(edition=mission, key="b", supports="start status")
    term = TermFactory(vocabulary="conflict-type", key="relapse", name="Risk of a relapse")
    Classification.objects.create(
        edition=mission, key="relapse", term=term, basis="ours", reason="We read it so.", cites="a"
    )
    Participation.objects.create(
        edition=mission,
        key="nato",
        organisation=OrganisationFactory(name="North Atlantic Alliance"),
        role="lead",
        cites="a",
    )
    Instrument.objects.create(edition=mission, key="r", title="Resolution 1244", effect="establishes", cites="a b")
    Objective.objects.create(edition=mission, key="o", text="To deter hostilities", cites="a")
    Phase.objects.create(edition=mission, key="p", title="Deployment", start="1999-06", cites="a")
    Responsibility.objects.create(
        edition=mission,
        key="s",
        task=TermFactory(vocabulary="task", key="security"),
        handed_to_text="Kosovo Police",
        cites="a",
    )
    Leader.objects.create(edition=mission, key="l", person="A. Commander", role="Commander")
    StatementFactory(edition=mission, key="said", holder="A minister", text="It went well.")
    return mission


def entry_figures(mission):
    """Four sources on the strength on entry, one of them with a plan."""
    for value, basis, day, name in [
        (50000, "planned", "1999-06-10", "Plan"),
        (42000, "reported", "1999-06-12", "How We Stop War"),
        (14000, "deployed", "1999-06-14", "House of Lords"),
        (18000, "deployed", "1999-06-18", "House of Commons"),
    ]:
        FigureFactory(
            edition=mission,
            key=f"entry-{value}",
            value=value,
            as_of=day,
            basis=TermFactory(vocabulary="basis", key=basis),
            source=SourceFactory(title=name, authors=[]),
        )
    Disagreement.objects.create(
        edition=mission,
        key="entry",
        about="strength-on-entry-1999",
        question="How many entered?",
        positions=[
            {"holder": "A site", "text": "42,000", "cites": ["a"]},
            {"holder": "A minister", "text": "14,000", "quoted": True, "cites": ["b"]},
        ],
        reason="planned-or-deployed",
        note="One counted the plan.",
    )


def test_a_mission_page_shows_its_facts_with_their_notes(client):
    published(kfor())

    response = client.get("/missions/kfor/")
    page = text_of(response)

    assert response.status_code == 200
    for words in [
        "Kosovo Force", "(KFOR)", '<span lang="sq">Forca e Kosovës</span>', 'lang="sr-Cyrl"',
        '<span lang="fr">MINUK</span>', "A force came.", "It was to keep the peace.",
        "Resolution 1244", "To deter hostilities", "Deployment", "Kosovo Police", "A. Commander",
        "A minister", "It went well.", "North Atlantic Alliance", "We read it so.",
        "Corrections or comments about this article?", "Editor Number",
    ]:  # fmt: skip
        assert words in page, words
    assert "not a peace mission" not in page
    assert "founding record" not in page
    start = page[page.index('id="start"') :]
    assert 'role="doc-noteref"' in start[: start.index("</div>")]
    headquarters = page[page.index('id="headquarters"') :]
    assert "no source given" in headquarters[: headquarters.index("</div>")]
    assert "style=" not in page
    assert all(tag.startswith((' src="/', ' type="application/ld+json"')) for tag in page.split("<script")[1:])


def test_a_page_says_that_an_operation_was_no_peace_mission(client):
    published(MissionFactory(slug="allied-force", peace_mission=False))

    assert "Related operation, not a peace mission" in text_of(client.get("/missions/allied-force/"))


def test_an_imported_edition_says_that_nobody_has_checked_it(client):
    imported(MissionFactory(slug="imported"))

    page = text_of(client.get("/missions/imported/"))
    assert "From the founding record, not yet checked by a second editor" in page
    assert "facts in its box, tables and lists none has been compared with a source by an editor" in page


def test_sources_that_differ_stand_side_by_side_with_the_reason(client):
    mission = kfor()
    entry_figures(mission)
    mission.figures.filter(key="entry-14000").update(quote="up to 14,000 came", counted_whom="all ranks")
    Disagreement.objects.create(edition=mission, key="sites", about="strength-on-entry-1999", question="And the sites?")
    published(mission)

    page = text_of(client.get("/missions/kfor/"))
    differ = page[page.index('id="differ-entry"') : page.index('id="statements"')]

    assert '<a class="mark strong" href="#differ-entry">Sources disagree</a>' in page[: page.index('id="differ"')]
    assert differ.count("counting all ranks") == 1  # its other question leads to where the numbers stand
    for words in ["How many entered?", "<q>up to 14,000 came</q>", "And the sites?",
                  'The numbers stand at <a href="#differ-entry">How many entered?</a>', "4 sources", "50,000", "42,000", "14,000", "18,000", "planned",
                  "How We Stop War", "House of Lords", "12 June 1999", "One counted the plan.",
                  "Planned against deployed"]:  # fmt: skip
        assert words in differ, words


def test_every_way_back_from_a_note_leads_to_a_place_on_the_page(client):
    mission = kfor()
    mission.acronym, mission.other_names, mission.mandate = "KFOR", "Joint Guardian (en)", "It was to deter."
    mission.save()
    CitationFactory(edition=mission, key="names", supports="title acronym other_names mandate")
    published(mission)

    page = text_of(client.get("/missions/kfor/"))

    assert 'href="#ref-' in page
    for place in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{place}"' in page, place


def test_different_dates_are_change_over_time_and_no_disagreement(client):
    mission = kfor()
    FigureFactory(edition=mission, key="f20", fact="strength-2020", value=3800, as_of="2020-11")
    FigureFactory(edition=mission, key="f25", fact="strength-2025", value=4600, as_of="2025-03-12")
    published(mission)

    page = text_of(client.get("/missions/kfor/"))

    strength = page[page.index('id="strength"') : page.index('id="phases"')]
    assert "3,800" in strength
    assert "4,600" in strength
    assert 'id="differ"' not in page
    assert "Sources disagree" not in page


def test_the_evidence_meter_counts_facts_and_what_stands_behind_them(client):
    mission = MissionFactory(slug="kfor")  # facts: kind, status, start
    CitationFactory(
        edition=mission,
        key="b",
        supports="start",
        locator="",
        source=SourceFactory(standing=Source.Standing.NEWS),
    )
    FigureFactory(edition=mission, key="f", locator="p. 3")
    published(mission)

    page = text_of(client.get("/missions/kfor/"))

    assert "2 of 4 name a source" in page
    assert "1 of 4 rest on a primary source" in page
    assert "1 of 4 give the place in the source" in page
    assert "0 of 4 were compared with the source" in page


def test_records_name_each_other_only_when_both_are_public(client):
    draft = MissionFactory(slug="hush-slug", title="Hush mission")
    other = published(MissionFactory(slug="unmik", title="Interim Administration"))
    mission = kfor()
    Relation.objects.create(edition=mission, key="d", record=draft.record, kind="parallel", cites="a")
    Relation.objects.create(
        edition=mission, key="n", record=draft.record, kind="other", note="Beside another.", cites="a"
    )
    Relation.objects.create(edition=mission, key="u", record=other.record, kind="parallel", cites="a")
    Responsibility.objects.create(
        edition=mission,
        key="h",
        task=TermFactory(vocabulary="task", key="police"),
        handed_to=draft.record,
        cites="a",
    )
    published(mission)
    EventFactory(title="Hush event").missions.add(mission.record)
    ArticleFactory(title="Hush article").missions.add(mission.record)

    page = text_of(client.get("/missions/kfor/"))

    assert "Interim Administration" in page
    assert "Beside another." in page
    assert "Hush" not in page
    assert "hush-slug" not in page
    assert client.get("/missions/hush-slug/").status_code == 404
    assert client.get("/missions/hush-slug/figures/").status_code == 404
    assert client.get("/missions/hush-slug/cite.txt").status_code == 404


def test_the_next_draft_changes_nothing_in_public(client):
    live = published(kfor())
    draft = next_edition(live.record, title="Hidden title", body="## Hidden\n\nHidden.[^a]")
    FigureFactory(edition=draft, key="hidden", fact="hidden-fact", value=770_077)

    for address in ["", "figures/", "cite.txt", "?on=2999-01-01"]:
        page = text_of(client.get(f"/missions/kfor/{address}"))
        assert "Hidden" not in page
        assert "770,077" not in page
    assert client.get("/missions/kfor/figures/hidden-fact/").status_code == 404


def test_an_event_page_shows_place_missions_and_neighbours(client):
    mission = published(kfor())
    place = PlaceFactory(name="Pristina", name_sq="Prishtinë", name_sr_latn="Priština")
    theme = TermFactory(vocabulary="theme", key="security")
    for slug, day in [("before", "1999-06-01"), ("entry", "1999-06-12"), ("after", "1999-07-01")]:
        event = EventFactory(slug=slug, title=f"Event {slug}", date=day, place=place, actors="NATO\nRussia")
        event.missions.add(mission.record)
        event.themes.add(theme)
        published(event)

    page = text_of(client.get("/events/entry/"))

    for words in ["Event entry", "Pristina", '<span lang="sq"', "Prishtinë", "Russia", "security",
                  'href="/missions/kfor/"', "Event before", "Event after"]:  # fmt: skip
        assert words in page, words
    timeline = text_of(client.get("/missions/kfor/"))
    assert timeline.index("Event before") < timeline.index("Event entry")


def test_an_article_gathers_its_infobox_from_its_public_missions(client):
    mission = published(kfor())
    draft = MissionFactory(title="Draft mission", start="1888")
    article = ArticleFactory(slug="question")
    article.missions.add(mission.record, draft.record)
    published(article)

    page = text_of(client.get("/articles/question/"))

    for words in ["Start year", '<a href="/missions/kfor/#start">KFOR</a>', "Running",
                  "Risk of a relapse", "/missions/kfor/#classification-relapse",
                  "North Atlantic Alliance", "/missions/kfor/#participation-nato"]:  # fmt: skip
        assert words in page, words
    assert "Draft mission" not in page
    assert "1888" not in page


def test_a_withdrawn_record_keeps_its_page_with_the_reason(client):
    replacement = published(MissionFactory(slug="unmik", title="The better page"))
    edition = published(kfor())
    workflow.withdraw(
        edition,
        by=managing_editor(public_name="Mara Editor"),
        reason="The figures were wrong.",
        replacement=replacement.record,
    )

    response = client.get("/missions/kfor/")
    page = text_of(response)

    assert response.status_code == 200
    for words in ["Withdrawn", "Mara Editor", "The figures were wrong.", "The better page",
                  '<meta name="robots" content="noindex">', "A force came."]:  # fmt: skip
        assert words in page, words
    assert client.get("/missions/kfor/figures/").status_code == 200


def test_a_suppressed_record_is_gone_with_its_cause(client):
    edition = kfor()
    entry_figures(edition)
    published(edition)
    workflow.suppress(edition, by=managing_editor(), reason="A court order.")

    for address in ["", "figures/", "figures/strength-on-entry-1999/", "cite.bib", "?on=2999-01-01"]:
        response = client.get(f"/missions/kfor/{address}")
        page = text_of(response)
        assert response.status_code == 410
        assert "A court order." in page
        assert "A force came." not in page
        assert "Kosovo Force" not in page


def test_a_former_address_leads_to_the_same_page_of_the_record(client):
    edition = kfor()
    entry_figures(edition)
    published(edition)
    workflow.rename(edition.record, "kosovo-force", by=managing_editor())

    for address in ["", "figures/?year=1999", "figures/strength-on-entry-1999/", "cite.ris"]:
        response = client.get(f"/missions/kfor/{address}")
        assert response.status_code == 301
        assert response.headers["Location"] == f"/missions/kosovo-force/{address}"


def published_on(edition, day):
    """Publish as if it were noon of that day."""
    noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
    with mock.patch("django.utils.timezone.now", return_value=noon):
        return published(edition)


def test_a_day_shows_the_edition_that_was_public_at_its_end(client):
    first = published_on(kfor(summary="The first text.[^a]"), datetime.date(2024, 5, 1))
    published_on(next_edition(first.record, summary="The second text.[^a]"), datetime.date(2025, 5, 1))

    assert "The second text." in text_of(client.get("/missions/kfor/"))
    for day, words in [
        ("2024-05-01", "The first text."),
        ("2025-04-30", "The first text."),
        ("2025-05-01", "The second text."),
    ]:
        response = client.get("/missions/kfor/", {"on": day})
        assert response.status_code == 200
        assert words in text_of(response)
        assert 'content="noindex"' in text_of(response)
    early = client.get("/missions/kfor/", {"on": "2024-04-30"})
    assert early.status_code == 404
    assert "1 May 2024" in text_of(early)


@pytest.mark.parametrize("day", ["yesterday", "2024-13-01", "2999-01-01", "٢٠٢٤-٠٥-٠١", "9999-12-31"])
def test_a_day_that_is_none_is_said_kindly_on_the_live_page(client, day):
    published(kfor())

    response = client.get("/missions/kfor/", {"on": day})

    assert response.status_code == 200
    assert "This is the page as it stands now." in text_of(response)
    assert "A force came." in text_of(response)


def test_nonsense_in_the_query_is_never_an_error_of_ours(client):
    mission = kfor()
    entry_figures(mission)
    published(mission)
    names = ["measure", "country", "year", "page", "beyond"]

    for nonsense in HOSTILE:
        every = "&".join(f"{name}={nonsense}" for name in ["unknown", "on", *names])
        for page, queries in {"": ["on", ""], "figures/": [*names, ""]}.items():
            for query in queries:
                address = f"/missions/kfor/{page}?{f'{query}={nonsense}' if query else every}"
                assert client.get(address).status_code < 500, address


def test_figures_are_narrowed_by_measure_country_and_year(client):
    mission = kfor()
    FigureFactory(edition=mission, key="it", fact="it", value=1258, country="IT", as_of="2025-03")
    FigureFactory(edition=mission, key="de", fact="de", value=3500, country="DE", as_of="1999-07")
    police = TermFactory(vocabulary="measure", key="police")
    FigureFactory(edition=mission, key="po", fact="po", value=11, measure=police, as_of="2018-10")
    published(mission)

    def figures(**query):
        return text_of(client.get("/missions/kfor/figures/", query))

    assert all(number in figures() for number in ["1,258", "3,500", ">11<"])
    assert "1,258" in figures(country="IT")
    assert "3,500" not in figures(country="IT")
    assert "3,500" in figures(year="1999")
    assert "1,258" not in figures(year="1999")
    assert ">11<" in figures(measure="police")
    assert "3,500" not in figures(measure="police")
    assert "3,500" in figures(unknown="1")
    wrong = figures(country="XX")
    assert "no figures for that country" in wrong
    assert "1,258" in wrong


def test_figures_are_paged_by_a_hundred(client):
    mission = kfor()
    for n in range(130):
        FigureFactory(
            edition=mission, key=f"n{n:03}", fact=f"n{n:03}", value=10_000 + n, as_of="2001",
            source=SourceFactory(key="one") if n == 0 else Source.objects.get(key="one"),
        )  # fmt: skip
    published(mission)

    first = text_of(client.get("/missions/kfor/figures/"))
    second = text_of(client.get("/missions/kfor/figures/?page=2"))

    assert "10,099" in first
    assert "10,100" not in first
    assert "10,100" in second
    assert "10,129" in second
    assert "10,099" not in second


def test_a_fact_page_shows_every_value_with_its_evidence_and_history(client):
    first = kfor()
    entry_figures(first)
    published(first)
    second = next_edition(first.record)
    figure = second.figures.get(key="entry-42000")
    figure.value, figure.quote, figure.locator = 43000, "43,000 moved in", "p. 7"
    figure.save()
    published(second)

    page = text_of(client.get("/missions/kfor/figures/strength-on-entry-1999/"))

    for words in ["How many entered?", "50,000", "43,000", "43,000 moved in", "p. 7", "14,000",
                  "18,000", "planned", "not said", "One counted the plan.", "Edition 1",
                  "42,000", "Edition 2", "cite.bib", "others say"]:  # fmt: skip
        assert words in page, words
    assert client.get("/missions/kfor/figures/unknown/").status_code == 404


def test_a_fact_that_only_earlier_editions_gave_keeps_its_history(client):
    first = kfor()
    FigureFactory(edition=first, key="f", fact="old-fact", value=321)
    published(first)
    second = next_edition(first.record)
    second.figures.get(key="f").delete()
    published(second)

    page = text_of(client.get("/missions/kfor/figures/old-fact/"))

    assert "no longer gives this fact" in page
    assert "321" in page
    assert client.get("/missions/kfor/figures/old-fact/cite.txt").status_code == 404


@pytest.mark.parametrize("format", ["bib", "ris", "json", "txt"])
def test_a_page_and_a_fact_can_be_cited_in_four_formats(client, format):
    mission = kfor()
    entry_figures(mission)
    published(mission)

    page = text_of(client.get(f"/missions/kfor/cite.{format}"))
    fact = text_of(client.get(f"/missions/kfor/figures/strength-on-entry-1999/cite.{format}"))

    assert "Kosovo Force" in page
    assert "/missions/kfor/editions/1/" in page
    assert "42,000" in fact
    assert "How We Stop War" in fact


def test_an_unknown_format_of_citation_is_not_found(client):
    published(kfor())

    assert client.get("/missions/kfor/cite.docx").status_code == 404


def test_what_editors_write_is_escaped(client):
    mission = kfor(title="Force <b>& co</b>")
    Statement.objects.create(edition=mission, key="x", holder="<i>Who</i>", text="<script>", cites="a")
    published(mission)

    page = text_of(client.get("/missions/kfor/"))

    assert "Force &lt;b&gt;&amp; co&lt;/b&gt;" in page
    assert "<script>" not in page
    assert "<i>Who</i>" not in page


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def grow(mission, many):
    """Add rows of every kind to a draft."""
    for n in range(many):
        other = published(MissionFactory())
        Relation.objects.create(edition=mission, key=f"r{n}", record=other.record, kind="parallel", cites="a")
        Participation.objects.create(
            edition=mission, key=f"p{n}", organisation=OrganisationFactory(), role="lead", cites="a"
        )
        Leader.objects.create(edition=mission, key=f"l{n}", person=f"Leader {n}", role="Head", cites="a")
        CitationFactory(edition=mission, key=f"c{n}")
        FigureFactory(edition=mission, key=f"f{n}", fact=f"fact{n}", country="IT", as_of=f"20{n:02}")
        FigureFactory(edition=mission, key=f"g{n}", fact=f"fact{n}", value=n, as_of=f"20{n:02}")
        event = EventFactory()
        event.missions.add(mission.record)
        published(event)
    return mission


def test_a_mission_page_costs_the_same_for_a_small_and_a_large_record(client):
    published(grow(MissionFactory(slug="small"), 1))
    published(grow(MissionFactory(slug="large"), 8))

    small, large = (queries_of(client, f"/missions/{slug}/") for slug in ("small", "large"))

    assert small == large
    assert large <= 25


@pytest.mark.parametrize("address", ["figures/", "figures/fact0/", "cite.txt"])
def test_the_pages_below_cost_the_same_for_a_small_and_a_large_record(client, address):
    published(grow(MissionFactory(slug="small"), 1))
    published(grow(MissionFactory(slug="large"), 6))

    assert queries_of(client, f"/missions/small/{address}") == queries_of(client, f"/missions/large/{address}")
