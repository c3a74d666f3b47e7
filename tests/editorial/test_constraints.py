"""What the database itself refuses, and what stands in the way of a careless hand in the code.

Each constraint is broken by a write that goes past the guards; the last tests are of the guards.
"""

import datetime

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, ProtectedError
from django.utils import timezone

from editorial import outbox, workflow
from editorial.models import (
    Amendment,
    Change,
    ClaimCheck,
    Edition,
    FormerAddress,
    OpenForm,
    ProtectedEditionError,
    PublicSerial,
    RateLimit,
    Record,
    ReviewNote,
    Row,
    SearchEntry,
    SearchWord,
    State,
    Transition,
)
from missions.models import Figure, Mission
from sources.models import Citation, EvidenceCheck, Recheck
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    TermFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reported,
    reviewer,
)

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def submitted():
    mission = MissionFactory()
    workflow.submit(mission, by=mission.contributors.first())
    return mission


def superseded():
    first = published(MissionFactory())
    published(next_edition(first.record))
    return first


def discarded_beside_a_draft():
    first = published(MissionFactory())
    given_up = next_edition(first.record)
    workflow.discard(given_up, by=given_up.contributors.get())
    next_edition(first.record)
    return given_up


def report(**fields):
    return reported(published(MissionFactory()).record, **fields)


def mail():
    return outbox.post("reader@example.org", "Report 1: received", "It has come in.")


def amendment(thing=None, **fields):
    thing = thing or SourceFactory()
    return Amendment.objects.create(
        content_type=ContentType.objects.get_for_model(thing),
        object_id=thing.pk,
        old_values={"title": thing.title},
        new_values={"title": "Another"},
        reason="A slip.",
        proposed_by=author(),
        **fields,
    )


def decided_amendment_beside_an_open_one():
    source = SourceFactory()
    decided = amendment(source, state="declined", decided_by=reviewer(), decided_at=NOW)
    amendment(source)
    return decided


def record_beside_another():
    other = MissionFactory(slug="taken").record
    return Record.objects.exclude(pk=other.pk).first() or MissionFactory(slug="free").record


def former_address_beside_another():
    FormerAddress.objects.create(record=MissionFactory().record, slug="taken")
    return FormerAddress.objects.create(record=MissionFactory().record, slug="free")


def serial():
    return PublicSerial.objects.get()


def figure(**fields):
    return FigureFactory(edition=MissionFactory(), **fields)


def by_the_submitter(edition):
    return {"reviewed_by": edition.submitted_by, "reviewed_at": NOW}


def by_the_proposer(amended):
    return {"state": "confirmed", "decided_by": amended.proposed_by, "decided_at": NOW}


def itself(correction):
    return {"duplicate_of": correction.pk}


def tick_beside_another():
    mission = MissionFactory()
    of_mission = {"edition": mission, "field": "body", "sentence": "It was.", "ground": "no-claim", "by": reviewer()}
    ClaimCheck.objects.create(**of_mission, digest="taken")
    return ClaimCheck.objects.create(**of_mission, digest="free")


def review_note():
    return ReviewNote.objects.create(edition=MissionFactory(), text="Look again.", by=reviewer())


def open_form_beside_another():
    mission, taken = MissionFactory(), author()
    OpenForm.objects.create(edition=mission, editor=taken, since=NOW)
    return OpenForm.objects.create(edition=mission, editor=author(), since=NOW)


def the_other_editor(form):
    return {"editor": form.edition.open_forms.exclude(pk=form.pk).get().editor}


def dealt_with_recheck_beside_an_open_one():
    about = {"source": SourceFactory(), "record": MissionFactory().record, "status": "retracted"}
    done = Recheck.objects.create(**about, done_at=NOW, done_by=author(), outcome="Another source.")
    Recheck.objects.create(**about)
    return done


def evidence_check(**fields):
    values = {"rows": "citations", "key": "a", "outcome": "holds", "by": reviewer(), "at": NOW} | fields
    values.setdefault("edition", MissionFactory())
    return EvidenceCheck.objects.create(**values)


def evidence_check_beside_another():
    return evidence_check(edition=evidence_check(key="taken").edition, key="free")


# The constraint, something that stands, and the change of it that must be refused.
def search_entry_beside_another():
    entry = {"kind": "mission", "priority": 0, "found_late": False}
    SearchEntry.objects.create(object_id=0, **entry)
    return SearchEntry.objects.create(object_id=1, **entry)


def search_word_beside_another():
    SearchWord.objects.create(word="taken", shown="Taken", uses=1)
    return SearchWord.objects.create(word="free", shown="Free", uses=1)


