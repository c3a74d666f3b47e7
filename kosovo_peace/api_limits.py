"""How often one reader may have answers of the API made (docs/decisions/0015)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kosovo_peace.reading_limits import seconds_to_wait

WHOLE_LIST = 30  # answers that a list as a file counts for: about as much work as so many pages


class ReadingThrottle(BaseThrottle):
    """Refuses an answer that would have to be made for an address that had its share."""

    seconds = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        limit = settings.API_READS_PER_MINUTE
        if not limit or request.method not in SAFE_METHODS:
            return True
        cost = WHOLE_LIST if hasattr(request.accepted_renderer, "whole_list") else 1
        self.seconds = seconds_to_wait("answers", request._request, limit=limit, cost=cost)
        return self.seconds <= 0

    def wait(self) -> float:
        """After how many seconds to ask again."""
        return self.seconds
