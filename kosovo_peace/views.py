from typing import Any

from django.http import Http404


def home(request: Any, **kwargs: Any) -> Any:
    raise Http404


def about(request: Any, **kwargs: Any) -> Any:
    raise Http404


def livez(request: Any, **kwargs: Any) -> Any:
    raise Http404


def healthz(request: Any, **kwargs: Any) -> Any:
    raise Http404


def robots(request: Any, **kwargs: Any) -> Any:
    raise Http404


def favicon(request: Any, **kwargs: Any) -> Any:
    raise Http404
