"""What a spreadsheet needs to open our CSV as it is meant: letters intact, and nothing run."""

from __future__ import annotations

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets do not read UTF-8
# What a spreadsheet would take for the beginning of a formula and run.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Text as a cell that no spreadsheet takes for a formula: an apostrophe stands before what begins like one."""
    return f"'{text}" if text.startswith(FORMULA) else text
