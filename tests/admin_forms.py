"""What a browser would send back from a page of the editors' site."""

from __future__ import annotations

import datetime
from typing import Any


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
