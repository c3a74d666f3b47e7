"""What the templates of the sources desk need."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from editorial.models import Edition

register = template.Library()


@register.filter
def edition_link(edition: Edition) -> SafeString | str:
    """An edition as a link to its page in the editors' site."""
    from editorial.admin.log import edition_link  # the admin is loaded after templates' tags may be

    return edition_link(edition)
