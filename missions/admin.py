"""Missions, events, articles and what they share, in the editors' site."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from editorial.admin import EditionAdmin, ReferenceDataAdmin, RowAdmin, RowInline, RowTable
from editorial.admin.access import not_there
from editorial.admin.forms import LinesField, RowForm
from editorial.admin.log import ReadOnlyAdmin
from editorial.models import Edition
from missions.models import (
    Article,
    Classification,
    Disagreement,
    Event,
    Figure,
    Illustration,
    Instrument,
    Leader,
    Mission,
    Objective,
    Organisation,
    Participation,
    Phase,
    Place,
    Relation,
    Responsibility,
    Statement,
    Term,
)
from missions.models.record_file import RecordFile
from missions.pages import record_page
from sources.admin import CitationInline

# Rows


class PositionsField(LinesField):
    """Positions one a line: `Holder | what they hold | citation keys`; exact words in “quotation marks”."""

    def write(self, item: Any) -> str:
        text = " ".join(str(item.get("text", "")).split())
        text = f"“{text}”" if item.get("quoted") else text
        return " | ".join([str(item.get("holder", "")), text, " ".join(item.get("cites", []))]).strip()

    def read(self, line: str) -> dict[str, Any]:
        parts = [part.strip() for part in line.split("|")]
        if len(parts) not in (2, 3):
            raise ValueError("write Holder | what they hold | citation keys, with | between them.")
        holder, text, keys = (*parts, "")[:3]
        if not holder or not text:
            raise ValueError("it needs a holder and what they hold.")
        position: dict[str, Any] = {"holder": holder, "text": text, "cites": keys.split()}
        if quoted := re.fullmatch(r"[“\"](.+)[”\"]", text):
            position |= {"text": quoted[1], "quoted": True}
        return position


class DisagreementForm(RowForm):
    positions = PositionsField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 100}),
        help_text="One a line: Holder | what they hold | citation keys. Put exact words in “quotation marks”. "
        "None where the figures of the fact it is about say it all.",
    )


class ClassificationInline(RowTable):
    model = Classification
    autocomplete_fields = ["term"]
    key_from = ("term",)


class ParticipationInline(RowTable):
    model = Participation
    autocomplete_fields = ["organisation"]
    key_from = ("organisation",)


class InstrumentInline(RowInline):
    model = Instrument
    key_from = ("title",)


class ObjectiveInline(RowTable):
    model = Objective


class PhaseInline(RowInline):
    model = Phase
    key_from = ("title",)


class ResponsibilityInline(RowInline):
    model = Responsibility
    autocomplete_fields = ["task", "handed_to"]
    key_from = ("task",)


class LeaderInline(RowInline):
    model = Leader
    key_from = ("person",)


class RelationInline(RowTable):
    model = Relation
    autocomplete_fields = ["record"]
    key_from = ("record",)


class StatementInline(RowInline):
    model = Statement
    key_from = ("holder", "date")


class DisagreementInline(RowInline):
    model = Disagreement
    form = DisagreementForm
    key_from = ("about",)


class IllustrationInline(RowInline):
    model = Illustration
    key_from = ("caption",)


IN_EVERY_KIND: list[type[admin.options.InlineModelAdmin]] = [
    StatementInline,
    DisagreementInline,
    IllustrationInline,
    CitationInline,
]


# Kinds of records


class RecordKindAdmin(EditionAdmin):
    """What all kinds have here: figures with a list of their own, and a preview as readers will see it."""

    def get_urls(self) -> list[Any]:
        name = f"missions_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview)
        return [path("<path:object_id>/preview/", view, name=name), *super().get_urls()]

    def own_links(self, obj: Edition) -> list[tuple[str, str]]:
        count = obj.figures.aggregate(count=Count("pk"))["count"]
        figures = reverse("admin:missions_figure_changelist")
        preview = reverse(f"admin:missions_{self.opts.model_name}_preview", args=[obj.pk])
        return [
            (preview, "Preview"),
            (f"{figures}?edition__id__exact={obj.pk}", f"Figures ({count})"),
        ]

    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The edition as its page will be. For editors only, and never kept anywhere."""
        edition = self.get_object(request, unquote(object_id))
        if edition is None:
            return not_there(request, str(self.opts.verbose_name))
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        context = {
            "edition": edition,
            "record": edition.record,
            "page": record_page(edition),
            "noindex": True,
            "edition_address": reverse(f"admin:missions_{self.opts.model_name}_change", args=[edition.pk]),
        }
        response = render(request, "missions/record_preview.html", context)
        response["X-Robots-Tag"] = "noindex"
        return response


