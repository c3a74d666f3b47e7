"""Text for lists: standfirsts without their notes, and sources written out."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString

from sources import citing
from sources.markers import GROUP
from sources.models import Source

register = template.Library()

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*{1,2}|(?<!\w)_|_(?!\w))")


@register.filter
def plain_words(text: str) -> str:
    """A standfirst as plain text: `It *came*.[^a]` becomes "It came." """
    return " ".join(_EMPHASIS.sub("", _LINK.sub(r"\1", GROUP.sub("", text))).split())


@register.filter
def written_out(source: Source) -> SafeString:
    """A source as notes give it in full."""
    return citing.html(source)
