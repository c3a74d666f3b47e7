"""How missions, events, articles, their rows and reference data look in the API.

A record in a list is light; on its own it has its texts, in Markdown, and its rows, each with the keys
of its citations. Rows that may be many (figures) are linked.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import absolute, api_address
from editorial.api.serializers import (
    AddressField,
    PublicSerializer,
    RecordReferenceSerializer,
    ReplacementSerializer,
    withdrawn_notice,
)
from editorial.models import Edition
from missions.models import (
    Article,
    Classification,
    Disagreement,
    Event,
    Figure,
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
from sources.api.serializers import (
    ROW,
    CitationOfRecordSerializer,
    DatedSerializer,
    ListOfWords,
    RowSerializer,
    SourceReferenceSerializer,
)
from sources.markers import MARKER

# Reference data


class TermReferenceSerializer(PublicSerializer):
    """A word of a vocabulary."""

    class Meta:
        model = Term
        fields = ["vocabulary", "key", "name"]


class TermSerializer(PublicSerializer):
    """A word of a vocabulary, with its definition in our words."""

    source: Any = SourceReferenceSerializer(read_only=True, allow_null=True)
    address = AddressField(source="get_absolute_url", help_text="Its place on the page of definitions.")

    class Meta:
        model = Term
        fields = ["vocabulary", "key", "name", "definition", "as_in_source", "source", "note", "address"]


class OrganisationReferenceSerializer(PublicSerializer):
    """An organisation by its key and name."""

    address = AddressField(source="get_absolute_url", help_text="Its page.")

    class Meta:
        model = Organisation
        fields = ["key", "name", "acronym", "address"]


class OrganisationSerializer(DatedSerializer):
    """A body that took part. Names that are not known in a language are left empty."""

    parent = OrganisationReferenceSerializer(read_only=True, allow_null=True)
    address = AddressField(source="get_absolute_url", help_text="Its page.")
    missions = serializers.SerializerMethodField(help_text="The missions it took part in.")

    class Meta:
        model = Organisation
        fields = [
            "key", "name", "name_sq", "name_sr_latn", "name_sr_cyrl", "acronym", "kind", "parent", "website",
            "founded", "dissolved", "note", "address", "missions",
        ]  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_missions(self, organisation: Organisation) -> str:
        return api_address("mission-list", organisation=organisation.key)


class PlaceSerializer(PublicSerializer):
    """Where something happened. Names that are not known in a language are left empty."""

    class Meta:
        model = Place
        fields = [
            "key", "name", "name_sq", "name_sr_latn", "name_sr_cyrl", "kind", "municipality", "country",
            "latitude", "longitude", "note",
        ]  # fmt: skip


# Rows within their record


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


# Rows of all records


class FigureSerializer(RowSerializer):
    """A quantity as one source gives it. Rows of one fact of one record answer the same question."""

    address = serializers.SerializerMethodField(help_text="The page of the fact.")
    measure = TermReferenceSerializer(read_only=True)
    basis = TermReferenceSerializer(read_only=True, allow_null=True)
    in_words = serializers.CharField(read_only=True, help_text="The number as the source has it.")
    source: Any = SourceReferenceSerializer(read_only=True)

    class Meta:
        model = Figure
        fields = [
            *ROW, "fact", "measure", "value", "low", "high", "unit", "qualifier", "in_words", "basis",
            "basis_note", "counted_by", "counted_whom", "group", "country", "as_of", "as_of_note", "part_of",
            "source", "locator", "quote", "note", "checked", "checked_by", "checked_on",
        ]  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_address(self, figure: Figure) -> str:
        return _fact_address(figure.edition, figure.fact)


def _fact_address(edition: Edition, fact: str) -> str:
    record = edition.record
    return absolute(reverse(f"{record.kind}-fact", args=[record.slug, fact]))


class DisagreementSerializer(RowSerializer):
    """Sources that differ, side by side: about a fact, a field, or a question in words."""

    address = serializers.SerializerMethodField(help_text="Its place on the page of the record.")
    positions = PositionSerializer(many=True, read_only=True)
    cites = ListOfWords(help_text="Keys of the record's citations that prove it.")
    figures = serializers.SerializerMethodField(
        help_text="The figures of the fact it is about; null where it is about no figures."
    )

    class Meta:
        model = Disagreement
        fields = [*ROW, *DISAGREEMENT, "figures"]

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


class StatementSerializer(RowSerializer):
    """What somebody said: a verdict has a holder, a role and a date."""

    address = AddressField(source="edition.record.get_absolute_url", help_text="The page of the record.")
    cites = ListOfWords(help_text="Keys of the record's citations that prove it.")

    class Meta:
        model = Statement
        fields = [*ROW, *STATEMENT]


# Records

NAME = ["kind", "slug", "title"]
ABOUT_EDITION = [
    "address", "api_address", "edition", "permanent_address", "sha256", "published_at", "written_by",
    "checked_by", "imported",
]  # fmt: skip


class EditionSerializer(DatedSerializer):
    """What every kind of record says of itself and of its edition."""

    kind = serializers.CharField(source="record.kind", read_only=True)
    slug = serializers.CharField(source="record.slug", read_only=True)
    summary_text = serializers.SerializerMethodField(help_text="The standfirst without its markers.")
    address = AddressField(source="record.get_absolute_url", help_text="Its page.")
    api_address = serializers.SerializerMethodField(help_text="The same in this API, in full.")
    edition = serializers.IntegerField(source="number", read_only=True)
    permanent_address = AddressField(source="get_absolute_url", help_text="Where this edition stands for ever.")

    def get_summary_text(self, edition: Edition) -> str:
        return MARKER.sub("", edition.summary)

    @extend_schema_field(OpenApiTypes.URI)
    def get_api_address(self, edition: Edition) -> str:
        return api_address(f"{edition.record.kind}-detail", edition.record.slug)


MISSION = [
    "acronym", "name_sq", "name_sr_latn", "name_sr_cyrl", "mission_kind", "peace_mission", "status", "start",
    "end", "mandate_until",
]  # fmt: skip


class MissionListedSerializer(EditionSerializer):
    """A mission, a related operation or a body."""

    mission_kind = TermReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Mission
        fields = [*NAME, *MISSION, "summary_text", *ABOUT_EDITION]


EVENT = ["date", "end_date", "event_kind", "place", "themes", "missions"]


class PublicRecordsField(serializers.Field[Any, Any, Any, Any]):
    """Records another one names: those with a published edition, loaded with it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        named = RecordReferenceSerializer(value.all(), many=True).data
        return [record for record in named if record is not None]


