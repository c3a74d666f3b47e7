"""How the rows of a record look within it: each with the keys of the citations that prove it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from editorial.api.serializers import RecordReferenceSerializer
from missions.api.serializers.reference import OrganisationReferenceSerializer, TermReferenceSerializer
from missions.models import (
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
from sources.api.serializers import DatedSerializer, ListOfWords


class CitedSerializer(DatedSerializer):
    """A row of a record, with the keys of the citations that prove it."""

    cites = ListOfWords(help_text="Keys of the record's citations that prove it.")


class ClassificationSerializer(CitedSerializer):
    """A term of the vocabularies, and whose judgement it is."""

    term = TermReferenceSerializer(read_only=True)

    class Meta:
        model = Classification
        fields = ["key", "term", "basis", "reason", "cites"]


class ParticipationSerializer(CitedSerializer):
    """An organisation that led, contributed or supported."""

    organisation = OrganisationReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Participation
        fields = ["key", "organisation", "role", "note", "cites"]


class InstrumentSerializer(CitedSerializer):
    """A document of the legal basis."""

    class Meta:
        model = Instrument
        fields = ["key", "title", "body", "symbol", "date", "effect", "note", "cites"]


class ObjectiveSerializer(CitedSerializer):
    """One thing the mission was to do."""

    class Meta:
        model = Objective
        fields = ["key", "text", "cites"]


class PhaseSerializer(CitedSerializer):
    """A stretch of the mission's life."""

    class Meta:
        model = Phase
        fields = ["key", "title", "start", "end", "note", "cites"]


class ResponsibilitySerializer(CitedSerializer):
    """A task the mission held, and to whom it went."""

    task = TermReferenceSerializer(read_only=True)
    handed_to = RecordReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Responsibility
        fields = ["key", "task", "start", "end", "handed_to", "handed_to_text", "note", "cites"]


class LeaderSerializer(CitedSerializer):
    """Who led it, from when to when."""

    class Meta:
        model = Leader
        fields = ["key", "person", "role", "country", "start", "end", "note", "cites"]


class RelationSerializer(CitedSerializer):
    """How it stands to another record."""

    record = RecordReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Relation
        fields = ["key", "record", "kind", "note", "cites"]


STATEMENT = ["holder", "role", "date", "kind", "quoted", "text", "language", "cites"]


class StatementOfRecordSerializer(CitedSerializer):
    """What somebody said."""

    class Meta:
        model = Statement
        fields = ["key", *STATEMENT]


class PositionSerializer(serializers.Serializer[Any]):
    """What one side holds."""

    holder = serializers.CharField()
    text = serializers.CharField()
    quoted = serializers.BooleanField(default=False, help_text="The exact words.")
    cites = serializers.ListField(
        child=serializers.CharField(), default=list, help_text="Keys of the record's citations."
    )


DISAGREEMENT = ["about", "question", "positions", "reason", "note", "settled", "cites"]


class DisagreementOfRecordSerializer(CitedSerializer):
    """Sources that differ, side by side."""

    positions = PositionSerializer(many=True, read_only=True)

    class Meta:
        model = Disagreement
        fields = ["key", *DISAGREEMENT]
