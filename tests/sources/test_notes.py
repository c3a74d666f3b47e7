"""The numbering of notes, and how they are written out."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from sources.models import Citation
from sources.notes import Notebook, NumberedNote, written_notes
from tests.factories import CitationFactory, FigureFactory, MissionFactory, SourceFactory, managing_editor


def test_notes_are_numbered_in_the_order_in_which_they_are_asked_for():
    notebook = Notebook(["a", "b"])
    assert 'href="#note-1"' in notebook.ref(["b"])
    assert 'href="#note-2"' in notebook.ref(["a"])
    assert [(note.number, note.keys) for note in notebook.notes] == [(1, ("b",)), (2, ("a",))]


def test_the_same_group_keeps_its_number_and_gets_one_more_way_back():
    notebook = Notebook(["a", "b"])
    notebook.ref(["a", "b"])
    again = notebook.ref(["b", "a", "b"])
    assert 'id="ref-1-2" href="#note-1"' in again
    assert notebook.notes == [NumberedNote(1, ("a", "b"), ("ref-1-1", "ref-1-2"))]


def test_keys_that_lead_nowhere_make_no_note():
    notebook = Notebook(["a"])
    assert notebook.ref(["x"]) == ""
    assert notebook.ref([]) == ""
    assert notebook.notes == []


def book(key, family="Everts", **fields):
    fields = {"type": "book", "title": f"Book {key}", "issued": "2020", "publisher": "Tauris"} | fields
    return SourceFactory(key=key, authors=[{"family": family, "given": "Daan"}], **fields)


def notes_of(mission, *groups):
    notes = [NumberedNote(n, keys, (f"ref-{n}-1",)) for n, keys in enumerate(groups, 1)]
    return written_notes(
        notes,
        Citation.objects.filter(edition=mission).select_related("source"),
        mission.figures.select_related("source"),
    )


@pytest.mark.django_db
def test_a_source_is_in_full_at_its_first_mention_and_in_short_after_that():
    mission = MissionFactory()
    CitationFactory(edition=mission, key="p1", source=book("everts"), locator="p. 1")
    CitationFactory(edition=mission, key="p2", source=mission.citations.get(key="p1").source, locator="p. 2")
    first, second = notes_of(mission, ("p1",), ("a", "p2"))
    assert first.parts[0][1] == "Daan Everts, <cite>Book everts</cite> (Tauris, 2020)"
    assert [row.locator for row, _ in second.parts] == ["para. 9", "p. 2"]
    assert second.parts[1][1] == "Everts 2020"


@pytest.mark.django_db
def test_sources_with_the_same_short_form_are_always_in_full():
    mission = MissionFactory()
    CitationFactory(edition=mission, key="x", source=book("one"))
    CitationFactory(edition=mission, key="y", source=book("two"))
    notes = notes_of(mission, ("x",), ("y",), ("x", "y"))
    assert [html for _, html in notes[2].parts] == [notes[0].parts[0][1], notes[1].parts[0][1]]


@pytest.mark.django_db
def test_a_figure_is_evidence_of_its_own():
    mission = MissionFactory()
    figure = FigureFactory(edition=mission, key="f")
    (note,) = notes_of(mission, ("figure:f",))
    assert note.parts[0][0] == figure


@pytest.mark.django_db
def test_evidence_that_is_gone_is_left_out():
    (note,) = notes_of(MissionFactory(), ("gone", "a"))
    assert [row.key for row, _ in note.parts] == ["a"]


@pytest.mark.django_db
def test_writing_many_notes_asks_the_database_no_more_than_writing_one(django_assert_num_queries):
    mission = MissionFactory()
    for n in range(8):
        CitationFactory(edition=mission, key=f"c{n}")
    with django_assert_num_queries(2):
        notes_of(mission, ("a",), *((f"c{n}",) for n in range(8)))


@pytest.mark.django_db
def test_a_note_shows_place_words_standing_stake_and_who_compared_it():
    mission = MissionFactory()
    source = book("sq", language="sq", url="https://example.org/<x>", stake="participant", stake_reason="He led it.")
    CitationFactory(edition=mission, key="q", source=source, locator="p. 7", quote="Fjalë & fjalë", note="Early.")
    CitationFactory(edition=mission, key="none", source=source, locator="")
    html = render_to_string("components/_notes.html", {"notes": notes_of(mission, ("q",), ("none",))})
    for expected in (
        '<li id="note-1">', f'href="{source.get_absolute_url()}"', "p. 7",
        '<q lang="sq">Fjalë &amp; fjalë</q>', "Primary source.", "Took part in what it describes: He led it.",
        "Not opened; not yet compared by an editor.", "Early.", 'href="https://example.org/&lt;x&gt;"', 'href="#ref-1-1"',
        "no place in the source given",
    ):  # fmt: skip
        assert expected in html


@pytest.mark.django_db
def test_a_place_where_a_copy_was_read_is_linked_only_when_it_is_an_address():
    mission = MissionFactory()
    source = book("c", consulted_at="javascript:alert(1)")
    CitationFactory(edition=mission, key="c", source=source, checked="compared",
                    checked_by=managing_editor().public_name, checked_on="2026-05-03")  # fmt: skip
    html = render_to_string("components/_notes.html", {"notes": notes_of(mission, ("c",))})
    assert 'href="javascript' not in html
    assert "Compared with the source by" in html
    assert "not-compared" not in html
