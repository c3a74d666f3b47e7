"""Serializers that only show: what they show is what the framework would, and no answer knows of another."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework import serializers

from editorial.api.showing import ShowingSerializer


class PartSerializer(ShowingSerializer):
    name = serializers.CharField()
    asked = serializers.SerializerMethodField()

    def get_asked(self, part: Any) -> Any:
        return self.context.get("asked")


class WholeSerializer(ShowingSerializer):
    plain = serializers.CharField()
    nothing = serializers.IntegerField()
    called = serializers.CharField(source="get_address")
    along = serializers.CharField(source="part.name")
    missing = serializers.CharField(source="absent.name", allow_null=True)
    otherwise = serializers.CharField(source="absent.name", default="none")
    itself = PartSerializer(source="*")
    part = PartSerializer()
    no_part = PartSerializer(source="absent")
    parts = PartSerializer(many=True)
    number = serializers.SerializerMethodField()

    def get_number(self, whole: Any) -> int:
        return len(self.together)


class Whole(SimpleNamespace):
    def get_address(self) -> str:
        return f"/{self.name}/"


@pytest.fixture
def wholes() -> list[Whole]:
    part = SimpleNamespace(name="part")
    return [Whole(name=name, plain=1, nothing=None, part=part, absent=None, parts=[part, part]) for name in "ab"]


def test_it_shows_what_the_framework_would(wholes):
    serializer = WholeSerializer(wholes, many=True, context={"asked": "a"})
    by_framework = [serializers.Serializer.to_representation(serializer.child, whole) for whole in wholes]

    assert serializer.data == by_framework
    assert by_framework[0]["called"] == "/a/"
    assert by_framework[0]["number"] == 2
    assert by_framework[0]["parts"] == [{"name": "part", "asked": "a"}] * 2


def test_no_answer_knows_what_another_was_asked(wholes):
    first = WholeSerializer(wholes[0], context={"asked": "a"})
    first.only = {"part"}
    second = WholeSerializer(wholes[0], context={"asked": "b"})

    assert first.data == {"part": {"name": "part", "asked": "a"}}
    assert list(second.data) == WholeSerializer.shows()
    assert [one["asked"] for one in second.data["parts"]] == ["b", "b"]
    assert WholeSerializer(wholes[0]).data["part"]["asked"] is None
