"""What lists and their drawings write so often that a template for each would be most of what they cost."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.defaultfilters import pluralize
from django.utils.html import format_html
from django.utils.safestring import SafeString

from missions.drawings.density import Drawn
from missions.drawings.measuring import Mark
from missions.drawings.mission_lanes import Year
from missions.facts import Fact

register = template.Library()


@register.filter
def years(mission: Any) -> str:
    """The years of a mission: "1999–2008", "since 1999" while it runs."""
    if not mission.start:
        return f"–{mission.end.year}" if mission.end else ""
    first = mission.start.year
    if not mission.end:
        return f"since {first}" if mission.status == "running" else f"{first}"
    return f"{first}" if mission.end.year == first else f"{first}–{mission.end.year}"


@register.simple_tag
def density_bars(drawn: Drawn) -> SafeString:
    """The bars of the drawing of events by year, each leading to its year. Numbers alone: nothing is to be escaped."""
    return SafeString(
        "".join(
            f'<a href="?year={bar.year}" tabindex="-1"><title>{bar.year}: {bar.number} event{pluralize(bar.number)}</title>'
            f'<rect class="drawing-reach" x="{bar.x}" y="0" width="{bar.width}" height="{drawn.height}"/>'
            f'<rect class="drawing-density" x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"/></a>\n'
            for bar in drawn.bars
        )
    )


@register.simple_tag
def lane_marks(years: list[Year]) -> SafeString:
    """The lines of the years behind each lane; numbers alone."""
    line = '<line class="drawing-mark" x1="{0}%" x2="{0}%" y1="0" y2="100%"/>'
    return SafeString("".join(line.format(year.at) for year in years))


@register.simple_tag
def drawn_mark(mark: Mark) -> SafeString:
    """A figure in a drawing; numbers and its kind alone."""
    if box := mark.box:
        x, y, width, height = box
        return SafeString(f'<rect class="drawing-{mark.kind}" x="{x}" y="{y}" width="{width}" height="{height}"/>')
    return SafeString(f'<circle class="drawing-{mark.kind}" cx="{mark.x}" cy="{mark.y}" r="3.2"/>')


@register.simple_tag
def count(fact: Fact, address: str) -> SafeString:
    """The values of a fact, which lead to its page with the sources."""
    basis = fact.figures[0].basis
    return format_html(
        '<a href="{}">{}</a>{}{}',
        address,
        "; ".join(value.in_words for value in fact.values),
        format_html(' <span class="mark">{}</span>', basis.name.lower()) if basis else "",
        SafeString(' <span class="mark">· sources disagree</span>') if fact.sources_differ else "",
    )
