"""Disputed numbers of the founding record: one click on a record's page opens every value with its source and words."""

from __future__ import annotations

import re
from html import unescape

import pytest

from missions.models import Figure

PANEL = re.compile(r'<details class="differ fold".*?</details>\s*(?=<details class="differ|</section>)', re.DOTALL)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "record, fact",
    [
        ("missions/kfor", "strength-on-entry-1999"),
        ("missions/kfor", "strength-2003-12"),
        ("events/march-riots-2004", "deaths-march-2004"),
        ("events/zvecan-2023", "kfor-injured-zvecan-2023"),
    ],
)
def test_one_click_opens_every_value_with_its_source_and_words(founding_record, client, record, fact):
    figures = Figure.objects.filter(
        edition__record__slug=record.partition("/")[2], edition__state="published", fact=fact, part_of=""
    ).select_related("source")

    page = client.get(f"/{record}/").text

    panel = next(panel for panel in PANEL.findall(page) if f"figures/{fact}/" in panel)
    read = unescape(re.sub("<[^>]+>", "", panel))
    assert len({figure.in_words for figure in figures}) > 1
    for figure in figures:
        assert f'href="{figure.source.get_absolute_url()}"' in panel
        assert figure.in_words in read
        assert figure.quote in read
