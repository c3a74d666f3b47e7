"""What the templates of the editors' site need: names of lists, filters in force, mistakes in a form."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.utils.text import capfirst

register = template.Library()


@register.filter
def list_name(opts: Any) -> str:
    """What editors call the list of a model, whose options these are."""
    from kosovo_peace.admin_site import NAMES  # the admin is loaded after templates' tags may be

    return NAMES.get(opts.label_lower) or capfirst(str(opts.verbose_name_plural))


@register.filter
def chosen_filters(changelist: ChangeList) -> list[tuple[str, str]]:
    """(filter, choice) of the filters in force; the first choice of each is to have none."""
    return [
        (str(spec.title), str(choice["display"]))
        for spec in changelist.filter_specs
        if not getattr(spec, "stands_apart", False)
        for choice in list(spec.choices(changelist))[1:]
        if choice["selected"]
    ]


@register.filter
def mistakes(adminform: Any, inlines: list[Any]) -> list[tuple[str, str, str]]:
    """(where it is, what it is called, what is wrong) of each mistake in a form and its rows, in their order."""
    forms = [("", adminform.form)]
    for inline in inlines:
        name = capfirst(str(inline.opts.verbose_name))
        forms += [(f"{name} {number}, ", form) for number, form in enumerate(inline.formset.forms, 1)]
    return [
        (form[field].auto_id, f"{row}{form[field].label}", " ".join(errors))
        for row, form in forms
        for field in form.fields
        if (errors := form.errors.get(field))
    ]
