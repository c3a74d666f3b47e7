"""The lists of missions, events and articles: one line a record, and the filters of records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

from editorial.admin.access import editor
from editorial.admin.lines import (
    Line,
    has_worked_on,
    one_a_record,
    with_what_lines_show,
)
from editorial.admin.search import FindsByName
from editorial.models import OPEN, Correction, Edition, Record, State
from editorial.models.editions import LIVE

# Filters


class NarrowedAnyway(admin.SimpleListFilter):
    """A filter that narrows the list where nothing is chosen, too, and says to what."""

    otherwise: ClassVar[str] = ""

    def choices(self, changelist: Any) -> Any:
        nothing_chosen, *others = super().choices(changelist)
        return [{**nothing_chosen, "display": self.otherwise}, *others]


class RecordFilter(admin.SimpleListFilter):
    """A filter of records, or of editions by their records. What it does not offer counts as nothing chosen."""

    offered: ClassVar[Sequence[tuple[str, str]]] = ()

    def condition(self, value: str | None, record: OuterRef, live: str, request: HttpRequest) -> Q:
        """`record` is the record's id in a subquery, `live` the way to its live edition."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return self.offered

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        is_record = queryset.model is Record
        value = self.value() if self.value() in dict(self.offered) else None
        record = OuterRef("pk" if is_record else "record")
        return queryset.filter(self.condition(value, record, "live" if is_record else "record__live", request))


class OpenFilter(RecordFilter):
    """By the state of the open edition. Records that were given up are shown when asked for, or searched."""

    title = "open edition"
    parameter_name = "open"
    offered = [*[(state.value, state.label) for state in OPEN], ("none", "none"), ("given-up", "given up")]

    def condition(self, value: str | None, record: OuterRef, live: str, request: HttpRequest) -> Q:
        editions = Edition.objects.filter(record=record)
        there = editions.filter(state__in=[*OPEN, *LIVE])
        if value is None:
            return Q() if request.GET.get("q") else Q(Exists(there))
        if value == "none":
            return ~Exists(editions.open()) & Q(**{f"{live}__isnull": False})
        if value == "given-up":
            return Q(~Exists(there))
        return Q(Exists(editions.filter(state=value)))


class PublicFilter(RecordFilter):
    title = "public edition"
    parameter_name = "public"
    offered = [
        ("checked", "published and checked"),
        ("unchecked", "published, never checked"),
        ("withdrawn", "withdrawn"),
        ("none", "none yet"),
    ]

    def condition(self, value: str | None, record: OuterRef, live: str, request: HttpRequest) -> Q:
        published = {f"{live}__state": State.PUBLISHED}
        conditions = {
            "checked": Q(**published, **{f"{live}__imported": False}),
            "unchecked": Q(**published, **{f"{live}__imported": True}),
            "withdrawn": Q(**{f"{live}__state": State.WITHDRAWN}),
            "none": Q(**{f"{live}__isnull": True}),
        }
        return conditions[value] if value else Q()


class ReportsFilter(RecordFilter):
    title = "reports"
    parameter_name = "reports"
    offered = [("to-decide", "to decide"), ("to-put-right", "confirmed, to put right")]

    def condition(self, value: str | None, record: OuterRef, live: str, request: HttpRequest) -> Q:
        if value is None:
            return Q()
        every = Correction.objects
        waiting = every.to_decide() if value == "to-decide" else every.to_put_right()
        return Q(Exists(waiting.filter(record=record)))


class MineFilter(RecordFilter):
    title = "my part"
    parameter_name = "mine"
    offered = [("open", "I work on it"), ("review", "for me to review"), ("ever", "I ever worked on it")]

    def condition(self, value: str | None, record: OuterRef, live: str, request: HttpRequest) -> Q:
        if value is None:
            return Q()
        who = editor(request)
        mine = has_worked_on(who) | Q(created_by=who)
        editions = Edition.objects.filter(record=record)
        if value == "review":
            return Q(Exists(editions.filter(~has_worked_on(who), state=State.IN_REVIEW)))
        return Q(Exists(editions.filter(mine) if value == "ever" else editions.open().filter(mine)))


RECORD_FILTERS: list[type[admin.SimpleListFilter]] = [OpenFilter, PublicFilter, ReportsFilter, MineFilter]


# The list

LINE = ["public_edition", "open_edition", "last_change", "open_reports", "next_step"]


class RecordChangeList(ChangeList):
    """One line a record, each with its `line`."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found: Any = super().get_queryset(request, *args, **kwargs)
        return with_what_lines_show(one_a_record(found), editor(request))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: Any = self.result_list
        for edition in rows:
            edition.line = Line(edition, editor(request))


class WithLines(admin.ModelAdmin):
    """The columns of a list whose change list gives each row its `line`."""

    @admin.display(description="public edition")
    def public_edition(self, row: Any) -> str:
        return row.line.public_edition()

    @admin.display(description="open edition")
    def open_edition(self, row: Any) -> str:
        return row.line.open_edition()

    @admin.display(description="last change")
    def last_change(self, row: Any) -> str:
        return row.line.last_change()

    @admin.display(description="reports")
    def open_reports(self, row: Any) -> str:
        return row.line.open_reports()

    @admin.display(description="next")
    def next_step(self, row: Any) -> str:
        step = row.line.next_step()
        return format_html('<a href="{}">{}</a>', step.address, step.words) if step.address else step.words


class RecordList(WithLines, FindsByName):
    """For an admin class of editions: its list shows each record once."""

    list_display: Any = ["title", *LINE]
    list_filter: ClassVar[Any] = RECORD_FILTERS
    search_fields: ClassVar[Any] = ["title", "record__live__title", "record__slug"]
    known_by: ClassVar[tuple[str, ...]] = ("record__slug",)
    ordering = ["-changed_at"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordChangeList

    def to_find(self, request: HttpRequest) -> QuerySet[Any]:
        return with_what_lines_show(one_a_record(self.get_queryset(request)), editor(request))

    def described(self, thing: Any, request: HttpRequest) -> str:
        line = Line(thing, editor(request))
        parts = [line.record.slug]
        parts += [line.public_edition()] if line.live else ["not public"]
        parts += [line.open_edition()] if line.open or not line.live else []
        return format_html_join(" · ", "{}", [(part,) for part in parts])

    @admin.display(description="public edition", ordering="record__live__published_at")
    def public_edition(self, row: Any) -> str:
        return super().public_edition(row)

    @admin.display(description="open edition", ordering="state")
    def open_edition(self, row: Any) -> str:
        return super().open_edition(row)

    @admin.display(description="last change", ordering="changed_at")
    def last_change(self, row: Any) -> str:
        return super().last_change(row)
