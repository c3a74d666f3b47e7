"""Pages of the API's lists and their envelope, `{"meta": {…}, "results": […]}`.

By number, as people ask; or by cursor, for those who want the whole: `cursor=*` begins, `meta.next` goes
on. A cursor follows the primary key (of changes the serial), so that a page costs the same however far
down it is; entries that come while somebody reads are met later or not at all, and none is left out.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import InvalidPage, Page
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from editorial.api.links import absolute

LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
START = "*"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
PLACE = "[0-9a-z]{1,11}"  # such numbers any database can compare


class Envelope(PageNumberPagination):
    """Pages of a list, 25 entries at a time, with what they are as of."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"
    page_query_description = "A page of the list: 1, 2, 3 …"
    page_size_query_description = "Entries on a page: 1 to 100."

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        """The entries of the page asked for. Raises ValidationError for nonsense, NotFound beyond the end."""
        self.asked: Request = request
        self.as_of: dict[str, Any] = view.as_of
        self.size = self._whole_number("page_size", self.page_size, most=self.max_page_size)
        self.by_cursor = "cursor" in request.query_params
        return self._following(queryset) if self.by_cursor else self._numbered(queryset)

    def _numbered(self, queryset: Any) -> list[Any]:
        number = self._whole_number("page", 1, most=10**9)
        paginator = self.django_paginator_class(queryset, self.size)
        try:
            self.page: Page[Any] = paginator.page(number)
        except InvalidPage:
            pages = f"{paginator.num_pages} page" + "s" * (paginator.num_pages != 1)
            raise exceptions.NotFound(f"The list has {pages}.") from None
        return list(self.page)

    def _following(self, queryset: Any) -> list[Any]:
        asked = self.asked.query_params["cursor"]
        position = 0 if asked == START else position_of(asked)
        if position is None:
            allowed = f"Begin with {START}; then follow the address in `meta.next`."
            raise serializers.ValidationError({"cursor": [allowed]})
        # First the keys alone: what a page shows is joined and loaded for its own entries.
        keys = queryset.prefetch_related(None).filter(pk__gt=position).order_by("pk").values_list("pk", flat=True)
        found = list(keys[: self.size + 1])
        self.after = cursor_at(found[self.size - 1]) if len(found) > self.size else None
        return list(queryset.filter(pk__in=found[: self.size]).order_by("pk"))

    def _whole_number(self, name: str, default: int, *, most: int) -> int:
        text = self.asked.query_params.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= most):
            limits = f"from 1 to {most}" if name == "page_size" else "from 1"
            raise serializers.ValidationError({name: [f"Give a whole number {limits}."]})
        return int(text)

    def get_paginated_response(self, data: Any) -> Response:
        at = self.as_of["at"]
        meta = {
            **(self._place_by_cursor() if self.by_cursor else self._place_by_number()),
            "serial": self.as_of["serial"],
            "generated_at": serializers.DateTimeField().to_representation(at) if at else None,
            "licence": LICENCE,
            "cite_as": self._cite_as(),
        }
        return Response({"meta": meta, "results": data})

    def _place_by_number(self) -> dict[str, Any]:
        return {
            "count": self.page.paginator.count,
            "page": self.page.number,
            "page_size": self.size,
            "next": self._link(self.page.number + 1) if self.page.has_next() else None,
            "previous": self._link(self.page.number - 1) if self.page.has_previous() else None,
        }

    def _place_by_cursor(self) -> dict[str, Any]:
        following = self._address(cursor=self.after) if self.after else None
        return {"count": None, "page": None, "page_size": self.size, "next": following, "previous": None}

    def _address(self, **changes: int | str | None) -> str:
        """The address asked for, with other parameters or, where they are None, without them.

        The parameters are in a fixed order, and keys such as mission/kfor stay readable.
        """
        asked = {**self.asked.query_params.dict(), **changes}
        query = urlencode(sorted((name, value) for name, value in asked.items() if value is not None), safe="/,:*")
        return absolute(f"{self.asked.path}?{query}" if query else self.asked.path)

    def _link(self, number: int) -> str:
        return self._address(page=number if number > 1 else None)

    def _cite_as(self) -> str:
        parts = [settings.SITE_NAME, self._address()]
        if self.as_of["at"]:
            day = timezone.localtime(self.as_of["at"])
            parts.append(f"as of {day.day} {day:%B %Y}")
        return ", ".join([*parts, f"serial {self.as_of['serial']}"])

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor = {
            "name": "cursor",
            "in": "query",
            "required": False,
            "description": f"For the whole of a list, in an order of its own: begin with `{START}`, then follow "
            "`meta.next` to the end. Every page costs the same; nothing is counted. Not with `page` or `ordering`.",
            "schema": {"type": "string", "pattern": rf"^(\{START}|{PLACE})$"},
        }
        page, page_size = super().get_schema_operation_parameters(view)
        page["schema"]["minimum"] = 1
        page_size["schema"] |= {"minimum": 1, "maximum": self.max_page_size}
        return [page, page_size, cursor]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["meta", "results"],
            "properties": {"meta": {"$ref": "#/components/schemas/Meta"}, "results": schema},
        }


def cursor_at(position: int) -> str:
    """A place in a list as an address has it: nothing to count with, and so none to be made up."""
    text = ""
    while position:
        position, digit = divmod(position, len(DIGITS))
        text = DIGITS[digit] + text
    return text


def position_of(cursor: str) -> int | None:
    """The place a cursor names, or None."""
    return int(cursor, len(DIGITS)) if re.fullmatch(PLACE, cursor) else None
