"""What serializers of models that the public reads are made of."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import absolute
from editorial.api.showing import ShowingSerializer


class AddressField(serializers.URLField):
    """A path of this site, or an address elsewhere, as a full address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: str) -> str:
        return absolute(value) if value.startswith("/") else value


@extend_schema_field({"type": ["string", "null"], "format": "uri"})
class AddressOrNull(serializers.CharField):
    """An address elsewhere; null where none is known."""

    def __init__(self, **kwargs: Any) -> None:
        kept = ("help_text", "label", "source")
        super().__init__(read_only=True, **{name: kwargs[name] for name in kept if name in kwargs})

    def to_representation(self, value: str) -> Any:
        return value or None


class ChoiceOrNull(serializers.ChoiceField):
    """One of a few words; null where none was chosen."""

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) or None


@extend_schema_field(OpenApiTypes.NUMBER)
class Number(serializers.Field[Any, Any, Any, Any]):
    """A number as JSON has numbers: 50000 or 42.8."""

    def __init__(self, **kwargs: Any) -> None:
        kept = ("help_text", "label", "source", "allow_null")
        super().__init__(read_only=True, **{name: kwargs[name] for name in kept if name in kwargs})

    def to_representation(self, value: Any) -> int | float:
        return int(value) if value == value.to_integral_value() else float(value)


class PublicSerializer(ShowingSerializer, serializers.ModelSerializer[Any]):
    """What the public reads of a model: never written to.

    `Meta.help_texts` says what a field is to those who read it, where the model speaks to those who write.
    """

    serializer_choice_field = ChoiceOrNull
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DecimalField: Number,
        models.URLField: AddressOrNull,
    }

    def get_extra_kwargs(self) -> dict[str, Any]:
        said = getattr(self.Meta, "help_texts", {})
        return {name: {"read_only": True, **_help(said.get(name))} for name in self.Meta.fields}

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if model_field.choices and model_field.blank:
            kwargs["allow_null"] = True
        return field_class, kwargs


def _help(text: str | None) -> dict[str, str]:
    return {"help_text": text} if text else {}
