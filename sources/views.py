from typing import Any

from django.http import Http404


def source_list(request: Any, **kwargs: Any) -> Any:
    raise Http404


def source_detail(request: Any, **kwargs: Any) -> Any:
    raise Http404


def source_export(request: Any, **kwargs: Any) -> Any:
    raise Http404
