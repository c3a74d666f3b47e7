"""What every kind of record of this site minds besides its sources: its words, and how changes to them are told."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q

from editorial.claims import Caution
from editorial.models import Edition
from missions import wording
from sources.models import CitedEdition

MOST_SHOWN = 200


class WordedEdition(CitedEdition):
    """A cited edition whose reviewer is told of words that the site does not use in its own voice."""

    class Meta:
        abstract = True

    def difference_from(self, older: Edition, *, figure: str = "", citation: str = "") -> Any:
        """What differs from an older public edition, in names and words."""
        from missions.differences_in_words import readable_difference  # it leans on all the models

        old, new = (json.loads(edition.frozen)["content"] for edition in (older, self))
        return readable_difference(self.record, old, new, figure=figure, citation=citation)

    def passage_for(self, *, figure: str = "", citation: str = "") -> str:
        """Of a figure what it gives and where it is from; of a fact all its figures."""
        rows = self.figures.select_related("measure", "source").filter(Q(key=figure) | Q(fact=figure)) if figure else []
        named = [row for row in rows if row.key == figure] or rows
        words = "\n".join(row.in_one_line for row in named)
        return words or super().passage_for(figure=figure, citation=citation)

    def publication_warnings(self) -> list[Caution]:
        found = [doubt for name in ("title", *self.markdown_fields) for doubt in wording.doubts(getattr(self, name))]
        words = "1 word is" if len(found) == 1 else f"{len(found)} words are"
        text = f"{words} not for the site’s own voice (see the wording page)."
        shown = found if len(found) <= MOST_SHOWN else [*found[:MOST_SHOWN], f"And {len(found) - MOST_SHOWN} more."]
        doubts = [Caution(text, tuple(shown))] if found else []
        return [*doubts, *super().publication_warnings()]
