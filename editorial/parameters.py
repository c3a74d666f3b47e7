"""What stands in the parameters of addresses."""

from __future__ import annotations


def by_commas(text: str) -> list[str]:
    """The values that commas divide, without the spaces around them; empty ones are left out."""
    return [value.strip() for value in text.split(",") if value.strip()]
