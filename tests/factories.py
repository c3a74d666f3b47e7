"""A factory for each model that makes the least valid draft, and `published()`, the real way out.

Editions made here are drafts that could be submitted: what a test wants otherwise it says. No test
holds a state the site cannot reach, because state is moved by `workflow` alone.
"""

from __future__ import annotations

import itertools
from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from editorial import reviewing, workflow
from editorial.corrections import answering, deciding
from editorial.models import ClaimCheck, Correction, Edition, Editor, Record
from editorial.roles import AUTHOR, MANAGING_EDITOR, REVIEWER
from missions.models import Article, Event, Figure, Mission, Organisation, Place, Statement, Term
from sources.models import Citation, Source

PASSWORD = "correct horse battery staple"

_names = itertools.count(1)


class EditorFactory(DjangoModelFactory):
    class Meta:
        model = Editor
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"editor{n}")
    public_name = factory.Sequence(lambda n: f"Editor Number {n}")
    is_staff = True
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def role(self: Any, create: bool, role: str | None, **kwargs: Any) -> None:
        if create:
            self.groups.add(Group.objects.get(name=role or AUTHOR))


def author(**kwargs: Any) -> Editor:
    return EditorFactory(role=AUTHOR, **kwargs)


def reviewer(**kwargs: Any) -> Editor:
    return EditorFactory(role=REVIEWER, **kwargs)


def managing_editor(**kwargs: Any) -> Editor:
    return EditorFactory(role=MANAGING_EDITOR, **kwargs)


def superuser(**kwargs: Any) -> Editor:
    """Without a role, as the command line makes one."""
    return Editor.objects.create(**{"username": "root", "is_staff": True, "is_superuser": True} | kwargs)


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term
        django_get_or_create = ("vocabulary", "key")

    vocabulary = "measure"
    key = "military-personnel"
    name = factory.LazyAttribute(lambda term: term.key.replace("-", " "))
    definition = "A definition."


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source{n}")
    type = Source.Type.REPORT
    title = factory.Sequence(lambda n: f"Report number {n}")
    authors = factory.LazyFunction(lambda: [{"literal": "United Nations Secretary-General"}])
    publisher = "United Nations"
    issued = "1999-07-12"
    standing = Source.Standing.PRIMARY


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    key = factory.Sequence(lambda n: f"organisation{n}")
    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = "alliance"


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    key = factory.Sequence(lambda n: f"place{n}")
    name = factory.Sequence(lambda n: f"Place {n}")


def _draft(edition: Edition, kind: str, slug: str | None, by: Editor | None) -> Any:
    """Begin a record with the edition, and cite one source under the key `a`."""
    slug = slug or f"{kind}-{next(_names)}"
    workflow.begin_record(edition, kind=kind, slug=slug, by=by or author())
    CitationFactory(edition=edition, key="a")
    return edition


def MissionFactory(*, slug: str | None = None, by: Editor | None = None, **fields: Any) -> Mission:
    """A mission's first draft, which could be submitted as it is."""
    values = {
        "title": "Kosovo Force",
        "summary": "A force came.[^a]",
        "body": "## What it was\n\nIt was a force.[^a]",
        "start": "1999-06-12",
        "status": Mission.Status.RUNNING,
    } | fields
    if "mission_kind" not in values:
        values["mission_kind"] = TermFactory(vocabulary="mission-kind", key="peacekeeping-force")
    mission: Mission = _draft(Mission(**values), "mission", slug, by)
    mission.refresh_from_db()
    return mission


def EventFactory(*, slug: str | None = None, by: Editor | None = None, **fields: Any) -> Event:
    """An event's first draft, which could be submitted as it is."""
    values = {
        "title": "Entry of a force",
        "summary": "It came in.[^a]",
        "body": "It came in at dawn.[^a]",
        "date": "1999-06-12",
    } | fields
    if "event_kind" not in values:
        values["event_kind"] = TermFactory(vocabulary="event-kind", key="deployment")
    event: Event = _draft(Event(**values), "event", slug, by)
    event.refresh_from_db()
    return event


