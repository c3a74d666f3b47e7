from typing import Any

from django.http import Http404


def correction_list(request: Any, **kwargs: Any) -> Any:
    raise Http404


def correction_detail(request: Any, **kwargs: Any) -> Any:
    raise Http404


def correction_new(request: Any, **kwargs: Any) -> Any:
    raise Http404


def correction_mine(request: Any, **kwargs: Any) -> Any:
    raise Http404


def changes(request: Any, **kwargs: Any) -> Any:
    raise Http404
