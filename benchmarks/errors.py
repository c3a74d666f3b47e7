"""What ends a measurement."""

from __future__ import annotations


class BenchmarkError(Exception):
    """Nothing can be measured; the message says why, and what to do."""
