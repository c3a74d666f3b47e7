"""Tags of the record pages: notes at facts, countries, links to facts, links to report a mistake."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from editorial.models import Correction, Row
from editorial.templatetags.reporting import report_link
from missions.countries import country_name
from missions.facts import Fact, Value
from missions.models import Figure, Illustration
from missions.pages import fact_address
from sources.models import Evidence
from sources.templatetags.words import language_name

register = template.Library()

OTHER_NAME = re.compile(r"(.+?) \(([a-z]{2,3}(?:-[A-Z][a-z]+)?)(?:, ([^()]+))?\)")
MIDDLE = 960  # pixels of the copy for browsers that choose none
SIZES = "(min-width: 50rem) 46rem, 92vw"  # how wide a picture stands on the page
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


@register.simple_tag(takes_context=True)
def picture(context: template.Context, row: Illustration) -> SafeString:
    """An uploaded picture in the sizes there are, leading to the largest.

    `pictures_at` in the context names the address for those who may see it before it is public, and what else that
    address takes.
    """
    kept = row.as_picture
    if kept is None:
        return SafeString("")
    name, *more = context.get("pictures_at") or ("picture",)
    addresses = [(reverse(name, args=[*more, file]), file.width) for file in kept.files]
    middle = next((address for address, width in addresses if width >= MIDDLE), addresses[-1][0])
    return format_html(
        '<a href="{}"><img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" loading="lazy"'
        ' decoding="async"></a>',
        addresses[-1][0],
        middle,
        ", ".join(f"{address} {width}w" for address, width in addresses),
        SIZES,
        kept.width,
        kept.height,
        row.alt_text,
    )


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


@register.simple_tag(takes_context=True)
def report_figure(context: template.Context, figure: Figure, *beside: Any, fact: str = "") -> SafeString:
    """The link to report a mistake in a figure of the edition in hand, or in the `fact` that stands for its figures.

    It is called after what is counted, of whom and when: "UNMIK police, 24 May 2000". What tells the figure from
    others that stand `beside` it, such as its number, comes after that.
    """
    edition, measure = context["edition"], figure.measure.name
    if not measure[:2].isupper():  # UN volunteers
        measure = measure[:1].lower() + measure[1:]
    when = figure.as_of.written_out if figure.as_of else ""
    whose = getattr(edition, "acronym", "") or edition.title
    about = [
        f"{whose} {measure}",
        figure.group or figure.counted_whom,
        country_name(figure.country),
        when,
        *map(str, beside),
    ]
    return report_link(edition, ", ".join(part for part in about if part), figure=fact or figure.key)


@register.simple_tag(takes_context=True)
def correcting(context: template.Context, *named: str | list[Figure]) -> SafeString:
    """“We are correcting this (report 41)”, where a report found right names one of these facts or figures.

    `correcting` in the context is the BeingCorrected of the page; without it nothing is told.
    """
    being_corrected = context.get("correcting")
    if not being_corrected or not being_corrected.reports:
        return SafeString("")
    names = [name for some in named for name in ([some] if isinstance(some, str) else [one.key for one in some])]
    return _links_to_reports(being_corrected.of_figure(*names))


@register.simple_tag(takes_context=True)
def correcting_note(context: template.Context, row: Evidence) -> SafeString:
    """The same at a piece of evidence in the notes: a citation, or a figure of the infobox."""
    being_corrected = context.get("correcting")
    if not being_corrected or not being_corrected.reports:
        return SafeString("")
    if isinstance(row, Figure):
        return _links_to_reports(being_corrected.of_figure(row.key, row.fact))
    return _links_to_reports(being_corrected.of_citation(row.key))


def _links_to_reports(reports: list[Correction]) -> SafeString:
    return format_html_join(
        "",
        ' <a class="correcting" href="{}">We are correcting this (report {})</a>',
        [(report.get_absolute_url(), report.number) for report in reports],
    )


@register.simple_tag(takes_context=True)
def report_value(context: template.Context, fact: Fact, value: Value, figure: Figure | None = None) -> SafeString:
    """The same for a value of a fact: its figure, or the fact where several give it, or one figure of these."""
    beside: list[Any] = [value.in_words, value.basis or ""] if len(fact.values) > 1 else []
    several = len(value.figures) > 1
    if figure is not None and several:
        beside.append(f"source {value.figures.index(figure) + 1}")
    slug = fact.slug if several and figure is None else ""
    return report_figure(context, figure or value.figures[0], *beside, fact=slug)


@register.filter
def lookup(mapping: dict[Any, Any], key: Any) -> Any:
    """The entry of a mapping, or nothing."""
    return mapping.get(key)
