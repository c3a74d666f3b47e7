"""How the rows of a record look within it: each with the keys of the citations that prove it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import absolute
from editorial.api.serializers.records import RecordReferenceSerializer
from missions.api.serializers.reference import OrganisationReferenceSerializer, TermReferenceSerializer
from missions.models import (
    Area,
    Classification,
    Disagreement,
    Illustration,
    Instrument,
    Leader,
    Objective,
    Participation,
    Phase,
    Relation,
    Responsibility,
    Statement,
)
from sources.api.serializers import DatedSerializer, ListOfWords

NOTE_HELP = "What readers should know about it."


class CitedSerializer(DatedSerializer):
    """A row of a record, with the keys of the citations that prove it."""

    cites = ListOfWords(help_text="Keys of the record's citations that prove it.")


class ClassificationSerializer(CitedSerializer):
    """A term of the vocabularies, and whose judgement it is."""

    term = TermReferenceSerializer(read_only=True, help_text="The term given to it.")

    class Meta:
        model = Classification
        help_texts = {"reason": "Why, where it is our own reading."}
        fields = ["key", "term", "basis", "reason", "cites"]


class ParticipationSerializer(CitedSerializer):
    """An organisation that led, contributed or supported."""

    organisation = OrganisationReferenceSerializer(
        read_only=True, allow_null=True, help_text="Who took part; null where the note says who."
    )

    class Meta:
        model = Participation
        help_texts = {"role": "What part it had.", "note": "What it did."}
        fields = ["key", "organisation", "role", "note", "cites"]


class InstrumentSerializer(CitedSerializer):
    """A document of the legal basis."""

    class Meta:
        model = Instrument
        help_texts = {
            "title": "What the document is called.",
            "symbol": "Its symbol, such as S/RES/1244 (1999).",
            "note": NOTE_HELP,
        }
        fields = ["key", "title", "body", "symbol", "date", "effect", "note", "cites"]


class ObjectiveSerializer(CitedSerializer):
    """One thing the mission was to do."""

    class Meta:
        model = Objective
        help_texts = {"text": "The aim, in our words."}
        fields = ["key", "text", "cites"]


class PhaseSerializer(CitedSerializer):
    """A stretch of the mission's life."""

    class Meta:
        model = Phase
        help_texts = {"title": "What it is called.", "note": NOTE_HELP}
        fields = ["key", "title", "start", "end", "note", "cites"]


class AreaSerializer(CitedSerializer):
    """A part of the territory, and who answered there for the mission."""

    class Meta:
        model = Area
        help_texts = {"note": NOTE_HELP}
        fields = ["key", "name", "position", "led_by", "seat", "start", "end", "note", "cites"]


class IllustrationSerializer(CitedSerializer):
    """A picture, under a licence of its own."""

    address = serializers.SerializerMethodField(help_text="The file, in the largest size there is.")
    sha256 = serializers.CharField(
        source="as_picture.sha256", read_only=True, help_text="Of the file, by which it is named."
    )
    width = serializers.IntegerField(source="as_picture.width", read_only=True, help_text="In pixels.")
    height = serializers.IntegerField(source="as_picture.height", read_only=True, help_text="In pixels.")

    class Meta:
        model = Illustration
        help_texts = {"caption": "What stands below it."}
        fields = [
            "key", "address", "sha256", "width", "height", "alt_text", "caption", "shows", "date", "credit", "licence",
            "licence_note", "origin", "cites",
        ]  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_address(self, row: Illustration) -> str:
        return absolute(reverse("picture", args=[row.picture]))


class ResponsibilitySerializer(CitedSerializer):
    """A task the mission held, and to whom it went."""

    task = TermReferenceSerializer(read_only=True, help_text="What it was responsible for.")
    handed_to = RecordReferenceSerializer(
        read_only=True, allow_null=True, help_text="The record of who had it next; null where that is none here."
    )

    class Meta:
        model = Responsibility
        help_texts = {"note": NOTE_HELP}
        fields = ["key", "task", "start", "end", "handed_to", "handed_to_text", "note", "cites"]


class LeaderSerializer(CitedSerializer):
    """Who led it, from when to when."""

    class Meta:
        model = Leader
        help_texts = {"person": "The name.", "country": "The country they came from.", "note": NOTE_HELP}
        fields = ["key", "person", "role", "country", "start", "end", "note", "cites"]


class RelationSerializer(CitedSerializer):
    """How it stands to another record."""

    record = RecordReferenceSerializer(
        read_only=True, allow_null=True, help_text="The other record; null where it is not public."
    )

    class Meta:
        model = Relation
        help_texts = {"kind": "What the other is to this one.", "note": NOTE_HELP}
        fields = ["key", "record", "kind", "note", "cites"]


STATEMENT = ["holder", "role", "date", "kind", "quoted", "text", "language", "cites"]


class StatementOfRecordSerializer(CitedSerializer):
    """What somebody said."""

    class Meta:
        model = Statement
        fields = ["key", *STATEMENT]


class PositionSerializer(serializers.Serializer[Any]):
    """What one side holds."""

    holder = serializers.CharField(help_text="Whose position it is.")
    text = serializers.CharField(help_text="What they hold.")
    quoted = serializers.BooleanField(default=False, help_text="The exact words.")
    cites = serializers.ListField(
        child=serializers.CharField(), default=list, help_text="Keys of the record's citations."
    )


DISAGREEMENT = ["about", "question", "positions", "reason", "note", "settled", "cites"]


class DisagreementOfRecordSerializer(CitedSerializer):
    """Sources that differ, side by side."""

    positions = PositionSerializer(many=True, read_only=True, help_text="What each side holds.")

    class Meta:
        model = Disagreement
        fields = ["key", *DISAGREEMENT]
