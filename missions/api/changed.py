"""The endpoint that tells whether something has changed since it was cited."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from editorial.api.errors import details_of
from editorial.api.links import absolute, api_address
from editorial.api.serializers.fields import AddressField
from editorial.api.showing import ShowingSerializer
from editorial.api.viewsets import FIELDS, PublicViewSet
from editorial.models import Edition
from missions.changed_form import ChangedForm
from missions.changed_since import Answer, Status, Step


class EditionThenSerializer(serializers.Serializer[Any]):
    """An edition as it is named in an answer."""

    number = serializers.IntegerField(help_text="1, 2, 3 without gaps.")
    published_at = serializers.DateTimeField(help_text="When it became public.")
    sha256 = serializers.CharField(help_text="The hash of its frozen text.")
    address = AddressField(source="get_absolute_url", help_text="Its permanent address.")
    withdrawn_reason = serializers.CharField(help_text="Empty unless it was withdrawn.")
    removed_reason = serializers.CharField(
        source="suppressed_reason", help_text="The legal cause; empty unless its text was removed for one."
    )


class ChangeSinceSerializer(serializers.Serializer[Any]):
    """An edition that followed the one cited."""

    edition = serializers.IntegerField(source="edition.number", help_text="Its number.")
    published_at = serializers.DateTimeField(source="edition.published_at", help_text="When it became public.")
    address = AddressField(source="edition.get_absolute_url", help_text="Its permanent address.")
    change_kind = serializers.ChoiceField(
        Edition.ChangeKind.choices,
        source="edition.change_kind",
        help_text="A correction says that the edition before was wrong; an update that there is something new.",
    )
    change_note = serializers.SerializerMethodField(help_text="Empty for an edition removed for legal cause.")
    changes_figure = serializers.SerializerMethodField(
        help_text="Whether it gave the figure otherwise than the one before; null where no figure was asked for."
    )
    answers = serializers.SerializerMethodField(help_text="The readers’ reports it answers.")

    def get_change_note(self, step: Step) -> str:
        return "" if step.edition.is_suppressed else step.edition.change_note

    def get_changes_figure(self, step: Step) -> bool | None:
        return step.changes_fact if self.context["fact"] else None

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uri"}})
    def get_answers(self, step: Step) -> list[str]:
        return [absolute(report.get_absolute_url()) for report in step.reports]


class ValueThenSerializer(serializers.Serializer[Any]):
    """A value that an edition gives."""

    value = serializers.CharField(source="in_words", help_text="As the source has it: about 4,600.")
    unit = serializers.CharField(help_text="What is counted: persons, countries, EUR …")
    as_of = serializers.CharField(help_text="The date it is for, as far as it is known.")
    basis = serializers.CharField(
        source="basis.name",
        default=None,
        allow_null=True,
        help_text="Planned, reported, authorised …; null where unsaid.",
    )
    cited_as = serializers.CharField(source="source", help_text="The source in short.")
    source_address = AddressField(source="source.get_absolute_url", help_text="Its page in the library.")
    locator = serializers.CharField(help_text="The place in the source.")


class ChangedSerializer(ShowingSerializer):
    """What has become of what was cited."""

    status = serializers.ChoiceField(
        [status.value for status in Status],
        help_text="The first of these that applies: its text was removed for legal cause; it was withdrawn; it was "
        "wrong and corrected; there is something new; only its address is another; nothing has changed.",
    )
    in_words = serializers.CharField(help_text="The same in a sentence.")
    kind = serializers.CharField(source="record.kind", help_text="mission, event or article.")
    slug = serializers.CharField(source="record.slug", help_text="As it is now.")
    figure = serializers.CharField(source="fact", help_text="The fact asked for; empty for a whole page.")
    address = AddressField(help_text="Where it is read now.")
    api_address = serializers.SerializerMethodField(help_text="The record in this API.")
    has_moved = serializers.BooleanField(help_text="Whether the record was renamed since.")
    cited = EditionThenSerializer(help_text="The edition cited.")
    now = EditionThenSerializer(help_text="The latest edition.")
    difference = serializers.SerializerMethodField(
        help_text="The page that shows what differs between the two editions; null where nothing can."
    )
    changes: Any = serializers.SerializerMethodField(help_text="The editions since, oldest first.")
    values_then = ValueThenSerializer(many=True, help_text="Of a figure: what the edition cited gives.")
    values_now = ValueThenSerializer(many=True, help_text="Of a figure: what the latest edition gives.")
    being_corrected = serializers.SerializerMethodField(
        help_text="Readers’ reports on it that we have found right and not yet answered with an edition."
    )
    replacement = serializers.SerializerMethodField(help_text="What stands in place of a withdrawn record, or null.")

    @extend_schema_field(OpenApiTypes.URI)
    def get_api_address(self, answer: Answer) -> str:
        return api_address(f"{answer.record.kind}-detail", answer.record.slug)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_difference(self, answer: Answer) -> str | None:
        return absolute(answer.difference) if answer.difference else None

    @extend_schema_field(ChangeSinceSerializer(many=True))
    def get_changes(self, answer: Answer) -> Any:
        return ChangeSinceSerializer(answer.steps, many=True, context={"fact": answer.fact}).data

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uri"}})
    def get_being_corrected(self, answer: Answer) -> list[str]:
        return [absolute(report.get_absolute_url()) for report in answer.correcting]

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_replacement(self, answer: Answer) -> str | None:
        return absolute(answer.replacement.address) if answer.replacement else None


class ChangedViewSet(PublicViewSet):
    """Whether something has changed since it was cited."""

    queryset = Edition.objects.none()
    serializer_class = ChangedSerializer
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {"changed": ("address", "edition", "on")}

    @extend_schema(
        tags=["Changes"],
        operation_id="changed",
        parameters=[
            OpenApiParameter(
                "address",
                required=True,
                description="An address of ours, as it was noted: of a mission, an event or an article, of one of its "
                "editions, or of a figure, on the site or in this API.",
            ),
            OpenApiParameter("edition", int, description="The edition cited, where the address does not name it."),
            OpenApiParameter(
                "on",
                OpenApiTypes.DATE,
                description="Or the day on which it was read: the edition public at the end of it (Europe/Belgrade).",
            ),
            FIELDS,
        ],
        responses=ChangedSerializer,
        filters=False,
    )
    def changed(self, request: Request) -> Response:
        """What has become of a page or figure of ours since somebody cited it.

        An address elsewhere, or one without edition and day, is a 400; one at which nothing public stands or stood a 404.
        """
        self.filter_queryset(self.get_queryset())  # refuses unknown parameters
        form = ChangedForm(request.query_params, hosts=[request.get_host()])
        if not form.is_valid():
            raise _error(form)
        return Response(self.get_serializer(form.answer).data)


def _error(form: ChangedForm) -> exceptions.APIException:
    problems = details_of(form)
    for details in problems.values():
        if details[0].code == "not_found":
            return exceptions.NotFound(str(details[0]))
    return serializers.ValidationError(problems)
