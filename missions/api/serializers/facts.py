"""How the history of a fact looks: every value that public editions have given for it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.serializers.fields import AddressField
from editorial.api.serializers.records import (
    EDITION_HELP,
    EditionNameSerializer,
    RecordNameSerializer,
    ReplacementSerializer,
    withdrawn_notice,
)
from editorial.api.showing import ShowingSerializer
from editorial.models import Edition
from missions.api.serializers.reference import TermReferenceSerializer
from missions.api.serializers.rows import FIGURE, FIGURE_HELP
from missions.models import Figure
from missions.pages import FactPage
from sources.api.serializers import DatedSerializer, SourceReferenceSerializer


class FigureOfFactSerializer(DatedSerializer):
    """A quantity as one source gives it."""

    measure = TermReferenceSerializer(read_only=True, help_text=FIGURE_HELP["measure"])
    basis = TermReferenceSerializer(read_only=True, allow_null=True, help_text=FIGURE_HELP["basis"])
    in_words = serializers.CharField(read_only=True, help_text="The number as the source has it.")
    source: Any = SourceReferenceSerializer(read_only=True, help_text=FIGURE_HELP["source"])

    class Meta:
        model = Figure
        help_texts = FIGURE_HELP
        fields = ["key", *(name for name in FIGURE if name != "fact")]


class EditionOfFactSerializer(EditionNameSerializer):
    """An edition, from when to when it was public, and what it changed."""

    class Meta(EditionNameSerializer.Meta):
        fields = [
            *EditionNameSerializer.Meta.fields, "state", "published_at", "superseded_at", "withdrawn_at",
            "change_kind", "change_note",
        ]  # fmt: skip
        help_texts = {**EDITION_HELP, "state": "published, superseded or withdrawn."}


class ValuesSerializer(serializers.Serializer[Any]):
    """What one edition gave."""

    edition: Any = EditionOfFactSerializer(read_only=True, help_text="The edition that gave them.")
    as_later = serializers.BooleanField(
        read_only=True, help_text="It gave the same numbers from the same sources as the next edition that gave any."
    )
    corrects = serializers.BooleanField(
        read_only=True, help_text="It gave others than the edition before, and says that those were wrong."
    )
    figures: Any = FigureOfFactSerializer(
        many=True, read_only=True, help_text="One for each source: where the values differ, the sources disagree."
    )


class FactSerializer(ShowingSerializer):
    """A fact of a record, with every value the site has published for it."""

    record = RecordNameSerializer(source="edition.record", read_only=True, help_text="The record that gives it.")
    fact = serializers.CharField(source="slug", read_only=True, help_text="Such as `strength-on-entry-1999`.")
    title = serializers.CharField(read_only=True, help_text="What it is about, in a few words.")
    address = AddressField(help_text="Its page.")
    current = serializers.SerializerMethodField(help_text="Whether the edition now at the record's address gives it.")
    withdrawn_notice = serializers.SerializerMethodField(help_text="Null, unless that edition was withdrawn.")
    history: Any = ValuesSerializer(many=True, read_only=True, help_text="By edition, the last first.")

    def get_current(self, page: FactPage) -> bool:
        return page.fact is not None

    @extend_schema_field(ReplacementSerializer(allow_null=True))
    def get_withdrawn_notice(self, page: FactPage) -> Any:
        edition: Edition = page.edition
        return withdrawn_notice(edition)
