"""The part of an edition's content that concerns one figure or fact, or one citation.

Contents are as `freezing.content` gives them. With it a difference is narrowed to what a report named.
"""

from __future__ import annotations

import re
from typing import Any

from sources.markers import markers_in

Content = dict[str, Any]


def concerning(old: Content, new: Content, *, figure: str = "", citation: str = "") -> tuple[Content, Content]:
    """Two contents without what has nothing to do with a figure (by its key, or its fact's) or a citation.

    Both as they are where the rest of them does not differ: what was changed lies elsewhere then.
    """
    named = _named_figures(figure, old, new)
    part = _part(old, named, citation), _part(new, named, citation)
    return part if part[0] != part[1] else (old, new)


def _named_figures(name: str, *contents: Content) -> set[str]:
    """The facts that a key names: a figure's own, or the fact's. Nothing for no name."""
    facts = {
        row.get("fact", "") for content in contents for key, row in content.get("figures", {}).items() if key == name
    }
    return facts | {name} if name else set()


def _part(content: Content, figures: set[str], citation: str) -> Content:
    supported = set(content.get("citations", {}).get(citation, {}).get("supports", "").split())
    part: Content = {}
    for name, value in content.items():
        if isinstance(value, dict):
            kept: Any = {key: row for key, row in value.items() if _concerns(name, key, row, figures, citation)}
        elif isinstance(value, str) and citation and citation in markers_in(value):
            kept = "\n\n".join(text for text in re.split(r"\n\s*\n", value) if citation in markers_in(text))
        else:
            kept = value if name in supported else None
        if kept:
            part[name] = kept
    return part


def _concerns(rows: str, key: str, row: Content, figures: set[str], citation: str) -> bool:
    if rows == "figures":
        return row.get("fact") in figures or key in figures
    if rows == "citations":
        return key == citation
    cites = [
        *row.get("cites", "").split(),
        *(one for place in row.get("positions", []) for one in place.get("cites", [])),
    ]
    return citation in cites or row.get("about") in figures
