"""What lists can be narrowed by, in pages and in the API.

The words offered and accepted are those that published editions use themselves: what stands in a
draft, or in an edition that was superseded, is never an option. Several keys divided by commas mean
"or". A wrong value is an error of its field; pages then show the list as if it had not been given.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from editorial.filter_form import FilterForm, ListFilterSet
from editorial.in_turn import there_is
from editorial.models import Edition, Record
from editorial.parameters import by_commas
from editorial.standing import Question, rows_of
from missions.facts import facts_that_differ
from missions.models import (
    Article,
    Classification,
    Disagreement,
    Event,
    Figure,
    Mission,
    Organisation,
    Participation,
    Place,
    Term,
)
from sources.dates import PartialDate, high, low
from sources.filters import YearFilter

Options = QuerySet[Any]  # rows of (key, name)

OFFERED = 300  # options in one list; further keys are accepted all the same
LONGEST_KEYS = 1000
YES_NO = [("true", "yes"), ("false", "no")]


# Options: only what published editions use


def _published(rows: type[Model], *, edition: str = "edition", **fields: Any) -> Q:
    """Whether a row that says so belongs to a published edition; `edition` names the field that tells.

    Each option is looked up in its turn: as a join, the database would read all rows there are.
    """
    published = Edition.objects.published().filter(pk=OuterRef(edition))
    return there_is(rows._default_manager.filter(there_is(published), **fields))


def published_organisations() -> Options:
    used = _published(Participation, organisation=OuterRef("pk"))
    return Organisation.objects.filter(used).order_by("name").values_list("key", "name")


def published_classifications(vocabulary: str) -> Options:
    return _terms(vocabulary, _published(Classification, term=OuterRef("pk")))


def published_mission_kinds() -> Options:
    return _terms("mission-kind", _published(Mission, edition="pk", mission_kind=OuterRef("pk")))


def published_event_kinds() -> Options:
    return _terms("event-kind", _published(Event, edition="pk", event_kind=OuterRef("pk")))


def published_themes(model: type[Event] | type[Article]) -> Options:
    through, edition = _through(model, "themes")
    return _terms("theme", _published(through, edition=edition, term=OuterRef("pk")))


def searched_themes() -> Options:
    """Those of published events and articles."""
    used = [
        _published(through, edition=edition, term=OuterRef("pk"))
        for through, edition in (_through(model, "themes") for model in (Event, Article))
    ]
    return _terms("theme", used[0] | used[1])


def published_places() -> Options:
    used = _published(Event, edition="pk", place=OuterRef("pk"))
    return Place.objects.filter(used).order_by("name").values_list("key", "name")


def published_missions(model: type[Event] | type[Article]) -> Options:
    """Published missions that a published edition of the other kind is about."""
    through, edition = _through(model, "missions")
    used = _published(through, edition=edition, record=OuterRef("pk"))
    titles = Mission.objects.published().filter(record=OuterRef("pk")).values("title")[:1]
    missions = Record.objects.filter(used, kind="mission").annotate(title=Subquery(titles)).exclude(title=None)
    return missions.order_by("title").values_list("slug", "title")


def _through(model: Any, many: str) -> tuple[type[Model], str]:
    """The table between a kind of record and what it names, and its field for the edition."""
    return getattr(model, many).through, model._meta.model_name


def _terms(vocabulary: str, used: Q) -> Options:
    terms = Term.objects.filter(used, vocabulary=vocabulary).order_by("rank", "name")
    return terms.values_list("key", "name")


# Fields


class KeysSelect(forms.Select):
    """One choice of a list; several keys in the address stay chosen, as one further option."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # to find out would ask the database for the options once more

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        values = data.getlist(name) if isinstance(data, QueryDict) else [data.get(name) or ""]
        return ",".join(value for value in values if value)

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        names = {str(option["value"]): option["label"] for _, some, _ in groups for option in some}
        keys = value[0].split(",") if value else []
        if len(keys) > 1 and all(key in names for key in keys):
            label = " or ".join(str(names[key]) for key in keys)
            option = self.create_option(name, value[0], label, True, len(groups))
            groups.append((None, [option], len(groups)))
        return groups


