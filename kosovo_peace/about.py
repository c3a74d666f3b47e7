"""The pages about the site. Most are text alone; three say what is counted or found afresh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editorial.models import Edition
from editorial.models.corrections import DUE_DAYS, DUE_DAYS_PERSONS
from editorial.workflow.publication import FOUNDING_RECORD
from kosovo_peace.quality import quality
from missions.citing_pages import citing_edition
from missions.dataset import LICENCE

# The last part of their addresses; /about/ itself is one more.
PAGES = (
    "editors", "method", "founding", "wording", "corrections", "quality", "licence", "accessibility", "privacy",
)  # fmt: skip


@dataclass(frozen=True)
class NamedEditor:
    """Somebody whom public editions name, and in how many of them."""

    name: str
    wrote: int
    checked: int


def editors() -> dict[str, Any]:
    """Who is named as author or checker of public editions, by name. Three queries."""
    public = Edition.objects.public().order_by()
    wrote: Counter[str] = Counter()
    by_authors = public.exclude(written_by__in=["", FOUNDING_RECORD]).values_list("written_by")
    for names, count in by_authors.annotate(Count("pk")):
        wrote.update(dict.fromkeys(names.split(", "), count))
    checked = Counter(dict(public.exclude(checked_by="").values_list("checked_by").annotate(Count("pk"))))
    return {
        "editors": [NamedEditor(name, wrote[name], checked[name]) for name in sorted({*wrote, *checked})],
        "founding": public.filter(written_by=FOUNDING_RECORD).count(),
    }


def licence() -> dict[str, Any]:
    """The licence, and how the edition published last is cited, as an example. One query."""
    latest = Edition.objects.published().light().select_related("record").order_by("-published_at", "-pk").first()
    return {"licence": LICENCE, "example": citing_edition(latest) if latest else None}


COUNTED: dict[str, Callable[[], dict[str, Any]]] = {"editors": editors, "licence": licence, "quality": quality}


@require_safe
def about(request: HttpRequest, page: str) -> HttpResponse:
    """A page about the site by its name."""
    context: dict[str, Any] = {
        "canonical": request.path,
        "noindex": bool(request.GET),
        "due_days": DUE_DAYS,
        "due_days_persons": DUE_DAYS_PERSONS,
        "kept_days": settings.REPORTERS_ERASED_AFTER_DAYS,
        "mails_a_day": settings.MAILS_PER_DAY,
    }
    if page in COUNTED:
        context |= COUNTED[page]()
    return render(request, f"about/{page}.html", context)
