"""Organisations, places and terms; which files the founding record came from."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from editorial.admin import ReferenceDataAdmin
from editorial.admin.log import ReadOnlyAdmin
from missions.models import Organisation, Place, Term
from missions.models.record_file import RecordFile


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
