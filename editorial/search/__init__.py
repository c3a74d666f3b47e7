"""The search over all that is public: one front, and a full-text index in either database.

`ask` answers a question as it was typed, `show` shows a page of the answer; `index` follows what is
public. Words are brought to one spelling and one stem here, when they are indexed and when they are
asked for, and the databases get nothing but those: so both find the same.
"""

from editorial.search.answers import MOST, YEARS_TOGETHER, Answer, Facets, Shown, ask, show
from editorial.search.columns import Narrowed
from editorial.search.question import LONGEST
from editorial.search.snippets import Snippet

__all__ = [
    "LONGEST",
    "MOST",
    "YEARS_TOGETHER",
    "Answer",
    "Facets",
    "Narrowed",
    "Shown",
    "Snippet",
    "ask",
    "show",
]
