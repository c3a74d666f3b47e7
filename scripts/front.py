"""deploy/nginx.conf, filled in: what the nginx image does with the template, for where there are no containers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent / "deploy" / "nginx.conf"
VARIABLE = re.compile(r"\$\{(FRONT_[A-Z]+)\}")


def variables() -> set[str]:
    """What the template asks for."""
    return set(VARIABLE.findall(TEMPLATE.read_text(encoding="utf-8")))


def filled(values: Mapping[str, str]) -> str:
    """The configuration. Raises KeyError for a variable that has no value."""
    return VARIABLE.sub(lambda found: values[found[1]], TEMPLATE.read_text(encoding="utf-8"))
