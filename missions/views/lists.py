from typing import Any

from django.http import Http404


def definitions(request: Any, **kwargs: Any) -> Any:
    raise Http404


def disagreement_list(request: Any, **kwargs: Any) -> Any:
    raise Http404


def organisation_detail(request: Any, **kwargs: Any) -> Any:
    raise Http404


def organisation_list(request: Any, **kwargs: Any) -> Any:
    raise Http404


def record_list(request: Any, **kwargs: Any) -> Any:
    raise Http404
