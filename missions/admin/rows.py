"""The rows that stand in the form of an edition."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin

from editorial.admin import RowInline, RowTable
from editorial.admin.forms import LinesField, RowForm
from missions.admin.pictures import IllustrationInline
from missions.models import (
    Area,
    Classification,
    Disagreement,
    Instrument,
    Leader,
    Objective,
    Participation,
    Phase,
    Relation,
    Responsibility,
    Statement,
)


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


class AreaInline(RowTable):
    model = Area
    key_from = ("position",)


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


IN_EVERY_KIND: list[type[admin.options.InlineModelAdmin]] = [
    StatementInline,
    DisagreementInline,
    IllustrationInline,
]
