"""What editions name, for all those an answer shows at once: by edition, as the API shows it, with one query each.

No objects are made of it: a page of twenty missions has six hundred citations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from editorial.api.serializers.records import REFERENCE, reference
from editorial.models import Edition, Record
from sources.api.serializers import named_citations
from sources.models import Citation

Shown = list[dict[str, Any]]
ByEdition = defaultdict[int, Shown]


def citations(editions: Collection[Edition], *, with_evidence: bool) -> ByEdition:
    """The citations of the editions."""
    shown: ByEdition = defaultdict(list)
    cited = Citation.objects.filter(edition__in=_keys(editions))
    for edition, citation in named_citations(cited, with_evidence=with_evidence):
        shown[edition].append(citation)
    return shown


def records(field: Any, editions: Collection[Edition]) -> ByEdition:
    """The records that the editions name in a field: those with a published edition."""
    shown: ByEdition = defaultdict(list)
    way = field.related_query_name()
    named = Record.objects.filter(**{f"{way}__in": _keys(editions)})
    for edition, *columns in named.values_list(way, *REFERENCE):
        if record := reference(*columns):
            shown[edition].append(record)
    return shown


def terms(field: Any, editions: Collection[Edition]) -> ByEdition:
    """The words of a vocabulary that the editions name in a field."""
    shown: ByEdition = defaultdict(list)
    way = field.related_query_name()
    named = field.related_model.objects.filter(**{f"{way}__in": _keys(editions)})
    for edition, vocabulary, key, name in named.values_list(way, "vocabulary", "key", "name"):
        shown[edition].append({"vocabulary": vocabulary, "key": key, "name": name})
    return shown


def _keys(editions: Collection[Edition]) -> list[int]:
    return [edition.pk for edition in editions]
