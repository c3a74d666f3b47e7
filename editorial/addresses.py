"""From an address to the record that stands, or once stood, there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from editorial.models import FormerAddress, Record
from editorial.models.editions import heavy


def public_record(kind: str, slug: str) -> Record:
    """The public record at an address, with its live edition. Raises Record.DoesNotExist."""
    return Record.objects.select_related("live").get(kind=kind, slug=slug, live__isnull=False)


def now_or_formerly_at(kind: str, slug: str) -> QuerySet[Record]:
    """The public record that stands at an address or stood there under an earlier name, and its live edition."""
    here = Q(slug=slug) | Q(former_addresses__kind=kind, former_addresses__slug=slug)
    records = Record.objects.filter(here, kind=kind, live__isnull=False)
    return records.select_related("live").defer(*heavy("live"))


def renamed_to(kind: str, slug: str) -> str | None:
    """The address now of a public record that was renamed, or None."""
    former = FormerAddress.objects.filter(kind=kind, slug=slug, record__live__isnull=False)
    return former.values_list("record__slug", flat=True).first()


def same_page_at(request: HttpRequest, slug: str) -> HttpResponsePermanentRedirect:
    """301 to the page asked for, of the record as it is called now."""
    match: Any = request.resolver_match  # set before any view is called
    address = reverse(match.view_name, kwargs=match.captured_kwargs | {"slug": slug})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


def at_record(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view its `record` for the `kind` and `slug` of the address.

    A former address is answered with 301 to the same page of the record as it is called now,
    anything else that is not public with 404.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *, kind: str, slug: str, **kwargs: Any) -> HttpResponse:
        try:
            record = public_record(kind, slug)
        except Record.DoesNotExist:
            new_slug = renamed_to(kind, slug)
            if new_slug is None:
                raise Http404(f"There is no {kind} at this address.") from None
            return same_page_at(request, new_slug)
        return view(request, record=record, **kwargs)

    return wrapper