PublicRecords = extend_schema_field(RecordReferenceSerializer(many=True))(PublicRecordsField)


class EventListedSerializer(EditionSerializer):
    """Something that happened on a date or between two."""

    event_kind = TermReferenceSerializer(read_only=True, allow_null=True)
    place = PlaceSerializer(read_only=True, allow_null=True)
    themes = TermReferenceSerializer(many=True, read_only=True)
    missions = PublicRecords(help_text="The missions it belongs to, as far as they are public.")

    class Meta:
        model = Event
        fields = [*NAME, *EVENT, "summary_text", *ABOUT_EDITION]


ARTICLE = ["perspective", "themes", "missions", "events"]


class ArticleListedSerializer(EditionSerializer):
    """A text on a question that runs through many missions and events."""

    themes = TermReferenceSerializer(many=True, read_only=True)
    missions = PublicRecords(help_text="The missions it is about, as far as they are public.")
    events = PublicRecords(help_text="The events it is about, as far as they are public.")

    class Meta:
        model = Article
        fields = [*NAME, *ARTICLE, "summary_text", *ABOUT_EDITION]


class FiguresLinkSerializer(serializers.Serializer[Any]):
    """How many figures a record has, and where they are."""

    count = serializers.IntegerField(read_only=True)
    address = serializers.URLField(read_only=True)


class LinesField(serializers.Field[Any, Any, Any, Any]):
    """Text of one entry a line, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: str) -> list[str]:
        return [line.strip() for line in value.splitlines() if line.strip()]


Lines = extend_schema_field({"type": "array", "items": {"type": "string"}})(LinesField)


class FullSerializer(serializers.Serializer[Any]):
    """What every kind of record says on its own: its texts, and the rows all kinds have."""

    figures = serializers.SerializerMethodField()
    statements = StatementOfRecordSerializer(many=True, read_only=True)
    disagreements = DisagreementOfRecordSerializer(many=True, read_only=True)
    citations = CitationOfRecordSerializer(many=True, read_only=True)
    withdrawn_notice = serializers.SerializerMethodField(help_text="Null, unless this edition was later withdrawn.")

    @extend_schema_field(FiguresLinkSerializer)
    def get_figures(self, edition: Any) -> dict[str, Any]:
        address = api_address("figure-list", record=edition.record.frozen_key)
        return {"count": edition.figures.count(), "address": address}

    @extend_schema_field(ReplacementSerializer(allow_null=True))
    def get_withdrawn_notice(self, edition: Edition) -> Any:
        return withdrawn_notice(edition)


TEXTS_AND_ROWS = ["figures", "statements", "disagreements", "citations"]
LAST = [*ABOUT_EDITION, "change_kind", "change_note", "withdrawn_notice"]


class MissionSerializer(FullSerializer, MissionListedSerializer):
    """A mission, a related operation or a body, with all its rows."""

    other_names = Lines(help_text="Further names, with the language in brackets.")
    classifications = ClassificationSerializer(many=True, read_only=True)
    participations = ParticipationSerializer(many=True, read_only=True)
    instruments = InstrumentSerializer(many=True, read_only=True)
    objectives = ObjectiveSerializer(many=True, read_only=True)
    phases = PhaseSerializer(many=True, read_only=True)
    responsibilities = ResponsibilitySerializer(many=True, read_only=True)
    leaders = LeaderSerializer(many=True, read_only=True)
    relations = RelationSerializer(many=True, read_only=True)

    class Meta:
        model = Mission
        fields = [
            *NAME, *MISSION, "other_names", "headquarters", "summary_text", "summary", "mandate", "body",
            "classifications", "participations", "instruments", "objectives", "phases", "responsibilities",
            "leaders", "relations", *TEXTS_AND_ROWS, *LAST,
        ]  # fmt: skip


class EventSerializer(FullSerializer, EventListedSerializer):
    """Something that happened, with all its rows."""

    actors = Lines(help_text="People and bodies named in the record of the event.")

    class Meta:
        model = Event
        fields = [*NAME, *EVENT, "actors", "summary_text", "summary", "body", *TEXTS_AND_ROWS, *LAST]


class ArticleSerializer(FullSerializer, ArticleListedSerializer):
    """A text on a question, with all its rows."""

    class Meta:
        model = Article
        fields = [*NAME, *ARTICLE, "summary_text", "summary", "body", *TEXTS_AND_ROWS, *LAST]


class WithdrawnSerializer(EditionSerializer):
    """A record whose edition was withdrawn: the notice stands in place of the text."""

    withdrawn_notice = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = [*NAME, "withdrawn_notice", *ABOUT_EDITION]

    @extend_schema_field(ReplacementSerializer)
    def get_withdrawn_notice(self, edition: Edition) -> Any:
        return withdrawn_notice(edition)