REFUSED = [
    ("edition_number_once_per_record", superseded, {"number": 2}),
    ("one_open_edition_per_record", discarded_beside_a_draft, {"state": State.DRAFT}),
    ("one_live_edition_per_record", superseded, {"state": State.PUBLISHED}),
    ("four_eyes", submitted, by_the_submitter),
    ("public_edition_is_complete", lambda: published(MissionFactory()), {"frozen": ""}),
    ("public_edition_is_complete", lambda: published(MissionFactory()), {"sha256": ""}),
    ("public_edition_is_complete", lambda: published(MissionFactory()), {"number": None}),
    ("public_edition_is_complete", lambda: published(MissionFactory()), {"published_at": None}),
    (
        "public_edition_is_complete",
        lambda: published(MissionFactory()),
        {"reviewed_by": None, "reviewed_at": None},
    ),
    ("public_edition_is_complete", superseded, {"frozen": ""}),
    ("only_public_editions_are_numbered", MissionFactory, {"number": 1}),
    ("only_public_editions_are_numbered", MissionFactory, {"published_at": NOW}),
    ("only_public_editions_are_numbered", MissionFactory, {"frozen": "{}"}),
    ("only_public_editions_are_numbered", MissionFactory, {"sha256": "0"}),
    ("only_public_editions_are_numbered", lambda: published(MissionFactory()), {"state": State.DRAFT}),
    ("submitted_by_and_when", MissionFactory, {"submitted_at": NOW}),
    ("submitted_by_and_when", submitted, {"submitted_at": None}),
    ("reviewed_by_and_when", submitted, {"reviewed_at": NOW}),
    ("in_review_was_submitted", MissionFactory, {"state": State.IN_REVIEW}),
    ("scheduled_has_a_time", submitted, {"state": State.SCHEDULED}),
    ("withdrawn_says_why", lambda: published(MissionFactory()), {"state": State.WITHDRAWN}),
    ("withdrawn_by_and_when", lambda: published(MissionFactory()), {"withdrawn_reason": "Wrong."}),
    ("suppressed_by_and_when", lambda: published(MissionFactory()), {"suppressed_reason": "Court."}),
    ("suppressed_by_and_when", lambda: published(MissionFactory()), {"suppressed_at": NOW}),
    ("superseded_says_when", lambda: published(MissionFactory()), {"state": State.SUPERSEDED}),
    ("one_record_per_address", record_beside_another, {"slug": "taken"}),
    ("one_record_per_former_address", former_address_beside_another, {"slug": "taken"}),
    ("only_one_serial", serial, {"id": 2}),
    ("one_open_amendment_per_thing", decided_amendment_beside_an_open_one,
     {"state": "proposed", "decided_by": None, "decided_at": None}),
    ("amendment_four_eyes", amendment, by_the_proposer),
    ("amendment_decided_by_and_when", amendment, {"state": "confirmed"}),
    ("amendment_decided_by_and_when", amendment, {"decided_at": NOW}),
    ("correction_is_about_something", report, {"record": None, "subject": ""}),
    ("fixed_correction_says_where", report, {"state": "fixed", "settled_at": NOW}),
    ("correction_in_work_says_where", report, {"state": "in_work"}),
    ("declined_correction_says_why", report, {"state": "declined", "settled_at": NOW}),
    ("correction_is_not_its_own_duplicate", report, itself),
    ("duplicate_correction_says_of_which", report, {"state": "duplicate", "settled_at": NOW}),
    ("correction_settled_says_when", report, {"settled_at": NOW}),
    ("correction_settled_says_when", report, {"state": "closed"}),
    ("named_with_consent", report, {"name_public": True}),
    ("quoted_with_consent", report, {"words_public": True}),
    ("mail_sent_or_given_up", mail, {"sent_at": NOW, "given_up_at": NOW}),
    ("mail_waiting_has_an_address", mail, {"to": ""}),
    ("stake_has_a_reason", SourceFactory, {"stake": "party", "stake_reason": ""}),
    ("citation_compared_by_and_when", lambda: CitationFactory(edition=MissionFactory()), {"checked": "compared"}),
    ("citation_compared_by_and_when", lambda: CitationFactory(edition=MissionFactory()), {"checked_by": "Ana"}),
    ("figure_compared_by_and_when", figure, {"checked": "compared", "checked_by": "Ana"}),
    ("place_has_both_coordinates_or_none", PlaceFactory, {"latitude": 42}),
    ("term_key_once_per_vocabulary",
     lambda: (TermFactory(key="taken"), TermFactory(key="free"))[1], {"key": "taken"}),
    ("claimed_by_and_when", submitted, {"claimed_at": NOW}),
    ("claimed_by_and_when", submitted, lambda edition: {"claimed_by": edition.submitted_by}),
    ("one_tick_a_claim_and_editor", tick_beside_another, {"digest": "taken"}),
    ("note_resolved_by_and_when", review_note, {"resolved_at": NOW}),
    ("note_resolved_by_and_when", review_note, lambda note: {"resolved_by": note.by}),
    ("one_open_form_an_editor", open_form_beside_another, the_other_editor),
    ("one_open_recheck_a_source_and_record", dealt_with_recheck_beside_an_open_one,
     {"done_at": None, "done_by": None}),
    ("one_check_a_row", evidence_check_beside_another, {"key": "taken"}),
    ("a_difference_is_described", evidence_check, {"outcome": "differs"}),
    ("one_search_entry_a_thing", search_entry_beside_another, {"object_id": 0}),
    ("one_search_word_a_form", search_word_beside_another, {"word": "taken", "shown": "Taken"}),
]  # fmt: skip


