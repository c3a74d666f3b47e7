"""The form that narrows a list: its text fields and choices are written without a template for each, and seldom.

A list offers hundreds of choices. Through the templates of Django's widgets, one for each option and another for its
attributes, they cost as much as the rest of the page. What is written here is the same, but for empty lines. A form
that offers the same, with the same values in it, is not written again.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

REMEMBERED = 50  # forms, each of some ten kilobytes


class LeanRenderer(DjangoTemplates):
    """Writes what filters are made of; all else, and choices in groups, as Django does."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == "django/forms/widgets/text.html":
            return _input(context["widget"])
        if template_name == "django/forms/widgets/select.html" and not _has_groups(context["widget"]):
            return _select(context["widget"])
        return super().render(template_name, context, request)


class ListFilterSet(django_filters.FilterSet):
    """The base of what narrows lists. Its form is an instance of one class, not of one made for each request."""

    def get_form_class(self) -> type[forms.Form]:
        own = type(self)
        if own not in _form_classes:
            _form_classes[own] = super().get_form_class()
        return _form_classes[own]


class FilterForm(forms.Form):
    """The base of forms that narrow lists; a FilterSet names it in its Meta."""

    default_renderer = LeanRenderer()  # one for all forms: it keeps the templates it has read

    def fields_in_html(self) -> SafeString:
        """Its fields with their labels, values and errors."""
        choices: dict[str, Any] = {
            name: field for name, field in self.fields.items() if isinstance(field, forms.ChoiceField)
        }
        offered = {name: list(field.choices) for name, field in choices.items()}
        shown = repr([
            (one.name, one.label, one.help_text, one.value(), one.errors, offered.get(one.name)) for one in self
        ])  # fmt: skip
        if (text := _written.get(shown)) is None:
            for name, field in choices.items():
                field.widget.choices = offered[name]  # not asked for again: what was compared is what is written
            text = render_to_string("components/_filter_fields.html", {"form": self})
            if len(_written) >= REMEMBERED:
                _written.clear()
            _written[shown] = text
        return text


_form_classes: dict[type[ListFilterSet], type[forms.Form]] = {}
_written: dict[str, SafeString] = {}


def _attributes(attributes: dict[str, Any]) -> SafeString:
    """In their order; one that is only true has no value."""
    return SafeString(
        "".join(
            f" {name}" if value is True else format_html(' {}="{}"', name, value)
            for name, value in attributes.items()
            if value is not False
        )
    )


def _has_groups(select: dict[str, Any]) -> bool:
    return any(name for name, _, _ in select["optgroups"])


def _input(text: dict[str, Any]) -> str:
    value = "" if text["value"] is None else format_html(' value="{}"', text["value"])
    return format_html('<input type="{}" name="{}"{}{}>', text["type"], text["name"], value, _attributes(text["attrs"]))


def _select(select: dict[str, Any]) -> str:
    options = format_html_join(
        "",
        '\n<option value="{}"{}>{}</option>',
        (
            (option["value"], _attributes(option["attrs"]), option["label"])
            for _, group, _ in select["optgroups"]
            for option in group
        ),
    )
    return format_html('<select name="{}"{}>{}\n</select>', select["name"], _attributes(select["attrs"]), options)
