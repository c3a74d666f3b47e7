"""What the search index holds and finds, for the tests of the search."""

from __future__ import annotations

from editorial import search
from editorial.models import SearchEntry, SearchWord
from editorial.search.backends import backend


def stored():
    """All that the index holds, in a form that does not depend on the numbers of its entries."""
    entries = {entry.pk: entry for entry in SearchEntry.objects.all()}
    fields = [field.name for field in SearchEntry._meta.fields if field.name != "id"]
    return (
        {(entry.kind, entry.key): [getattr(entry, name) for name in fields] for entry in entries.values()},
        {str(entries[number]): words for number, *words in backend().stored()},
        sorted(SearchWord.objects.values_list("word", "shown", "uses")),
    )


def found(question, **narrowed):
    """The things found, as kind/key."""
    answer = search.ask(question, search.Narrowed(**narrowed))
    return [str(shown.entry) for shown in search.show(answer, answer.entries)]
