"""What every kind of record of this site minds besides its sources: its words."""

from __future__ import annotations

from editorial.claims import Caution
from missions import wording
from sources.models import CitedEdition

MOST_SHOWN = 200


class WordedEdition(CitedEdition):
    """A cited edition whose reviewer is told of words that the site does not use in its own voice."""

    class Meta:
        abstract = True

    def publication_warnings(self) -> list[Caution]:
        found = [doubt for name in ("title", *self.markdown_fields) for doubt in wording.doubts(getattr(self, name))]
        words = "1 word is" if len(found) == 1 else f"{len(found)} words are"
        text = f"{words} not for the site’s own voice (see the wording page)."
        shown = found if len(found) <= MOST_SHOWN else [*found[:MOST_SHOWN], f"And {len(found) - MOST_SHOWN} more."]
        doubts = [Caution(text, tuple(shown))] if found else []
        return [*doubts, *super().publication_warnings()]
