"""The readers' form and the links that lead to it, for the pages of what they can report on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from editorial.forms import CorrectionForm
from editorial.models import Edition

register = template.Library()


@register.inclusion_tag("editorial/_correction_form.html")
def correction_form(
    *, record: str = "", subject: str = "", edition: int | None = None, figure: str = "", page: str = "page"
) -> dict[str, Any]:
    """The form at the foot of a page, about a record (`mission/kfor`) or a subject (an address).

    `edition` is the number of the edition shown, `figure` the key of a fact; `page` says what readers see
    the page as: an article or a page.
    """
    initial = {"record": record, "subject": subject, "edition": edition or "", "figure": figure}
    return {"form": CorrectionForm(initial=initial), "page": page}


@register.simple_tag
def report_address(edition: Edition, **about: str) -> str:
    """Where a mistake in a public edition is reported, filled in with `figure` or `citation`, a key."""
    query = {"record": edition.record.frozen_key, "edition": edition.number, **about}
    return f"{reverse('correction-new')}?{urlencode(query, safe='/')}"


def report_link(edition: Edition, name: str, **about: str) -> SafeString:
    """A quiet link to report a mistake, with a name of its own; nothing in an edition that is not public."""
    if edition.number is None:
        return SafeString("")
    return format_html(
        ' <a class="report" rel="nofollow" href="{}" aria-label="Report a mistake: {}">Report a mistake</a>',
        report_address(edition, **about),
        name,
    )
