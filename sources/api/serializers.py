"""How sources and citations look in the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import api_address
from editorial.api.serializers.fields import AddressField, PublicSerializer
from editorial.api.serializers.records import RecordNameSerializer
from sources import citing
from sources.dates import HELP, PartialDate, PartialDateField
from sources.models import Citation, CitedRow, Source


class PartialDateSerializer(serializers.Serializer[Any]):
    """A date known to the day, the month or the year."""

    value = serializers.RegexField(
        r"^\d{4}(-\d{2}(-\d{2})?)?$", read_only=True, help_text="`1999`, `1999-06` or `1999-06-12`."
    )
    precision = serializers.ChoiceField(
        ["year", "month", "day"], read_only=True, help_text="How far the date is known."
    )


@extend_schema_field(PartialDateSerializer)
class PartialDateValue(serializers.Field[Any, Any, Any, Any]):
    """A partial date by value and precision; null where none is known."""

    def __init__(self, **kwargs: Any) -> None:
        kept = {name: kwargs[name] for name in ("help_text", "label", "source") if name in kwargs}
        if kept.get("help_text", HELP) == HELP:  # how to write one
            kept["help_text"] = "As much of the date as is known; null where none is."
        super().__init__(read_only=True, allow_null=True, **kept)

    def to_representation(self, value: PartialDate | str) -> dict[str, str] | None:
        if not value:
            return None
        date = value if isinstance(value, PartialDate) else PartialDate(value)
        return {"value": str(date), "precision": date.precision}


class DatedSerializer(PublicSerializer):
    """A model with partial dates."""

    serializer_field_mapping = {
        **PublicSerializer.serializer_field_mapping,
        PartialDateField: PartialDateValue,
    }


class AuthorSerializer(serializers.Serializer[Any]):
    """A person by `family` and `given` name, or a body by its name, `literal`."""

    family = serializers.CharField(required=False, help_text="Of a person.")
    given = serializers.CharField(required=False, help_text="Of a person.")
    literal = serializers.CharField(required=False, help_text="Of a body: its whole name.")


class SourceReferenceSerializer(PublicSerializer):
    """A source by its key, and written out."""

    as_printed = serializers.SerializerMethodField(help_text="The source written out in full.")
    address = AddressField(source="get_absolute_url", help_text="Its page.")

    class Meta:
        model = Source
        fields = ["key", "as_printed", "address"]

    def get_as_printed(self, source: Source) -> str:
        return citing.plain(source)


class SourceSerializer(DatedSerializer):
    """A document that claims rest on."""

    as_printed = serializers.SerializerMethodField(help_text="The source written out in full.")
    authors = serializers.SerializerMethodField(help_text="In order: people, and bodies by name.")
    origin = serializers.SerializerMethodField(
        help_text="The key of the source it draws on, where that is established."
    )
    address = AddressField(source="get_absolute_url", help_text="Its page.")
    citations = serializers.SerializerMethodField(
        help_text="Where texts cite it. Figures that it gives: the list of figures, with `source=` its key."
    )

    class Meta:
        model = Source
        fields = [
            "key", "as_printed", "type", "title", "authors", "container", "publisher", "publisher_place", "issued",
            "url", "archived_url", "consulted_at", "symbol", "doi", "isbn", "language", "standing", "stake",
            "stake_reason", "origin", "status", "note", "address", "citations",
        ]  # fmt: skip
        help_texts = {
            "publisher": "Who published it.",
            "publisher_place": "Where it was published.",
            "archived_url": "A copy in an archive of the web; null where we know of none.",
            "doi": "Its digital object identifier; empty where it has none that we know.",
            "isbn": "Its book number; empty where it has none that we know.",
            "stake_reason": "Why its stake is seen so.",
            "status": "Whether it can still be read at its address. None that was retracted is cited in a new edition.",
            "note": "What readers should know about it.",
        }

    def get_as_printed(self, source: Source) -> str:
        return citing.plain(source)

    @extend_schema_field(AuthorSerializer(many=True))
    def get_authors(self, source: Source) -> Any:
        return source.plain_authors()

    def get_origin(self, source: Source) -> str | None:
        return source.origin.key if source.origin else None

    @extend_schema_field(OpenApiTypes.URI)
    def get_citations(self, source: Source) -> str:
        return api_address("citation-list", source=source.key)


class SplitField(serializers.Field[Any, Any, Any, Any]):
    """Words that are stored with spaces between them, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: str) -> list[str]:
        return value.split()


