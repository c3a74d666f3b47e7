"""How missions, events and articles look in the API.

A record in a list is light; on its own it has its texts, in Markdown, and its rows, each with the keys
of its citations. Rows that may be many (figures) are linked.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import api_address
from editorial.api.serializers.fields import AddressField
from editorial.api.serializers.records import (
    CORRECTED_IN,
    EDITION_HELP,
    SLUG_HELP,
    AnsweredReports,
    RecordReferenceSerializer,
    ReplacementSerializer,
    withdrawn_notice,
)
from editorial.models import Edition
from missions.api.serializers import named
from missions.api.serializers.reference import NAMES_HELP, PlaceSerializer, TermReferenceSerializer
from missions.api.serializers.rows_of_record import (
    AreaSerializer,
    ClassificationSerializer,
    DisagreementOfRecordSerializer,
    IllustrationSerializer,
    InstrumentSerializer,
    LeaderSerializer,
    ObjectiveSerializer,
    ParticipationSerializer,
    PhaseSerializer,
    RelationSerializer,
    ResponsibilitySerializer,
    StatementOfRecordSerializer,
)
from missions.models import Article, Event, Mission
from sources.api.serializers import CitationNameSerializer, CitationOfRecordSerializer, DatedSerializer
from sources.markers import MARKER

NAME = ["kind", "slug", "title"]
ABOUT_EDITION = [
    "address", "api_address", "edition", "permanent_address", "sha256", "published_at", "written_by",
    "checked_by", "imported",
]  # fmt: skip
HELP = {
    **EDITION_HELP,
    **NAMES_HELP,
    "title": "Its name or headline.",
    "start": "When it began, as much of the date as is known.",
    "end": "When it ended; null while it runs: an expiry of its mandate is no end.",
    "peace_mission": "False for related operations and bodies.",
    "headquarters": "Where it is or was led from.",
    "date": "When it happened, or began, as much of the date as is known.",
    "end_date": "The last day, where it lasted longer; else null.",
}


class EditionSerializer(DatedSerializer):
    """What every kind of record says of itself and of its edition."""

    kind = serializers.CharField(source="record.kind", read_only=True, help_text="mission, event or article.")
    slug = serializers.CharField(source="record.slug", read_only=True, help_text=SLUG_HELP)
    summary_text = serializers.SerializerMethodField(help_text="The standfirst without its markers.")
    address = AddressField(source="record.get_absolute_url", help_text="Its page.")
    api_address = serializers.SerializerMethodField(help_text="The same in this API, in full.")
    edition = serializers.IntegerField(
        source="number", read_only=True, help_text="The number of the edition: 1, 2, 3 without gaps."
    )
    permanent_address = AddressField(source="get_absolute_url", help_text="Where this edition stands for ever.")
    citations: Any = serializers.SerializerMethodField(
        help_text="The sources it rests on, by the keys that its texts and rows name."
    )

    def get_summary_text(self, edition: Edition) -> str:
        return MARKER.sub("", edition.summary)

    @extend_schema_field(OpenApiTypes.URI)
    def get_api_address(self, edition: Edition) -> str:
        return api_address(f"{edition.record.kind}-detail", edition.record.slug)

    @extend_schema_field(CitationNameSerializer(many=True))
    def get_citations(self, edition: Edition) -> list[dict[str, Any]]:
        return self._citations[edition.pk]

    @cached_property
    def _citations(self) -> named.ByEdition:
        return named.citations(self.together, with_evidence=self.context["view"].asks_for_evidence)


class RecordListedSerializer(EditionSerializer):
    """A record of any kind, in a few words."""

    class Meta:
        model = Edition
        help_texts = HELP
        fields = [*NAME, "summary_text", *ABOUT_EDITION]


MISSION = [
    "acronym", "name_sq", "name_sr_latn", "name_sr_cyrl", "mission_kind", "peace_mission", "status", "start",
    "end", "mandate_until",
]  # fmt: skip


class MissionListedSerializer(EditionSerializer):
    """A mission, a related operation or a body."""

    mission_kind = TermReferenceSerializer(read_only=True, allow_null=True, help_text="What kind of mission it is.")

    class Meta:
        model = Mission
        help_texts = HELP
        fields = [*NAME, *MISSION, "summary_text", "citations", *ABOUT_EDITION]


EVENT = ["date", "end_date", "event_kind", "place", "themes", "missions"]


PublicRecords = extend_schema_field(RecordReferenceSerializer(many=True))
Themes = extend_schema_field(TermReferenceSerializer(many=True))


class ThematicSerializer(EditionSerializer):
    """What is listed under themes, and names missions."""

    themes = serializers.SerializerMethodField(help_text="The themes it is listed under.")
    missions = serializers.SerializerMethodField()

    def _field(self, name: str) -> Any:
        model: Any = self.Meta.model
        return model._meta.get_field(name)

    @Themes
    def get_themes(self, edition: Event | Article) -> named.Shown:
        return self._themes[edition.pk]

    @cached_property
    def _themes(self) -> named.ByEdition:
        return named.terms(self._field("themes"), self.together)

    @PublicRecords
    def get_missions(self, edition: Event | Article) -> named.Shown:
        return self._missions[edition.pk]

    @cached_property
    def _missions(self) -> named.ByEdition:
        return named.records(self._field("missions"), self.together)


class EventListedSerializer(ThematicSerializer):
    """Something that happened on a date or between two."""

    event_kind = TermReferenceSerializer(read_only=True, allow_null=True, help_text="What kind of event it is.")
    place = PlaceSerializer(
        read_only=True, allow_null=True, help_text="Where it happened; null where that is no one place."
    )
    missions = serializers.SerializerMethodField(help_text="The missions it belongs to, as far as they are public.")

    class Meta:
        model = Event
        help_texts = HELP
        fields = [*NAME, *EVENT, "summary_text", "citations", *ABOUT_EDITION]


ARTICLE = ["perspective", "themes", "missions", "events"]


class ArticleListedSerializer(ThematicSerializer):
    """A text on a question that runs through many missions and events."""

    missions = serializers.SerializerMethodField(help_text="The missions it is about, as far as they are public.")
    events = serializers.SerializerMethodField(help_text="The events it is about, as far as they are public.")

    class Meta:
        model = Article
        help_texts = HELP
        fields = [*NAME, *ARTICLE, "summary_text", "citations", *ABOUT_EDITION]

    @extend_schema_field(RecordReferenceSerializer(many=True))
    def get_events(self, article: Article) -> named.Shown:
        return self._events[article.pk]

    @cached_property
    def _events(self) -> named.ByEdition:
        return named.records(self._field("events"), self.together)


class FiguresLinkSerializer(serializers.Serializer[Any]):
    """How many figures a record has, and where they are."""

    count = serializers.IntegerField(read_only=True, help_text="How many there are.")
    address = serializers.URLField(read_only=True, help_text="The list of them in this API.")


class LinesField(serializers.Field[Any, Any, Any, Any]):
    """Text of one entry a line, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: str) -> list[str]:
        return [line.strip() for line in value.splitlines() if line.strip()]


