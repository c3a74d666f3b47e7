"""Serializers that only show: how each of their fields is read is worked out once for a class, not for every answer.

The framework makes all fields anew for each answer, and looks at each entry for how to read each of them: that
was half the time a list took. A serializer here is written as any other. Its fields must be such as never
write; what depends on the question asked (`context`) is for methods and for nested serializers to say.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from functools import cache
from operator import attrgetter
from types import MethodType
from typing import Any

from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.fields import empty

Read = Callable[[Any], Any]


class ShowingSerializer(serializers.Serializer[Any]):
    """Shows things. `only` are the names of the fields to show; without it, all."""

    only: Collection[str] | None = None

    @classmethod
    def shows(cls) -> list[str]:
        """The names of all its fields."""
        return list(_fields_of(cls))

    def to_representation(self, instance: Any) -> Any:
        return {name: read(instance) for name, read in self._reads}

    @property
    def together(self) -> Any:
        """All things shown by the same answer: what they name can be read for all of them at once."""
        return self.parent.instance if self.parent else [self.instance]

    @cached_property
    def _reads(self) -> list[tuple[str, Read]]:
        return [
            (name, read or self._own(name, field))
            for name, (field, read) in _fields_of(type(self)).items()
            if self.only is None or name in self.only
        ]

    def _own(self, name: str, field: Any) -> Read:
        """How to read a field that may look at the question asked, and so belongs to this answer alone."""
        if isinstance(field, serializers.SerializerMethodField):
            method: Read = getattr(self, str(field.method_name))
            return method
        nested = copy.deepcopy(field)
        nested.bind(name, self)
        return _read(nested)


@cache
def _fields_of(shown: type[ShowingSerializer]) -> dict[str, tuple[Any, Read | None]]:
    """The fields of a class, each with how to read it unless every answer needs its own."""
    own = (serializers.SerializerMethodField, serializers.BaseSerializer)
    fields: Any = shown().fields
    return {name: (field, None if isinstance(field, own) else _read(field)) for name, field in fields.items()}


def _read(field: Any) -> Read:
    """How to read a field of a thing: as the framework would."""
    show: Read = field.to_representation
    if field.source == "*":
        return show
    may_be_missing = "." in field.source and (field.allow_null or field.default is not empty)
    found: Read = field.get_attribute if may_be_missing else attrgetter(field.source)

    def read(thing: Any) -> Any:
        value = found(thing)
        if isinstance(value, MethodType):
            value = value()
        return None if value is None else show(value)

    return read
