"""Markers: `[^key]` in Markdown, and adjacent ones that make one note."""

from __future__ import annotations

import re

MARKER = re.compile(r"\[\^([A-Za-z0-9_-]+)\]")
GROUP = re.compile(r"(?:\[\^[A-Za-z0-9_-]+\])+")


def markers_in(text: str) -> list[str]:
    """The keys of all markers, in the order of the text, repeated ones repeated."""
    return MARKER.findall(text)
