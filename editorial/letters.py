"""One name, many spellings: scripts, accents and pairs of letters, for all that searches.

“Gjakove” is “Gjakovë”; “Dakovica” and “Djakovica” are “Đakovica” and “Ђаковица”. `folded` gives the one
form in which words are compared; `pattern` is for databases that have only the text as it was typed.
"""

from __future__ import annotations

import re
import unicodedata

CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "đ", "е": "e", "ж": "ž", "з": "z", "и": "i",
    "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "ћ": "ć", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "č", "џ": "dž", "ш": "š",
}  # fmt: skip
ALIKE = {
    "a": "aáàâäãå", "c": "cçčć", "d": "dđ", "e": "eëéèê", "i": "iíìîı", "l": "lł", "n": "nñ",
    "o": "oóòôöõø", "s": "sš", "u": "uúùûü", "y": "yý", "z": "zž",
}  # fmt: skip
# Two Latin letters that are one: as they stand, and in their other forms.
TWO_LETTERS = {
    "lj": "[љЉ]", "nj": "[њЊ]", "dz": "[џЏ]", "dj": "[đĐђЂ]", "ae": "[æÆ]", "oe": "[œŒ]", "ss": "[ßẞ]",
}  # fmt: skip
# Latin letters that are no plain letter with an accent.
OTHERS = {"đ": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"}


def plain(text: str) -> str:
    """In small Latin letters without accents."""
    latin = "".join(CYRILLIC.get(letter, letter) for letter in text.lower())
    bare = unicodedata.normalize("NFKD", latin)
    return "".join(OTHERS.get(letter, letter) for letter in bare if not unicodedata.combining(letter))


def folded(word: str) -> str:
    """The same for all spellings of a word, also for `dj`, which is how many type đ; letters and digits only."""
    if word.isascii() and word.isalnum():
        return word.lower().replace("dj", "d")
    return "".join(letter for letter in plain(word) if letter.isalnum()).replace("dj", "d")


def _all_forms() -> dict[str, str]:
    forms = {letter: ALIKE.get(letter, letter) for letter in "abcdefghijklmnopqrstuvwxyz"}
    for cyrillic, latin in CYRILLIC.items():
        if len(latin) == 1:
            forms[plain(latin)] += cyrillic
    return forms


FORMS = _all_forms()


def _letter(letter: str, *, as_json: bool) -> str:
    forms = FORMS.get(letter, "")
    if not forms:
        return re.escape(letter)
    both = "".join(dict.fromkeys(forms + forms.upper()))
    pattern = f"[{both}]"
    if as_json:  # SQLite keeps JSON with letters beyond ASCII as \u00eb
        return "(?:" + "|".join([pattern, *[rf"\\u{ord(one):04x}" for one in both if not one.isascii()]]) + ")"
    return pattern


def pattern(word: str, *, as_json: bool = False) -> str:
    """A regular expression, for `iregex` on both databases, of all the ways to spell a word.

    In JSON it stands in a value, not in the name of one.
    """

    def spelled(part: str) -> str:
        return "".join(_letter(letter, as_json=as_json) for letter in part)

    parts = re.split(f"({'|'.join(TWO_LETTERS)})", plain(word))
    return ('": *"[^"]*' if as_json else "") + "".join(
        f"(?:{spelled(part)}|{TWO_LETTERS[part]})" if part in TWO_LETTERS else spelled(part) for part in parts
    )