Lines = extend_schema_field({"type": "array", "items": {"type": "string"}})(LinesField)


class FullSerializer(serializers.Serializer[Any]):
    """What every kind of record says on its own: its texts, and the rows all kinds have."""

    figures = serializers.SerializerMethodField(help_text="How many figures it has, and where they are.")
    statements = StatementOfRecordSerializer(many=True, read_only=True, help_text="What was said of it, and by whom.")
    disagreements = DisagreementOfRecordSerializer(many=True, read_only=True, help_text="Where its sources differ.")
    illustrations = IllustrationSerializer(many=True, read_only=True, help_text="The pictures it shows.")
    citations = CitationOfRecordSerializer(
        many=True, read_only=True, help_text="The sources it rests on, by the keys that its texts and rows name."
    )
    corrections = AnsweredReports()
    corrected_in = serializers.SerializerMethodField(help_text=CORRECTED_IN)
    withdrawn_notice = serializers.SerializerMethodField(help_text="Null, unless this edition was later withdrawn.")

    @extend_schema_field(FiguresLinkSerializer)
    def get_figures(self, edition: Any) -> dict[str, Any]:
        address = api_address("figure-list", record=edition.record.frozen_key)
        return {"count": edition.figures.count(), "address": address}

    def get_corrected_in(self, edition: Edition) -> int | None:
        later = edition.record.editions.corrections().filter(number__gt=edition.number or 0)
        return later.order_by("number").values_list("number", flat=True).first()

    @extend_schema_field(ReplacementSerializer(allow_null=True))
    def get_withdrawn_notice(self, edition: Edition) -> Any:
        return withdrawn_notice(edition)


