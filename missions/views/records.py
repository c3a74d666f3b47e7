"""A record's own pages: the live edition, its figures, one fact, and how to cite them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from editorial.addresses import renamed_to, same_page_at
from editorial.models import Edition
from editorial.paging import keyed_listing
from missions import pages
from missions.citing_pages import citing_edition, citing_fact, edition_work, fact_work
from missions.correction_notices import being_corrected, reports_on
from missions.countries import country_name
from missions.describing_pages import describe_fact, describe_part, describe_record
from missions.models import Figure
from sources.bibliography import Work, written_as

FIGURES_PER_PAGE = 100


@require_safe
def record_detail(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The page of a record: its live edition or, with `?on=`, the one public at the end of that day."""
    wanted = request.GET.get("on", "").strip()
    day, problem = _day(wanted)
    live = pages.live_edition(kind, slug)
    if day is None:
        if live is None:
            return absent(request, kind, slug)
        return show_edition(request, live, problem=problem)
    edition = pages.edition_on(kind, slug, day)
    if edition is None:
        if live is None:
            return absent(request, kind, slug)
        return _not_yet_public(request, live, day)
    if edition.is_suppressed:
        return gone(request, edition)
    return show_edition(request, edition, day=day)


def show_edition(
    request: HttpRequest,
    edition: Any,
    *,
    day: datetime.date | None = None,
    problem: str = "",
    permanent: bool = False,
) -> HttpResponse:
    """The page of a public edition, loaded as `pages.live_edition` loads it.

    `day` is the day it was asked for, `problem` what was wrong with the question; `permanent` says that
    this is the edition's own address, where it stands for ever.
    """
    page = pages.record_page(edition, today=day)
    if permanent:
        pages.recall_printed_forms(page)
    return render(
        request,
        "missions/record_detail.html",
        {
            "page": page,
            "edition": edition,
            "record": edition.record,
            "correcting": page.correcting,
            "description": describe_record(page, permanent=permanent),
            "citation": citing_edition(edition),
            "day": day,
            "problem": problem,
            "permanent": permanent,
            "replacement": page.links.get(edition.replacement_id),
            "canonical": (edition if permanent else edition.record).get_absolute_url(),
            "noindex": bool(day or problem or permanent or edition.withdrawn_at),
        },
    )


def _not_yet_public(request: HttpRequest, live: Any, day: datetime.date) -> HttpResponse:
    first = live.record.editions.public().light().order_by("number").first()
    return render(
        request,
        "missions/record_not_yet.html",
        {"record": live.record, "edition": live, "first": first, "day": day, "noindex": True},
        status=HTTPStatus.NOT_FOUND,
    )


def _day(text: str) -> tuple[datetime.date | None, str]:
    """The day `?on=` asks for, and what to tell the reader where it is none."""
    if not text:
        return None, ""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None, "The day asked for is not a date. Write it as 2024-05-01."
    if day > timezone.localdate():
        return None, f"{day.day} {day:%B %Y} has not come yet."
    return day, ""


