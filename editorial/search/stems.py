"""English stems by Porter's rules (An algorithm for suffix stripping, Program 14, 1980), with his later one for -y.

Ours and not the databases', so that both find the same and what was found can be marked in the text.
"""

from __future__ import annotations

import re

# Step 2 and step 3: where something is left before it, an ending is exchanged.
LONG_ENDINGS = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
}  # fmt: skip
SHORT_ENDINGS = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
# Step 4: where more is left, it is dropped.
LAST_ENDINGS = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "sion", "tion", "ou", "ism",
    "ate", "iti", "ous", "ive", "ize",
)  # fmt: skip


def stem(word: str) -> str:
    """The stem of a word in small letters; what is no English word is left much as it is."""
    if len(word) <= 2 or not (word.isascii() and word.isalpha()):
        return word
    word = _plural(word)
    word = _past_and_ing(word)
    if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    word = _exchanged(_exchanged(word, LONG_ENDINGS), SHORT_ENDINGS)
    word = _dropped(word)
    return _tidied(word)


def _form(word: str) -> str:
    """A `v` for each vowel and a `c` for each consonant; y is a vowel after a consonant."""
    form = ""
    for letter in word:
        form += "v" if letter in "aeiou" or (letter == "y" and form.endswith("c")) else "c"
    return form


def _measure(word: str) -> int:
    return len(re.findall("v+c+", _form(word)))


def _has_vowel(word: str) -> bool:
    return "v" in _form(word)


def _ends_short(word: str) -> bool:
    """Whether it ends like "hop": consonant, vowel, consonant, the last not w, x or y."""
    return _form(word).endswith("cvc") and word[-1] not in "wxy"


def _ends_double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _form(word).endswith("c")


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past_and_ing(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        left = word.removesuffix(ending)
        if left != word and _has_vowel(left):
            if left.endswith(("at", "bl", "iz")) or (_measure(left) == 1 and _ends_short(left)):
                return left + "e"
            return left[:-1] if _ends_double(left) and left[-1] not in "lsz" else left
    return word


def _exchanged(word: str, endings: dict[str, str]) -> str:
    for ending, other in endings.items():
        if word.endswith(ending):
            left = word[: -len(ending)]
            return left + other if _measure(left) > 0 else word
    return word


def _dropped(word: str) -> str:
    for ending in sorted(LAST_ENDINGS, key=len, reverse=True):
        if word.endswith(ending):
            left = word[: -len(ending)] + (ending[0] if ending in ("sion", "tion") else "")
            return left if _measure(left) > 1 else word
    return word


def _tidied(word: str) -> str:
    if word.endswith("e"):
        measure = _measure(word[:-1])
        if measure > 1 or (measure == 1 and not _ends_short(word[:-1])):
            word = word[:-1]
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word
