"""Text for lists: standfirsts without their notes, and sources written out."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString

from sources import citing
from sources.markers import GROUP
from sources.models import Source

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
