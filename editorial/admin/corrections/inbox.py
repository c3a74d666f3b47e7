"""The inbox: readers' reports in boxes by what they wait for, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator

from editorial.admin.access import editor
from editorial.admin.actions.report_forms import report_number
from editorial.admin.lines import badge, marks, short_day
from editorial.admin.search import FindsByName
from editorial.models import Correction, Edition
from editorial.models.corrections import CorrectionQuerySet, urgency


@dataclass(frozen=True)
class Box:
    """A part of the inbox: which reports lie in it, and in which order where it is not the usual one."""

    label: str
    reports: Callable[[CorrectionQuerySet], CorrectionQuerySet]
    order: tuple[Any, ...] = ()


BOXES: dict[str, Box] = {
    "to-decide": Box("To decide", lambda reports: reports.to_decide()),
    "in-work": Box("In work", lambda reports: reports.to_put_right()),
    "waiting": Box("Waiting for the reader", lambda reports: reports.waiting_for_reader()),
    "answered": Box("Answered", lambda reports: reports.settled(), ("-settled_at",)),
    "spam": Box("Spam", lambda reports: reports.filter(is_spam=True), ("-received_at",)),
    "all": Box("All", lambda reports: reports, ("-received_at",)),
}


def chosen_box(request: HttpRequest) -> str:
    """The box that is shown: where none is asked for, what is to be decided; of what is searched for, all."""
    chosen = request.GET.get("box", "")
    if chosen in BOXES:
        return chosen
    return "all" if request.GET.get("q") else "to-decide"


class BoxFilter(admin.SimpleListFilter):
    """The boxes, each with how many reports lie in it. They stand above the list, apart from the other filters."""

    title = "box"
    parameter_name = "box"
    template = "admin/editorial/inbox_boxes.html"
    stands_apart = True

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        self.chosen = chosen_box(request)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, box.label) for name, box in BOXES.items()]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for name, box in BOXES.items():
            yield {
                "selected": name == self.chosen,
                "query_string": changelist.get_query_string({self.parameter_name: name}, ["p"]),
                "display": box.label,
                "count": box.reports(Correction.objects.all()).order_by().count(),
            }

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return BOXES[self.chosen].reports(queryset)


class AssigneeFilter(admin.SimpleListFilter):
    title = "assignee"
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "me"), ("nobody", "nobody")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("me", "nobody"):
            return queryset
        return queryset.filter(assignee=editor(request) if self.value() == "me" else None)


class InboxList(ChangeList):
    """In the order of its box; only an order that somebody chose is shown in the heads of the columns."""

    def get_ordering_field_columns(self) -> Any:
        return super().get_ordering_field_columns() if ORDER_VAR in self.params else {}


class Inbox(FindsByName):
    """The list of the admin class of reports."""

    change_list_template = "admin/editorial/inbox.html"
    list_display: Any = ["number", "what_about", "received", "state_now", "marked", "assigned"]
    list_display_links = ("number",)
    list_filter: ClassVar[Any] = [BoxFilter, AssigneeFilter, "category", "kind"]
    search_fields: ClassVar[Any] = ["message", "passage", "subject_label", "record__slug", "public_answer"]
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        every = super().get_queryset(request).select_related("record", "assignee")
        return every.prefetch_related(Prefetch("record__live", Edition.objects.only("title")))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return InboxList

    def get_ordering(self, request: HttpRequest) -> Any:
        return BOXES[chosen_box(request)].order or [urgency().asc(), "received_at"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By its number too: 41, #41, report 41."""
        number = report_number(search_term)
        if number is not None:
            return queryset.filter(pk=number), False
        return super().get_search_results(request, queryset, search_term)

    def to_find(self, request: HttpRequest) -> Any:
        return self.get_queryset(request)

    def described(self, thing: Any, request: HttpRequest) -> str:
        return f"{about(thing)} · {thing.get_state_display()}"

    @admin.display(description="report", ordering="pk")
    def number(self, report: Correction) -> str:
        return str(report)

    @admin.display(description="about")
    def what_about(self, report: Correction) -> str:
        words = Truncator(" ".join(report.message.split())).chars(120)
        return format_html('{}<br><span class="quiet">{}</span>', about(report), words)

    @admin.display(description="received", ordering="received_at")
    def received(self, report: Correction) -> str:
        return format_html("{}, <br>{}", short_day(report.received_at), age(report))

    @admin.display(description="state", ordering="state")
    def state_now(self, report: Correction) -> str:
        return STATES[report.state]

    @admin.display(description="marks")
    def marked(self, report: Correction) -> str:
        return format_html_join(" ", "{}", [(badge(name, words),) for name, words in marks(report)]) or "–"

    @admin.display(description="assignee", ordering="assignee", empty_value="nobody")
    def assigned(self, report: Correction) -> Any:
        return report.assignee


# The states as they stand in a narrow column; the reader's wording of them is longer.
STATES: dict[str, str] = {state: str(state.label).partition(":")[0] for state in Correction.State}


def about(report: Correction) -> str:
    """What a report is about, by the title readers see now."""
    live = report.record.live if report.record else None
    return report.subject_label or (live.title if live else report.about)


def age(report: Correction) -> str:
    """For how many days it has been here."""
    days = (timezone.localdate() - timezone.localdate(report.received_at)).days
    return "today" if days == 0 else "1 day" if days == 1 else f"{days} days"
