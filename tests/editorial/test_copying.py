"""Nothing an edition says is forgotten: neither when it is copied into the next one nor when it is frozen."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from editorial import freezing, workflow
from editorial.models import Edition, Editor, Record, Row
from missions.models import KINDS
from sources.dates import PartialDate, PartialDateField
from sources.models import Evidence
from tests.factories import (
    FACTORIES,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    TermFactory,
    author,
    published,
)
from tests.pictures import a_picture

# What points at an edition and is not of its content: how it came to be, and what came of it.
NOT_COPIED = {
    "transitions",
    "changes",
    "next_editions",
    "corrections_seen",
    "attached_corrections",
    "corrections_fixed",
    "claim_checks",
    "review_notes",
    "open_forms",
    "notices",
    "evidence_checks",
}
# What an edition is besides its content: frozen at publication, or kept by the workflow.
FROZEN_WITH_IT = {
    "record", "number", "published_at", "imported", "written_by", "checked_by", "change_kind",
    "change_note", "minor", "based_on",
}  # fmt: skip
NOT_FROZEN = {
    "id", "state", "created_at", "changed_at", "created_by", "contributors", "lock_version",
    "submitted_at", "submitted_by", "reviewed_at", "reviewed_by", "publish_at", "schedule_error",
    "claimed_by", "claimed_at", "words_changed", "evidence_changed",
    "superseded_at", "withdrawn_at", "withdrawn_by", "withdrawn_reason", "replacement",
    "suppressed_at", "suppressed_by", "suppressed_reason", "frozen", "sha256", "rendered",
}  # fmt: skip


def kinds():
    return pytest.mark.parametrize("kind", KINDS)


def rows_of(kind):
    return KINDS[kind].row_models


def all_row_models():
    return {model for kind in KINDS for model in rows_of(kind)}


# By looking at the models


@kinds()
def test_everything_that_points_at_an_edition_is_copied_or_known_not_to_be(kind):
    pointing = {
        relation.get_accessor_name()
        for relation in KINDS[kind]._meta.related_objects
        if not relation.hidden and not getattr(relation, "parent_link", False)
        # the rows of the other kinds of record
        and relation.related_model not in all_row_models() - set(rows_of(kind))
        # the edition as what it is
        and not (relation.one_to_one and issubclass(relation.related_model, Edition))
    }  # fmt: skip

    assert pointing - {model.plural for model in rows_of(kind)} - other_tables() == NOT_COPIED


def other_tables():
    """Accessors of what an app above keeps about editions for itself: named here, so that a new one is thought about."""
    return {
        relation.get_accessor_name()
        for relation in Edition._meta.related_objects
        if relation.related_model._meta.label in BOOKKEEPING
    }


# The founding record's loader remembers which file an edition came from; search and outbox have rows of their own.
BOOKKEEPING = {"missions.RecordFile"}


def test_every_kind_of_row_belongs_to_some_kind_of_record():
    def below(model):
        for sub in model.__subclasses__():
            yield sub
            yield from below(sub)

    assert {model for model in below(Row) if not model._meta.abstract} == all_row_models()


@kinds()
def test_each_kind_of_row_is_reached_by_its_plural(kind):
    for model in rows_of(kind):
        assert KINDS[kind]._meta.get_field(model.plural).related_model is model


def test_rows_point_at_no_edition_but_their_own_and_never_at_each_other():
    for model in all_row_models():
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.name != "edition":
                assert not issubclass(field.related_model, Edition | Row), field
        assert not model._meta.many_to_many
        assert not [relation for relation in model._meta.related_objects if not relation.hidden]


def test_whatever_content_points_at_can_be_named_in_frozen_text():
    for kind, model in KINDS.items():
        fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
        for row in rows_of(kind):
            fields += [field for field in row._meta.fields if field.name != "edition"]
        for field in fields:
            if field.is_relation and field is not model._meta.pk:
                assert hasattr(field.related_model, "frozen_key"), field


def test_every_column_of_an_edition_is_frozen_or_known_not_to_be():
    named = {field.name for field in [*Edition._meta.fields, *Edition._meta.many_to_many]}

    assert named == set(freezing.CONTENT) | FROZEN_WITH_IT | NOT_FROZEN


# By filling in everything there is


def something(field):
    """A value for a field that is valid, not empty and not its default."""
    if field.is_relation:
        vocabulary = field.get_limit_choices_to()
        return {
            "Source": SourceFactory,
            "Organisation": OrganisationFactory,
            "Place": PlaceFactory,
            "Term": lambda: TermFactory(key=f"for-{field.name}", vocabulary=list_of(vocabulary)[0]),
            "Record": lambda: MissionFactory().record,
        }[field.related_model.__name__]()
    if field.name == "picture":
        return a_picture()
    if field.choices:
        return next(value for value, _ in field.choices if value != field.get_default())
    by_name = {"cites": "a", "supports": "title", "country": "IT", "checked_by": "Ana"}
    by_type = {
        PartialDateField: PartialDate("1999-06"),
        models.BooleanField: field.has_default() and not field.get_default(),
        models.DateField: datetime.date(1999, 6, 12),
        models.DecimalField: Decimal("42.5"),
        models.PositiveIntegerField: 7,
        models.JSONField: [
            {"holder": "One side", "text": "So.", "cites": ["a"]},
            {"holder": "Another", "text": "Otherwise.", "quoted": True},
        ],
        models.URLField: "https://example.org/",
    }
    return by_name.get(field.name) or by_type.get(type(field), f"some-{field.name}"[: field.max_length])


def list_of(limit):
    return [*limit.get("vocabulary__in", []), limit.get("vocabulary")]


def filled(kind):
    """A draft in which every field of its own and of one row of each kind holds something."""
    edition = FACTORIES[kind]()
    for field in edition._meta.local_fields:
        if field is not edition._meta.pk:
            setattr(edition, field.name, something(field))
    edition.save()
    for many in edition._meta.local_many_to_many:
        getattr(edition, many.name).add(something(many))
    edition.citations.all().delete()
    for model in rows_of(kind):
        row = model(edition=edition, key="a")
        for field in model._meta.fields:
            if field.name not in {"id", "edition", "key"}:
                setattr(row, field.name, something(field))
        if issubclass(model, Evidence):
            row.checked = Evidence.Checked.COMPARED
        row.save()
    return edition


@pytest.mark.django_db
@kinds()
def test_frozen_text_holds_every_field_of_an_edition_and_of_its_rows(kind):
    edition = filled(kind)
    content = freezing.content(edition)

    own = [*edition._meta.local_fields, *edition._meta.local_many_to_many]
    assert set(content) == {
        *freezing.CONTENT,
        *[field.name for field in own if field is not edition._meta.pk],
        *[model.plural for model in rows_of(kind)],
    }
    for model in rows_of(kind):
        names = {field.name for field in model._meta.fields} - {"id", "edition", "key"}
        assert names <= set(content[model.plural]["a"]), model


@pytest.mark.django_db
@kinds()
def test_frozen_text_can_be_read_back_as_it_is(kind):
    edition = filled(kind)

    assert freezing.canonical(freezing.content(edition)) == freezing.canonical(
        freezing.content(type(edition).objects.get(pk=edition.pk))
    )


@pytest.mark.django_db
@kinds()
def test_the_next_edition_begins_with_all_of_it(kind):
    edition = filled(kind)
    edition.figures.update(low=None, high=None)  # beside a value a range is a mistake
    if kind == "mission":
        type(edition).objects.filter(pk=edition.pk).update(end="")  # it is running
    edition.refresh_from_db()
    published(edition)

    draft = workflow.start_edition(edition.record, by=author())

    assert freezing.content(draft) == freezing.content(edition)
    for model in rows_of(kind):
        one, other = getattr(edition, model.plural).get(), getattr(draft, model.plural).get()
        assert one.pk != other.pk
        assert freezing.row_content(one) == freezing.row_content(other)
    for many in edition._meta.local_many_to_many:
        assert list(getattr(draft, many.name).all()) == list(getattr(edition, many.name).all())


@pytest.mark.django_db
def test_letters_are_frozen_in_one_form_whichever_way_they_were_typed():
    composed = MissionFactory(title="Kukës", body="Ćuprija\n\u0301.[^a]")
    source = composed.citations.get().source
    decomposed = MissionFactory(title="Kuke\u0308s", body="C\u0301uprija\n\u0301.[^a]")
    decomposed.citations.get().delete()
    decomposed.citations.create(key="a", source=source, locator="para. 9")

    text = freezing.canonical(freezing.content(composed))
    assert text == freezing.canonical(freezing.content(decomposed))
    assert published(decomposed).sha256 == freezing.sha256(decomposed.frozen)
    assert Record.objects.get(pk=decomposed.record_id).live_id == decomposed.pk


@pytest.mark.django_db
def test_who_wrote_a_text_is_not_carried_into_the_next():
    first = published(MissionFactory())
    draft = workflow.start_edition(first.record, by=author())

    assert not Editor.objects.filter(editions_worked_on=draft).exists()
    for name in FROZEN_WITH_IT - {"record", "based_on", "change_kind", "imported", "minor"}:
        assert not getattr(draft, name), name


@pytest.mark.django_db
def test_rows_are_loaded_without_the_texts_of_their_edition():
    mission = published(MissionFactory())
    with CaptureQueriesContext(connection) as queries:
        mission.rows()

    assert len(queries) == len(mission.row_models)
    assert not [query for query in queries if '"frozen"' in query["sql"]]
