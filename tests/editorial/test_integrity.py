"""The command that compares what is public with what was published."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from editorial import freezing, integrity, workflow
from editorial.models import Edition, FormerAddress, PublicSerial, Record, State, Transition
from missions.models import Figure, Mission
from sources.models import Citation, Evidence, Source
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    SourceFactory,
    TermFactory,
    imported,
    managing_editor,
    next_edition,
    published,
)
from tests.pictures import a_picture

pytestmark = pytest.mark.django_db


def faults():
    return integrity.check().faults


def behind_the_back(edition, **values):
    """Change an edition as somebody with the database's password would."""
    model = Mission if {"start", "acronym", "peace_mission"} & set(values) else Edition
    model._base_manager.filter(pk=edition.pk).update(**values)


@pytest.fixture
def kfor():
    """A record with two editions and a figure."""
    first = MissionFactory(slug="kfor")
    FigureFactory(edition=first, key="entry", value=50000)
    published(first)
    return published(next_edition(first.record))


def test_what_the_workflow_made_is_without_fault(kfor):
    event = EventFactory(place=None)
    event.missions.add(kfor.record)
    event.themes.add(TermFactory(vocabulary="theme", key="security"))
    published(event)
    withdrawn = published(ArticleFactory())
    workflow.withdraw(withdrawn, by=managing_editor(), reason="Wrong.")
    suppressed = published(MissionFactory())
    workflow.suppress(suppressed, by=managing_editor(), reason="Court order.")
    MissionFactory()
    discarded = MissionFactory()
    workflow.discard(discarded, by=discarded.created_by)
    imported(MissionFactory())

    findings = integrity.check()

    assert (findings.faults, findings.notes, findings.editions) == ([], [], 6)


def test_a_site_without_anything_published_is_without_fault():
    assert integrity.check() == integrity.Findings()


# What somebody changed in the database


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"title": "Force of Kosovo"}, "title: “Kosovo Force” was published, “Force of Kosovo” is there."),
        ({"body": "## What it was\n\nIt was a farce.[^a]"}, "body: "),
        ({"change_note": "Nothing."}, "change_note: “Something changed.” was published, “Nothing.” is there."),
        ({"checked_by": "Nobody"}, "checked_by: "),
        ({"start": "1999-06-13"}, "start: “1999-06-12” was published, “1999-06-13” is there."),
        ({"acronym": "KFOR"}, "acronym: was not published and is there."),
        ({"peace_mission": False}, "peace_mission: “true” was published, “false” is there."),
        ({"summary": ""}, "summary: was published and is gone."),
    ],
)
def test_a_changed_field_of_a_published_edition_is_named(kfor, values, named):
    behind_the_back(kfor, **values)

    (fault,) = faults()
    assert fault.startswith(f"mission/kfor, edition 2: {named}")


def test_a_changed_row_of_an_older_edition_is_named(kfor):
    Figure._base_manager.filter(edition__number=1).update(value=42000)

    assert faults() == ["mission/kfor, edition 1: figures, entry, value: “50000” was published, “42000” is there."]


def test_rows_added_and_removed_are_named(kfor):
    Figure._base_manager.filter(edition=kfor).delete()
    citation = Citation._base_manager.get(edition=kfor)
    Citation._base_manager.bulk_create([Citation(edition=kfor, key="b", source=citation.source)])

    assert faults() == [
        "mission/kfor, edition 2: citations, b: was not published and is there.",
        "mission/kfor, edition 2: figures: was published and is gone.",
    ]


def test_another_source_under_the_same_words_is_named(kfor):
    other = CitationFactory(edition=MissionFactory()).source
    Citation._base_manager.filter(edition=kfor).update(source=other)

    assert any("mission/kfor, edition 2: citations, a, source: " in fault for fault in faults())


def test_a_theme_taken_away_is_named():
    event = EventFactory(slug="entry")
    event.themes.add(TermFactory(vocabulary="theme", key="security"))
    published(event)
    event.themes.clear()

    assert faults() == ["event/entry, edition 1: themes: was published and is gone."]


