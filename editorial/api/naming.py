"""Which records name a thing: their answers show its name, and change when it does."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from editorial.addresses import now_or_formerly_at
from editorial.api.filters import divided
from editorial.models import Record, ReferenceData, reference_kinds
from editorial.models.naming import named_in

HELP = "Records that name one of these: `mission/kfor`, `source/un1999res1244`, `term/measure/police`."


def name_of(thing: Record | ReferenceData) -> str:
    """How `naming=` calls it."""
    return thing.frozen_key if isinstance(thing, Record) else f"{thing._meta.model_name}/{thing.frozen_key}"


def that_name(thing: Record | ReferenceData) -> Q:
    """Of editions: those of which a row, or a field of their kind, names the thing."""
    named = Q(pk=None)
    for way in named_in(type(thing)):
        rows = way.rows.filter(**{way.field: thing, way.edition: OuterRef("pk")})
        named |= Q(Exists(rows.order_by()))
    return named


class NamesField(forms.CharField):
    """Things by kind and key, divided by commas; its value is the list of those that are or were public."""

    def clean(self, value: Any) -> Any:
        names = divided(super().clean(value))
        reference = {str(model._meta.model_name): model for model in reference_kinds()}
        found = []
        for name in names:
            kind, _, key = name.partition("/")
            if not kind or not key or len(name) > 200:
                kinds = ", ".join(["record", *sorted(reference)])
                raise ValidationError(
                    f"Write kind and key of a {kinds}, as mission/kfor or source/un1999res1244.", code="invalid"
                )
            found.append(_thing(reference[kind], key) if kind in reference else _record(kind, key))
        # What is public no longer, or not yet, is named by nobody: no mistake in those who ask.
        return [thing for thing in found if thing] if names else None


def _thing(model: type[ReferenceData], key: str) -> ReferenceData | None:
    """What stands for the key now, when it was merged."""
    try:
        return model.by_frozen_key(model.former_keys().get(key, key))
    except ObjectDoesNotExist:
        return None


def _record(kind: str, slug: str) -> Record | None:
    return now_or_formerly_at(kind, slug).first()


class NamingFilter(django_filters.Filter):
    """Those that name one of the things."""

    field_class = NamesField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", HELP)
        super().__init__(*args, **kwargs)

    def filter(self, queryset: Any, value: list[models.Model] | None) -> Any:
        if value is None:
            return queryset
        named = Q(pk=None)
        for thing in value:
            named |= that_name(thing)  # type: ignore[arg-type]  # the field gives no others
        return queryset.filter(named)
