"""How readers’ reports look in the ledger, and how they come in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.errors import printable
from editorial.api.links import absolute
from editorial.api.serializers.changes import SERIAL_HELP
from editorial.api.serializers.fields import AddressField, PublicSerializer
from editorial.api.serializers.records import EditionNameSerializer
from editorial.corrections.ledger import STATES
from editorial.models import Change, Correction, Edition


class AboutSerializer(serializers.Serializer[Any]):
    """What a report is about."""

    label: Any = serializers.CharField(source="about", read_only=True, help_text="What it is called.")
    address = AddressField(source="about_address", help_text="Its page.")
    record = serializers.CharField(
        source="record.frozen_key", default=None, read_only=True, allow_null=True,
        help_text="As `mission/kfor`; null where it is about a source or an organisation.",
    )  # fmt: skip


class FixedInSerializer(EditionNameSerializer):
    """The edition that answered a report."""

    difference_address = serializers.SerializerMethodField(
        help_text="What differs from the edition before; null where there is none, or one was removed for legal cause."
    )

    class Meta(EditionNameSerializer.Meta):
        fields = [*EditionNameSerializer.Meta.fields, "difference_address"]

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_difference_address(self, edition: Edition) -> str | None:
        if edition.is_suppressed or (edition.number or 0) < 2:
            return None
        return absolute(edition.difference_address())


class FixedBySerializer(PublicSerializer):
    """The change to a source or an organisation that answered a report; `changes/` has its values."""

    address = AddressField(help_text="Where the thing changed can be seen.")

    class Meta:
        model = Change
        fields = ["serial", "at", "note", "address"]
        help_texts = {"serial": SERIAL_HELP}


class ReleasedWordsSerializer(serializers.Serializer[Any]):
    """What the reader wrote, as far as an editor has published it with the reader's consent."""

    message = serializers.CharField(source="released_message", read_only=True, help_text="The report in full.")
    passage = serializers.CharField(
        source="released_passage", read_only=True, help_text="The words or the figure in question."
    )
    should_say = serializers.CharField(
        source="released_should_say", read_only=True, help_text="What it should say, in the reader's view."
    )


class CorrectionSerializer(PublicSerializer):
    """A report and its answer. The reader's address is never shown; name and words only with consent."""

    number = serializers.IntegerField(read_only=True, help_text="As the reader was told it.")
    state: Any = serializers.ChoiceField(
        source="state_for_readers", choices=STATES, read_only=True,
        help_text="As readers see it: a report that is not decided is only ever `new`, one found right is "
        "`confirmed` until an edition or a change has answered it (`fixed`).",
    )  # fmt: skip
    category = serializers.SerializerMethodField(
        help_text="What was wrong; null until it is decided or where not said."
    )
    about = AboutSerializer(source="*", read_only=True, help_text="What it is about.")
    decided_at = serializers.SerializerMethodField(help_text="When it was first decided on; null until then.")
    settled_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When it came to its end: nothing more is to be done."
    )
    answer = serializers.CharField(read_only=True, help_text="Our answer; empty until it is decided.")
    fixed_in = FixedInSerializer(
        read_only=True, allow_null=True, help_text="The edition that answered it; null where none did."
    )
    fixed_by = FixedBySerializer(
        read_only=True, allow_null=True, help_text="Or the change to a source or an organisation that did."
    )
    duplicate_of = serializers.SerializerMethodField(help_text="The number of the other report.")
    name = serializers.CharField(
        source="released_name", read_only=True, help_text="The reader's, where published with consent; else empty."
    )
    words = ReleasedWordsSerializer(source="*", read_only=True, help_text="Empty unless published with consent.")
    address = AddressField(source="get_absolute_url", help_text="Its page.")

    class Meta:
        model = Correction
        fields = [
            "number", "kind", "state", "category", "about", "received_at", "decided_at", "settled_at", "answer",
            "fixed_in", "fixed_by", "duplicate_of", "name", "words", "address",
        ]  # fmt: skip
        help_texts = {"kind": "A mistake reported, or a comment.", "received_at": "When it came in."}

    @extend_schema_field(serializers.ChoiceField(Correction.Category.choices, allow_null=True))
    def get_category(self, correction: Correction) -> str | None:
        return (correction.category or None) if correction.is_decided else None

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_decided_at(self, correction: Correction) -> Any:
        decided = correction.decided_at if correction.is_decided else None
        return serializers.DateTimeField().to_representation(decided) if decided else None

    def get_duplicate_of(self, correction: Correction) -> int | None:
        original = correction.duplicate_of if correction.is_decided else None
        return original.number if original and not original.is_spam else None


class NewReportSerializer(serializers.Serializer[Any]):
    """A report that something is wrong, or a comment. Only `message`, and what it is about, must be there."""

    message = serializers.CharField(max_length=10_000, help_text="What you want to tell us.")
    record = serializers.CharField(
        required=False, allow_blank=True, max_length=120, help_text="What it is about, as `mission/kfor`."
    )
    subject = serializers.CharField(
        required=False, allow_blank=True, max_length=300,
        help_text="Or the address of a source or an organisation, as `/sources/un1999res1244/`.",
    )  # fmt: skip
    edition = serializers.IntegerField(required=False, min_value=1, max_value=10**8, help_text="The edition you read.")
    figure = serializers.CharField(
        required=False, allow_blank=True, max_length=100, help_text="The fact or figure in question."
    )
    citation = serializers.CharField(
        required=False, allow_blank=True, max_length=100, help_text="The key of the note in question."
    )
    kind = serializers.CharField(required=False, help_text="`correction` (as when left out) or `comment`.")
    passage = serializers.CharField(
        required=False, allow_blank=True, max_length=2_000, help_text="The words in question."
    )
    should_say = serializers.CharField(
        required=False, allow_blank=True, max_length=5_000, help_text="What it should say."
    )
    evidence_url = serializers.CharField(
        required=False, allow_blank=True, max_length=1_000, help_text="Where the evidence is."
    )
    name = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Your name. Not public without your consent."
    )
    email = serializers.CharField(
        required=False, allow_blank=True, max_length=254, help_text="For the answer. Never public."
    )
    living_person = serializers.BooleanField(
        required=False, help_text="It concerns a living person: dealt with before the others."
    )
    may_quote = serializers.BooleanField(required=False, help_text="Your words may be published.")
    may_name = serializers.BooleanField(required=False, help_text="You may be named in public.")

    def validate_kind(self, kind: str) -> str:
        if kind not in Correction.Kind.values:
            raise serializers.ValidationError(f"Choose from: {', '.join(Correction.Kind.values)}.")
        return kind

    def to_internal_value(self, data: Any) -> Any:
        """Raises ValidationError for fields there are not, so that nothing sent is lost in silence."""
        if isinstance(data, dict) and (unknown := [name for name in data if name not in self.fields]):
            allowed = f"There is no such field. Allowed: {', '.join(self.fields)}."
            raise serializers.ValidationError({printable(name): [allowed] for name in unknown[:10]})
        return super().to_internal_value(data)


class ReceiptSerializer(serializers.Serializer[Any]):
    """A report taken in."""

    number = serializers.IntegerField(source="correction.number", read_only=True, help_text="Of the report.")
    address = AddressField(source="correction.get_absolute_url", help_text="What everybody sees of it.")
    private_address = AddressField(help_text="Your page, with what became of it. It is told only now: keep it.")
