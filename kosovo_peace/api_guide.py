"""The guide to the API, docs/api.md, as a page of the site: its examples have the site's own address."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from sources.markdown import Heading, Page, to_html
from sources.notes import Notebook

TEXT = settings.BASE_DIR / "docs" / "api.md"
EXAMPLE = "http://127.0.0.1:8000"  # the site in the text
FENCE = re.compile(r"^```(\w+)$", re.MULTILINE)
LABELS = {"sh": "curl", "python": "Python", "r": "R", "json": "prints", "csv": "prints", "text": "prints"}


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What the API is, what is promised of it, and ten questions it answers."""
    html, contents = _guide(settings.SITE_URL)
    return render(
        request,
        "api_guide.html",
        {"guide": html, "contents": contents, "canonical": reverse("api-guide"), "noindex": bool(request.GET)},
    )


@cache
def _guide(site: str) -> tuple[SafeString, list[Heading]]:
    """The text and its headings; the template has the title."""
    _title, _, text = TEXT.read_text(encoding="utf-8").partition("\n")
    text = FENCE.sub(lambda fence: f"*{LABELS[fence[1]]}*\n\n{fence[0]}", text.replace(EXAMPLE, site))
    page = Page(Notebook(()))
    html = to_html(text, page, prefix="guide")
    return html, page.contents
