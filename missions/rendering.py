"""A record's page in HTML: its Markdown, its contents list and its numbered notes, made once.

One numbering runs over the whole page: infobox, standfirst, mandate, body and rows, in the order in
which readers meet them. The result is kept with a public edition, as JSON outside its hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from editorial.models import PUBLIC, Edition
from missions.currently import infobox_figures
from missions.models import Disagreement
from sources.markdown import Heading, Page, to_html
from sources.models import CitedRow
from sources.notes import FIGURE, Notebook, NumberedNote

FORMAT = 1
Rows = dict[str, list[Any]]  # by the name of their kind

# The fields of the infobox in its order; other fields that a citation supports come after them.
INFOBOX = (
    "title", "acronym", "name_sq", "name_sr_latn", "name_sr_cyrl", "other_names", "mission_kind",
    "event_kind", "peace_mission", "status", "date", "end_date", "start", "end", "mandate_until",
    "place", "headquarters",
)  # fmt: skip
# The page in its order: kinds of rows and Markdown fields.
BEFORE_THE_FIGURES = ("classifications", "participations")
AFTER_THE_FIGURES = (
    "summary", "instruments", "mandate", "objectives", "body", "phases", "areas", "responsibilities",
    "leaders", "relations", "disagreements", "statements", "illustrations",
)  # fmt: skip


@dataclass
class Rendered:
    """What a page is put together from: `html` by Markdown field, `refs` (note links) by place.

    The places of `refs` are names of fields (`start`), `<rows>/<key>` for every cited row,
    `disagreements/<key>/<n>` for the position n, counted from 0, and `figures/<key>` for the figures
    of the infobox. Places without evidence are missing.
    """

    html: dict[str, SafeString] = field(default_factory=dict)
    contents: list[Heading] = field(default_factory=list)
    notes: list[NumberedNote] = field(default_factory=list)
    refs: dict[str, SafeString] = field(default_factory=dict)

    def ref(self, *place: object) -> SafeString:
        """The note link of a place, given in one piece or in several; empty where there is none."""
        return self.refs.get("/".join(str(part) for part in place), SafeString(""))

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Rendered | None:
        """What `to_json` wrote; None when another version of this code wrote it."""
        stored = json.loads(text)
        if stored["format"] != FORMAT:
            return None
        return cls(
            html={name: SafeString(html) for name, html in stored["html"].items()},
            contents=[Heading(**heading) for heading in stored["contents"]],
            notes=[
                NumberedNote(note["number"], tuple(note["keys"]), tuple(note["back_links"])) for note in stored["notes"]
            ],
            refs={place: SafeString(html) for place, html in stored["refs"].items()},
        )


def render(edition: Edition, rows: Rows | None = None) -> Rendered:
    """Make the page of an edition from its fields and rows: for previews, and once at publication.

    `rows` are its rows, as `Edition.rows` gives them, where they are loaded already.
    """
    typed = edition.typed
    rows = rows or {**typed.rows()}
    citations = rows["citations"]
    shown = [current.figure for current in infobox_figures(typed, rows["figures"], timezone.localdate())]
    notebook = Notebook([citation.key for citation in citations] + [f"{FIGURE}{figure.key}" for figure in shown])
    page, result = Page(notebook), Rendered()

    def refer(place: str, keys: Iterable[str]) -> None:
        if ref := notebook.ref(keys):
            result.refs[place] = ref

    supporting = _citations_by_field(citations)
    for name in [*INFOBOX, *sorted(supporting.keys() - set(INFOBOX))]:
        refer(name, supporting.get(name, []))
    for name in BEFORE_THE_FIGURES:
        _refer_rows(name, rows, refer)
    for figure in shown:
        refer(f"figures/{figure.key}", [f"{FIGURE}{figure.key}"])
    for name in AFTER_THE_FIGURES:
        if name in typed.markdown_fields:
            result.html[name] = to_html(getattr(typed, name), page, prefix=name)
        _refer_rows(name, rows, refer)
    result.contents, result.notes = page.contents, notebook.notes
    return result


def rendered(edition: Edition, rows: Rows | None = None) -> Rendered:
    """The page of an edition as it is kept with it; made anew where none, or an old one, is kept."""
    kept = Rendered.from_json(edition.rendered) if edition.rendered else None
    return kept or render(edition, rows)


def _citations_by_field(citations: Iterable[Any]) -> dict[str, list[str]]:
    by_field: dict[str, list[str]] = {}
    for citation in citations:
        for name in citation.supported_fields:
            by_field.setdefault(name, []).append(citation.key)
    return by_field


def _refer_rows(name: str, rows: Rows, refer: Any) -> None:
    for row in rows.get(name, []):
        if isinstance(row, CitedRow):
            refer(f"{name}/{row.key}", row.cited_keys)
        if isinstance(row, Disagreement):
            for index, position in enumerate(row.positions):
                refer(f"{name}/{row.key}/{index}", position.get("cites", []))


def keep(edition: Edition) -> None:
    """Render an edition and keep the result with it, whatever its state: it is no part of its text.

    One that was suppressed in the meantime stays without.
    """
    row = Edition._base_manager.filter(pk=edition.pk, suppressed_at=None)
    row.update(rendered=render(edition).to_json())


def render_public_edition(sender: Any, *, edition: Edition, **kwargs: Any) -> None:
    """Receiver of `public_content_changed`: what became public is rendered in the same transaction."""
    if edition.state in PUBLIC:
        keep(edition)
