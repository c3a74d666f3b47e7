"""At work on the editors' site: logging in, where the pages are, and what a browser would send back from them."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from editorial.models import Editor
from tests.factories import author


def at_work(editor: Editor | None = None, **options: Any) -> Client:
    """A browser in which the editor is logged in: any author where none is named."""
    client = Client(**options)
    client.force_login(editor or author())
    return client


def session_cookie(editor: Editor, url: str) -> dict[str, Any]:
    """For a real browser in which the editor is logged in."""
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": at_work(editor).cookies[name].value, "url": url}


def form_of(edition: Any) -> str:
    return reverse(f"admin:missions_{edition.record.kind}_change", args=[edition.pk])


def form_of_figure(figure: Any) -> str:
    return reverse("admin:missions_figure_change", args=[figure.pk])


def action(edition: Any, name: str) -> str:
    return reverse(f"admin:missions_{edition.record.kind}_do", args=[edition.pk, name])


def do(client: Client, edition: Any, name: str, **given: Any) -> Any:
    """Open the page that asks, and press its button."""
    asked = client.get(action(edition, name))
    assert asked.status_code == 200
    shown = {field.html_name: field.value() for field in asked.context["form"] if field.value() is not None}
    return client.post(action(edition, name), shown | given, follow=True)


def form_data(response: Any, **changes: Any) -> dict[str, Any]:
    """The fields of the form and its rows as the page shows them, with `changes` typed into it.

    Names of changes have `__` for `-`: `statements__0__text`.
    """
    forms = [response.context["adminform"].form]
    for rows in response.context["inline_admin_formsets"]:
        forms += [rows.formset.management_form, *rows.formset.forms]
    data = {
        bound.html_name: _as_sent(bound.value())
        for form in forms
        for bound in form
        if bound.value() is not None and bound.value() is not False
    }
    if "opened" in response.context:
        data["_opened"] = response.context["opened"]
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def with_new_row(data: dict[str, Any], prefix: str, **fields: Any) -> dict[str, Any]:
    """The same with one more row, as “Add another” makes it."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{number}-{name}": value for name, value in fields.items()}
    return data | row | {f"{prefix}-TOTAL_FORMS": number + 1}


def _as_sent(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [getattr(item, "pk", item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace("\n", "\r\n")  # as browsers do
    return "on" if value is True else value
