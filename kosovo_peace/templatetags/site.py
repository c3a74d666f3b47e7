"""Tags and filters every template has without loading them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from missions import synthetic
from sources.dates import PartialDate

register = template.Library()

DIVIDER = SafeString('<span class="divider"> · </span>')

SECTIONS = [
    ("Missions", "mission-list"),
    ("Events", "event-list"),
    ("Articles", "article-list"),
    ("Organisations", "organisation-list"),
    ("Sources", "source-list"),
    ("Disagreements", "disagreement-list"),
    ("Changes", "changes"),
    ("Method", "about-method"),
    ("About", "about"),
]


@register.simple_tag
def site_name() -> str:
    return settings.SITE_NAME


@register.inclusion_tag("components/_demonstration.html")
def demonstration() -> dict[str, Any]:
    """The banner of a demonstration or of a synthetic record; nothing elsewhere."""
    return {"is_shown": settings.DEMO, "is_synthetic": synthetic.is_synthetic()}


@register.simple_tag
def absolute(path: str) -> str:
    """The address of a page of this site with scheme and host, as others would quote it."""
    return f"{settings.SITE_URL}{path}"


@register.simple_tag(takes_context=True)
def sections(context: template.Context) -> list[dict[str, Any]]:
    """The main navigation: label, address, and `current`: `page` on the section, `true` below it."""
    request = context.get("request")
    here = request.path if request else ""
    entries = [{"label": label, "address": reverse(name)} for label, name in SECTIONS]
    within = max(
        (entry["address"] for entry in entries if here.startswith(entry["address"])),
        key=len,
        default="",
    )
    for entry in entries:
        if entry["address"] == within:
            entry["current"] = "page" if here == within else "true"
    return entries


@register.filter(expects_localtime=True)
def written(date: Any) -> SafeString | str:
    """A partial date or a date in words, "12 June 1999", inside `<time>`; nothing for an empty one."""
    if not date:
        return ""
    if isinstance(date, str):
        partial = PartialDate(date)
        return format_html('<time datetime="{}">{}</time>', str(partial), partial.written_out)
    return format_html('<time datetime="{}">{}</time>', f"{date:%Y-%m-%d}", f"{date.day} {date:%B %Y}")


@register.filter
def number(value: Any) -> str:
    """A number with its thousands set off, "50,000", and no digits it does not need."""
    if value is None or value == "":
        return ""
    text = format(Decimal(value), ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.simple_tag
def names(thing: Any) -> SafeString:
    """The known forms of its name besides the English one, each marked with its language.

    `data-tongue` is for readers who choose which of them to see; the divider goes with the form before it.
    """
    forms = thing.other_forms
    return format_html_join(
        "",
        '<span data-tongue="{}"><span lang="{}" title="{}">{}</span>{}</span>',
        [
            (tag, tag, language, form, DIVIDER if number < len(forms) else "")
            for number, (tag, language, form) in enumerate(forms, 1)
        ],
    )


@register.filter
def spoken(name: str) -> str:
    """The name of a field or a kind of rows as words: `mission_kind` becomes "Mission kind"."""
    return name.replace("_", " ").capitalize()


@register.simple_tag
def style_sheet(name: str) -> SafeString:
    """The link to a style sheet, or nothing where its address cannot be made: for the page that says what went wrong."""
    try:
        return format_html('<link rel="stylesheet" href="{}">', static(name))
    except ValueError:
        return SafeString("")
