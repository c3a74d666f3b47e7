"""How records, corrections and changes look in the API.

Everything is read-only but `NewReportSerializer`. A serializer names every field it shows; what the
documentation says of a field is the help text of the model, or stands here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.links import absolute, api_address
from editorial.api.naming import name_of
from editorial.corrections.ledger import STATES
from editorial.models import Change, Correction, Edition, Record, ReferenceData, State


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


class PublicSerializer(serializers.ModelSerializer[Any]):
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


# Records

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
    return live is not None and live.state == State.PUBLISHED and not live.is_suppressed


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


# Corrections


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


SERIAL_HELP = "The number of the change: each is greater than all before it."


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
        shown = self.fields["received_at"]
        decided = correction.decided_at if correction.is_decided else None
        return shown.to_representation(decided) if decided else None

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


def printable(name: Any) -> str:
    """A name somebody sent, short, and such that it can be sent back."""
    return str(name)[:60].encode(errors="replace").decode()


class ReceiptSerializer(serializers.Serializer[Any]):
    """A report taken in."""

    number = serializers.IntegerField(source="correction.number", read_only=True, help_text="Of the report.")
    address = AddressField(source="correction.get_absolute_url", help_text="What everybody sees of it.")
    private_address = AddressField(help_text="Your page, with what became of it. It is told only now: keep it.")


# Changes


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
        changes: Any = self.parent.instance if self.parent else [self.instance]
        asked: defaultdict[type[ReferenceData], set[str]] = defaultdict(set)
        for change in changes:
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
