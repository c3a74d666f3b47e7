"""What the reader who left an address is told by mail: how the report stands, and where to read more.

The address is unverified: whoever typed it may not own it. So no letter repeats what was written in the
report, nor the name. The way to the private page is added when a letter is sent (`outbox`).
"""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from editorial.models import Correction, Edition

State = Correction.State

SUBJECTS = {
    State.NEW: "received",
    State.CONFIRMED: "confirmed",
    State.IN_WORK: "confirmed",
    State.NEEDS_INFORMATION: "we have a question",
    State.FIXED: "corrected",
    State.DECLINED: "declined",
    State.DUPLICATE: "the same as another report",
    State.CLOSED: "closed",
}


def written(correction: Correction) -> tuple[str, str]:
    """(subject, text) of the letter that says how a report stands now."""
    state = State(correction.state)
    original = correction.duplicate_of
    is_corrected_with = state == State.DUPLICATE and original is not None and original.state == State.FIXED
    subject = f"Report {correction.number}: {'corrected' if is_corrected_with else SUBJECTS[state]}"
    context = {
        "correction": correction,
        "original": original if state == State.DUPLICATE else None,
        "fixed": original if is_corrected_with else correction,
        "is_corrected": state == State.FIXED or is_corrected_with,
        "site": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
        "difference": _difference(original if is_corrected_with and original else correction),
    }
    return subject, render_to_string("editorial/mail/report.txt", context)


def _difference(correction: Correction) -> str:
    """Where the correction is shown beside what stood there before, if it was made in a later edition."""
    edition: Edition | None = correction.fixed_in
    if edition is None or not edition.number or edition.number < 2:
        return ""
    return reverse(f"{edition.record.kind}-difference", args=[edition.record.slug, edition.number - 1, edition.number])
