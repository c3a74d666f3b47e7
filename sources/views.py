"""The library: every source a public edition cites, one source and where it is cited, downloads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from editorial.corrections.ledger import reports_on_subject
from editorial.models import Edition
from editorial.paging import keyed_listing, listing
from sources import merging
from sources.bibliography import FORMATS, TO_CITE, csl, text, written_as
from sources.describing_sources import describe_source
from sources.filters import SourceFilter
from sources.listed import listed_sources
from sources.models import Evidence, Source, evidence_models

CHUNK = 500  # sources held in memory at once by a download
ORDER = ("title", "key")


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """The public library, by title; narrowed by the query string."""
    filterset = SourceFilter(request.GET, queryset=Source.objects.all())
    filterset.is_valid()  # what is wrong with the question is said in the form
    chosen = {name: str(value) for name, value in filterset.form.cleaned_data.items() if value}
    return render(
        request,
        "sources/source_list.html",
        {
            "listing": keyed_listing(
                request,
                lambda: filterset.filter_queryset(_library()),
                order=ORDER,
                key="key",
                load=listed_sources,
                whole=None if chosen else _library_keys,
                kept=chosen,
            ),
            "form": filterset.form,
            "chosen": chosen,
            "formats": TO_CITE,
            "canonical": request.path,
            "noindex": bool(request.GET),
        },
    )


def _library() -> Any:
    return Source.objects.in_public_use().order_by(*ORDER)


def _library_keys() -> Any:
    return _library().values_list("pk")


@dataclass(frozen=True)
class Use:
    """A published edition that cites the source: the rows in which it does, each with its address."""

    edition: Edition
    rows: list[tuple[Evidence, str]]


@require_safe
def source_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One source, and everywhere it is cited. 404 while no public edition cites it.

    The address of one that was merged into another leads there.
    """
    public = Source.objects.in_public_use()
    source = public.filter(key=key).first()
    if source is None:
        return HttpResponsePermanentRedirect(reverse("source-detail", args=[_key_now(key)]))
    cites = Q()
    for model in evidence_models():
        cites |= Q(pk__in=model._default_manager.filter(source=source).values("edition"))
    citing = Edition.objects.filter(cites).light().select_related("record").order_by("title", "pk")
    page = listing(request, citing.published())
    return render(
        request,
        "sources/source_detail.html",
        {
            "source": source,
            "origin": public.filter(drawn_on_by=source).first(),
            "drawn_on_by": public.filter(origin=source),
            "listing": page,
            "uses": _uses(source, page.entries),
            "earlier": _cited_only_before(citing),
            "reports": reports_on_subject(source.get_absolute_url()),
            "description": describe_source(source),
            "citation": {
                "text": text.reference(source),
                "links": [(name, reverse("source-cite", args=[key, format])) for format, name in TO_CITE.items()],
            },
            "canonical": source.get_absolute_url(),
            "noindex": bool(request.GET),
        },
    )


def _key_now(key: str) -> str:
    """The key of the source that one was merged into. Raises Http404 where there is none."""
    if (key_now := merging.key_now(key)) is None:
        raise Http404
    return key_now


@require_safe
def source_citation(request: HttpRequest, key: str, format: str) -> HttpResponse:
    """One source for other programs, or as text. 404 while no public edition cites it."""
    if format not in TO_CITE:
        raise Http404
    source = Source.objects.in_public_use().filter(key=key).first()
    if source is None:
        return HttpResponsePermanentRedirect(reverse("source-cite", args=[_key_now(key), format]))
    written, media_type = written_as(format, [source])
    headers = {"Content-Disposition": f'attachment; filename="{key}.{format}"'} if format != "txt" else {}
    return HttpResponse(written, content_type=media_type, headers=headers)


def _uses(source: Source, editions: Iterable[Edition]) -> list[Use]:
    """The rows of these editions that cite the source: one query for each kind of row."""
    uses = {edition.pk: Use(edition, []) for edition in editions}
    for model in evidence_models():
        joined = [name for name in model.points_at() if name != "source"]
        rows: Any = model._default_manager.filter(source=source, edition__in=uses)
        for row in rows.select_related(*joined):
            use = uses[row.edition_id]
            use.rows.append((row, row.address_in(use.edition.record)))
    return list(uses.values())


def _cited_only_before(citing: Any) -> Any:
    """The latest public editions that cite it of records whose live edition no longer does."""
    still = citing.published().filter(record=OuterRef("record")).order_by()
    later = citing.public().filter(record=OuterRef("record"), number__gt=OuterRef("number"))
    return citing.public().exclude(Exists(still)).exclude(Exists(later.order_by()))[:100]


@require_safe
def source_export(request: HttpRequest, format: str) -> HttpResponseBase:
    """The library, or the part the query string narrows it to, for other programs.

    A wrong value is refused with 400: a download must not be another than the one asked for.
    """
    if format not in TO_CITE:
        raise Http404
    filterset = SourceFilter(request.GET, queryset=_library())
    if not filterset.is_valid():
        problems = [f"{name}: {' '.join(errors)}" for name, errors in filterset.errors.items()]
        return HttpResponseBadRequest("\n".join(problems) + "\n", content_type="text/plain; charset=utf-8")
    _, media_type = written_as(format, [])
    return StreamingHttpResponse(
        _written(format, filterset.qs.iterator(chunk_size=CHUNK)),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="kosovo-peace-sources.{format}"'},
    )


def _written(format: str, sources: Iterable[Source]) -> Iterator[str]:
    """The download piece by piece."""
    if format == "txt":
        for number, source in enumerate(sources):
            yield ("\n" if number else "") + text.write([source])
        return
    items = (csl.item(source) for source in sources)
    if format == "json":
        yield "["
        for number, item in enumerate(items):
            yield ("," if number else "") + "\n" + json.dumps(item, ensure_ascii=False)
        yield "\n]\n"
        return
    _, write = FORMATS[format]
    for number, item in enumerate(items):
        yield ("\n" if number and format == "bib" else "") + write([item])
