"""Text for lists: standfirsts without their notes, sources written out; and links to report a mistake in a note."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString

from editorial.models import Edition
from editorial.templatetags.reporting import report_link
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

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*{1,2}|(?<!\w)_|_(?!\w))")


@register.filter
def plain_words(text: str) -> str:
    """A standfirst as plain text: `It *came*.[^a]` becomes "It came." """
    return " ".join(_EMPHASIS.sub("", _LINK.sub(r"\1", GROUP.sub("", text))).split())


@register.filter
def language_name(code: str) -> str:
    """The English name of a language; its code where the name is not known here."""
    return LANGUAGES.get(code, code)


@register.filter
def written_out(source: Source) -> SafeString:
    """A source as notes give it in full."""
    return citing.html(source)


@register.simple_tag
def report_note(edition: Edition, note: WrittenNote, row: Evidence, number: int) -> SafeString:
    """The link to report a mistake in a note, or in the source with this number of several in it."""
    name = f"note {note.number}, source {number}" if len(note.parts) > 1 else f"note {note.number}"
    # Evidence of its own have figures, besides the citations.
    return report_link(edition, name, **{"citation" if isinstance(row, Citation) else "figure": row.key})