def absent(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The answer where no public edition stands: 301 from a former address, 410 when suppressed.

    Raises Http404 where nothing was ever public.
    """
    if new_slug := renamed_to(kind, slug):
        return same_page_at(request, new_slug)
    suppressed = (
        Edition.objects.once_public()
        .filter(record__kind=kind, record__slug=slug, suppressed_at__isnull=False)
        .light()
        .order_by("-number")
        .first()
    )
    if suppressed:
        return gone(request, suppressed)
    raise Http404


def at_live_edition(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the live `edition` for the `kind` and `slug` of the address, or answer that it is absent."""

    @wraps(view)
    def wrapper(request: HttpRequest, *, kind: str, slug: str, **kwargs: Any) -> HttpResponse:
        edition = pages.live_edition(kind, slug)
        if edition is None:
            return absent(request, kind, slug)
        return view(request, edition=edition, **kwargs)

    return wrapper


def gone(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The answer for an edition removed for legal cause: 410 with the cause."""
    return render(request, "410.html", {"edition": edition, "noindex": True}, status=HTTPStatus.GONE)


# Figures


@require_safe
@at_live_edition
def record_figures(request: HttpRequest, *, edition: Any) -> HttpResponse:
    """All figures of a record, narrowed by measure, country and year."""
    every = Figure.objects.filter(edition=edition).order_by()
    choices = {
        "measure": sorted(every.values_list("measure__key", "measure__name").distinct()),
        "country": sorted(
            (
                (code, country_name(code))
                for code in every.exclude(country="").values_list("country", flat=True).distinct()
            ),
            key=lambda choice: choice[1],
        ),
        "year": [
            (year, year)
            for year in sorted({as_of[:4] for as_of in every.exclude(as_of="").values_list("as_of", flat=True)})
        ],
    }
    lookups = {"measure": "measure__key", "country": "country", "year": "as_of__startswith"}
    chosen, problems, figures = {}, [], every
    for name, known in choices.items():
        value = request.GET.get(name, "").strip()
        if not value:
            continue
        if value in dict(known):
            chosen[name] = value
            figures = figures.filter(**{lookups[name]: value})
        else:
            problems.append(f"This record has no figures for that {name}: it was left out.")
    listing = keyed_listing(
        request,
        figures.select_related("measure", "basis", "source").all,
        order=("as_of", "fact", "rank", "key"),
        key="key",
        per_page=FIGURES_PER_PAGE,
        kept=chosen,
    )
    return render(
        request,
        "missions/record_figures.html",
        {
            "edition": edition,
            "record": edition.record,
            "correcting": being_corrected(reports_on(edition)),
            "filters": [
                {"name": name, "label": name.capitalize(), "choices": known, "chosen": chosen.get(name)}
                for name, known in choices.items()
            ],
            "problems": problems,
            "listing": listing,
            "narrowed": bool(chosen),
            "description": describe_part(
                edition, "figures", "Every number of this record as one source gives it, in the order of the dates."
            ),
            "canonical": request.path,
            "noindex": bool(edition.withdrawn_at or problems),
        },
    )


@require_safe
@at_live_edition
def record_fact(request: HttpRequest, *, edition: Any, fact: str) -> HttpResponse:
    """One fact: all values with their evidence, why they differ, and what editions said before.

    `?edition=` shows it for ever as that edition gives it.
    """
    wanted = request.GET.get("edition", "").strip()
    asked = _public_edition(edition, wanted) if wanted else None
    page = pages.fact_page(asked or edition, fact)
    if page is None:
        raise Http404
    edition = page.edition
    return render(
        request,
        "missions/record_fact.html",
        {
            "page": page,
            "edition": edition,
            "record": edition.record,
            "correcting": being_corrected(reports_on(edition)),
            "citation": citing_fact(edition, page.fact) if page.fact else None,
            "permanent": asked is not None,
            "problem": "This record has no public edition of that number." if wanted and asked is None else "",
            "description": describe_fact(page),
            "canonical": f"{page.address}?edition={edition.number}" if asked else page.address,
            "noindex": bool(edition.withdrawn_at or not page.fact or wanted),
        },
    )


@require_safe
@at_live_edition
def record_citation(request: HttpRequest, *, edition: Any, format: str) -> HttpResponse:
    """How to cite the live edition, as a file."""
    return edition_citation_file(edition, format)


@require_safe
@at_live_edition
def fact_citation(request: HttpRequest, *, edition: Any, fact: str, format: str) -> HttpResponse:
    """How to cite one fact of the live edition, or of that in `?edition=`, as a file."""
    if wanted := request.GET.get("edition", "").strip():
        edition = _public_edition(edition, wanted)
    page = pages.fact_page(edition, fact) if edition else None
    if page is None or page.fact is None:
        raise Http404
    name = f"{edition.record.slug}-{fact}-edition-{edition.number}"
    return _citation(fact_work(edition, page.fact), format, name)


def _public_edition(live: Any, number: str) -> Any | None:
    """The public edition with this number of the same record; None for nonsense and where there is none."""
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        return None
    edition = pages.numbered_edition(live.record.kind, live.record.slug, int(number))
    return None if edition is None or edition.is_suppressed else edition


def edition_citation_file(edition: Any, format: str) -> HttpResponse:
    """How to cite an edition, as a file. Raises Http404 for a format that is not offered."""
    return _citation(edition_work(edition), format, f"{edition.record.slug}-edition-{edition.number}")


def _citation(work: Work, format: str, name: str) -> HttpResponse:
    """Raises Http404 for a format that is not offered."""
    try:
        text, media_type = written_as(format, [work])
    except KeyError:
        raise Http404 from None
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
    return HttpResponse(text, content_type=media_type, headers={} if format == "txt" else headers)