def ArticleFactory(*, slug: str | None = None, by: Editor | None = None, **fields: Any) -> Article:
    """An article's first draft, which could be submitted as it is."""
    values = {
        "title": "A question",
        "summary": "A question.[^a]",
        "body": "An answer.[^a]",
    } | fields
    article: Article = _draft(Article(**values), "article", slug, by)
    return article


FACTORIES = {"mission": MissionFactory, "event": EventFactory, "article": ArticleFactory}


class CitationFactory(DjangoModelFactory):
    class Meta:
        model = Citation

    key = factory.Sequence(lambda n: f"citation{n}")
    source = factory.SubFactory(SourceFactory)
    locator = "para. 9"


class FigureFactory(DjangoModelFactory):
    class Meta:
        model = Figure

    key = factory.Sequence(lambda n: f"figure{n}")
    fact = "strength-on-entry-1999"
    measure = factory.SubFactory(TermFactory)
    value = 50000
    unit = "persons"
    as_of = "1999-06"
    source = factory.SubFactory(SourceFactory)


class StatementFactory(DjangoModelFactory):
    class Meta:
        model = Statement

    key = factory.Sequence(lambda n: f"statement{n}")
    holder = "A holder"
    text = "They said so."
    cites = "a"


def submitted(edition: Any, *, by: Editor | None = None) -> Any:
    """Put a draft in review: by the given editor, else by one of its authors."""
    workflow.submit(edition, by=by or edition.contributors.first())
    return edition


def published(edition: Any, *, by: Editor | None = None, note: str = "") -> Any:
    """Take a draft through the workflow: submitted by one of its authors, published by a second editor.

    A later edition gets a change note where it has none, and claims without a source are ticked.
    """
    worker = edition.contributors.first() or author()
    if edition.record.live and not edition.change_note:
        Edition.objects.filter(pk=edition.pk).update(change_note=note or "Something changed.")
    workflow.note_work(edition, by=worker)
    workflow.submit(edition, by=worker)
    by = by or reviewer()
    for claim in edition.claims_left(by=by):
        reviewing.tick(edition, claim, ground=ClaimCheck.Ground.NO_CLAIM, by=by)
    workflow.publish(edition, by=by)
    return edition


def imported(edition: Any) -> Any:
    """Publish a draft as the founding record does."""
    edition.contributors.clear()
    workflow.publish_imported(edition, at=edition.created_at)
    return edition


def next_edition(record: Record, *, by: Editor | None = None, **changes: Any) -> Any:
    """The next draft of a public record, with the changes saved by its author."""
    by = by or author()
    edition = workflow.start_edition(record, by=by)
    for name, value in changes.items():
        setattr(edition, name, value)
    edition.save()
    workflow.note_work(edition, by=by)
    return edition


def state_of(edition: Any) -> str:
    """As the database has it now."""
    return Edition.objects.values_list("state", flat=True).get(pk=edition.pk)


def reported(
    record: Record | None,
    *,
    message: str = "It is wrong.",
    state: str = Correction.State.NEW,
    public_answer: str = "The sources say so.",
    attached_to: Edition | None = None,
    duplicate_of: Correction | None = None,
    **fields: Any,
) -> Correction:
    """A reader's report about a record; brought through the real decisions to the state it is wanted in."""
    correction = Correction(record=record, message=message, **fields)
    correction.new_token()
    correction.save()
    by, wanted = author(), Correction.State
    if state == wanted.NEEDS_INFORMATION:
        deciding.ask(correction, by=by, question="Which page?")
    elif state == wanted.DECLINED:
        deciding.decline(correction, by=by, answer=public_answer)
    elif state == wanted.CLOSED:
        deciding.close(correction, by=by, answer=public_answer)
    elif state == wanted.DUPLICATE and duplicate_of:
        deciding.same_as(correction, by=by, original=duplicate_of)
    elif state in (wanted.CONFIRMED, wanted.IN_WORK):
        deciding.confirm(correction, by=by)
    if state == wanted.IN_WORK:
        if attached_to:
            answering.attach(correction, by=by, edition=attached_to)
        else:
            answering.start(correction, by=by)
    if correction.state != state:
        raise ValueError(f"No report comes to be “{state}” like this.")
    return correction
