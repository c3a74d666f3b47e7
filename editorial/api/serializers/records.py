"""How records and their editions look: by name, in a history, and frozen."""

from __future__ import annotations

import datetime
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import absolute, api_address
from editorial.api.serializers.fields import AddressField, PublicSerializer
from editorial.models import Correction, Edition, Record, State
from editorial.paths import path_to

SLUG_HELP = "The last part of its address, such as `kfor`."
EDITION_HELP = {
    "published_at": "When it became public.",
    "superseded_at": "When a later edition took its place; null where none did.",
    "withdrawn_at": "When it was withdrawn; null where it was not.",
    "withdrawn_reason": "Why it was withdrawn; else empty.",
    "suppressed_at": "When its text was removed for legal cause; null where it was not.",
    "suppressed_reason": "The legal cause; else empty.",
    "change_note": "What changed and why; empty for a first edition.",
}


class RecordNameSerializer(PublicSerializer):
    """A record by its kind and the last part of its address."""

    address = AddressField(source="get_absolute_url", help_text="Its page.")
    api_address = serializers.SerializerMethodField(help_text="The same in this API.")

    class Meta:
        model = Record
        fields = ["kind", "slug", "address", "api_address"]
        help_texts = {"slug": SLUG_HELP}

    @extend_schema_field(OpenApiTypes.URI)
    def get_api_address(self, record: Record) -> str:
        return api_address(f"{record.kind}-detail", record.slug)


class RecordReferenceSerializer(RecordNameSerializer):
    """A record that another one names: null where it has no published edition."""

    title = serializers.CharField(source="live.title", read_only=True, help_text="Its name or headline.")

    class Meta(RecordNameSerializer.Meta):
        fields = ["kind", "slug", "title", "address", "api_address"]

    def to_representation(self, record: Record) -> Any:
        return super().to_representation(record) if is_published(record) else None


def is_published(record: Record) -> bool:
    """Whether a record, loaded with its live edition, may be named with its title."""
    live = record.live
    return live is not None and _is_published(live.state, live.suppressed_at)


def _is_published(state: str | None, suppressed_at: datetime.datetime | None) -> bool:
    return state == State.PUBLISHED and suppressed_at is None


REFERENCE = ("kind", "slug", "live__title", "live__state", "live__suppressed_at")  # the columns of a reference


def reference(
    kind: str, slug: str, title: str, state: str | None, suppressed_at: datetime.datetime | None
) -> dict[str, str] | None:
    """A record by its columns in `REFERENCE`, as RecordReferenceSerializer shows it."""
    if not _is_published(state, suppressed_at):
        return None
    page, here = path_to(f"{kind}-detail", slug), api_address(f"{kind}-detail", slug)
    return {"kind": kind, "slug": slug, "title": title, "address": absolute(page), "api_address": here}


class EditionNameSerializer(PublicSerializer):
    """A public edition by its number, its lasting address and its hash."""

    permanent_address = AddressField(source="get_absolute_url", help_text="Where this edition stands for ever.")

    class Meta:
        model = Edition
        fields = ["number", "permanent_address", "sha256"]


class ReplacementSerializer(serializers.Serializer[Any]):
    """Why an edition was withdrawn, and what stands in its place."""

    at = serializers.DateTimeField(source="withdrawn_at", read_only=True, help_text="When it was withdrawn.")
    reason = serializers.CharField(source="withdrawn_reason", read_only=True, help_text="Why.")
    replacement = RecordReferenceSerializer(
        read_only=True, allow_null=True, help_text="The record to read instead, where there is one."
    )


CORRECTED_IN = "The number of the first later edition that says this one was wrong; null where none does."


class AnsweredReports(serializers.ListField):
    """The numbers of the reports an edition, loaded with `answered_reports`, has answered."""

    child = serializers.IntegerField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            source="answered_reports", read_only=True, help_text="The numbers of the reports it answered.", **kwargs
        )

    def to_representation(self, reports: list[Correction]) -> list[int]:
        return [report.number for report in reports]


class EditionListedSerializer(PublicSerializer):
    """An edition in the history of its record. A suppressed one keeps its number and its hash."""

    title = serializers.SerializerMethodField(help_text="Null where it was removed for legal cause.")
    state = serializers.SerializerMethodField(
        help_text="published, superseded, withdrawn or suppressed (removed for legal cause)."
    )
    change_note = serializers.SerializerMethodField(help_text="What changed and why.")
    corrections = AnsweredReports()
    corrected_in = serializers.IntegerField(read_only=True, allow_null=True, help_text=CORRECTED_IN)
    permanent_address = AddressField(source="get_absolute_url", help_text="Where this edition stands for ever.")
    api_address = serializers.SerializerMethodField(help_text="The same in this API.")

    class Meta:
        model = Edition
        help_texts = EDITION_HELP
        fields = [
            "number", "state", "title", "published_at", "superseded_at", "withdrawn_at", "withdrawn_reason",
            "suppressed_at", "suppressed_reason", "change_kind", "change_note", "corrections", "corrected_in",
            "minor", "imported", "written_by", "checked_by", "sha256", "permanent_address", "api_address",
        ]  # fmt: skip

    def get_title(self, edition: Edition) -> str | None:
        return None if edition.is_suppressed else edition.title

    def get_state(self, edition: Edition) -> str:
        return "suppressed" if edition.is_suppressed else edition.state

    def get_change_note(self, edition: Edition) -> str | None:
        return None if edition.is_suppressed else edition.change_note

    @extend_schema_field(OpenApiTypes.URI)
    def get_api_address(self, edition: Edition) -> str:
        record = edition.record
        return api_address(f"{record.kind}-edition", record.slug, edition.number)


class FrozenEditionSerializer(EditionListedSerializer):
    """One edition for ever, with its frozen text: the bytes its hash is of."""

    record = RecordNameSerializer(read_only=True, help_text="What it is an edition of.")
    withdrawn_notice = serializers.SerializerMethodField(help_text="Null where the edition was not withdrawn.")
    frozen_text = serializers.CharField(
        source="frozen",
        read_only=True,
        help_text="All that was published, as canonical JSON; `sha256` is the hash of its UTF-8 bytes.",
    )

    class Meta(EditionListedSerializer.Meta):
        fields = ["record", *EditionListedSerializer.Meta.fields, "withdrawn_notice", "frozen_text"]

    @extend_schema_field(ReplacementSerializer(allow_null=True))
    def get_withdrawn_notice(self, edition: Edition) -> Any:
        return withdrawn_notice(edition)


def withdrawn_notice(edition: Edition) -> Any:
    """Why the edition was withdrawn, or None."""
    return ReplacementSerializer(edition).data if edition.withdrawn_at else None
