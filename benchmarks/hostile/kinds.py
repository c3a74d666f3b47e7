"""The kinds of hostile requests, and what share of all each has."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.hostile import reading, writing
from benchmarks.hostile.attacks import Attacker, Request

SHARES: dict[str, tuple[int, Callable[[Attacker], Request]]] = {
    "addresses: traversal, injection, no text": (18, reading.address),
    "parameters of every page and list": (30, reading.parameter),
    "searches": (6, reading.search),
    "headers and cookies": (10, reading.header),
    "host and whole addresses": (3, reading.host),
    "line ends in what is logged": (4, reading.lines),
    "methods": (4, reading.method),
    "readers’ reports, form and API": (8, writing.report),
    "private addresses guessed": (3, reading.private),
    "log-in": (2, writing.log_in),
    "bodies: too large, broken, mislabelled": (3, writing.body),
    "editors’ pages, with and without log-in": (9, writing.desk),
}
