"""What every kind of record of this site minds besides its sources: its words, and how changes to them are told."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from editorial.claims import Caution
from missions import wording
from missions.pictures import keeping
from sources.models import CitedEdition

MOST_SHOWN = 200


class WordedEdition(CitedEdition):
    """A cited edition whose reviewer is told of words that the site does not use in its own voice."""

    class Meta:
        abstract = True

    def difference_in_words(
        self,
        old: dict[str, Any],
        new: dict[str, Any],
        *,
        to_editors: bool = False,
        figure: str = "",
        citation: str = "",
    ) -> Any:
        """What differs between two contents of its record: names for keys, numbers and dates in words."""
        from missions.differences_in_words import readable_difference  # it leans on all the models

        return readable_difference(self.record, old, new, to_editors=to_editors, figure=figure, citation=citation)

    def passage_for(self, *, figure: str = "", citation: str = "") -> str:
        """Of a figure what it gives and where it is from; of a fact all its figures."""
        rows = self.figures.select_related("measure", "source").filter(Q(key=figure) | Q(fact=figure)) if figure else []
        named = [row for row in rows if row.key == figure] or rows
        words = "\n".join(row.in_one_line for row in named)
        return words or super().passage_for(figure=figure, citation=citation)

    def file_faults(self, content: dict[str, Any]) -> list[str]:
        """What is wrong with the files of its pictures."""
        pictures = {key: row["picture"] for key, row in content.get("illustrations", {}).items() if "picture" in row}
        faults = {key: keeping.fault(name) for key, name in pictures.items()}
        return [f"illustrations, {key}: {fault}" for key, fault in faults.items() if fault]

    def publication_warnings(self) -> list[Caution]:
        found = [doubt for name in ("title", *self.markdown_fields) for doubt in wording.doubts(getattr(self, name))]
        words = "1 word is" if len(found) == 1 else f"{len(found)} words are"
        text = f"{words} not for the site’s own voice (see the wording page)."
        shown = found if len(found) <= MOST_SHOWN else [*found[:MOST_SHOWN], f"And {len(found) - MOST_SHOWN} more."]
        doubts = [Caution(text, tuple(shown))] if found else []
        return [*doubts, *super().publication_warnings()]
