"""How the rows of all records look in lists of their own: each with the edition it belongs to."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import absolute, api_address
from editorial.api.serializers.fields import AddressField
from editorial.models import Edition
from editorial.paths import path_to
from missions.api.serializers.reference import TermReferenceSerializer
from missions.api.serializers.rows_of_record import DISAGREEMENT, STATEMENT, PositionSerializer
from missions.models import Disagreement, Figure, Statement
from sources.api.serializers import ROW, CitedRowSerializer, RowSerializer, SourceReferenceSerializer

FIGURE = [
    "fact", "measure", "value", "low", "high", "unit", "qualifier", "in_words", "basis", "basis_note", "counted_by",
    "counted_whom", "group", "country", "as_of", "as_of_note", "part_of", "source", "locator", "quote", "note",
    "checked", "checked_by", "checked_on",
]  # fmt: skip


FIGURE_HELP = {
    "measure": "What is measured.",
    "value": "The number; null where the source gives a range.",
    "basis": "Planned, authorised, reported …; null where the source does not say.",
    "source": "The source that gives it.",
}


class FigureSerializer(RowSerializer):
    """A quantity as one source gives it. Rows of one fact of one record answer the same question."""

    address = serializers.SerializerMethodField(help_text="The page of the fact.")
    measure = TermReferenceSerializer(read_only=True, help_text=FIGURE_HELP["measure"])
    basis = TermReferenceSerializer(read_only=True, allow_null=True, help_text=FIGURE_HELP["basis"])
    in_words = serializers.CharField(read_only=True, help_text="The number as the source has it.")
    source: Any = SourceReferenceSerializer(read_only=True, help_text=FIGURE_HELP["source"])

    class Meta:
        model = Figure
        help_texts = FIGURE_HELP
        fields = [*ROW, *FIGURE]

    @extend_schema_field(OpenApiTypes.URI)
    def get_address(self, figure: Figure) -> str:
        return _fact_address(figure.edition, figure.fact)


def _fact_address(edition: Edition, fact: str) -> str:
    record = edition.record
    return absolute(path_to(f"{record.kind}-fact", record.slug, fact))


class DisagreementSerializer(CitedRowSerializer):
    """Sources that differ, side by side: about a fact, a field, or a question in words."""

    address = serializers.SerializerMethodField(help_text="Its place on the page of the record.")
    positions = PositionSerializer(many=True, read_only=True, help_text="What each side holds.")
    figures = serializers.SerializerMethodField(
        help_text="The figures of the fact it is about; null where it is about no figures."
    )

    class Meta:
        model = Disagreement
        fields = [*ROW, *DISAGREEMENT, "citations", "figures"]

    @extend_schema_field(OpenApiTypes.URI)
    def get_address(self, disagreement: Disagreement) -> str:
        page = disagreement.edition.record.get_absolute_url()
        return absolute(f"{page}#differ-{disagreement.key}")

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_figures(self, disagreement: Disagreement) -> str | None:
        if not disagreement.has_figures:  # type: ignore[attr-defined]
            return None
        record = disagreement.edition.record.frozen_key
        return api_address("figure-list", record=record, fact=disagreement.about)


class StatementSerializer(CitedRowSerializer):
    """What somebody said: a verdict has a holder, a role and a date."""

    address = AddressField(source="edition.record.get_absolute_url", help_text="The page of the record.")

    class Meta:
        model = Statement
        fields = [*ROW, *STATEMENT, "citations"]
