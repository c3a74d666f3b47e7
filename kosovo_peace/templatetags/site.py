"""Tags and filters every template has without loading them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Model
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from editorial.paths import path_to
from missions import synthetic
from sources.dates import PartialDate

register = template.Library()

REMEMBERED = 200  # entries of each kind, about a kilobyte each
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


class OnceNode(template.Node):
    """What stands between `once` and `endonce`; a template is compiled once in a process, and so is this written once."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.written: SafeString | None = None

    def render(self, context: template.Context) -> SafeString:
        if self.written is None:
            self.written = self.nodelist.render(context.new())
        return self.written


@register.tag
def once(parser: template.base.Parser, token: template.base.Token) -> OnceNode:
    """For what all pages have alike, such as dozens of addresses in the frame. Nothing of the page is known in it."""
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist)


class OnceForNode(template.Node):
    """What stands between `oncefor` and `endoncefor`: written once for each value, and remembered for many."""

    def __init__(self, nodelist: template.NodeList, names: list[str]) -> None:
        self.nodelist = nodelist
        self.names = names
        self.written: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        """Raises TypeError for a value that is not equal to another by what it holds, such as a record."""
        values = tuple(context[name] for name in self.names)
        if any(isinstance(value, Model) for value in values):
            raise TypeError("A record equals itself whatever it holds: give `oncefor` a plain value of what is shown.")
        written = self.written.get(values)
        if written is None:
            written = self.nodelist.render(context.new(dict(zip(self.names, values, strict=True))))
            if len(self.written) >= REMEMBERED:
                self.written.clear()
            self.written[values] = written
        return written


@register.tag
def oncefor(parser: template.base.Parser, token: template.base.Token) -> OnceForNode:
    """For entries that many answers show alike: `{% oncefor event %}`. Nothing but the values it names is known in it."""
    names = token.split_contents()[1:]
    if not names:
        raise template.TemplateSyntaxError("`oncefor` needs the names of the values it is written for.")
    nodelist = parser.parse(("endoncefor",))
    parser.delete_first_token()
    return OnceForNode(nodelist, names)


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
def sections(context: template.Context) -> tuple[tuple[str, str, str], ...]:
    """The main navigation: address, label, and of each `page` on the section itself, `true` below it, else nothing."""
    request = context.get("request")
    here = request.path if request else ""
    entries = [(path_to(name), label) for label, name in SECTIONS]
    within = max((address for address, _ in entries if here.startswith(address)), key=len, default="")
    current = "page" if here == within else "true"
    return tuple((address, label, current if address == within else "") for address, label in entries)


@register.filter(expects_localtime=True)
def written(date: Any) -> SafeString | str:
    """A partial date or a date in words, "12 June 1999", inside `<time>`; nothing for an empty one."""
    if not date:
        return ""
    if isinstance(date, str):
        return _partial_date(date)
    return format_html('<time datetime="{}">{}</time>', f"{date:%Y-%m-%d}", f"{date.day} {date:%B %Y}")


@lru_cache(maxsize=4096)
def _partial_date(text: str) -> SafeString:
    partial = PartialDate(text)
    return format_html('<time datetime="{}">{}</time>', str(partial), partial.written_out)


@register.simple_tag
def stretch(start: PartialDate | str, end: PartialDate | str) -> SafeString:
    """A stretch of time in words, its dates inside `<time>`; either may be missing."""
    first, last = written(start), written(end)
    if first and last:
        return SafeString(first if first == last else f"{first} to {last}")
    if first or last:
        return SafeString(f"from {first}" if first else f"until {last}")
    return SafeString('<span class="mark">no dates found</span>')


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
