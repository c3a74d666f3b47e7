"""What a form looked like when it was opened, remembered in the form itself as short digests.

So it can be told, when somebody else has saved meanwhile, who changed which field: the one who typed,
the other, or both. It is a help for the editor and decides about no permission. Without it, or when it
is damaged, every field that differs counts as changed by both.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.widgets import Input
from django.utils import timezone

FIELD = "_opened"  # its name in the form
LONGEST = 400_000
DIGEST = 6  # characters of each

# By prefix ("" for the form itself), then by id of the row ("" for the form itself): name -> digest.
Digests = dict[str, dict[str, dict[str, str]]]


@dataclass(frozen=True)
class Opened:
    """When a form was opened, and the digests of its fields as they were then."""

    at: datetime.datetime | None = None
    digests: Digests = field(default_factory=dict)

    def unchanged(self, prefix: str, row: str, name: str, values: Iterable[str]) -> bool | None:
        """Whether a field has the values it had at the opening; None where that is not known."""
        was = self.digests.get(prefix, {}).get(row, {}).get(name)
        return None if was is None else was == digest(values)


def written(form: forms.BaseForm, formsets: Iterable[Any] = ()) -> str:
    """The form and its rows as they are saved now, for the hidden field."""
    names: dict[str, list[str]] = {"": kept_names(form)}
    digests: dict[str, dict[str, str]] = {"": {"": _digests(form, names[""])}}
    for formset in formsets:
        names[formset.prefix] = kept_names(formset.empty_form)
        digests[formset.prefix] = {
            str(row.instance.pk): _digests(row, names[formset.prefix]) for row in formset.initial_forms
        }
    found = {"at": int(timezone.now().timestamp()), "names": names, "digests": digests}
    return json.dumps(found, separators=(",", ":"))


def read(data: Mapping[str, Any]) -> Opened:
    """What a posted form says of its opening; nothing where it says nothing, or nonsense."""
    text = data.get(FIELD) or ""
    if len(text) > LONGEST:
        return Opened()
    try:
        found = json.loads(text)
        digests = {
            str(prefix): {str(row): _split(found["names"][prefix], joined) for row, joined in rows.items()}
            for prefix, rows in found["digests"].items()
        }
        return Opened(datetime.datetime.fromtimestamp(int(found["at"]), tz=datetime.UTC), digests)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError):
        return Opened()


def digest(values: Iterable[str]) -> str:
    """A short digest of what a browser sends for a field; line ends and outer spaces do not count."""
    parts = ("\n".join(str(value).splitlines()).strip() for value in values)
    text = "\0".join(sorted(part for part in parts if part))
    made = hashlib.blake2s(text.encode(errors="replace"), digest_size=6).digest()
    return base64.urlsafe_b64encode(made)[:DIGEST].decode()


def sent(bound: Any, value: Any) -> list[str]:
    """What a browser would send for a field with this value, unchanged."""
    field, value = bound.field, bound.field.prepare_value(value)
    if value is None or value is False:
        return []
    if value is True:
        return ["on"]
    if isinstance(value, list | tuple | set):
        return [str(getattr(item, "pk", item)) for item in value]
    widget = getattr(field.widget, "widget", field.widget)
    formatted = widget.format_value(value) if isinstance(widget, forms.Textarea | Input) else value
    return [str(formatted)] if formatted not in (None, "") else []


def kept_names(form: Any) -> list[str]:
    """The fields that an editor types into, in their order."""
    return [
        name
        for name, field in form.fields.items()
        if name not in {"id", "edition", "DELETE"}
        and not isinstance(field, forms.FileField)
        and not getattr(field.widget, "is_hidden", False)
    ]


def _digests(form: Any, names: list[str]) -> str:
    return "".join(digest(sent(form[name], form[name].initial)) for name in names)


def _split(names: list[str], joined: str) -> dict[str, str]:
    parts = [joined[n : n + DIGEST] for n in range(0, len(joined), DIGEST)]
    return dict(zip(map(str, names), parts, strict=True))
