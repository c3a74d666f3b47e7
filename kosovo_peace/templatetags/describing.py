"""The head of a page: what it says of itself to programs."""

from __future__ import annotations

from typing import Any

from django import template

from kosovo_peace.describing_site import describe_page

register = template.Library()


@register.inclusion_tag("components/_description.html", takes_context=True)
def page_description(context: template.Context) -> dict[str, Any]:
    """The view's own `description`, or else that of the address, where nothing particular stands."""
    match = getattr(context.get("request"), "resolver_match", None)
    own = context.get("description")
    return {
        "description": own or (describe_page(match.view_name) if match else None),
        "canonical": context.get("canonical"),
    }
