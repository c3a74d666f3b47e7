"""Forms that narrow lists are written as Django's own templates write them, but for empty lines."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from editorial.filter_form import REMEMBERED, FilterForm

ODD = "\"><script>&'é"


class Narrow(FilterForm):
    words = forms.CharField(required=False, max_length=20, widget=forms.TextInput({"data-a": ODD, "hidden": True}))
    kind = forms.ChoiceField(required=False, choices=[("", "any"), ("a", "A & B"), (ODD, f"<b>{ODD}"), (7, "seven")])
    grouped = forms.ChoiceField(required=False, choices=[("First", [("x", "X")]), ("y", "Y")])
    several = forms.MultipleChoiceField(required=False, choices=[("x", "X"), ("y", "Y")])
    ticked = forms.BooleanField(required=False)


class NarrowByTemplates(Narrow):
    default_renderer = DjangoTemplates


def test_a_filter_form_is_written_as_django_writes_it():
    every = {"words": ODD, "kind": ODD, "grouped": "x", "several": ["x", "y"], "ticked": "on"}
    for given in ({}, every, {"kind": "no"}):
        ours, theirs = Narrow(given), NarrowByTemplates(given)
        assert ours.is_valid() == theirs.is_valid()
        for name in ours.fields:
            assert lines_of(str(ours[name])) == lines_of(str(theirs[name]))
            assert ours[name].errors == theirs[name].errors


def test_a_form_is_written_anew_when_anything_in_it_differs():
    offered = [("", "any"), ("a", "A")]

    def written(given: dict[str, str]) -> str:
        form = Narrow(given)
        form.fields["kind"].choices = offered
        form.is_valid()
        return form.fields_in_html()

    whole = written({})
    assert ">A</option>" in whole
    assert whole == written({})
    assert 'value="a" selected' in written({"kind": "a"})
    assert 'value="&lt;b&gt;"' in written({"words": "<b>"})
    assert "errorlist" in written({"kind": "b"})
    offered.append(("b", "B"))
    assert "errorlist" not in written({"kind": "b"})
    assert ">B</option>" in written({})
    for number in range(REMEMBERED + 1):
        assert f'value="{number}"' in written({"words": str(number)})


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/missions/", "/events/", "/articles/", "/sources/", "/corrections/"])
def test_each_list_of_choices_offers_any_once(client, address):
    lists = re.findall(
        r"<select.*?</select>", client.get(address).text.partition('role="search" aria-label="Narrow')[2], re.DOTALL
    )

    assert lists
    for choices in lists:
        if 'id="preferences' not in choices:
            assert choices.count('<option value=""') == choices.count(">any<") == 1


def lines_of(html: str) -> list[str]:
    """Its lines without their indentation, and without empty ones."""
    return [line.strip() for line in html.splitlines() if line.strip()]
