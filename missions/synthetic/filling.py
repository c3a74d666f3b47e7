"""Fills a database with a synthetic record: straight into the tables, as the workflow would leave them.

Every edition has its frozen text, its hash and its rendered page, every publication its line in the public log, so
that `manage.py check_record` finds nothing. Records are made and written a batch at a time; what is in the
database already stays, and new ones are counted on from there.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import islice
from random import Random
from typing import Any

from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery

from editorial import freezing
from editorial.models import Change, Correction, Edition, Editor, PublicSerial, Record, ReferenceData, State, Transition
from editorial.planner import look_at_tables
from editorial.search import index
from missions import synthetic
from missions.models import Organisation, Place, Term
from missions.models.reference import Vocabulary
from missions.record_files.reading import Progress, no_progress
from missions.rendering import render
from missions.synthetic import records, texts
from missions.synthetic.records import Library, Made
from sources.models import Source

BATCH = 500
BEGIN = datetime.datetime(2025, 1, 1, 12, tzinfo=datetime.UTC)  # when the first edition became public
BETWEEN = datetime.timedelta(minutes=1)
NOTE = "synthetic"
WORDS = {
    Vocabulary.MISSION_KIND: ("peacekeeping-force", "police-mission", "monitoring-mission"),
    Vocabulary.EVENT_KIND: ("meeting", "deployment", "agreement", "handover", "report"),
    Vocabulary.THEME: ("security", "justice", "economy", "health", "education", "returns"),
    Vocabulary.MEASURE: ("military-personnel", "police", "civilian-personnel", "cases", "visits"),
    Vocabulary.BASIS: ("deployed", "authorised", "reported"),
}


class NotSynthetic(Exception):
    """The database holds something that this would be mixed with."""


def require_own_database() -> None:
    """Raises NotSynthetic unless the database is empty, or was filled by this before."""
    holding: list[type[models.Model]] = [Record, Source, Organisation, Place, Term, Correction, Change, Editor]
    there = [str(model._meta.verbose_name_plural) for model in holding if model._default_manager.exists()]
    if there and not Editor.objects.filter(username=synthetic.MARK).exists():
        raise NotSynthetic(
            f"This database holds {', '.join(there)} that are not synthetic: invented records must not be mixed with "
            "them. Name an empty database by DATABASE_URL, or an empty folder by DATA_DIR."
        )


def fill(*, events: int, missions: int, sources: int, seed: int, progress: Progress = no_progress) -> None:
    """Add so many of each. Raises NotSynthetic. The same numbers and seed give the same texts in an empty database."""
    require_own_database()
    synthetic.mark()
    random = Random(seed)  # noqa: S311  nothing secret hangs on it
    editors = [_editor(name) for name in ("author", "reviewer")]
    library = _library(random, sources)
    library.missions = list(Record.objects.filter(kind="mission").only("kind", "slug"))
    for kind, count, make in (("mission", missions, records.mission), ("event", events, records.event)):
        first = Record.objects.filter(kind=kind).count() + 1
        numbers = iter(progress(range(first, first + count), desc=f"{kind}s"))
        while batch := list(islice(numbers, BATCH)):
            with transaction.atomic():
                new = _write_batch(kind, batch, make, random, library, editors)
            if kind == "mission":
                library.missions += new
    index.rebuild()
    look_at_tables()


def _editor(name: str) -> Editor:
    editor, _ = Editor.objects.get_or_create(
        username=f"{synthetic.MARK}-{name}",
        defaults={"public_name": f"Synthetic {name}", "is_active": False, "password": "!"},
    )
    return editor


# Reference data


def _library(random: Random, sources: int) -> Library:
    with transaction.atomic():
        _add(
            Organisation,
            40,
            lambda n: Organisation(key=f"body-{n}", name=f"{texts.place_name(random)} Office {n}", kind="agency"),
        )
        _add(Place, 60, lambda n: Place(key=f"place-{n}", name=texts.place_name(random), kind="town"))
        _add(Source, sources, lambda n: _source(random, n))
        for vocabulary, words in WORDS.items():
            for rank, word in enumerate(words):
                Term.objects.get_or_create(
                    vocabulary=vocabulary,
                    key=word,
                    defaults={"name": word.replace("-", " "), "definition": records.INVENTED, "rank": rank},
                )
    terms: dict[str, list[Term]] = {}
    for term in Term.objects.order_by("vocabulary", "rank"):
        terms.setdefault(term.vocabulary, []).append(term)
    return Library(
        list(Source.objects.order_by("pk")),
        list(Organisation.objects.order_by("pk")),
        list(Place.objects.order_by("pk")),
        terms,
    )


def _add(model: Any, number: int, make: Callable[[int], ReferenceData]) -> None:
    there = model.objects.count()
    things = model.objects.bulk_create([make(n) for n in range(there + 1, number + 1)], batch_size=BATCH)
    model.history.bulk_history_create(things, batch_size=BATCH)


def _source(random: Random, number: int) -> Source:
    return Source(
        key=f"synthetic{number}",
        type=random.choice((Source.Type.REPORT, Source.Type.NEWSPAPER, Source.Type.WEBPAGE)),
        title=f"{random.choice(texts.HAPPENINGS)} on {random.choice(texts.MATTERS)}, number {number}",
        authors=[{"literal": f"{texts.place_name(random)} Office"}],
        issued=texts.date(random),
        url=f"https://example.org/synthetic/{number}",
        standing=random.choice(Source.Standing.values),
        note=records.INVENTED,
    )


# Records


def _write_batch(
    kind: str, numbers: list[int], make: Callable[..., Made], random: Random, library: Library, editors: list[Editor]
) -> list[Record]:
    new = Record.objects.bulk_create([Record(kind=kind, slug=f"synthetic-{number}") for number in numbers])
    before = Record.objects.filter(live__isnull=False).count()
    made = [make(random, library, number, record) for number, record in zip(numbers, new, strict=True)]
    for place, one in enumerate(made, before):
        _publish(one, BEGIN + place * BETWEEN, *editors)
    _write_editions([one.edition for one in made])
    _write_rows(made)
    pointing = Edition.objects.filter(record=OuterRef("pk")).values("pk")[:1]
    Record.objects.filter(pk__in=[record.pk for record in new]).update(live=Subquery(pointing))
    _write_log([one.edition for one in made], *editors)
    return new


def _publish(made: Made, at: datetime.datetime, author: Editor, reviewer: Editor) -> None:
    """Give an edition what publication gives it: number, names, frozen text, hash, page."""
    edition = made.edition
    edition.state, edition.number = State.PUBLISHED, 1
    edition.created_by = edition.submitted_by = author
    edition.reviewed_by = reviewer
    edition.submitted_at = edition.reviewed_at = edition.published_at = at
    edition.written_by, edition.checked_by = author.byline, reviewer.byline
    # What would be asked of the database is here already.
    edition.pk, edition.loads_rows_once, edition._loaded_rows = 0, True, made.rows
    edition._prefetched_objects_cache = made.names
    edition.frozen = freezing.canonical(freezing.document(edition, previous=""))
    edition.sha256 = freezing.sha256(edition.frozen)
    edition.rendered = render(edition, made.rows).to_json()


def _write_editions(editions: list[Any]) -> None:
    """Both tables of each: what every edition has, and what its kind has."""
    shared = [field for field in Edition._meta.concrete_fields if not field.primary_key]
    parents = [Edition(**{field.attname: getattr(edition, field.attname) for field in shared}) for edition in editions]
    for edition, parent in zip(editions, Edition.objects.bulk_create(parents, batch_size=BATCH), strict=True):
        edition.id = edition.edition_id = parent.pk
    model = type(editions[0])
    own = model._meta.local_concrete_fields
    names = ", ".join(connection.ops.quote_name(field.column) for field in own)
    statement = (
        f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) "  # noqa: S608  names of ours
        f"VALUES ({', '.join('%s' for _ in own)})"
    )
    values = [[field.get_db_prep_save(getattr(one, field.attname), connection) for field in own] for one in editions]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _write_rows(made: list[Made]) -> None:
    """The rows of all editions, and what their many-to-many fields name."""
    by_model: dict[Any, list[Any]] = {}
    for one in made:
        for rows in one.rows.values():
            for row in rows:
                row.edition_id = one.edition.pk
                by_model.setdefault(type(row), []).append(row)
        for name, targets in one.names.items():
            field: Any = one.edition._meta.get_field(name)
            through = field.remote_field.through
            by_model.setdefault(through, []).extend(
                through(
                    **{f"{field.m2m_field_name()}_id": one.edition.pk, f"{field.m2m_reverse_field_name()}_id": to.pk}
                )
                for to in targets
            )
    for model, rows in by_model.items():
        model._base_manager.bulk_create(rows, batch_size=BATCH)  # the rows' own manager writes to drafts only


def _write_log(editions: list[Any], author: Editor, reviewer: Editor) -> None:
    """Who did it, the lines of the public log, and the serial last."""
    worked = Edition.contributors.through
    worked._base_manager.bulk_create(worked(edition_id=edition.pk, editor_id=author.pk) for edition in editions)
    Transition.objects.bulk_create(
        Transition(
            edition_id=edition.pk, at=edition.published_at, by=reviewer,
            from_state=State.IN_REVIEW, to_state=State.PUBLISHED, note=NOTE,
        )
        for edition in editions
    )  # fmt: skip
    serial = PublicSerial.now()
    Change.objects.bulk_create(
        Change(
            serial=serial + place, at=edition.published_at, kind=Change.Kind.PUBLISHED, record=edition.record,
            edition_id=edition.pk, address=edition.get_absolute_url(), label=edition.title,
        )
        for place, edition in enumerate(editions, 1)
    )  # fmt: skip
    PublicSerial.objects.update(value=serial + len(editions))
