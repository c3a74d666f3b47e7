"""Paths of this site by the names of its addresses."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=5_000)
def path_to(name: str, *args: str | int) -> str:
    """The path of an address, worked out once: a list gives hundreds, and the same ones again and again."""
    return reverse(name, args=args)