TEXTS_AND_ROWS = ["figures", "statements", "disagreements", "illustrations", "citations"]
LAST = [*ABOUT_EDITION, "change_kind", "change_note", "corrections", "corrected_in", "withdrawn_notice"]


class MissionSerializer(FullSerializer, MissionListedSerializer):
    """A mission, a related operation or a body, with all its rows."""

    other_names = Lines(help_text="Further names, with the language in brackets.")
    classifications = ClassificationSerializer(many=True, read_only=True, help_text="How it is classed, and by whom.")
    participations = ParticipationSerializer(many=True, read_only=True, help_text="The organisations in it.")
    instruments = InstrumentSerializer(many=True, read_only=True, help_text="The documents of its legal basis.")
    objectives = ObjectiveSerializer(many=True, read_only=True, help_text="What it was to do, in order.")
    phases = PhaseSerializer(many=True, read_only=True, help_text="The stretches of its life, in order.")
    areas = AreaSerializer(many=True, read_only=True, help_text="The areas it was divided into, and who led them.")
    responsibilities = ResponsibilitySerializer(
        many=True, read_only=True, help_text="The tasks it held, and until when."
    )
    leaders = LeaderSerializer(many=True, read_only=True, help_text="Who led it, in order.")
    relations = RelationSerializer(many=True, read_only=True, help_text="How it stands to other records.")

    class Meta:
        model = Mission
        help_texts = HELP
        fields = [
            *NAME, *MISSION, "other_names", "headquarters", "summary_text", "summary", "mandate", "body",
            "classifications", "participations", "instruments", "objectives", "phases", "areas", "responsibilities",
            "leaders", "relations", *TEXTS_AND_ROWS, *LAST,
        ]  # fmt: skip


class EventSerializer(FullSerializer, EventListedSerializer):
    """Something that happened, with all its rows."""

    actors = Lines(help_text="People and bodies named in the record of the event.")

    class Meta:
        model = Event
        help_texts = HELP
        fields = [*NAME, *EVENT, "actors", "summary_text", "summary", "body", *TEXTS_AND_ROWS, *LAST]


class ArticleSerializer(FullSerializer, ArticleListedSerializer):
    """A text on a question, with all its rows."""

    class Meta:
        model = Article
        help_texts = HELP
        fields = [*NAME, *ARTICLE, "summary_text", "summary", "body", *TEXTS_AND_ROWS, *LAST]


class WithdrawnSerializer(EditionSerializer):
    """A record whose edition was withdrawn: the notice stands in place of the text."""

    withdrawn_notice = serializers.SerializerMethodField(help_text="When and why, and what stands in its place.")

    class Meta:
        model = Edition
        help_texts = HELP
        fields = [*NAME, "withdrawn_notice", *ABOUT_EDITION]

    @extend_schema_field(ReplacementSerializer)
    def get_withdrawn_notice(self, edition: Edition) -> Any:
        return withdrawn_notice(edition)
