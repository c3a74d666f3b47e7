"""The library of sources."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html

from editorial.admin import ReferenceDataAdmin
from editorial.admin.forms import LinesField
from editorial.admin.lists import NarrowedAnyway
from editorial.models import OPEN
from editorial.models.editions import LIVE
from sources.admin.importing import import_view
from sources.admin.merging import merge_view
from sources.models import Source, cited_by
from sources.where_cited import records_citing, where_cited


class AuthorsField(LinesField):
    """Authors one a line: `Family, Given` for a person; `{Body, with comma}`, or no comma, for a body."""

    def write(self, item: Any) -> str:
        if not isinstance(item, dict):
            return str(item)
        if "literal" in item:
            return f"{{{item['literal']}}}" if "," in item["literal"] else item["literal"]
        return f"{item.get('family', '')}, {item.get('given', '')}".strip()

    def read(self, line: str) -> dict[str, str]:
        if line.startswith("{") and line.endswith("}"):
            line = line[1:-1].strip()
            if not line:
                raise ValueError("there is no name between the braces.")
            return {"literal": line}
        family, comma, given = (part.strip() for part in line.partition(","))
        if not comma:
            return {"literal": line}
        if not family:
            raise ValueError(f"“{line}” has no family name: write Family, Given.")
        if "," in given:
            raise ValueError(f"“{line}” has two commas: put a body’s name in {{braces}}.")
        return {"family": family, "given": given} if given else {"family": family}


class SourceForm(forms.ModelForm):
    authors = AuthorsField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="One a line, in order: Family, Given for a person; a body by its name, in {braces} if that has a comma.",
    )


class UseFilter(admin.SimpleListFilter):
    """Whether anything cites it."""

    title = "use"
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("public", "cited in public"), ("drafts", "cited in drafts only"), ("never", "never cited")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "never":
            return queryset.exclude(cited_by())
        if self.value() == "drafts":
            return queryset.filter(cited_by(edition__state__in=OPEN)).exclude(cited_by(edition__state__in=LIVE))
        return queryset.filter(cited_by(edition__state__in=LIVE)) if self.value() == "public" else queryset


class WantingFilter(admin.SimpleListFilter):
    """What a source, or a citation of it, still lacks."""

    title = "what is wanting"
    parameter_name = "wanting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("archive", "an archived copy"),
            ("locator", "the place in it, somewhere"),
            ("stake", "an assessment of its stake"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "archive":
            return queryset.filter(archived_url="").exclude(url="")
        if self.value() == "locator":
            return queryset.filter(cited_by(locator="", edition__state__in=[*LIVE, *OPEN]))
        return queryset.filter(stake="") if self.value() == "stake" else queryset


class LanguageFilter(admin.AllValuesFieldListFilter):
    """Django's, which shows nothing where none is given."""

    def choices(self, changelist: Any) -> Any:
        return [{**choice, "display": choice["display"] or "not given"} for choice in super().choices(changelist)]


class MergedFilter(NarrowedAnyway):
    """Sources that were merged into others are shown only when they are asked for."""

    title = "merged"
    parameter_name = "merged"
    otherwise = "as they stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "merged into another")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(merged_into__isnull=self.value() != "yes")


class SourceList(ChangeList):
    """A page of the list, with the number of records that cite each source."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        sources = list(self.result_list)
        counts = records_citing(sources)
        for source in sources:
            source.citing_records = counts.get(source.pk, 0)
        self.result_list: Any = sources


@admin.register(Source)
class SourceAdmin(ReferenceDataAdmin):
    """The library. What a public edition cites is changed by amendment."""

    form = SourceForm
    change_list_template = "admin/sources/source_list.html"
    change_form_template = "admin/sources/source_form.html"
    list_display = ["title_and_key", "type", "standing", "when", "status", "citing_records"]
    list_filter = [
        UseFilter,
        WantingFilter,
        "status",
        "type",
        "standing",
        "stake",
        ("language", LanguageFilter),
        MergedFilter,
    ]
    search_fields = ["title", "key", "symbol", "publisher", "container", "authors", "doi", "issued"]
    autocomplete_fields = ["origin"]
    fieldsets = [
        (None, {"fields": ["type", "title", "authors", "issued", "key"]}),
        (
            "Where it was published",
            {"fields": ["container", "publisher", "publisher_place", "symbol", "doi", "isbn", "language"]},
        ),
        ("Where it can be read", {"fields": ["url", "archived_url", "consulted_at", "status"]}),
        ("How far it can be relied on", {"fields": ["standing", "stake", "stake_reason", "origin"]}),
        ("For readers", {"fields": ["note"]}),
    ]

    def get_urls(self) -> list[Any]:
        def to(view: Any) -> Any:
            return self.admin_site.admin_view(lambda request, **kwargs: view(self, request, **kwargs))

        return [
            path("import/", to(import_view), name="sources_source_import"),
            path("<path:object_id>/merge/", to(merge_view), name="sources_source_merge"),
            *super().get_urls(),
        ]

    @admin.display(description="source", ordering="title")
    def title_and_key(self, source: Source) -> str:
        return format_html('{}<br><span class="quiet">{}</span>', source.title, source.key)

    @admin.display(description="date", ordering="issued")
    def when(self, source: Source) -> str:
        return source.issued.written_out if source.issued else "–"

    @admin.display(description="cited by")
    def citing_records(self, source: Any) -> str:
        count = source.citing_records
        return f"{count} record{'s' if count != 1 else ''}" if count else "nothing"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SourceList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Who chooses a source is not offered those that were merged into others."""
        match = request.resolver_match
        if match and match.url_name == "autocomplete":
            queryset = queryset.filter(merged_into=None)
        return super().get_search_results(request, queryset, search_term)

    def to_find(self, request: HttpRequest) -> Any:
        return super().to_find(request).filter(merged_into=None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.merged_into_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.merged_into_id)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        source = kwargs.get("obj")
        if source is not None:
            context["cited"] = where_cited(source)
            context["rechecks"] = source.rechecks.waiting().select_related("record")
            context["merged_from"] = source.merged_from.all()
        return super().render_change_form(request, context, *args, **kwargs)