def row_models():
    labels = ("sources", "missions")
    return [model for label in labels for model in apps.get_app_config(label).get_models() if issubclass(model, Row)]


def refused_by(constraint):
    """Raises AssertionError unless the database refuses, and in the constraint's name where it gives one."""
    named = connection.vendor == "postgresql" or isinstance(constraint, CheckConstraint)
    return pytest.raises(IntegrityError, match=constraint.name if named else "UNIQUE constraint failed")


def constraints():
    return {
        constraint.name: constraint
        for label in ("editorial", "sources", "missions")
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }


@pytest.mark.parametrize(("name", "standing", "change"), REFUSED)
def test_the_database_refuses_what_must_never_be(name, standing, change):
    thing = standing()
    values = change(thing) if callable(change) else change
    model = Edition if isinstance(thing, Edition) else type(thing)

    with refused_by(constraints()[name]), transaction.atomic():
        model._base_manager.filter(pk=thing.pk).update(**values)


@pytest.mark.parametrize("model", row_models(), ids=lambda model: model.__name__)
def test_a_key_names_one_row_of_its_kind_in_an_edition(model):
    mission = MissionFactory()
    needed = {
        field.name: related(field)
        for field in model._meta.fields
        if field.is_relation and not field.null and field.name != "edition"
    }
    model.objects.bulk_create([model(edition=mission, key=key, **needed) for key in ("one", "two")])

    with refused_by(constraints()[f"{model._meta.model_name}_key_once_per_edition"]), transaction.atomic():
        model._base_manager.filter(edition=mission, key="two").update(key="one")


def related(field):
    """Something that a row's foreign key can point at."""
    makers = {"Source": SourceFactory, "Term": TermFactory, "Record": lambda: MissionFactory().record}
    return makers[field.related_model.__name__]()


def test_every_constraint_is_tried_here():
    tried = {name for name, _, _ in REFUSED} | {
        f"{model._meta.model_name}_key_once_per_edition" for model in row_models()
    }

    assert set(constraints()) == tried


