from typing import Any

from django.http import Http404


def fact_citation(request: Any, **kwargs: Any) -> Any:
    raise Http404


def record_citation(request: Any, **kwargs: Any) -> Any:
    raise Http404


def record_detail(request: Any, **kwargs: Any) -> Any:
    raise Http404


def record_fact(request: Any, **kwargs: Any) -> Any:
    raise Http404


def record_figures(request: Any, **kwargs: Any) -> Any:
    raise Http404
