"""How reference data in public use looks: organisations, places and the words of the vocabularies."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import api_address
from editorial.api.serializers.fields import AddressField, PublicSerializer
from missions.models import Organisation, Place, Term
from sources.api.serializers import DatedSerializer, SourceReferenceSerializer

NAMES_HELP = {
    "name_sq": "In Albanian; empty where not known.",
    "name_sr_latn": "In Serbian, Latin script; empty where not known.",
    "name_sr_cyrl": "In Serbian, Cyrillic script; empty where not known.",
    "acronym": "The letters it is known by; empty where there are none.",
    "note": "What readers should know about it.",
}
TERM_HELP = {"vocabulary": "The list of words it belongs to.", "name": "The word itself.", "note": NAMES_HELP["note"]}


class TermReferenceSerializer(PublicSerializer):
    """A word of a vocabulary."""

    class Meta:
        model = Term
        fields = ["vocabulary", "key", "name"]
        help_texts = TERM_HELP


class TermSerializer(PublicSerializer):
    """A word of a vocabulary, with its definition in our words."""

    source: Any = SourceReferenceSerializer(
        read_only=True, allow_null=True, help_text="Where the term comes from, where it is not our own."
    )
    address = AddressField(source="get_absolute_url", help_text="Its place on the page of definitions.")

    class Meta:
        model = Term
        fields = ["vocabulary", "key", "name", "definition", "as_in_source", "source", "note", "address"]
        help_texts = TERM_HELP


class OrganisationReferenceSerializer(PublicSerializer):
    """An organisation by its key and name."""

    address = AddressField(source="get_absolute_url", help_text="Its page.")

    class Meta:
        model = Organisation
        fields = ["key", "name", "acronym", "address"]
        help_texts = NAMES_HELP


class OrganisationSerializer(DatedSerializer):
    """A body that took part. Names that are not known in a language are left empty."""

    parent = OrganisationReferenceSerializer(
        read_only=True, allow_null=True, help_text="The body it is part of, where that is public too."
    )
    address = AddressField(source="get_absolute_url", help_text="Its page.")
    missions = serializers.SerializerMethodField(help_text="The missions it took part in.")

    class Meta:
        model = Organisation
        fields = [
            "key", "name", "name_sq", "name_sr_latn", "name_sr_cyrl", "acronym", "kind", "parent", "website",
            "founded", "dissolved", "note", "address", "missions",
        ]  # fmt: skip
        help_texts = {**NAMES_HELP, "website": "Its own site; null where it has none that we know."}

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
        help_texts = {
            **NAMES_HELP,
            "municipality": "The municipality it lies in; empty where not known.",
            "latitude": "Degrees north (WGS 84); null where not known.",
            "longitude": "Degrees east (WGS 84); null where not known.",
        }
