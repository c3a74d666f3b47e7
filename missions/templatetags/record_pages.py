"""Tags of the record pages: notes at facts, countries, links to facts."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from editorial.models import Row
from missions.countries import country_name
from missions.pages import fact_address
from sources.templatetags.words import language_name

register = template.Library()

OTHER_NAME = re.compile(r"(.+?) \(([a-z]{2,3}(?:-[A-Z][a-z]+)?)(?:, ([^()]+))?\)")
NO_SOURCE = mark_safe(' <span class="mark">(no source given)</span>')


@register.simple_tag(takes_context=True)
def note(context: template.Context, place: Any, index: int | None = None) -> SafeString:
    """The note link of a field (by name) or a row of the `page`, or a mark that it has no source.

    `index` is that of a position of a disagreement.
    """
    where = [place.plural, place.key] if isinstance(place, Row) else [place]
    if index is not None:
        where.append(index)
    return context["page"].rendered.ref(*where) or NO_SOURCE


@register.filter
def other_name(text: str) -> SafeString:
    """A further name as editors write it, "MINUK (fr, acronym)", marked with its language."""
    match = OTHER_NAME.fullmatch(text.strip())
    if not match:
        return conditional_escape(text)
    name, code, remark = match.groups()
    about = ", ".join(part for part in (language_name(code), remark) if part)
    return format_html('<span lang="{}">{}</span> <span class="mark">{}</span>', code, name, about)


@register.filter
def country(code: str) -> str:
    """The name of a country by its ISO code."""
    return country_name(code)


@register.simple_tag(takes_context=True)
def fact_link(context: template.Context, slug: str) -> str:
    """The address of a fact of the record in hand."""
    return fact_address(context["record"], slug)


@register.filter
def lookup(mapping: dict[Any, Any], key: Any) -> Any:
    """The entry of a mapping, or nothing."""
    return mapping.get(key)