def test_a_difference_late_in_a_long_text_is_quoted_where_it_is():
    words = "word " * 200
    mission = published(MissionFactory(slug="long", body=words + "true.[^a]"))
    behind_the_back(mission, body=words + "false.[^a]")

    (fault,) = faults()
    assert fault == (
        "mission/long, edition 1: body: “…word word word word true.[^a]” was published, "
        "“…word word word word false.[^a]” is there."
    )


# Frozen text and the chain


def test_a_rewritten_frozen_text_does_not_match_its_hash(kfor):
    frozen = kfor.frozen.replace("Kosovo Force", "Force of Kosovo")
    behind_the_back(kfor, frozen=frozen, title="Force of Kosovo")

    assert faults() == [
        "mission/kfor, edition 2: its frozen text is not the one that its SHA-256 was made of.",
        "mission/kfor, edition 2: its frozen text is not the one that was approved.",
    ]


def test_history_rewritten_with_a_hash_of_its_own_breaks_the_chain(kfor):
    first = Edition.objects.get(record=kfor.record, number=1)
    frozen = first.frozen.replace("Kosovo Force", "Force of Kosovo")
    behind_the_back(first, frozen=frozen, sha256=freezing.sha256(frozen), title="Force of Kosovo")
    Transition._base_manager.filter(edition=first).update(text="")
    Transition._base_manager.filter(edition=first, to_state=State.IN_REVIEW).update(
        text=freezing.canonical(json.loads(frozen)["content"])
    )

    assert faults() == ["mission/kfor, edition 2: its frozen text does not hold the SHA-256 of the edition before it."]


def test_a_frozen_text_that_is_none_is_reported_and_stops_nothing(kfor):
    behind_the_back(kfor, frozen="[")

    assert "mission/kfor, edition 2: its frozen text cannot be read." in faults()


def test_a_missing_number_is_reported():
    first = published(MissionFactory(slug="kfor"))
    second = published(next_edition(first.record))
    behind_the_back(second, number=3)

    assert "mission/kfor, edition 3: edition 2 is missing before it." in faults()


def test_a_changed_hash_is_reported_and_breaks_the_chain(kfor):
    first = Edition.objects.get(record=kfor.record, number=1)
    behind_the_back(first, sha256="0" * 64)

    assert faults() == [
        "mission/kfor, edition 1: its frozen text is not the one that its SHA-256 was made of.",
        "mission/kfor, edition 2: its frozen text does not hold the SHA-256 of the edition before it.",
    ]


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", '{"citations": 1}', '{"title": "Force of Kosovo"}'])
def test_a_changed_submitted_text_is_reported(kfor, text):
    submitted = Transition._base_manager.filter(edition=kfor, to_state=State.IN_REVIEW)
    submitted.update(text=text)

    assert faults() == ["mission/kfor, edition 2: its frozen text is not the one that was approved."]


@pytest.mark.parametrize(
    "frozen", ["{}", '{"content": 1}', '{"content": {"citations": 1}}', '{"content": {"figures": []}}']
)
def test_a_frozen_text_of_another_shape_stops_nothing(kfor, frozen):
    behind_the_back(kfor, frozen=frozen)

    assert all(fault.startswith("mission/kfor, edition 2: ") for fault in faults())
    assert faults()


# Every kind of row, every column

PUBLISHED_ROWS = {
    "classifications": lambda: {"term": TermFactory(vocabulary="conflict-type", key="intra-state"), "basis": "source"},
    "participations": lambda: {"organisation": OrganisationFactory(), "role": "lead"},
    "instruments": lambda: {"title": "Resolution 1244", "effect": "establishes"},
    "objectives": lambda: {"text": "Security."},
    "phases": lambda: {"title": "Entry", "start": "1999-06-12"},
    "areas": lambda: {"name": "Brigade North", "position": "north"},
    "responsibilities": lambda: {"task": TermFactory(vocabulary="task", key="security")},
    "leaders": lambda: {"person": "Michael Jackson", "role": "Commander"},
    "relations": lambda: {"record": MissionFactory().record, "kind": "other"},
    "figures": lambda: {"fact": "strength", "measure": TermFactory(), "value": 50000, "source": SourceFactory()},
    "statements": lambda: {"holder": "Somebody", "text": "It came."},
    "disagreements": lambda: {
        "question": "How many?",
        "positions": [{"holder": "A", "text": "50"}, {"holder": "B", "text": "60"}],
    },
    "illustrations": lambda: {
        "picture": a_picture(),
        "alt_text": "A road.",
        "credit": "Somebody",
        "licence": "CC0-1.0",
    },
    "citations": lambda: {"source": SourceFactory()},
}


