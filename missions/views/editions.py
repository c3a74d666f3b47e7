from typing import Any

from django.http import Http404


def edition_difference(request: Any, **kwargs: Any) -> Any:
    raise Http404


def edition_json(request: Any, **kwargs: Any) -> Any:
    raise Http404


def record_edition(request: Any, **kwargs: Any) -> Any:
    raise Http404


def record_editions(request: Any, **kwargs: Any) -> Any:
    raise Http404
