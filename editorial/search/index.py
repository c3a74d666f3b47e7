"""The index follows what is public, in the transaction that changes it.

Only one transaction at a time writes it: each holds the serial from here on, which it moves as its last
deed. So what one finds in public use cannot be taken out of the index by another meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q

from editorial.models import (
    PUBLIC,
    Edition,
    PublicSerial,
    Record,
    ReferenceData,
    Row,
    SearchEntry,
    SearchWord,
    State,
    reference_kinds,
)
from editorial.models.naming import named_in
from editorial.search.backends import backend
from editorial.search.columns import columns, named
from editorial.search.words import LONGEST, STOP_WORDS, keys, normal, words
from editorial.searched import Searched

AT_ONCE = 200
SHORTEST_SUGGESTED = 3  # letters
COMPARED = [field.attname for field in SearchEntry._meta.fields if field.name != "id"]

Name = tuple[str, int]  # kind and number
Uses = Counter[tuple[str, str]]  # of words of names, as they are compared and as they stand there
Progress = Callable[[int], object]

_is_made_at_the_end = ContextVar("is_made_at_the_end", default=False)


def follow_edition(sender: Any, *, edition: Edition, **kwargs: Any) -> None:
    """Receiver of `public_content_changed`: the record, and what it names, as readers find them from now on."""
    PublicSerial.hold()
    if _is_made_at_the_end.get():
        return
    record = edition.record
    _follow_records([record], {edition.pk: edition})
    for model in searched_models():
        _follow_things(model, _named_by(record, model))


def follow_thing(thing: ReferenceData) -> None:
    """A thing that was amended or merged: it, what it names, and public records that say its name."""
    PublicSerial.hold()
    for model in searched_models():
        named = {thing.pk} if isinstance(thing, model) else set()
        named |= {getattr(thing, field.attname) for field in thing._meta.fields if field.related_model is model}
        _follow_things(model, named - {None})
    if thing.named_in_records:
        _follow_records(Record.objects.filter(live__in=_editions_naming(thing)), {})


@contextmanager
def made_at_the_end() -> Iterator[None]:
    """Within it no edition is followed; when it is left, the whole index is made anew.

    For the publication of many editions in one transaction: half of its time is the index following them
    one by one. Raises what `rebuild` raises; after an error nothing is made, as the transaction is undone.
    """
    waits = _is_made_at_the_end.set(True)
    try:
        yield
    finally:
        _is_made_at_the_end.reset(waits)
    rebuild()


@transaction.atomic
def rebuild(progress: Progress = lambda count: None) -> int:
    """Make the whole index anew, as publication would have made it. Returns how many things are in it."""
    PublicSerial.hold()
    SearchWord.objects.all().delete()
    SearchEntry.objects.all().delete()
    backend().clear()
    count, uses = 0, Uses()
    for entries in _everything():
        _add(entries)
        uses.update(word for entry in entries for word in _name_words(entry))
        count += len(entries)
        progress(count)
    _count_words(uses)
    return count


def searched_models() -> list[type[ReferenceData]]:
    """The kinds of reference data that are found."""
    return [kind for kind in reference_kinds() if kind.is_searched]


def edition_models() -> list[type[Edition]]:
    """The kinds of editions."""
    return [model for model in apps.get_models() if issubclass(model, Edition) and model is not Edition]


# What is to be in it


def _follow_records(records: Iterable[Record], known: dict[int, Edition]) -> None:
    """`known` are live editions that are loaded already."""
    wanted: dict[Name, SearchEntry | None] = {}
    for record in records:
        live = record.live
        found = live is not None and live.state == State.PUBLISHED and not live.is_suppressed
        edition = known.get(live.pk, live).typed if live and found else None
        wanted[record.kind, record.pk] = _of_edition(edition, record, edition.rows()) if edition else None
    _put(wanted)


def _follow_things(model: Any, numbers: set[int]) -> None:
    if not numbers:
        return
    kind = model._meta.model_name
    in_use = model.objects.in_public_use().in_bulk(numbers)
    _put({(kind, pk): _of_thing(in_use[pk]) if pk in in_use else None for pk in numbers})


def _everything() -> Iterator[list[SearchEntry]]:
    for edition_model in edition_models():
        references = [f for f in edition_model._meta.get_fields() if f.many_to_one or f.many_to_many]
        own: list[Any] = [f for f in references if f.concrete and issubclass(f.related_model, ReferenceData)]  # type: ignore[union-attr, arg-type]
        editions = (
            edition_model.objects.published()
            .select_related("record", *(f.name for f in own if f.many_to_one))
            .prefetch_related(*(f.name for f in own if f.many_to_many))
            .defer("frozen", "rendered")
            .order_by("published_at", "pk")
        )
        for some in _chunks(editions):
            rows = _rows_of(edition_model, some)
            yield [_of_edition(edition, edition.record, rows[edition.pk]) for edition in some]
    for model in searched_models():
        things: Any = model._default_manager
        for some in _chunks(things.in_public_use().order_by("pk")):
            yield [_of_thing(thing) for thing in some]


def _chunks(things: Any) -> Iterator[list[Any]]:
    some = []
    for thing in things.iterator(chunk_size=AT_ONCE):
        some.append(thing)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _rows_of(model: type[Edition], editions: list[Edition]) -> dict[int, dict[str, list[Row]]]:
    """The rows of editions, one query a kind."""
    found: dict[int, dict[str, list[Row]]] = {
        edition.pk: {kind.plural: [] for kind in model.row_models} for edition in editions
    }
    for kind in model.row_models:
        for row in kind.objects.filter(edition__in=list(found)).with_what_they_name():
            found[row.edition_id][kind.plural].append(row)
    return found


def _of_edition(edition: Edition, record: Record, rows: dict[str, list[Row]]) -> SearchEntry:
    return _entry(edition.to_search(rows), record.kind, record.pk, record.slug, record.get_absolute_url())


def _of_thing(thing: Any) -> SearchEntry:
    return _entry(thing.to_search(), thing._meta.model_name, thing.pk, thing.key, thing.get_absolute_url())


def _entry(found: Searched, kind: str, number: int, key: str, address: str) -> SearchEntry:
    names = dict.fromkeys(" ".join(name.split()) for name in found.other_names)
    compared = dict.fromkeys(" ".join(keys(name)) for name in [found.title, *names])
    first, last = found.years or (None, None)
    return SearchEntry(
        kind=kind, object_id=number, key=key, address=address, title=_stored(found.title)[:500],
        other_names=_stored("\n".join(name for name in names if name and name != found.title)),
        makers=_stored("\n".join(found.makers)),
        names="".join(f"|{name}" for name in compared) + "|",
        lead=_stored(found.lead), text=_stored(found.text), detail=_stored(found.detail)[:300],
        themes=" ".join(sorted(found.themes)), first_year=first, last_year=last,
        priority=found.priority, found_late=found.found_late,
    )  # fmt: skip


def _stored(text: str) -> str:
    return normal(text).replace("\0", "")


def _named_by(record: Record, model: Any) -> set[int]:
    """The things of a kind that public editions of a record name, the suppressed ones too."""
    named: set[int] = set()
    for way in named_in(model):
        rows = way.rows.filter(**{f"{way.prefix}record": record, f"{way.prefix}state__in": PUBLIC})
        named.update(rows.order_by().values_list(way.field, flat=True).distinct())
    return named - {None}  # type: ignore[arg-type]


def _editions_naming(thing: ReferenceData) -> Any:
    """The published editions that name a thing."""
    naming = Q(pk=None)
    for way in named_in(type(thing)):
        naming |= Q(pk__in=way.rows.filter(**{way.field: thing}).order_by().values(way.edition))
    return Edition.objects.published().filter(naming)


# Writing


def _put(wanted: dict[Name, SearchEntry | None]) -> None:
    """Bring entries to what they are to be; None takes one out. What stands so already is not touched."""
    there: dict[Name, SearchEntry] = {}
    for kind in {kind for kind, _ in wanted}:
        numbers = [number for of, number in wanted if of == kind]
        for some in (numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE)):
            found = SearchEntry.objects.filter(kind=kind, object_id__in=some)
            there |= {(kind, entry.object_id): entry for entry in found}
    changed = {name: entry for name, entry in wanted.items() if not _same(there.get(name), entry)}
    old = [there[name] for name in changed if name in there]
    new = sorted((entry for entry in changed.values() if entry), key=lambda entry: (entry.kind, entry.object_id))
    uses = Uses(word for entry in new for word in _name_words(entry))
    uses.subtract(word for entry in old for word in _name_words(entry))
    _take_out([entry.pk for entry in old])
    for at in range(0, len(new), AT_ONCE):
        _add(new[at : at + AT_ONCE])
    _count_words(uses)


def _same(one: SearchEntry | None, other: SearchEntry | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(getattr(one, name) == getattr(other, name) for name in COMPARED)


def _take_out(entries: list[int]) -> None:
    for at in range(0, len(entries), AT_ONCE):
        some = entries[at : at + AT_ONCE]
        SearchEntry.objects.filter(pk__in=some).delete()
        backend().remove(some)


def _add(entries: list[SearchEntry]) -> None:
    SearchEntry.objects.bulk_create(entries)
    backend().write([columns(entry) for entry in entries])


def _name_words(entry: SearchEntry) -> Iterator[tuple[str, str]]:
    """(as it is compared, as it stands there) of the words of an entry's names that a mistyped one may have meant."""
    text = named(entry)
    shown: dict[str, str] = {}
    for word in words(text):
        telling = word.spelled not in STOP_WORDS and not any(letter.isdigit() for letter in word.spelled)
        if telling and len(word.spelled) >= SHORTEST_SUGGESTED:
            shown.setdefault(word.spelled, text[word.start : word.end][:LONGEST])
    yield from shown.items()


def _count_words(uses: Uses) -> None:
    """Bring the words of names to `uses` more, or fewer; those that are left in none go."""
    changed = sorted(form for form, more in uses.items() if more)
    for at in range(0, len(changed), AT_ONCE):
        some = changed[at : at + AT_ONCE]
        found = SearchWord.objects.filter(word__in={word for word, _ in some})
        there = {(row.word, row.shown): row for row in found}
        new: list[SearchWord] = []
        kept: list[SearchWord] = []
        gone: list[SearchWord] = []
        for word, shown in some:
            row = there.get((word, shown))
            if row is None:
                new.append(SearchWord(word=word, shown=shown, first_letter=word[0], uses=uses[word, shown]))
                continue
            row.uses = max(0, row.uses + uses[word, shown])
            (kept if row.uses else gone).append(row)
        SearchWord.objects.bulk_create(new)
        SearchWord.objects.bulk_update(kept, ["uses"])
        SearchWord.objects.filter(pk__in=[row.pk for row in gone]).delete()