ListOfWords = extend_schema_field({"type": "array", "items": {"type": "string"}})(SplitField)


class EvidenceSerializer(PublicSerializer):
    """The place in a source, its words, and who has compared them."""

    class Meta:
        model = Citation
        fields = ["locator", "quote", "note", "accessed", "checked_by", "checked_on"]


class CitationNameSerializer(PublicSerializer):
    """A citation by its key, unique in its record, and the source it names."""

    source: Any = serializers.CharField(source="source.key", read_only=True, help_text="The key of the source.")
    evidence = serializers.SerializerMethodField(help_text="Null unless asked for by `include=evidence`.")

    class Meta:
        model = Citation
        fields = ["key", "source", "evidence"]

    @extend_schema_field(EvidenceSerializer(allow_null=True))
    def get_evidence(self, citation: Citation) -> Any:
        return self._evidence.to_representation(citation) if self.context["view"].asks_for_evidence else None

    @cached_property
    def _evidence(self) -> EvidenceSerializer:
        return EvidenceSerializer()


def named_citations(citations: Any, *, with_evidence: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    """Of each citation its edition, and what CitationNameSerializer shows. One query, and no objects: they are many."""
    evidence = EvidenceSerializer()
    words = evidence.shows() if with_evidence else []
    for row in citations.values_list("edition_id", "key", "source__key", *words, named=True):
        shown = evidence.to_representation(row) if with_evidence else None
        yield row.edition_id, {"key": row.key, "source": row.source__key, "evidence": shown}


class CitationOfRecordSerializer(CitationNameSerializer):
    """A citation within its record: the markers `[^key]` and the lists `cites` name its key."""

    as_printed = serializers.SerializerMethodField(help_text="The source written out in full.")
    supports = ListOfWords(help_text="The fields of the record that it proves.")

    class Meta:
        model = Citation
        fields = ["key", "source", "as_printed", "supports", "checked", "evidence"]

    def get_as_printed(self, citation: Citation) -> str:
        return citing.plain(citation.source)


class RowSerializer(DatedSerializer):
    """A row of a published edition, with the edition it belongs to."""

    record = RecordNameSerializer(source="edition.record", read_only=True, help_text="The record it belongs to.")
    title = serializers.CharField(source="edition.title", read_only=True, help_text="Of the record.")
    edition = serializers.IntegerField(
        source="edition.number", read_only=True, help_text="The number of the record's edition."
    )
    permanent_address = AddressField(source="edition.get_absolute_url", help_text="Where this edition stands for ever.")
    sha256 = serializers.CharField(
        source="edition.sha256", read_only=True, help_text="Hash of the edition's frozen text."
    )


class CitedRowSerializer(RowSerializer):
    """A row of a published edition that rests on citations of it."""

    cites = ListOfWords(help_text="Keys of the record's citations that prove it.")
    citations = serializers.SerializerMethodField(help_text="The citations it names.")

    @extend_schema_field(CitationNameSerializer(many=True))
    def get_citations(self, row: CitedRow) -> Any:
        found = [self._cited.get((row.edition_id, key)) for key in dict.fromkeys(row.all_cited_keys())]
        return [one for one in found if one]

    @cached_property
    def _cited(self) -> dict[tuple[int, str], dict[str, Any]]:
        """What all rows shown name: one query."""
        keys = {key for row in self.together for key in row.all_cited_keys()}
        citations = Citation.objects.filter(edition__in={row.edition_id for row in self.together}, key__in=keys)
        found = named_citations(citations, with_evidence=self.context["view"].asks_for_evidence)
        return {(edition, one["key"]): one for edition, one in found}


ROW = ["record", "title", "edition", "permanent_address", "sha256", "address", "key"]


class CitationSerializer(RowSerializer):
    """A place in a source that a record cites."""

    address = AddressField(source="edition.record.get_absolute_url", help_text="The page of the record.")
    source: Any = SourceReferenceSerializer(read_only=True, help_text="The source cited.")
    supports = ListOfWords(help_text="The fields of the record that it proves.")

    class Meta:
        model = Citation
        fields = [
            *ROW, "source", "locator", "quote", "note", "accessed", "supports", "checked", "checked_by",
            "checked_on",
        ]  # fmt: skip
