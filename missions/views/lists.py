"""Lists: missions, events and articles, organisations, definitions, and all disagreements.

A list shows published editions only, and loads no long text. Its filters come from the query string:
unknown ones are passed over, a wrong value is told beside its field and otherwise passed over too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from editorial.corrections.ledger import reports_on_subject
from editorial.models import Edition
from editorial.models.editions import heavy
from editorial.models.naming import named_in
from editorial.paging import COUNTED, keyed_listing, listing
from editorial.standing import rows_of
from missions import disagreements
from missions.comparing import MOST, offered
from missions.describing_pages import describe_organisation
from missions.drawings.density import density
from missions.filters import FILTERS
from missions.listed import LISTED
from missions.models import KINDS, Event, Mission, Organisation, Participation, Term
from missions.models.reference import Vocabulary
from sources.models import Source

ORDER = {
    "mission": ("start", "pk"),
    "event": ("date", "pk"),
    "article": ("title", "pk"),
}
DISAGREEMENTS_PER_PAGE = 50
ORGANISATIONS_PER_PAGE = 100
ORDER_OF_ORGANISATIONS = ("name", "pk")


def _whole(kind: str) -> Any:
    """The primary keys of all that are published, in the order of their list."""
    return KINDS[kind].objects.published_in_turn().order_by(*ORDER[kind]).values_list("pk")


WHOLE = {kind: partial(_whole, kind) for kind in KINDS}


@require_safe
def record_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Published missions, oldest first; events as a timeline; articles by title."""
    model = KINDS[kind]
    filterset = FILTERS[kind](request.GET, queryset=model.objects.all())
    filterset.is_valid()  # what is wrong with the question is said in the form
    filterset.form.order_fields([name for name in filterset.filters if name != "has_disagreement"])
    chosen = {name: ",".join(request.GET.getlist(name)) for name, value in filterset.form.cleaned_data.items() if value}
    page = keyed_listing(
        request,
        lambda: filterset.filter_queryset(model.objects.published_in_turn()),
        order=ORDER[kind],
        key="record__slug",
        load=LISTED[kind],
        whole=None if chosen else WHOLE[kind],
        kept=chosen,
    )
    years = _years() if model is Event and not chosen else None
    return render(
        request,
        f"missions/{kind}_list.html",
        {
            "listing": page,
            "form": filterset.form,
            "chosen": chosen,
            "years": years,
            "density": density(years) if years else None,
            "offered": offered() if model is Mission else None,
            "places": ("",) * MOST,
            "canonical": request.path,
            "noindex": bool(request.GET),
        },
    )


def _years() -> tuple[tuple[int, int], ...]:
    """How many published events began, lasted or ended in each year that has any.

    Of many events they are not counted: all years from the first to the last, each with 0.
    """
    spans = rows_of(_spans, COUNTED + 1)
    if len(spans) > COUNTED:
        dates = _dated_events().values_list("date", flat=True)
        first, last = dates.order_by("date")[0].year, dates.order_by("-date")[0].year
        return tuple((year, 0) for year in range(first, last + 1))
    years = Counter(year for start, end in spans for year in range(int(start), int(end or start) + 1))
    return tuple(sorted(years.items()))


def _spans() -> Any:
    return _dated_events().order_by().values_list(Substr("date", 1, 4), Substr("end_date", 1, 4))


def _dated_events() -> Any:
    return Event.objects.published_in_turn().exclude(date="")


# Organisations


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """The organisations that published records name."""
    return render(
        request,
        "missions/organisation_list.html",
        {
            "listing": keyed_listing(
                request,
                Organisation.objects.in_public_use,
                order=ORDER_OF_ORGANISATIONS,
                key="key",
                load=_with_missions,
                whole=_organisation_keys,
                per_page=ORGANISATIONS_PER_PAGE,
            ),
            "canonical": request.path,
            "noindex": bool(request.GET),
        },
    )


def _organisation_keys() -> Any:
    return Organisation.objects.in_public_use().order_by(*ORDER_OF_ORGANISATIONS).values_list("pk")


