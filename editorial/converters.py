"""Parts of addresses that several apps share."""

from __future__ import annotations


class EditionNumber:
    """1, 2, 3 …: never so long that a database could not hold it."""

    regex = r"[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