def another_value(field):
    """Not the one of `PUBLISHED_ROWS`, as a database takes it."""
    if field.is_relation:
        makers = {
            "Organisation": OrganisationFactory,
            "Record": lambda: MissionFactory().record,
            "Source": SourceFactory,
            "Term": lambda: TermFactory(vocabulary="basis", key="other"),
        }
        return makers[field.related_model.__name__]().pk
    by_type = {
        "BooleanField": True, "JSONField": '["x"]', "DecimalField": 7, "DateField": "2001-01-01",
        "PositiveIntegerField": 77, "PartialDateField": "2001",
    }  # fmt: skip
    return by_type.get(type(field).__name__, "x")


@pytest.mark.parametrize("model", Mission.row_models, ids=lambda model: model.plural)
def test_whatever_sql_changes_in_a_row_of_any_kind_is_found_and_nothing_else(model):
    mission = published(MissionFactory(slug="kfor"))
    draft = next_edition(mission.record)
    values = PUBLISHED_ROWS[model.plural]()
    if issubclass(model, Evidence):
        values |= {"checked": "compared", "checked_by": "Ana", "checked_on": datetime.date(2026, 11, 1)}
    model.objects.create(edition=draft, key="row", rank=5, **values)
    published(draft)
    quote = connection.ops.quote_name

    for field in model._meta.concrete_fields:
        if field.name in ("id", "edition", "key", "checked"):  # the last cannot be changed alone
            continue
        value = another_value(field)
        update = (
            f"UPDATE {quote(model._meta.db_table)} SET {quote(field.column)} = %s WHERE edition_id = %s AND key = 'row'"  # noqa: S608
        )
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(update, [value, draft.pk])
            found = faults()
            transaction.set_rollback(True)
        (fault,) = found
        assert fault.startswith(f"mission/kfor, edition 2: {model.plural}, row, {field.name}: "), fault
    assert faults() == []


def test_an_edition_that_cannot_be_compared_hides_no_other(kfor, monkeypatch):
    other = published(MissionFactory(slug="other"))
    behind_the_back(other, title="Changed")
    document = freezing.document

    def fails(edition, **kwargs):
        if edition.record == kfor.record:
            raise FileNotFoundError("a.gif")
        return document(edition, **kwargs)

    monkeypatch.setattr(freezing, "document", fails)
    found = faults()
    assert "could not be compared with its frozen text: FileNotFoundError('a.gif')" in found[0]
    assert found[2].startswith("mission/other, edition 1: title: ")


# What is no fault


def test_a_source_corrected_after_it_was_cited_is_a_note_and_no_fault(kfor):
    source = Citation.objects.filter(edition=kfor).get().source
    Source.objects.filter(pk=source.pk).update(title="Another title")

    findings = integrity.check()

    assert findings.faults == []
    assert len(findings.notes) == 2
    assert findings.notes[1].startswith("mission/kfor, edition 2: citations, a, as_printed: “…")


def test_a_renamed_record_is_no_fault_in_the_editions_that_name_it(kfor):
    event, other = EventFactory(), published(MissionFactory(slug="aaa"))
    event.missions.add(kfor.record, other.record)
    published(event)
    mission = MissionFactory()
    mission.relations.create(key="r", record=kfor.record, kind="other", cites="a")
    published(mission)

    workflow.rename(kfor.record, "aa", by=managing_editor())
    assert FormerAddress.objects.exists()
    assert faults() == []

    workflow.rename(kfor.record, "kfor", by=managing_editor())
    assert faults() == []