def _with_missions(keys: list[int]) -> dict[int, Any]:
    """These organisations, each with the number of published missions in which it took part."""
    missions = (
        Participation.objects.of_published()
        .filter(organisation=OuterRef("pk"))
        .order_by()
        .values("organisation")
        .annotate(count=Count("edition", distinct=True))
    )
    shown = Organisation.objects.annotate(mission_count=Subquery(missions.values("count")))
    return shown.only("key", "name", "acronym", "kind").in_bulk(keys)


@require_safe
def organisation_detail(request: HttpRequest, key: str) -> HttpResponse:
    """An organisation and the missions it took part in. 404 while no public edition names it."""
    public = Organisation.objects.in_public_use()
    organisation = public.filter(key=key).first()
    if organisation is None:
        raise Http404
    participations = (
        Participation.objects.of_published()
        .filter(organisation=organisation)
        .select_related("edition__record", "edition__as_mission")
        .defer("edition__as_mission__mandate", *heavy("edition"))
        .order_by("edition__as_mission__start", "edition__title", "rank", "key")
    )
    parent = public.filter(parts=organisation).first()
    return render(
        request,
        "missions/organisation_detail.html",
        {
            "organisation": organisation,
            "parent": parent,
            "parts": public.filter(parent=organisation).order_by("name"),
            "participations": participations,
            "reports": reports_on_subject(organisation.get_absolute_url()),
            "description": describe_organisation(organisation, parent),
            "canonical": organisation.get_absolute_url(),
        },
    )


# Definitions


@dataclass(frozen=True)
class Word:
    """A term on the page of definitions: `uses` counts published records by their kind."""

    term: Term
    uses: Counter[str]
    source: Source | None

    @property
    def count(self) -> int:
        return sum(self.uses.values())

    @property
    def records_address(self) -> str:
        """The list of the records that use it, where a list can be narrowed to them."""
        kind, parameter = NARROWED_BY.get(self.term.vocabulary, ("", ""))
        if not self.uses[kind]:
            return ""
        return f"{reverse(f'{kind}-list')}?{parameter}={self.term.key}"


NARROWED_BY = {
    "mission-kind": ("mission", "kind"),
    "event-kind": ("event", "kind"),
    "conflict-type": ("mission", "conflict_type"),
    "initiative-type": ("mission", "initiative_type"),
    "theme": ("event", "theme"),
}


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """The vocabularies: each word in public use with its definition and how often it is used."""
    terms = Term.objects.in_public_use().select_related("source").order_by("rank", "name", "pk")
    uses = _uses()
    sources = Source.objects.in_public_use().filter(terms__isnull=False)
    public_sources = set(sources.values_list("pk", flat=True))
    words = [Word(term, uses[term.pk], term.source if term.source_id in public_sources else None) for term in terms]
    vocabularies = [
        (value, label, [word for word in words if word.term.vocabulary == value]) for value, label in Vocabulary.choices
    ]
    return render(
        request,
        "missions/definitions.html",
        {
            "vocabularies": [entry for entry in vocabularies if entry[2]],
            "canonical": request.path,
            "noindex": bool(request.GET),
        },
    )


def _uses() -> defaultdict[int, Counter[str]]:
    """How many published records use each term, by kind of record."""
    uses: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for way in named_in(Term):
        published = Edition.objects.published().filter(pk=OuterRef(way.edition))
        rows = way.rows.filter(Exists(published)).exclude(**{way.field: None}).order_by()
        counted = rows.values_list(way.field, f"{way.prefix}record__kind").annotate(Count(way.edition, distinct=True))
        for term, of_kind, count in counted:
            uses[term][of_kind] += count
    return uses


# Disagreements


@require_safe
def disagreement_list(request: HttpRequest) -> HttpResponse:
    """All facts and questions on which sources differ; deaths and losses first, by date."""
    keys = disagreements.keys()
    page = listing(request, keys, DISAGREEMENTS_PER_PAGE)
    subjects = Counter(key.subject for key in keys)
    return render(
        request,
        "missions/disagreement_list.html",
        {
            "listing": page,
            "found": disagreements.entries(page.entries),
            "count": len(keys),
            "losses": subjects.pop(disagreements.LOSSES, 0),
            "records": len({key.edition for key in keys}),
            "canonical": request.path,
            "noindex": bool(request.GET),
        },
    )
