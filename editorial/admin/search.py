"""Finding things by the words in their names, however their letters are typed.

“Gjakove” finds “Gjakovë”, “Dakovica” and “Djakovica” find “Đakovica” and “Ђаковица”. Each word of a
question becomes a pattern that the database matches, so nothing is loaded that is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path, lookup_spawns_duplicates
from django.db.models import Case, JSONField, Q, QuerySet, Value, When
from django.http import HttpRequest

from editorial.admin.access import admin_address
from editorial.letters import pattern, plain

SHOWN = 8
LONGEST = 100  # letters of a question
MOST_WORDS = 8


def words_of(query: str) -> list[str]:
    """The words of a question that have a letter or digit, as many and as long as are looked for."""
    words = query.replace("\0", " ")[:LONGEST].split()
    return [word for word in words if any(letter.isalnum() for letter in plain(word))][:MOST_WORDS]


def matching(model: Any, fields: Sequence[str], query: str) -> Q:
    """The rows of which each word of the question stands in one of the fields."""
    as_json = {name: isinstance(get_fields_from_path(model, name)[-1], JSONField) for name in fields}
    found = Q()
    for word in words_of(query):
        anywhere = Q()
        for name in fields:
            anywhere |= Q(**{f"{name}__iregex": pattern(word, as_json=as_json[name])})
        found &= anywhere
    return found


class FindsByName(admin.ModelAdmin):
    """For an admin class: its search does not mind accents, scripts and capitals.

    `known_by` are the fields by which editors know a thing: what matches one exactly comes first.
    """

    known_by: ClassVar[tuple[str, ...]] = ()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        fields = list(self.get_search_fields(request))
        if not fields or not search_term.strip():
            return queryset, False
        if not words_of(search_term):
            return queryset.none(), False
        doubles = any(lookup_spawns_duplicates(self.opts, name) for name in fields)
        return queryset.filter(matching(self.model, fields, search_term)), doubles

    def to_find(self, request: HttpRequest) -> QuerySet[Any]:
        """What the search over everything looks through."""
        return self.get_queryset(request)

    def described(self, thing: Any, request: HttpRequest) -> str:
        """What an editor is told of a thing that was found, besides its name."""
        return str(getattr(thing, "key", ""))


@dataclass(frozen=True)
class Hit:
    """A thing that was found: its page, its name, and what it is."""

    address: str
    text: str
    detail: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind: the first of it, how much there is, and the list of all."""

    title: str
    hits: list[Hit]
    count: int
    all_address: str

    @property
    def more(self) -> int:
        return self.count - len(self.hits)


def find(site: admin.AdminSite, request: HttpRequest, query: str, searched: Mapping[str, str]) -> list[Group]:
    """What this editor may see and the question names; `searched` has labels of models and their titles.

    Two queries a model, whatever there is.
    """
    if not words_of(query):
        return []
    groups = []
    for label, title in searched.items():
        desk = site.get_model_admin(apps.get_model(label))
        if isinstance(desk, FindsByName) and desk.has_view_permission(request):
            groups.append(_group(title, desk, request, query))
    return [group for group in groups if group.count]


def _group(title: str, desk: FindsByName, request: HttpRequest, query: str) -> Group:
    rows, _ = desk.get_search_results(request, desk.to_find(request), query)
    hits = [
        Hit(admin_address(desk.model, "change", thing.pk), str(thing), desk.described(thing, request))
        for thing in _closest_first(desk, request, rows, query)[:SHOWN]
    ]
    every = f"{admin_address(desk.model, 'changelist')}?{urlencode({'q': query[:LONGEST]})}"
    return Group(title, hits, rows.order_by().count(), every)


def _closest_first(desk: FindsByName, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    asked, name = query.strip(), next(iter(desk.get_search_fields(request)))
    exactly = [When(Q(**{f"{field}__iexact": asked}), then=Value(0)) for field in [*desk.known_by, name]]
    begins = When(Q(**{f"{name}__istartswith": asked}), then=Value(1))
    return rows.order_by(Case(*exactly, begins, default=Value(2)), name, "pk")