def test_a_rate_is_counted_in_one_row():
    RateLimit.objects.create(bucket="form:1", expires_at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        RateLimit.objects.create(bucket="form:1", expires_at=NOW)


# The guards of drafts and what is none


def not_editable():
    mission = MissionFactory()
    scheduled = MissionFactory()
    workflow.submit(scheduled, by=scheduled.contributors.first())
    workflow.schedule(scheduled, by=reviewer(), at=timezone.now() + datetime.timedelta(days=1))
    withdrawn = published(MissionFactory())
    workflow.withdraw(withdrawn, by=managing_editor(), reason="Wrong.")
    workflow.discard(mission, by=mission.created_by)
    return [submitted(), scheduled, published(MissionFactory()), superseded(), withdrawn, mission]


def test_editions_that_are_no_drafts_are_neither_changed_nor_deleted_in_bulk():
    for edition in not_editable():
        for queryset in (Edition.objects.filter(pk=edition.pk), Mission.objects.filter(pk=edition.pk)):
            with pytest.raises(ProtectedEditionError, match="start the next edition"):
                queryset.update(title="Another")
            with pytest.raises(ProtectedEditionError, match="start the next edition"):
                queryset.delete()


def test_one_protected_edition_among_drafts_stops_the_whole_change():
    draft, public = MissionFactory(title="A draft"), published(MissionFactory(title="Public"))

    with pytest.raises(ProtectedEditionError):
        Mission.objects.filter(pk__in=[draft.pk, public.pk]).update(title="Another")

    draft.refresh_from_db()
    assert draft.title == "A draft"


def test_an_edition_that_is_no_draft_is_not_saved_as_a_whole():
    for edition in not_editable():
        edition.title = "Another"
        with pytest.raises(ProtectedEditionError, match="start the next edition"):
            edition.save()


def test_rows_of_an_edition_that_is_no_draft_are_neither_changed_added_nor_deleted():
    mission = MissionFactory()
    FigureFactory(edition=mission, key="f1")
    published(mission)
    row = mission.figures.get()
    copy = Figure(edition=mission, key="f2", fact="f", measure=row.measure, source=row.source)

    for change in (
        row.save,
        row.delete,
        copy.save,
        lambda: Figure.objects.filter(pk=row.pk).update(value=1),
        lambda: Figure.objects.bulk_update([row], ["value"]),
        lambda: Figure.objects.bulk_create([copy]),
        lambda: Figure.objects.filter(pk=row.pk).delete(),
        lambda: mission.figures.all().delete(),
        lambda: mission.figures.create(key="f3", fact="f", measure=row.measure, source=row.source),
    ):
        with pytest.raises(ProtectedEditionError, match="start the next edition"), transaction.atomic():
            change()

    assert [figure.key for figure in mission.figures.all()] == ["f1"]


def test_drafts_and_their_rows_are_changed_and_deleted_freely():
    mission = MissionFactory()
    row = FigureFactory(edition=mission, key="f1")

    row.save()
    Figure.objects.filter(edition=mission).update(value=1)
    Mission.objects.filter(pk=mission.pk).update(title="Another")
    mission.citations.all().delete()
    mission.delete()

    assert not Figure.objects.exists()


# What is protected from deletion


def test_a_source_cited_in_any_edition_cannot_be_deleted():
    for source in (
        MissionFactory().citations.get().source,
        published(EventFactory()).citations.get().source,
        FigureFactory(edition=MissionFactory()).source,
    ):
        with pytest.raises(ProtectedError):
            source.delete()


def test_reference_data_that_an_edition_names_cannot_be_deleted():
    theme = TermFactory(vocabulary="theme", key="security")
    event, article = EventFactory(place=PlaceFactory()), ArticleFactory()
    event.themes.add(theme)
    other_theme = TermFactory(vocabulary="theme", key="justice")
    article.themes.add(other_theme)
    mission = MissionFactory()
    participation = mission.participations.create(key="p", organisation=OrganisationFactory(), role="lead")

    for thing in (
        event.place,
        event.event_kind,
        mission.mission_kind,
        participation.organisation,
        theme,
        other_theme,
    ):
        with pytest.raises(ProtectedError):
            thing.delete()
        with pytest.raises(ProtectedError):
            type(thing).objects.filter(pk=thing.pk).delete()


def test_a_record_with_editions_or_named_by_one_cannot_be_deleted():
    mission, event = MissionFactory(), EventFactory()
    event.missions.add(mission.record)

    with pytest.raises(ProtectedError):
        mission.record.delete()
    mission.delete()
    with pytest.raises(ProtectedError):
        mission.record.delete()


def test_an_editor_who_worked_on_a_text_cannot_be_deleted():
    starter, helper = author(), author()
    mission = MissionFactory(by=starter)
    workflow.note_work(mission, by=helper)

    for editor in (starter, helper):
        with pytest.raises(ProtectedError):
            editor.delete()


def test_what_was_once_submitted_cannot_be_deleted_any_more():
    mission = submitted()
    workflow.take_back(mission, by=mission.submitted_by)

    with pytest.raises(ProtectedError):
        mission.delete()


# The logs


def test_the_log_of_transitions_is_only_added_to():
    published(MissionFactory())
    entry = Transition.objects.last()

    for change in (
        entry.save,
        entry.delete,
        Transition.objects.all().delete,
        lambda: Transition.objects.update(note=""),
    ):
        with pytest.raises(TypeError, match="append-only"):
            change()

    assert Transition.objects.count() == 2


def test_the_public_log_is_only_added_to():
    published(MissionFactory())
    entry = Change.objects.get()

    for change in (entry.save, entry.delete, Change.objects.all().delete, lambda: Change.objects.update(note="")):
        with pytest.raises(TypeError, match="append-only"):
            change()

    assert Change.objects.count() == 1


def test_serials_follow_one_another_without_gaps_whatever_changes():
    first = published(MissionFactory(slug="old"))
    published(EventFactory())
    workflow.rename(first.record, "new", by=managing_editor())
    published(next_edition(first.record))
    workflow.withdraw(Edition.objects.get(record=first.record, number=2), by=managing_editor(), reason="Wrong.")

    assert [change.serial for change in Change.objects.all()] == [5, 4, 3, 2, 1]
    assert [change.kind for change in Change.objects.order_by("serial")] == [
        "published", "published", "renamed", "published", "withdrawn",
    ]  # fmt: skip
    assert PublicSerial.now() == 5


def test_what_is_undone_takes_its_serial_with_it():
    published(MissionFactory())

    with transaction.atomic():
        published(MissionFactory())
        transaction.set_rollback(True)

    assert PublicSerial.now() == 1


def test_citations_are_rows_of_every_kind_of_record():
    assert {type(edition) for edition in (MissionFactory(), EventFactory(), ArticleFactory())} == {
        relation.related_model
        for relation in Edition._meta.related_objects
        if relation.one_to_one and relation.parent_link
    }
    assert Citation.objects.count() == 3
