"""Tags of the record pages: notes at facts, countries, links to facts, links to report a mistake."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from editorial.models import Correction, Row
from editorial.templatetags.reporting import report_link
from missions.countries import country_name
from missions.drawings.contributions import Pair
from missions.facts import Value
from missions.models import Figure, Illustration
from missions.pages import fact_address
from sources.dates import PartialDate, span_in_words
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


@register.simple_tag
def span(start: PartialDate | str, end: PartialDate | str) -> str:
    """From when to when, in words."""
    return span_in_words(start, end)


@register.simple_tag(takes_context=True)
def fact_link(context: template.Context, slug: str) -> str:
    """The address of a fact of the record in hand."""
    return fact_address(context["record"], slug)


@register.simple_tag(takes_context=True)
def report_figure(context: template.Context, figure: Figure, *beside: Any) -> SafeString:
    """The link to report a mistake in a figure of the edition in hand.

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
    return report_link(edition, ", ".join(part for part in about if part), figure=figure.key)


@register.simple_tag
def remarks(figure: Figure) -> SafeString:
    """What must be said with a figure: planned or deployed, who counted whom, the date's doubt."""
    basis = figure.basis.name if figure.basis and figure.basis.key != "reported" else ""
    first = ": ".join(filter(None, [basis, figure.basis_note]))
    more = [f"counted by {figure.counted_by}"] if figure.counted_by else []
    more += [f"counting {figure.counted_whom}"] if figure.counted_whom else []
    more += [figure.as_of_note] if figure.as_of_note else []
    if not (first or more):
        return SafeString("")
    said = first + "".join(f"; {words}" for words in more)
    return format_html('{}<span class="mark">{}</span>', " " if first else "", said)


@register.simple_tag
def according_to(value: Value, first_column: str) -> SafeString:
    """In a row of a table: the first source of a value, how many more give it, for when, and what must be said with it."""
    figure = value.figures[0]
    more = f" and {len(value.figures) - 1} more" if len(value.figures) > 1 else ""
    when = f"; {figure.as_of.written_out}" if figure.as_of and first_column != "date" else ""
    return format_html("{}{}{}{}", figure.source, more, when, remarks(figure))


@register.simple_tag
def drawn_pair(pair: Pair) -> SafeString:
    """A country in the drawing of what countries sent."""
    first, last = pair.ends
    circle = '<circle class="drawing-{}" cx="{}" r="3.2"/>'
    number = format_html('<text class="drawing-year drawing-over" x="{}" y="4" dx="7">{}</text>', last, pair.words)
    return format_html(
        '<g transform="translate(0 {})"><text class="drawing-text" x="0" y="4">{}</text>'
        '<path class="drawing-between" d="M{} 0H{}"/>{}{}{}</g>',
        pair.y,
        pair.name,
        first,
        last,
        format_html_join("", circle, (("rival", x) for x in pair.before)),
        format_html_join("", circle, (("counted", x) for x in pair.after)),
        number if pair.words else "",
    )


@register.simple_tag
def evidence(figure: Figure) -> SafeString:
    """Who gives a figure, for when, counted by whom and of whom, in which words, and whether that was compared."""
    source = figure.source
    who = [f"counted by {figure.counted_by}"] if figure.counted_by else []
    who += [f"counting {figure.counted_whom}"] if figure.counted_whom else []
    nobody = format_html('<span class="mark">; {}</span>', "who counted whom is not said")
    quote = format_html(
        '<p class="quote"><q{}>{}</q></p> ',
        format_html(' lang="{}"', source.language) if source.language else "",
        figure.quote,
    )
    return format_html(
        '<p>{}{}: <a href="{}">{}</a>{}{}{}</p> {}<p class="evidence">{}.</p>',
        figure.as_of.written_out if figure.as_of else "No date",
        f" ({figure.as_of_note})" if figure.as_of_note else "",
        source.get_absolute_url(),
        source,
        f", {figure.locator}" if figure.locator else "",
        "".join(f"; {words}" for words in who),
        nobody if figure.counts_people and not who else "",
        quote if figure.quote else "",
        capfirst(figure.compared_in_words()),
    )


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


@register.filter
def lookup(mapping: dict[Any, Any], key: Any) -> Any:
    """The entry of a mapping, or nothing."""
    return mapping.get(key)
