"""Links with which people outside read the text of an open edition, without logging in.

A link is signed, holds for some days, and shows the text as it is saved when it is opened. It dies as
soon as the state of the edition moves: what was sent to an expert as a draft does not follow the text
into review, and nothing stands at it once the text is public.
"""

from __future__ import annotations

import datetime

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from editorial.models import Edition, Editor
from editorial.workflow import WorkflowError, require_permission

SALT = "editorial.previews"
DAYS = (1, 7, 30)
LONGEST = 300  # characters of a token


class NoSuchPreview(Exception):
    """There never was such a link."""


class PreviewOver(Exception):
    """The link was good once: its time is over, or the edition has moved on."""


def share(edition: Edition, *, by: Editor, days: int) -> tuple[str, datetime.datetime]:
    """(address, until when) of a new link to an open edition. Raises WorkflowError."""
    edition = Edition.objects.light().get(pk=edition.pk)
    require_permission(by, "write_edition")
    if not edition.is_open:
        raise WorkflowError(f"This edition is {edition.get_state_display()}: only an open one is shown by a link.")
    if days not in DAYS:
        raise WorkflowError("Choose for how long the link is to work.")
    until = timezone.now() + datetime.timedelta(days=days)
    token = signing.dumps([edition.pk, _last_move(edition), int(until.timestamp())], salt=SALT)
    return reverse("preview", args=[token]), until


def shared(token: str) -> tuple[Edition, datetime.datetime]:
    """(edition, until when) of a link that is good. Raises NoSuchPreview or PreviewOver."""
    if len(token) > LONGEST:
        raise NoSuchPreview
    try:
        number, last_move, timestamp = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise NoSuchPreview from None
    until = datetime.datetime.fromtimestamp(timestamp, tz=datetime.UTC)
    edition = Edition.objects.light().select_related("record").filter(pk=number).first()
    if edition is None or until <= timezone.now() or not edition.is_open or _last_move(edition) != last_move:
        raise PreviewOver
    return edition, until


def _last_move(edition: Edition) -> int:
    """What changes with every change of state: the id of its last line in the log."""
    return edition.transitions.order_by("-pk").values_list("pk", flat=True).first() or 0
