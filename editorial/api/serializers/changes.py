"""How the public log looks: what became public, changed or went."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import api_address
from editorial.api.naming import name_of
from editorial.api.serializers.fields import AddressField, PublicSerializer
from editorial.api.serializers.records import EditionNameSerializer, RecordNameSerializer
from editorial.models import Change, Record, ReferenceData

SERIAL_HELP = "The number of the change: each is greater than all before it."


class DifferenceSerializer(serializers.Serializer[Any]):
    """A field of reference data before and after."""

    field = serializers.CharField(read_only=True, help_text="The name of the field.")
    was = serializers.JSONField(read_only=True, help_text="The value before.")
    now = serializers.JSONField(read_only=True, help_text="The value since.")


class ChangeSerializer(PublicSerializer):
    """Something that became public, changed or went."""

    record = RecordNameSerializer(
        read_only=True, allow_null=True, help_text="The record it is about; null where it is about something else."
    )
    edition = EditionNameSerializer(
        read_only=True, allow_null=True, help_text="The edition that became public, or went; else null."
    )
    correction = serializers.IntegerField(
        source="correction_id", read_only=True, allow_null=True, help_text="The number of the report."
    )
    differences = serializers.SerializerMethodField(help_text="Of reference data: what changed.")
    address = AddressField(help_text="Where the thing changed can be seen.")
    api_address = serializers.SerializerMethodField(
        help_text="The thing changed in this API, as it is now; null where it is gone."
    )
    formerly = serializers.SerializerMethodField(
        help_text="Of a record that was renamed: the addresses in this API under which it stood."
    )
    named_by = serializers.SerializerMethodField(
        help_text="The list of the records that show the name of what changed; null where none can."
    )

    class Meta:
        model = Change
        fields = [
            "serial", "at", "kind", "label", "note", "minor", "record", "edition", "correction", "differences",
            "address", "api_address", "formerly", "named_by",
        ]  # fmt: skip
        help_texts = {
            "serial": SERIAL_HELP,
            "kind": "An edition became public, was withdrawn or removed for legal cause; a record was renamed; "
            "reference data was amended; a report was answered.",
        }

    def to_representation(self, change: Change) -> Any:
        data = super().to_representation(change)
        shown = {"label": change.shown_label, "note": change.shown_note}
        return data | {name: text for name, text in shown.items() if name in data}

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_api_address(self, change: Change) -> str | None:
        if change.correction_id:
            return api_address("correction-detail", change.correction_id)
        thing = _changed(change)
        if thing is None:
            return None
        kind = thing.kind if isinstance(thing, Record) else thing._meta.model_name
        key = thing.slug if isinstance(thing, Record) else thing.frozen_key
        return api_address(f"{kind}-detail", *key.split("/"))

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uri"}})
    def get_formerly(self, change: Change) -> list[str]:
        if change.kind != Change.Kind.RENAMED or change.record is None:
            return []
        former = change.record.former_addresses.all()
        return sorted(api_address(f"{address.kind}-detail", address.slug) for address in former)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_named_by(self, change: Change) -> str | None:
        thing = None if change.correction_id else _changed(change)
        return api_address("record-list", naming=name_of(thing)) if thing else None

    @extend_schema_field(DifferenceSerializer(many=True))
    def get_differences(self, change: Change) -> list[dict[str, Any]]:
        if change.amendment is None:
            return []
        rows = [
            (name, self._if_public(change, name, was), self._if_public(change, name, now))
            for name, was, now in change.amendment.differences()
        ]
        return [{"field": name, "was": was, "now": now} for name, was, now in rows if was != now]

    def _if_public(self, change: Change, name: str, value: Any) -> Any:
        """The value; of a field that names other reference data none where readers cannot see that."""
        named = _named_by(change, name)
        return value if named is None or value in self._public_names[named] else None

    @cached_property
    def _public_names(self) -> defaultdict[type[ReferenceData], set[str]]:
        """What the amendments shown name that is in public use; one query for each kind of it."""
        asked: defaultdict[type[ReferenceData], set[str]] = defaultdict(set)
        for change in self.together:
            for name, was, now in change.amendment.differences() if change.amendment else []:
                if named := _named_by(change, name):
                    asked[named] |= {value for value in (was, now) if value}
        public: defaultdict[type[ReferenceData], set[str]] = defaultdict(set)
        for model, names in asked.items():
            keys = [name.rpartition("/")[2] for name in names]
            in_use: Any = model._default_manager.in_public_use()  # type: ignore[attr-defined]
            public[model] = {thing.frozen_key for thing in in_use.filter(key__in=keys)}
        return public


def _changed(change: Change) -> Record | ReferenceData | None:
    """The record or the thing of reference data that a change is about."""
    target: Any = change.amendment.target if change.amendment else None
    return change.record or target


def _named_by(change: Change, name: str) -> type[ReferenceData] | None:
    """The kind of reference data that a field of what was amended names, if it names any."""
    amended = change.amendment.content_type.model_class() if change.amendment else None
    named = amended._meta.get_field(name).related_model if amended else None
    return named if isinstance(named, type) and issubclass(named, ReferenceData) else None