class KeysField(forms.ChoiceField):
    """Keys divided by commas. Its value is the list of keys; unknown ones are an error."""

    widget = KeysSelect

    def __init__(self, *, options: Question, **kwargs: Any) -> None:
        self.options = options
        super().__init__(choices=lambda: [("", "any"), *rows_of(options, OFFERED)], **kwargs)

    def to_python(self, value: Any) -> Any:
        return by_commas(str(value or ""))

    def validate(self, value: Any) -> None:
        if sum(map(len, value)) > LONGEST_KEYS or any("\0" in key for key in value):
            raise ValidationError("That is not one of the choices here.", code="invalid_choice")
        if not value:
            return
        options = self.options()
        key_field = options.query.values_select[0]
        known = {key for key, _ in options.filter(**{f"{key_field}__in": value})}
        if unknown := [key for key in value if key not in known]:
            raise ValidationError(
                "“%(key)s” is not one of the choices here.",
                code="invalid_choice",
                params={"key": unknown[0][:60]},
            )


class KeysFilter(django_filters.Filter):
    """By one or more keys; `lookup` names the field of the list's own edition that has them."""

    field_class = KeysField


class MomentField(forms.CharField):
    """A year, month or day; its value is a PartialDate."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return _partial_date(text) if text else None


def _partial_date(text: str) -> PartialDate:
    try:
        return PartialDate.parse(text[:60])
    except ValueError:
        raise ValidationError(
            "“%(text)s” is not a date. Write 17 March 2004, March 2004 or 2004.",
            code="invalid",
            params={"text": text[:40]},
        ) from None


class MomentFilter(django_filters.Filter):
    field_class = MomentField


def from_first_day(queryset: Any, name: str, moment: PartialDate) -> Any:
    """Those whose date cannot be before the moment begins."""
    begins = moment.low.isoformat()
    return queryset.alias(first_day=low(name)).exclude(**{name: ""}).filter(first_day__gte=begins)


def until_last_day(queryset: Any, name: str, moment: PartialDate) -> Any:
    """Those whose date cannot be after the moment ends."""
    ends = f"{moment}-99-99"[:10]
    return queryset.alias(last_day=high(name)).exclude(**{name: ""}).filter(last_day__lte=ends)


# Filter sets


class RecordFilter(ListFilterSet):
    """What all kinds of record can be narrowed by."""

    q = django_filters.CharFilter(method="filter_words", label="Words in the title", max_length=200)
    has_disagreement = django_filters.ChoiceFilter(
        method="filter_disagreement",
        label="Sources differ",
        choices=YES_NO,
        empty_label="any",
    )
    named_in: tuple[str, ...] = ("title",)

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        for word in value.split()[:10]:
            found = Q()
            for field in self.named_in:
                found |= Q(**{f"{field}__icontains": word})
            queryset = queryset.filter(found)
        return queryset

    def filter_disagreement(self, queryset: Any, name: str, value: str) -> Any:
        figures = Figure.objects.filter(edition=OuterRef("pk"))
        differ = Exists(Disagreement.objects.filter(edition=OuterRef("pk"))) | Exists(
            facts_that_differ(figures).values("edition")
        )
        return queryset.filter(differ if value == "true" else ~differ)


class MissionFilter(RecordFilter):
    """Missions, related operations and bodies."""

    named_in = ("title", "acronym", "name_sq", "name_sr_latn", "name_sr_cyrl", "other_names")

    q = django_filters.CharFilter(method="filter_words", label="Words in the name", max_length=200)
    organisation = KeysFilter(
        method="filter_organisation",
        label="Organisation",
        options=published_organisations,
    )
    kind = KeysFilter(method="filter_kind", label="Kind of mission", options=published_mission_kinds)
    initiative_type = KeysFilter(
        method="filter_classification",
        label="Type of initiative",
        options=lambda: published_classifications("initiative-type"),
    )
    conflict_type = KeysFilter(
        method="filter_classification",
        label="Type of conflict",
        options=lambda: published_classifications("conflict-type"),
    )
    status = django_filters.ChoiceFilter(label="Status", choices=Mission.Status.choices, empty_label="any")
    active_on = MomentFilter(method="filter_active_on", label="At work in or on", help_text="A year, month or day.")
    start_after = MomentFilter(
        method="filter_start_after",
        label="Began in or after",
        help_text="A year, month or day.",
    )
    start_before = MomentFilter(
        method="filter_start_before",
        label="Began in or before",
        help_text="A year, month or day.",
    )

    class Meta:
        model = Mission
        form = FilterForm
        fields: list[str] = []

    def filter_organisation(self, queryset: Any, name: str, keys: list[str]) -> Any:
        own = Participation.objects.filter(edition=OuterRef("pk"), organisation__key__in=keys)
        return queryset.filter(Exists(own))

    def filter_classification(self, queryset: Any, name: str, keys: list[str]) -> Any:
        own = Classification.objects.filter(
            edition=OuterRef("pk"),
            term__vocabulary=name.replace("_", "-"),
            term__key__in=keys,
        )
        return queryset.filter(Exists(own))

    def filter_kind(self, queryset: Any, name: str, keys: list[str]) -> Any:
        return queryset.filter(mission_kind__key__in=keys)

    def filter_active_on(self, queryset: Any, name: str, moment: PartialDate) -> Any:
        return queryset.active_on(moment)

    def filter_start_after(self, queryset: Any, name: str, moment: PartialDate) -> Any:
        return from_first_day(queryset, "start", moment)

    def filter_start_before(self, queryset: Any, name: str, moment: PartialDate) -> Any:
        return until_last_day(queryset, "start", moment)


class EventFilter(RecordFilter):
    """Events."""

    mission = KeysFilter(method="filter_mission", label="Mission", options=lambda: published_missions(Event))
    theme = KeysFilter(method="filter_theme", label="Theme", options=lambda: published_themes(Event))
    kind = KeysFilter(method="filter_kind", label="Kind of event", options=published_event_kinds)
    place = KeysFilter(method="filter_place", label="Place", options=published_places)
    year = YearFilter(method="filter_year", label="Year", help_text="Events in it, or reaching into it.")
    after = MomentFilter(method="filter_after", label="In or after", help_text="A year, month or day.")
    before = MomentFilter(method="filter_before", label="In or before", help_text="A year, month or day.")

    class Meta:
        model = Event
        form = FilterForm
        fields: list[str] = []

    def filter_mission(self, queryset: Any, name: str, slugs: list[str]) -> Any:
        return _about_missions(queryset, slugs)

    def filter_theme(self, queryset: Any, name: str, keys: list[str]) -> Any:
        return _on_themes(queryset, keys)

    def filter_kind(self, queryset: Any, name: str, keys: list[str]) -> Any:
        return queryset.filter(event_kind__key__in=keys)

    def filter_place(self, queryset: Any, name: str, keys: list[str]) -> Any:
        return queryset.filter(place__key__in=keys)

    def filter_year(self, queryset: Any, name: str, year: str) -> Any:
        reaches = Q(end_date="", date__gte=year) | Q(end_date__gte=year)
        return queryset.filter(reaches, date__lte=f"{year}-99-99")

    def filter_after(self, queryset: Any, name: str, moment: PartialDate) -> Any:
        return from_first_day(queryset, "date", moment)

    def filter_before(self, queryset: Any, name: str, moment: PartialDate) -> Any:
        return until_last_day(queryset, "date", moment)


class ArticleFilter(RecordFilter):
    """Articles."""

    theme = KeysFilter(method="filter_theme", label="Theme", options=lambda: published_themes(Article))
    mission = KeysFilter(method="filter_mission", label="Mission", options=lambda: published_missions(Article))

    class Meta:
        model = Article
        form = FilterForm
        fields: list[str] = []

    def filter_mission(self, queryset: Any, name: str, slugs: list[str]) -> Any:
        return _about_missions(queryset, slugs)

    def filter_theme(self, queryset: Any, name: str, keys: list[str]) -> Any:
        return _on_themes(queryset, keys)


def _about_missions(queryset: Any, slugs: list[str]) -> Any:
    """Editions that name one of these missions; by subquery, so that none comes twice."""
    through, edition = _through(queryset.model, "missions")
    records = Record.objects.filter(kind="mission", slug__in=slugs)
    own = through._default_manager.filter(**{edition: OuterRef("pk")}, record__in=records)
    return queryset.filter(Exists(own))


def _on_themes(queryset: Any, keys: list[str]) -> Any:
    """Editions on one of these themes; by subquery, so that none comes twice."""
    through, edition = _through(queryset.model, "themes")
    own = through._default_manager.filter(**{edition: OuterRef("pk")}, term__key__in=keys)
    return queryset.filter(Exists(own))


FILTERS: dict[str, type[RecordFilter]] = {
    "mission": MissionFilter,
    "event": EventFilter,
    "article": ArticleFilter,
}
