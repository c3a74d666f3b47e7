"""What editions name, for all those an answer shows at once: by edition, as the API shows it, with one query each.

No objects are made of it: a page of twenty missions has six hundred citations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any

from editorial.api.serializers.records import REFERENCE, reference
from editorial.models import Edition, Record
from editorial.standing import About, rows_about
from sources.api.serializers import named_citations
from sources.models import Citation

Shown = list[dict[str, Any]]
ByEdition = defaultdict[int, Shown]


def citations(editions: Collection[Edition], *, with_evidence: bool) -> ByEdition:
    """The citations of the editions."""
    shown: ByEdition = defaultdict(list)
    if with_evidence:
        for edition, citation in named_citations(_cited_in(_keys(editions)), with_evidence=True):
            shown[edition].append(citation)
    else:
        for edition, key, source in rows_about(_keys_cited_in, _keys(editions)):
            shown[edition].append({"key": key, "source": source, "evidence": None})
    return shown


def records(field: Any, editions: Collection[Edition]) -> ByEdition:
    """The records that the editions name in a field: those with a published edition."""
    shown: ByEdition = defaultdict(list)
    for edition, *columns in rows_about(_records_in(field), _keys(editions)):
        if record := reference(*columns):
            shown[edition].append(record)
    return shown


def terms(field: Any, editions: Collection[Edition]) -> ByEdition:
    """The words of a vocabulary that the editions name in a field."""
    shown: ByEdition = defaultdict(list)
    for edition, vocabulary, key, name in rows_about(_terms_in(field), _keys(editions)):
        shown[edition].append({"vocabulary": vocabulary, "key": key, "name": name})
    return shown


def _cited_in(editions: list[int]) -> Any:
    return Citation.objects.filter(edition__in=editions)


def _keys_cited_in(editions: list[int]) -> Any:
    return _cited_in(editions).values_list("edition", "key", "source__key")


@cache
def _records_in(field: Any) -> About:
    way = field.related_query_name()
    return lambda editions: Record.objects.filter(**{f"{way}__in": editions}).values_list(way, *REFERENCE)


@cache
def _terms_in(field: Any) -> About:
    way, terms = field.related_query_name(), field.related_model.objects
    return lambda editions: terms.filter(**{f"{way}__in": editions}).values_list(way, "vocabulary", "key", "name")


def _keys(editions: Collection[Edition]) -> list[int]:
    return [edition.pk for edition in editions]
