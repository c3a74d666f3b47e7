"""What an editor is told who mistypes: what is wrong, where, and what to write instead."""

from __future__ import annotations

import pytest
from django.urls import reverse

from editorial import workflow
from editorial.workflow import WorkflowError
from missions.models import Figure
from tests.admin_forms import at_work, form_data, form_of
from tests.factories import FigureFactory, MissionFactory, author

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return author(public_name="Ana")


@pytest.fixture
def client(ana):
    return at_work(ana)


def test_a_form_lists_its_mistakes_above_with_a_link_to_each(client):
    mission = MissionFactory()
    refused = client.post(form_of(mission), form_data(client.get(form_of(mission)), title="", start="31 June 1999"))

    mistakes = refused.text.split('<ul class="mistakes">')[1].split("</ul>")[0]
    assert '<a href="#id_title">Title</a>: This field is required.' in mistakes
    assert mistakes.index("#id_title") < mistakes.index("#id_start")
    assert "is not a date in the calendar" in mistakes


@pytest.mark.parametrize(
    ("typed", "value"), [("50,000", 50000), ("50 000", 50000), ("1,250.5", 1250.5), ("7", 7), ("0.25", 0.25)]
)
def test_a_number_may_be_typed_as_sources_print_it(client, typed, value):
    address = reverse("admin:missions_figure_change", args=[FigureFactory(edition=MissionFactory()).pk])
    client.post(address, form_data(client.get(address), value=typed))

    assert Figure.objects.get().value == value


@pytest.mark.parametrize("typed", ["about fifty", "50,00", "1.500,5", "1,500 persons"])
def test_what_is_no_number_stays_in_the_form_with_advice(client, typed):
    address = reverse("admin:missions_figure_change", args=[FigureFactory(edition=MissionFactory(), value=7).pk])
    refused = client.post(address, form_data(client.get(address), value=typed))

    assert f'value="{typed}"' in refused.text
    assert "This is not a number. Write 50000 or 50,000" in refused.text
    assert Figure.objects.get().value == 7


def test_a_fact_with_spaces_is_answered_with_how_it_could_be_written(client):
    address = reverse("admin:missions_figure_change", args=[FigureFactory(edition=MissionFactory()).pk])
    refused = client.post(address, form_data(client.get(address), fact="Strength on entry"))

    assert "no spaces, no accents" in refused.text
    assert "Perhaps so: strength-on-entry" in refused.text


@pytest.mark.parametrize("typed", ["[^bad key]", "[^]", "[^nowhere", "[^naïve]"])
def test_what_was_meant_as_a_marker_and_is_none_keeps_a_text_from_being_submitted(ana, typed):
    mission = MissionFactory(body=f"A claim.[^a] Another.{typed}\n\nAnd an end.")
    workflow.note_work(mission, by=ana)

    with pytest.raises(WorkflowError, match="is no marker"):
        workflow.submit(mission, by=ana)


def test_the_page_that_submits_names_all_that_is_missing_before_and_after_it_is_tried(client, ana):
    mission = MissionFactory(body="A claim.[^nowhere]", status="")
    workflow.note_work(mission, by=ana)
    address = reverse("admin:missions_mission_do", args=[mission.pk, "submit"])

    for page in (client.get(address), client.post(address)):
        assert "<li>Body: the marker [^nowhere] leads to no citation.</li>" in page.text
        assert "<li>Status: say whether it is running or closed.</li>" in page.text


def test_lists_go_by_the_names_of_the_first_page(client):
    for name, title in (
        ("editorial_correction", "Readers’ reports"),
        ("sources_recheck", "Sources to look at again"),
        ("sources_source", "Sources"),
    ):
        page = client.get(reverse(f"admin:{name}_changelist")).text
        assert f"<h1>{title}</h1>" in page
        assert f"&rsaquo; {title}" in page
        assert "Select" not in page
