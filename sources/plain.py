"""Markdown as plain text: for search, which finds and shows words, not marks."""

from __future__ import annotations

import re

from sources.markers import GROUP

LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|`+|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w))")
AT_LINE_START = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,3}[.)][ \t]+)+", re.MULTILINE)
TABLE_RULE = re.compile(r"^[ \t|:-]*-[ \t|:-]*$", re.MULTILINE)
CELL_EDGE = re.compile(r"[ \t]*(?<!\\)\|[ \t]*")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def plain_text(markdown: str) -> str:
    """The words of a Markdown text, a paragraph, heading, list or table a line, without markers."""
    text = LINK.sub(r"\1", GROUP.sub("", markdown))
    text = AT_LINE_START.sub("", TABLE_RULE.sub("", text))
    text = ESCAPED.sub(r"\1", EMPHASIS.sub("", CELL_EDGE.sub(" ", text)))
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n{2,}", text))
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)
