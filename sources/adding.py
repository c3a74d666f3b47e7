"""Adding evidence to an open edition while writing: the source, the place in it, and the marker for the text.

Errors are `WorkflowError`s whose text is a sentence for the editor.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from editorial import workflow
from editorial.models import Edition, Editor
from sources.markers import markers_in
from sources.models import Citation, CitedEdition, CitedRow, Source, SourceQuerySet


@dataclass(frozen=True)
class Cited:
    """What came of citing: the citation, and the edition's version before and after."""

    citation: Citation
    is_new: bool
    before: int
    after: int

    @property
    def marker(self) -> str:
        return f"[^{self.citation.key}]"


@transaction.atomic
def cite(
    edition: Edition, source: Source, *, locator: str = "", quote: str = "", compared: bool = False, by: Editor
) -> Cited:
    """Cite a place in a source. What the edition cites in these words already is used again.

    `compared` says that the editor has the source before them, and compared place and words with it.
    """
    locked = require_citable(edition, by)
    locator, quote = locator.strip(), quote.strip()
    rows = Citation.objects.filter(edition=locked)
    for citation in rows.filter(source=source, locator=locator).select_related("source"):
        if not quote or citation.quote.strip() == quote:
            return _cited(locked, citation, compared=compared, by=by)
    citation = Citation(
        edition=locked,
        source=source,
        key=free_key(source.key, set(rows.values_list("key", flat=True))),
        rank=(rows.aggregate(last=Max("rank"))["last"] or 0) + 1,
        locator=locator,
        quote=quote,
    )
    return _cited(locked, citation, compared=compared, by=by)


@transaction.atomic
def cite_again(edition: Edition, citation: Citation, *, compared: bool = False, by: Editor) -> Cited:
    """Use a citation of the edition once more, as it is; where it is compared now, that is noted."""
    return _cited(require_citable(edition, by), citation, compared=compared, by=by)


def _cited(locked: Edition, citation: Citation, *, compared: bool, by: Editor) -> Cited:
    before, is_new = locked.lock_version, citation._state.adding
    newly_compared = compared and citation.checked != Citation.Checked.COMPARED
    if newly_compared:
        citation.enter_comparison(by=by.byline, on=timezone.localdate())
    if is_new or newly_compared:
        citation.save()
        workflow.note_work(locked, by=by)
    return Cited(citation, is_new, before, locked.lock_version)


def require_citable(edition: Edition, by: Editor) -> Edition:
    """The edition, locked until the transaction ends; refused unless this editor may add to it now."""
    locked = workflow.lock(edition)
    workflow.require_permission(by, "write_edition")
    if not locked.is_editable:
        raise workflow.WorkflowError(
            f"This edition is {locked.get_state_display()} now: nothing can be added to it, and nothing was saved. "
            "Start the next edition, and cite there."
        )
    return locked


def free_key(base: str, taken: set[str]) -> str:
    """The key itself, or with the first number that makes it free: `un1999`, `un1999-2`, `un1999-3`."""
    key, number = base[:90], 2
    while key in taken:
        key, number = f"{base[:90]}-{number}", number + 1
    return key


def key_for_source(source: Source) -> str:
    """A free key for a source that has none: who speaks through it, and the year, such as `everts2020`."""
    base = key_made_of(source)
    taken = Source.objects.filter(key__startswith=base).values_list("key", flat=True)
    return free_key(base, set(taken))


def key_made_of(source: Source) -> str:
    """The same, whether or not it is free. No query."""
    author = source.authors[0] if source.authors else {}
    who = author.get("family") or author.get("literal") or source.publisher or source.container or source.title
    name = re.sub(r"[^a-z0-9]", "", slugify(who))[:40] or "source"
    return f"{name}{source.issued.year if source.issued else ''}"


def sources_found(text: str) -> SourceQuerySet:
    """Sources of the library in which each word stands: in title, authors, date, key, symbol and the like."""
    return Source.objects.filter(merged_into=None).with_words(text, "issued", "doi", "url")


def times_named(edition: CitedEdition) -> Counter[str]:
    """How often each citation is named: by markers in the text, and by rows. One query a kind of row."""
    used = Counter(key for name in edition.markdown_fields for key in markers_in(getattr(edition, name)))
    for model in edition.row_models:
        if issubclass(model, CitedRow):
            for row in getattr(edition, model.plural).all():
                used.update(row.all_cited_keys())
    return used
