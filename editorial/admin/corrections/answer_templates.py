"""Words that answer many reports: managing editors keep them, all editors put them into answers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models.functions import Left
from django.http import HttpRequest

from editorial.admin.access import OurFields
from editorial.admin.search import FindsByName
from editorial.models import AnswerTemplate

LONGEST_SHOWN = 160


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(OurFields, FindsByName):
    """The templates by their titles."""

    list_display = ["title", "begins_with"]
    search_fields = ["title", "text"]
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(beginning=Left("text", LONGEST_SHOWN + 1))

    @admin.display(description="begins with")
    def begins_with(self, template: AnswerTemplate) -> str:
        beginning: str = template.beginning  # type: ignore[attr-defined]
        return f"{beginning[:LONGEST_SHOWN]} …" if len(beginning) > LONGEST_SHOWN else beginning
