"""What all endpoints share, and those of corrections and of the public log."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from editorial import limits
from editorial.api.errors import TooLarge
from editorial.api.filters import ChangeFilter, CorrectionFilter
from editorial.api.links import api_address
from editorial.api.serializers import (
    ChangeSerializer,
    CorrectionSerializer,
    NewReportSerializer,
    ReceiptSerializer,
)
from editorial.corrections import receiving
from editorial.models import Change, Correction
from editorial.models.editions import HEAVY
from editorial.views.reporting import LARGEST_REPORT, sent_length

SLUG = r"[-a-zA-Z0-9_]{1,100}"
NUMBER = r"[1-9][0-9]{0,8}"
FIELDS = OpenApiParameter("fields", str, description="Only these fields, divided by commas.")


class PublicViewSet(viewsets.GenericViewSet[Any]):
    """Reading for everybody. `parameters` names, by action, what an address takes besides `fields`.

    `ordering_fields` gives the columns behind the words that `ordering` takes; the words of
    `default_ordering` are among them.
    """

    parameters: ClassVar[dict[str, tuple[str, ...]]] = {}
    ordering_fields: ClassVar[dict[str, str]] = {}
    default_ordering: ClassVar[tuple[str, ...]] = ()

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The action's serializer, with only the fields asked for. Raises ValidationError for unknown ones."""
        serializer: Any = super().get_serializer(*args, **kwargs)
        if "fields" in self.request.query_params and "data" not in kwargs:
            fields = getattr(serializer, "child", serializer).fields
            asked = self.asked_fields()
            if not asked or not asked <= set(fields):
                raise serializers.ValidationError({"fields": [f"Choose from: {', '.join(fields)}."]})
            for name in set(fields) - asked:
                fields.pop(name)
        return serializer

    def asked_fields(self) -> set[str]:
        """The names in `fields`."""
        names = self.request.query_params.get("fields", "").split(",")
        return {name.strip() for name in names if name.strip()}


@extend_schema_view(retrieve=extend_schema(parameters=[FIELDS]))
@extend_schema(tags=["Corrections"])
class CorrectionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, PublicViewSet):
    """The public ledger: readers' reports and their answers, the declined ones too. Newest first."""

    queryset = Correction.objects.none()
    serializer_class = CorrectionSerializer
    filterset_class = CorrectionFilter
    lookup_field = "pk"
    lookup_url_kwarg = "number"
    lookup_value_regex = NUMBER
    ordering_fields = {"number": "pk", "received_at": "received_at"}
    default_ordering = ("-number",)

    def get_queryset(self) -> Any:
        return Correction.objects.ledger()

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """Reports are answered without the serial moving: no copy may be kept unasked."""
        response = super().finalize_response(*args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    @extend_schema(request=NewReportSerializer, responses={201: ReceiptSerializer})
    def create(self, request: Request) -> Response:
        """Report a mistake, or comment.

        The answer gives the number of the report, and once only the address of your own page, where
        you see what became of it. What you write, your name and your address are not public.
        """
        if sent_length(request._request) > LARGEST_REPORT:
            raise TooLarge
        report = NewReportSerializer(data=request.data)
        report.is_valid(raise_exception=True)
        try:
            receipt = receiving.receive(report.validated_data, address=limits.client_address(request._request))
        except receiving.ReportRefused as refused:
            raise serializers.ValidationError(_errors(refused)) from None
        except limits.TooOften as too_often:
            raise exceptions.Throttled(
                wait=too_often.retry_after,
                detail="Many reports came from your network address within the hour.",
            ) from None
        headers = {
            "Location": api_address("correction-detail", receipt.correction.number),
            "Cache-Control": "no-store",
        }
        return Response(ReceiptSerializer(receipt).data, status.HTTP_201_CREATED, headers=headers)


def _errors(refused: receiving.ReportRefused) -> dict[str, list[exceptions.ErrorDetail]]:
    return {
        name if name != "__all__" else "non_field_errors": [
            exceptions.ErrorDetail(message, error.code or "invalid") for error in errors for message in error.messages
        ]
        for name, errors in refused.form.errors.as_data().items()
    }


@extend_schema(tags=["Changes"])
class ChangeViewSet(mixins.ListModelMixin, PublicViewSet):
    """Everything that became public, changed or went, in order.

    To keep a copy exact, ask for `?since=` the last serial you have seen, and read again what the
    changes name; withdrawn and suppressed records are among them.
    """

    queryset = (
        Change.objects.select_related("record", "edition__record", "amendment__content_type")
        .defer(*(f"edition__{name}" for name in HEAVY))
        .defer("edition__summary")
    )
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilter
    ordering_fields = {"serial": "serial"}
    default_ordering = ("serial",)
