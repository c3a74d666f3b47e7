"""What all endpoints share, and those of corrections and of the public log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from editorial import limits
from editorial.api.errors import TooLarge, details_of
from editorial.api.filters import ChangeFilter, CorrectionFilter
from editorial.api.links import api_address
from editorial.api.serializers.changes import ChangeSerializer
from editorial.api.serializers.corrections import CorrectionSerializer, NewReportSerializer, ReceiptSerializer
from editorial.corrections import receiving
from editorial.models import Change, Correction
from editorial.parameters import by_commas
from editorial.standing import rows_of
from editorial.views.reporting import LARGEST_REPORT, sent_length

SLUG = r"[-a-zA-Z0-9_]{1,100}"
NUMBER = r"[1-9][0-9]{0,8}"
FIELDS = OpenApiParameter("fields", str, description="Only these fields, divided by commas.")


INCLUDE = OpenApiParameter(
    "include",
    enum=["evidence"],
    description="`evidence` adds to each citation the place in its source, its words, and who has compared them.",
)
EVIDENCE = ("evidence",)  # what `include` takes
NOTHING_YET: dict[str, Any] = {"serial": 0, "at": None}


@method_decorator(conditional_page, name="dispatch")  # ETag and 304 for what the page cache does not keep
class PublicViewSet(viewsets.GenericViewSet[Any]):
    """Reading for everybody. `parameters` names, by action, what an address takes besides `fields`.

    `ordering_fields` gives the columns behind the words that `ordering` takes; the words of
    `default_ordering` are among them.
    """

    parameters: ClassVar[dict[str, tuple[str, ...]]] = {}
    ordering_fields: ClassVar[dict[str, str]] = {}
    default_ordering: ClassVar[tuple[str, ...]] = ()
    # The last public change; read before the content: an answer may be newer than it says, never older.
    as_of: dict[str, Any] | None = None
    asks_for_evidence = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "include" in self.parameters.get(self.action, ()):
            self.asks_for_evidence = _asks_for_evidence(request)
        if request.method in SAFE_METHODS:
            self.as_of = next((dict(zip(NOTHING_YET, row, strict=True)) for row in rows_of(_changes, 1)), NOTHING_YET)

    def get_renderers(self) -> list[Any]:
        """Of those that write whole lists, none where something else than a list is read."""
        every, lists = super().get_renderers(), self.action in ("list", "metadata", None)
        return [one for one in every if lists or not hasattr(one, "whole_list")]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(response, Response) and hasattr(getattr(request, "accepted_renderer", None), "whole_list"):
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), "application/json"  # a mistake
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.as_of:
            response.headers["Serial"] = str(self.as_of["serial"])
        return response

    def whole_queryset(self) -> Any:
        """The list unfiltered, with all that a file says of each entry."""
        return self.get_queryset()

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The action's serializer, with only the fields asked for. Raises ValidationError for unknown ones."""
        serializer: Any = super().get_serializer(*args, **kwargs)
        if "fields" in self.request.query_params and "data" not in kwargs:
            shown = getattr(serializer, "child", serializer)
            asked = self.asked_fields()
            if not asked or not asked <= set(shown.shows()):
                raise serializers.ValidationError({"fields": [f"Choose from: {', '.join(shown.shows())}."]})
            shown.only = asked
        return serializer

    def asked_fields(self) -> set[str]:
        """The names in `fields`."""
        return set(by_commas(self.request.query_params.get("fields", "")))


def _changes() -> Any:
    """The last public change first, as `as_of` has it."""
    return Change.objects.order_by("-serial").values_list(*NOTHING_YET)


def _asks_for_evidence(request: Request) -> bool:
    """Whether `include` does. Raises ValidationError for other words."""
    text = request.query_params.get("include")
    if text is not None and not {word.strip() for word in text.split(",")} <= set(EVIDENCE):
        raise serializers.ValidationError({"include": [f"Choose from: {', '.join(EVIDENCE)}."]})
    return text is not None


class PublicListViewSet(mixins.ListModelMixin, PublicViewSet):
    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        # No text here: the documentation would show it in place of the viewset's.
        whole_list = getattr(request.accepted_renderer, "whole_list", None)
        if whole_list is None:
            return super().list(request, *args, **kwargs)
        answer: HttpResponseBase = whole_list(self, self.filter_queryset(self.get_queryset()))
        return answer


@extend_schema_view(retrieve=extend_schema(parameters=[FIELDS]))
@extend_schema(tags=["Corrections"])
class CorrectionViewSet(mixins.RetrieveModelMixin, PublicListViewSet):
    """The public ledger: readers' reports and their answers, the declined ones too. Newest first.

    What readers wrote, and their names, are given only where they allowed it and an editor published it.
    """

    queryset = Correction.objects.none()
    serializer_class = CorrectionSerializer
    filterset_class = CorrectionFilter
    lookup_field = "pk"
    lookup_url_kwarg = "number"
    lookup_value_regex = NUMBER
    ordering_fields = {"number": "pk", "received_at": "received_at"}
    default_ordering = ("-number",)

    def get_queryset(self) -> Any:
        return Correction.objects.ledger().with_released()

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """Reports come in without the serial moving: no copy may be kept unasked."""
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
            raise serializers.ValidationError(details_of(refused.form)) from None
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


@extend_schema(tags=["Changes"])
class ChangeViewSet(PublicListViewSet):
    """Everything that became public, changed or went, in order.

    To keep a copy exact, ask for `?since=` the last serial you have seen, and read again what each change
    names: `api_address`, and what the list at `named_by` has, because the name of what changed stands
    there too. What answers with a `withdrawn_notice`, 404 or 410, and what stands under the addresses
    in `formerly`, leaves your copy. An answer whose header `Serial` is less than that of the change is
    an older one: ask again in a second. `docs/examples/keep_a_copy.py` does all this.
    """

    queryset = (
        Change.objects.to_show()
        .select_related("edition__record", "amendment__content_type")
        .defer("edition__summary")
        .prefetch_related("amendment__target", "record__former_addresses")
    )
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilter
    ordering_fields = {"serial": "serial"}
    default_ordering = ("serial",)
