"""Markers: `[^key]` in Markdown, and adjacent ones that make one note."""

from __future__ import annotations

import re

MARKER = re.compile(r"\[\^([A-Za-z0-9_-]+)\]")
GROUP = re.compile(r"(?:\[\^[A-Za-z0-9_-]+\])+")

# A marker that will not be read as one: a space or another sign in its key, no key, or no end.
BROKEN = re.compile(r"\[\^(?![A-Za-z0-9_-]+\])[^\]\n]{0,30}\]?")


def markers_in(text: str) -> list[str]:
    """The keys of all markers, in the order of the text, repeated ones repeated."""
    return MARKER.findall(text)


def broken_markers_in(text: str) -> list[str]:
    """What begins like a marker and is none, as it stands there."""
    return BROKEN.findall(text)
