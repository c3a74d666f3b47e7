"""Figures in the editors' site: found among hundreds, and facts suggested for those that seem alike."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial.models import Editor
from missions.facts import suggested_facts
from missions.models import Figure
from sources.dates import PartialDate
from tests.admin_forms import at_work, form_data, form_of_figure
from tests.factories import (
    CitationFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    TermFactory,
    author,
    published,
)

pytestmark = pytest.mark.django_db


def figures_of(edition, **query) -> str:
    return reverse("admin:missions_figure_changelist", query={"edition__id__exact": edition.pk} | query)


def add_page(edition) -> str:
    return reverse("admin:missions_figure_add", query={"edition": edition.pk})


def keys(response) -> set[str]:
    return {figure.key for figure in response.context["cl"].result_list}


def police(edition, number: int):
    """Many figures of one edition, as UNMIK has: months of many countries."""
    source = SourceFactory()
    measure = TermFactory(key="police", name="Police")
    Figure.objects.bulk_create(
        Figure(
            edition=edition,
            key=f"police-{n}",
            fact=f"police-{n}",
            measure=measure,
            value=1000 + n,
            unit="persons",
            country=("IT", "DE", "FR")[n % 3],
            as_of=str(datetime.date(2000, 1, 1) + datetime.timedelta(days=n))[:10],
            source=source,
            locator="table 1",
        )
        for n in range(number)
    )


# Hundreds of figures


def test_a_figure_among_hundreds_is_found_and_corrected_in_five_clicks():
    mission = MissionFactory(title="Interim Administration")
    police(mission, 420)
    client = at_work(author())
    edition = reverse("admin:missions_mission_change", args=[mission.pk])

    shown = client.get(edition)  # the first click: the record, from the front door
    assert figures_of(mission) in shown.text
    listed = client.get(figures_of(mission))  # the second: its figures
    assert "420 figures" in listed.text
    found = client.get(figures_of(mission, q="1,377"))  # the third: search for the number
    assert keys(found) == {"police-377"}
    figure = mission.figures.get(key="police-377")
    assert form_of_figure(figure) in found.text
    opened = client.get(form_of_figure(figure))  # the fourth: the figure
    saved = client.post(form_of_figure(figure), form_data(opened, value="1370"))  # the fifth: save
    assert saved.url == figures_of(mission)
    figure.refresh_from_db()
    assert figure.value == 1370


def test_the_form_of_an_edition_with_hundreds_of_rows_is_saved_and_has_few_fields():
    mission = MissionFactory()
    police(mission, 420)
    for number in range(94):
        CitationFactory(edition=mission, key=f"c{number}")
    client = at_work(author())
    page = reverse("admin:missions_mission_change", args=[mission.pk])
    data = form_data(client.get(page), headquarters="Pristina")
    assert len(data) < 200
    assert client.post(page, data).status_code == 302
    mission.refresh_from_db()
    assert mission.headquarters == "Pristina"
    assert (mission.figures.count(), mission.citations.count()) == (420, 95)


def test_as_many_queries_whatever_the_number_of_figures():
    client = at_work(author())
    small, large = MissionFactory(), MissionFactory()
    police(small, 3)
    police(large, 99)
    counted = []
    for mission in (small, large):
        of_pages = []
        for address in (
            reverse("admin:missions_mission_change", args=[mission.pk]),
            figures_of(mission),
            figures_of(mission, country="IT", year="2000"),
            form_of_figure(mission.figures.first()),
            add_page(mission),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            of_pages.append(len(queries))
        counted.append(of_pages)
    assert counted[0] == counted[1]


def test_the_list_is_filtered_by_what_its_figures_have():
    mission = MissionFactory()
    police(mission, 6)
    FigureFactory(edition=mission, key="a", fact="strength", as_of="1999-06", locator="", checked="read")
    FigureFactory(edition=mission, key="b", fact="strength", as_of="", locator="p. 3")
    FigureFactory(edition=MissionFactory(), key="elsewhere", fact="other")
    client = at_work(author())

    def found(**query) -> set[str]:
        return keys(client.get(figures_of(mission, **query)))

    assert found(fact="strength") == {"a", "b"}
    assert found(measure=TermFactory(key="police").pk) == {f"police-{n}" for n in range(6)}
    assert found(year="1999") == {"a"}
    assert found(year="none") == {"b"}
    assert found(country="IT") == {"police-0", "police-3"}
    assert found(country="none") == {"a", "b"}
    assert found(place="missing") == {"a"}
    assert found(checked__exact="read") == {"a"}
    assert found(q="italy") == {"police-0", "police-3"}
    assert found(q="50,000") == {"a", "b"}
    assert found(q="strength") == {"a", "b"}
    listed = client.get(figures_of(mission)).text
    assert "strength (2)" in listed
    assert "elsewhere" not in listed
    assert "2005" not in listed


def test_nonsense_in_a_filter_is_no_accident():
    mission = MissionFactory()
    FigureFactory(edition=mission)
    client = at_work(author())
    for name in ("fact", "measure", "year", "country", "place", "q", "edition__id__exact"):
        for nonsense in ("x", "9" * 40, "x" * 5000, "%"):
            answer = client.get(figures_of(mission, **{name: nonsense}))
            assert answer.status_code in (200, 302), (name, nonsense[:50])


def test_deleting_a_figure_of_a_published_edition_is_answered_in_words():
    mission = MissionFactory()
    figure = FigureFactory(edition=mission)
    client = at_work(author())
    delete = reverse("admin:missions_figure_delete", args=[figure.pk])
    assert client.get(delete).status_code == 200
    published(mission)
    for answer in (client.post(delete, {"post": "yes"}, follow=True), client.get(delete, follow=True)):
        assert answer.redirect_chain[-1][0] == figures_of(mission)
        assert "This edition is published now: the figure was not deleted." in answer.text
    assert Figure.objects.filter(pk=figure.pk).exists()
    outsider = Editor.objects.create(username="outsider", is_staff=True)
    assert at_work(outsider).post(delete, {"post": "yes"}).status_code == 403


# Facts that seem to be the same


def slugs(edition, **given) -> list[str]:
    given = {"measure": TermFactory(), "as_of": PartialDate("1999-06-12")} | given
    return [fact.slug for fact in suggested_facts(edition, **given)]


def test_facts_are_suggested_for_the_same_measure_part_and_time():
    mission = MissionFactory()
    FigureFactory(edition=mission, fact="strength-on-entry-1999", as_of="1999-06")
    FigureFactory(edition=mission, fact="strength-1999", as_of="1999")
    FigureFactory(edition=mission, fact="strength-2000", as_of="2000-06")
    FigureFactory(edition=mission, fact="strength-italy-1999", as_of="1999-06", country="IT")
    FigureFactory(edition=mission, fact="strength-staff-1999", as_of="1999-06", group="Staff officers")
    FigureFactory(edition=mission, fact="strength-undated", as_of="")
    FigureFactory(edition=mission, fact="deaths-1999", as_of="1999", measure=TermFactory(key="killed"))
    FigureFactory(edition=MissionFactory(), fact="strength-of-another", as_of="1999-06")

    assert slugs(mission) == ["strength-1999", "strength-on-entry-1999"]
    assert slugs(mission, as_of=PartialDate("1999")) == ["strength-1999", "strength-on-entry-1999"]
    assert slugs(mission, as_of=PartialDate("1999-07")) == ["strength-1999"]
    assert slugs(mission, country="IT") == ["strength-italy-1999"]
    assert slugs(mission, group="staff officers ") == ["strength-staff-1999"]
    assert slugs(mission, as_of="") == ["strength-undated"]
    assert slugs(mission, measure=TermFactory(key="killed")) == ["deaths-1999"]
    assert slugs(mission, measure=None) == []
    assert slugs(mission, but=Figure.objects.get(fact="strength-1999")) == ["strength-on-entry-1999"]


def test_facts_are_suggested_with_one_query_whatever_their_number():
    small, large = MissionFactory(), MissionFactory()
    FigureFactory(edition=small)
    for number in range(20):
        FigureFactory(edition=large, fact=f"strength-{number}")
    for mission in (small, large):
        measure = TermFactory()
        with CaptureQueriesContext(connection) as queries:
            facts = suggested_facts(mission, measure=measure, as_of=PartialDate("1999-06"))
            assert all(fact.in_short for fact in facts)
        assert len(queries) == 1


def test_the_form_offers_the_facts_of_its_edition_and_suggests_some_to_a_script():
    mission = MissionFactory()
    figure = FigureFactory(edition=mission, fact="strength-on-entry-1999", as_of="1999-06")
    FigureFactory(edition=MissionFactory(), fact="of-another-record")
    client = at_work(author())
    shown = client.get(add_page(mission)).text
    assert '<option value="strength-on-entry-1999">' in shown
    assert "of-another-record" not in shown

    def suggested(**given) -> list[str]:
        query = {"edition": mission.pk, "measure": figure.measure_id, "as_of": "12 June 1999"} | given
        answer = client.get(reverse("admin:missions_figure_suggest", query=query))
        assert answer.status_code == 200, given
        return [fact["slug"] for fact in answer.json()["facts"]]

    assert suggested() == ["strength-on-entry-1999"]
    assert suggested(but=figure.pk) == []
    assert suggested(country="it") == []
    for name in ("edition", "measure", "as_of", "country"):
        for nonsense in ("x", "9" * 40, "x" * 5000, "31 June 1999"):
            assert suggested(**{name: nonsense}) == [], (name, nonsense)
    outsider = Editor.objects.create(username="outsider", is_staff=True)
    assert at_work(outsider).get(reverse("admin:missions_figure_suggest")).status_code == 403


def test_a_figure_without_a_fact_is_told_which_it_may_belong_to():
    mission = MissionFactory()
    there = FigureFactory(edition=mission, fact="strength-on-entry-1999", as_of="1999-06")
    client = at_work(author())
    typed = {
        "measure": there.measure_id, "value": "42500", "as_of": "June 1999",
        "source": there.source_id, "checked": "not-opened", "fact": "",
    }  # fmt: skip
    refused = client.post(add_page(mission), typed)
    assert refused.status_code == 200
    assert "This field is required" in refused.text
    assert "These seem to answer the same question: strength-on-entry-1999: 50,000" in refused.text
    assert "42500" in refused.text
    assert mission.figures.count() == 1


def test_a_figure_with_a_fact_of_its_own_is_saved_and_what_is_alike_is_pointed_out():
    mission = MissionFactory()
    there = FigureFactory(edition=mission, fact="strength-on-entry-1999", as_of="1999-06")
    client = at_work(author())
    typed = {
        "measure": there.measure_id, "value": "42500", "as_of": "12 June 1999",
        "source": there.source_id, "checked": "not-opened",
    }  # fmt: skip
    saved = client.post(add_page(mission), typed | {"fact": "kfor-strength"}, follow=True)
    figure = mission.figures.get(fact="kfor-strength")
    assert "These seem to answer the same question" in saved.text
    assert figures_of(mission, fact="strength-on-entry-1999").replace("&", "&amp;") in saved.text
    assert form_of_figure(figure) in saved.text

    mended = form_data(client.get(form_of_figure(figure)), fact="strength-on-entry-1999")
    assert "seem to answer" not in client.post(form_of_figure(figure), mended, follow=True).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31 June 1999", "is not a date in the calendar"),
        ("the summer of 1999", "Write 12 June 1999, June 1999 or 1999"),
        ("06/12/1999", "Write 12 June 1999, June 1999 or 1999"),
        ("x" * 10_000, "at most 40 characters"),
    ],
)
def test_a_date_that_is_none_is_answered_kindly_and_stays_in_the_form(typed, said):
    figure = FigureFactory(edition=MissionFactory())
    client = at_work(author())
    refused = client.post(form_of_figure(figure), form_data(client.get(form_of_figure(figure)), as_of=typed))
    assert refused.status_code == 200
    assert said in refused.text
    assert typed in refused.text
    figure.refresh_from_db()
    assert figure.as_of == "1999-06"


@pytest.mark.parametrize(
    ("typed", "stored"), [("12 June 1999", "1999-06-12"), ("june 1999", "1999-06"), (" 1999 ", "1999"), ("", "")]
)
def test_a_date_is_typed_as_far_as_it_is_known(typed, stored):
    figure = FigureFactory(edition=MissionFactory())
    client = at_work(author())
    client.post(form_of_figure(figure), form_data(client.get(form_of_figure(figure)), as_of=typed))
    figure.refresh_from_db()
    assert figure.as_of == stored