def test_a_column_added_since_is_no_fault_while_it_is_empty(kfor, monkeypatch):
    content = freezing.content
    monkeypatch.setattr(freezing, "content", lambda edition: content(edition) | {"new": False})

    assert faults() == []


def test_a_column_removed_since_is_a_note(kfor):
    document = json.loads(kfor.frozen)
    document["content"]["figures"]["entry"]["removed_since"] = document["content"]["gone_too"] = "x"
    frozen = freezing.canonical(document)
    behind_the_back(kfor, frozen=frozen, sha256=freezing.sha256(frozen))
    Transition._base_manager.filter(edition=kfor, to_state=State.IN_REVIEW).update(
        text=freezing.canonical(document["content"])
    )

    findings = integrity.check()

    assert findings.faults == []
    assert findings.notes == [
        "mission/kfor, edition 2: figures, entry, removed_since: only the frozen text has it; the column is no more.",
        "mission/kfor, edition 2: gone_too: only the frozen text has it; the column is no more.",
    ]


# What a health check asks


def test_a_live_edition_that_is_not_the_public_one_is_found(kfor):
    Record._base_manager.filter(pk=kfor.record_id).update(live=None)
    assert integrity.quick() == [
        f"mission/kfor: its live edition is none, and by its state it should be the one with id {kfor.pk}."
    ]

    first = Edition.objects.get(record=kfor.record, number=1)
    Record._base_manager.filter(pk=kfor.record_id).update(live=first)
    (fault,) = integrity.quick()
    assert fault == (
        f"mission/kfor: its live edition is the one with id {first.pk}, "
        f"and by its state it should be the one with id {kfor.pk}."
    )

    draft = MissionFactory(slug="draft")
    Record._base_manager.filter(pk=kfor.record_id).update(live=kfor)
    Record._base_manager.filter(pk=draft.record_id).update(live=draft)
    assert integrity.quick() == [
        f"mission/draft: its live edition is the one with id {draft.pk}, and by its state it should be none."
    ]


def test_an_edition_without_the_row_of_its_kind_is_found(kfor):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM missions_mission WHERE edition_id = %s", [kfor.pk])

    assert integrity.quick() == ["mission/kfor, edition 2: the row of its kind is missing."]
    assert faults() == integrity.quick()


def test_a_serial_behind_the_public_log_is_found(kfor):
    PublicSerial.objects.update(value=1)
    assert integrity.quick() == ["The serial is 1, and the public log goes to 2."]

    PublicSerial.objects.all().delete()
    assert integrity.quick() == ["The serial has no row: run `manage.py migrate`."]


def test_a_health_check_asks_as_much_of_a_large_site_as_of_a_small_one(kfor, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert integrity.quick() == []
    for _ in range(3):
        published(MissionFactory())
        published(EventFactory())
    with django_assert_num_queries(4):
        assert integrity.quick() == []


# The command


def test_the_command_says_that_all_is_well(kfor, capsys):
    call_command("check_record")

    assert capsys.readouterr().out == ("Editions compared with what was published: 2.\nNo fault found.\n")


def test_the_command_fails_and_names_edition_and_field_when_a_published_row_was_changed(kfor, capsys):
    Figure._base_manager.filter(edition=kfor).update(value=42000)

    with pytest.raises(CommandError, match="Faults found: 1") as failure:
        call_command("check_record")

    assert failure.value.returncode == 1
    assert "Fault: mission/kfor, edition 2: figures, entry, value" in capsys.readouterr().err


def test_the_quick_command_asks_only_what_a_health_check_asks(kfor, capsys):
    Figure._base_manager.filter(edition=kfor).update(value=42000)
    call_command("check_record", "--quick")
    assert capsys.readouterr().out == "No fault found.\n"

    Record._base_manager.filter(pk=kfor.record_id).update(live=None)
    with pytest.raises(CommandError):
        call_command("check_record", "--quick")


def test_a_corrected_source_is_told_as_a_note(kfor, capsys):
    Source.objects.update(title="Another title")

    call_command("check_record")

    assert "Note: mission/kfor, edition 1: citations, a, as_printed" in capsys.readouterr().out
