"""How reference data in public use looks: organisations, places and the words of the vocabularies."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import api_address
from editorial.api.serializers import AddressField, PublicSerializer
from missions.models import Organisation, Place, Term
from sources.api.serializers import DatedSerializer, SourceReferenceSerializer


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
