"""A record's page in HTML, made once at publication."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import workflow
from editorial.models import Edition
from missions.models import Classification, Disagreement, Leader
from missions.rendering import Rendered, render, rendered
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    StatementFactory,
    TermFactory,
    managing_editor,
    next_edition,
    published,
)

pytestmark = pytest.mark.django_db


def full_mission(**fields):
    """A mission with a citation and something that rests on it in each part of the page."""
    mission = MissionFactory(
        summary="It came.[^summary]",
        mandate="## Task\n\nIt was to stay.[^mandate]",
        body="## What it was\n\nA force.[^body][^summary]",
        **fields,
    )
    supports = {"start": "start headquarters", "kind": "mission_kind"}
    for key in ("summary", "mandate", "body", "start", "kind", "class", "leader", "one", "two", "word"):
        CitationFactory(edition=mission, key=key, supports=supports.get(key, ""))
    Classification.objects.create(
        edition=mission,
        key="type",
        term=TermFactory(vocabulary="conflict-type", key="relapse"),
        basis="source",
        cites="class",
    )
    Leader.objects.create(edition=mission, key="first", person="A Person", role="Commander", cites="leader")
    positions = [
        {"holder": "One", "text": "Yes.", "cites": ["one"]},
        {"holder": "Two", "text": "No.", "cites": ["two", "one"]},
        {"holder": "Three", "text": "Nothing."},
    ]
    Disagreement.objects.create(edition=mission, key="differs-1", question="Was it?", positions=positions)
    StatementFactory(edition=mission, key="said", cites="word summary")
    FigureFactory(edition=mission, key="now", fact="strength-2025", as_of="2025-10")
    FigureFactory(edition=mission, key="italy", fact="strength-2025-it", country="IT", as_of="2025-10")
    return mission


def test_one_numbering_runs_over_the_page_in_its_order():
    page = render(full_mission())
    assert [note.keys for note in page.notes] == [
        ("kind",),
        ("start",),
        ("class",),
        ("figure:now",),
        ("summary",),
        ("mandate",),
        ("body", "summary"),
        ("leader",),
        ("one",),
        ("two", "one"),
        ("word", "summary"),
    ]
    assert [note.number for note in page.notes] == list(range(1, 12))


def test_every_place_that_rests_on_evidence_has_its_note_link():
    page = render(full_mission())
    assert set(page.refs) == {
        "mission_kind", "start", "headquarters", "classifications/type", "figures/now", "leaders/first",
        "disagreements/differs-1/0", "disagreements/differs-1/1", "statements/said",
    }  # fmt: skip
    assert 'id="ref-2-2" href="#note-2"' in page.refs["headquarters"]
    assert page.ref("disagreements", "differs-1", 1) == page.refs["disagreements/differs-1/1"]
    assert page.ref("leaders", "nobody") == ""


def test_the_contents_list_runs_over_mandate_and_body():
    page = render(full_mission())
    assert [(heading.id, heading.text) for heading in page.contents] == [
        ("mandate-task", "Task"),
        ("body-what-it-was", "What it was"),
    ]
    assert set(page.html) == {"summary", "mandate", "body"}


def test_all_ids_of_a_page_differ_and_every_way_back_leads_somewhere():
    page = render(full_mission())
    text = "".join([*page.html.values(), *page.refs.values()])
    back_links = [place for note in page.notes for place in note.back_links]
    assert len(back_links) == len(set(back_links))
    assert all(text.count(f'id="{place}"') == 1 for place in back_links)


def test_a_draft_with_markers_and_rows_that_lead_nowhere_can_be_previewed():
    mission = MissionFactory(body="A claim.[^nowhere]")
    StatementFactory(edition=mission, key="s", cites="nowhere")
    page = render(mission)
    assert "[^nowhere]" in page.html["body"]
    assert "statements/s" not in page.refs


@pytest.mark.parametrize("factory", [MissionFactory, EventFactory, ArticleFactory])
def test_publishing_keeps_the_page_with_the_edition(factory):
    edition = published(factory())
    edition = Edition.objects.get(pk=edition.pk)
    page = rendered(edition)
    assert edition.rendered
    assert page == render(edition)
    assert 'href="#note-1"' in page.html["summary"]


def test_a_kept_page_is_read_without_asking_the_database(django_assert_num_queries):
    edition = Edition.objects.get(pk=published(full_mission()).pk)
    with django_assert_num_queries(0):
        page = rendered(edition)
    assert page.notes
    assert page.html["body"].__html__() == page.html["body"]  # safe in templates


def test_the_page_survives_its_way_through_json():
    page = render(full_mission())
    assert Rendered.from_json(page.to_json()) == page


def test_a_page_kept_in_another_format_is_made_anew():
    edition = Edition.objects.get(pk=published(MissionFactory()).pk)
    edition.rendered = json.dumps({"format": 0})
    assert rendered(edition) == render(edition)


def test_a_draft_keeps_no_page():
    assert MissionFactory().rendered == ""


def test_a_suppressed_edition_keeps_no_page():
    edition = published(MissionFactory())
    workflow.suppress(edition, by=managing_editor(), reason="A court order.")
    call_command("render_editions", verbosity=0)
    assert Edition.objects.get(pk=edition.pk).rendered == ""


def test_the_command_remakes_every_public_page_and_no_text(capsys):
    first = published(MissionFactory())
    second = published(next_edition(first.record, body="Another text.[^a]"))
    draft = MissionFactory()
    Edition._base_manager.update(rendered="")
    call_command("render_editions")
    kept = dict(Edition.objects.values_list("pk", "rendered"))
    assert kept[first.pk]
    assert kept[second.pk]
    assert not kept[draft.pk]
    assert "2 editions rendered." in capsys.readouterr().out
    assert Edition.objects.get(pk=second.pk).sha256 == second.sha256


def test_rendering_costs_a_number_of_queries_that_does_not_grow_with_the_record():
    def cost(mission):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            render(mission)
        return len(queries)

    small, large = full_mission(), full_mission()
    for n in range(12):
        CitationFactory(edition=large, key=f"c{n}")
        FigureFactory(edition=large, key=f"f{n}", fact=f"strength-{n}", as_of=f"20{n + 10}")
        StatementFactory(edition=large, key=f"s{n}", cites=f"c{n}")
    assert cost(large) == cost(small)
