"""The editors' guide names what is there."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib import admin

from editorial.admin.actions import WithActions

DOCS = settings.BASE_DIR / "docs"
GUIDE = " ".join((DOCS / "editors.md").read_text(encoding="utf-8").split())


def labels() -> set[str]:
    registered = (one for one in admin.site._registry.values() if isinstance(one, WithActions))
    return {action.label for one in registered for action in one.workflow_actions}


@pytest.mark.parametrize("label", sorted(labels()))
def test_the_guide_names_every_button_of_the_workflow(label):
    assert f"*{label}*" in GUIDE


def test_every_picture_of_the_guide_is_there_and_none_is_left_over():
    shown = set(re.findall(r"\(pictures/([\w-]+\.png)\)", GUIDE))
    assert shown == {file.name for file in (DOCS / "pictures").iterdir()}