@admin.register(Mission)
class MissionAdmin(RecordKindAdmin):
    list_display = ["title", "acronym", "state_and_number", "changed_at", "address"]
    search_fields = ["title", "acronym", "record__slug"]
    autocomplete_fields = ["mission_kind"]
    fieldsets = [
        (None, {"fields": ["title", "acronym", "summary"]}),
        ("What it was", {"fields": ["mission_kind", "peace_mission", "status"]}),
        ("When and where", {"fields": ["start", "end", "mandate_until", "headquarters"]}),
        ("Text", {"fields": ["mandate", "body"]}),
        ("Other names", {"fields": ["name_sq", "name_sr_latn", "name_sr_cyrl", "other_names"]}),
    ]
    inlines = [
        ClassificationInline,
        ParticipationInline,
        InstrumentInline,
        ObjectiveInline,
        PhaseInline,
        ResponsibilityInline,
        LeaderInline,
        RelationInline,
        *IN_EVERY_KIND,
    ]


@admin.register(Event)
class EventAdmin(RecordKindAdmin):
    list_display = ["title", "date", "state_and_number", "changed_at", "address"]
    autocomplete_fields = ["event_kind", "place", "missions"]
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        ("When and where", {"fields": ["date", "end_date", "place"]}),
        ("What it was", {"fields": ["event_kind", "themes", "missions", "actors"]}),
        ("Text", {"fields": ["body"]}),
    ]
    inlines = IN_EVERY_KIND


@admin.register(Article)
class ArticleAdmin(RecordKindAdmin):
    autocomplete_fields = ["missions", "events"]
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        ("What it is about", {"fields": ["themes", "missions", "events", "perspective"]}),
        ("Text", {"fields": ["body"]}),
    ]
    inlines = IN_EVERY_KIND


@admin.register(Figure)
class FigureAdmin(RowAdmin):
    """The figures of one edition at a time; the edition's form leads here."""

    list_display = ["key", "fact", "measure", "amount_shown", "as_of", "country", "source", "edition"]
    search_fields = ["key", "fact", "group", "country", "source__title"]
    autocomplete_fields = ["measure", "basis", "source"]
    key_from = ("fact", "source")
    fieldsets = [
        (None, {"fields": ["fact", "measure", ("value", "low", "high"), "qualifier", "unit"]}),
        ("Of what", {"fields": ["as_of", "as_of_note", "group", "country", "part_of"]}),
        ("How it came about", {"fields": ["basis", "basis_note", "counted_by", "counted_whom"]}),
        ("Evidence", {"fields": ["source", "locator", "quote", "note"]}),
        ("Checked", {"fields": ["checked", "checked_by", "checked_on"]}),
        ("Place among the others", {"fields": ["key", "rank"]}),
    ]

    @admin.display(description="value", ordering="value")
    def amount_shown(self, figure: Figure) -> str:
        ends = [figure.value] if figure.value is not None else [figure.low, figure.high]
        shown = "–".join("" if end is None else f"{end.normalize():f}" for end in ends)
        return f"{figure.qualifier} {shown} {figure.unit}".strip()


# Reference data


@admin.register(Organisation)
class OrganisationAdmin(ReferenceDataAdmin):
    list_display = ["name", "acronym", "kind", "key"]
    search_fields = ["name", "acronym", "key", "name_sq", "name_sr_latn"]
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["name", "acronym", "kind", "parent", "key"]}),
        ("Other names", {"fields": ["name_sq", "name_sr_latn", "name_sr_cyrl"]}),
        ("More", {"fields": ["founded", "dissolved", "website", "note"]}),
    ]


@admin.register(Place)
class PlaceAdmin(ReferenceDataAdmin):
    list_display = ["name", "kind", "municipality", "country", "key"]
    list_filter = ["kind"]
    search_fields = ["name", "key", "name_sq", "name_sr_latn", "municipality"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "municipality", "country", "key"]}),
        ("Other names", {"fields": ["name_sq", "name_sr_latn", "name_sr_cyrl"]}),
        ("On the map", {"fields": ["latitude", "longitude"]}),
        ("More", {"fields": ["note"]}),
    ]


@admin.register(Term)
class TermAdmin(ReferenceDataAdmin):
    list_display = ["name", "vocabulary", "key", "rank"]
    list_filter = ["vocabulary"]
    search_fields = ["name", "key", "as_in_source"]
    autocomplete_fields = ["source"]
    fixed_in_public: ClassVar[tuple[str, ...]] = ("key", "vocabulary")
    fieldsets = [
        (None, {"fields": ["vocabulary", "name", "definition", "key", "rank"]}),
        ("In the source", {"fields": ["as_in_source", "source"]}),
        ("More", {"fields": ["note"]}),
    ]


@admin.register(RecordFile)
class RecordFileAdmin(ReadOnlyAdmin):
    """What was loaded from the files of the founding record, and into which edition."""

    list_display = ["name", "edition"]
    list_select_related = ["edition"]
    search_fields = ["name"]
    ordering = ["name"]
