"""Lists that can be taken away: what the filters show, as CSV, written row by row."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path
from django.utils import timezone

from editorial.admin.access import admin_address
from editorial.spreadsheets import BYTE_ORDER_MARK, harmless

YEARS = range(1990, 2999)

Column = tuple[str, Callable[[Any], Any]]


def cell(value: Any) -> str:
    """A value as text that no spreadsheet takes for a formula."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return harmless("" if value is None else str(value))


class _Echo:
    """A file for the csv module that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[Column], rows: Any) -> Iterator[str]:
    """The table line by line; `rows` is a queryset, read in pieces."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([name for name, _ in columns])
    for row in rows.iterator(chunk_size=500):
        yield writer.writerow([cell(value(row)) for _, value in columns])


class DatedChangeList(ChangeList):
    """A list by dates that answers years which are none as it answers other nonsense."""

    def get_filters(self, request: HttpRequest) -> Any:
        year = self.get_filters_params().get(f"{self.date_hierarchy}__year", ["2000"])[-1]
        if not (year.isascii() and year.isdecimal() and len(year) == 4 and int(year) in YEARS):
            raise IncorrectLookupParameters
        try:
            return super().get_filters(request)
        except OverflowError as error:
            raise IncorrectLookupParameters from error


class Exportable(admin.ModelAdmin):
    """For an admin class: a button that exports the list, filtered as it is shown."""

    export_columns: ClassVar[Sequence[Column]] = ()
    change_list_template = "admin/editorial/exportable_list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DatedChangeList

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export)
        return [path("export/", view, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        export = admin_address(self.model, "export")
        query = request.GET.urlencode()
        context = {"export_address": f"{export}?{query}" if query else export}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def export(self, request: HttpRequest) -> Any:
        """The rows that the filters in the address leave, all pages of them."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            messages.warning(request, "These filters make no sense together: choose them again.")
            return HttpResponseRedirect(admin_address(self.model, "changelist"))
        response = StreamingHttpResponse(csv_lines(self.export_columns, rows), content_type="text/csv; charset=utf-8")
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
