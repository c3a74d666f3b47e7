"""Text for lists: standfirsts without their notes, sources written out; and the parts of notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from sources import citing
from sources.markers import GROUP
from sources.models import Citation, Evidence, Source
from sources.notes import WrittenNote

register = template.Library()

LANGUAGES = {
    "bg": "Bulgarian", "bs": "Bosnian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fi": "Finnish", "fr": "French", "hr": "Croatian", "hu": "Hungarian",
    "it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sq": "Albanian", "sr": "Serbian", "sr-Cyrl": "Serbian", "sr-Latn": "Serbian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian",
}  # fmt: skip

NO_PLACE = SafeString('<span class="missing">no place in the source given</span>')

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*{1,2}|(?<!\w)_|_(?!\w))")


@register.filter
def plain_words(text: str) -> str:
    """A standfirst as plain text: `It *came*.[^a]` becomes "It came." """
    if "[" in text:
        text = _LINK.sub(r"\1", GROUP.sub("", text))
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub("", text)
    return " ".join(text.split())


@register.filter
def language_name(code: str) -> str:
    """The English name of a language; its code where the name is not known here."""
    return LANGUAGES.get(code, code)


@register.filter
def written_out(source: Source) -> SafeString:
    """A source as notes give it in full."""
    return citing.html(source)


@register.simple_tag
def note_part(note: WrittenNote, index: int) -> SafeString:
    """One source of a note: what it is, the place in it, its words, whether it was compared, and at its first mention
    its standing, stake and addresses. In Python, as a page has hundreds.
    """
    row, written = note.parts[index]
    source = row.source
    said = [
        format_html(
            '<p><a href="{}">{}</a>, {}{}</p>',
            source.get_absolute_url(),
            written,
            row.locator or NO_PLACE,
            "." if index + 1 == len(note.parts) else ";",
        )
    ]
    if row.quote:
        said.append(format_html('<p class="quote"><q{}>{}</q></p>', _lang(source.language), row.quote))
    said.append(format_html('<p class="evidence">{}</p>', _together(_how_sure(row))))
    if source.key in note.first:
        said.append(format_html('<p class="about-source">{}</p>', _together(_about(source))))
    if cited_then := getattr(row, "cited_then", ""):
        said.append(format_html('<p class="note-remark">Cited then as: {}</p>', cited_then))
    if row.note:
        said.append(format_html('<p class="note-remark">{}</p>', row.note))
    return _together(said)


def _together(parts: Iterable[SafeString]) -> SafeString:
    return SafeString(" ".join(parts))


def _lang(code: str) -> SafeString:
    return format_html(' lang="{}"', code) if code else SafeString("")


def _how_sure(row: Evidence) -> Iterator[SafeString]:
    """Whether its source is within reach, and whether an editor has compared it."""
    if row.source.status != Source.Status.AVAILABLE:
        yield format_html('<strong class="source-status">{}.</strong>', capfirst(row.source.get_status_display()))
    compared = "compared" if row.checked == Evidence.Checked.COMPARED else "not-compared"
    yield format_html('<span class="{}">{}.</span>', compared, capfirst(row.compared_in_words()))
    if accessed := getattr(row, "accessed", None):  # figures have none
        yield format_html("<span>Page read on {} {:%B %Y}.</span>", accessed.day, accessed)


def _about(source: Source) -> Iterator[SafeString]:
    """Its standing and stake, and where it is to be read."""
    kind = "" if source.standing == Source.Standing.NGO else " source"
    yield format_html('<span class="standing">{}{}.</span>', capfirst(source.get_standing_display()), kind)
    if source.stake:
        yield format_html(
            '<span class="stake">{}: {}</span>', capfirst(source.get_stake_display()), source.stake_reason
        )
    is_address = source.consulted_at.startswith("http")
    for address, what in (
        (source.url, "The publication’s own address"),
        (source.archived_url, "Archived copy"),
        (source.consulted_at if is_address else "", "The copy that was read"),
    ):
        if address:
            yield format_html('<a href="{}">{}</a>', address, what)
    if source.consulted_at and not is_address:
        yield format_html("<span>Read in: {}</span>", source.consulted_at)


@register.simple_tag
def reported_as(row: Evidence) -> SafeString:
    """By which key a mistake in a piece of evidence is reported, for notes.js: nothing where it is that of the source."""
    name = "citation" if isinstance(row, Citation) else "figure"  # evidence of its own have figures
    if name == "citation" and row.key == row.source.key:
        return SafeString("")
    return format_html(' data-{}="{}"', name, row.key)
