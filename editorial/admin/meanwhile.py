"""A form that was overtaken: somebody else has saved since it was opened.

`bring_together` goes through the form field by field, and row by row. What only the other editor changed
is taken into the form, so that saving it again undoes nothing of theirs. What both changed stays as it
was typed, with what is saved now beside it and the differences marked. Nothing is stored here: the form
itself refuses, once, and is shown again.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict
from django.utils.text import capfirst

from editorial import freezing
from editorial.admin import opened
from editorial.admin.forms import RowFormSet, is_id, vanished_rows_as_new
from editorial.differences import Piece, changed_paragraphs

LONG = 200  # characters from which a text is shown by its changed paragraphs
COMPARED = 60_000  # characters up to which words are compared


@dataclass(frozen=True)
class Both:
    """A field that differs: what is saved now, what was typed, and the differences in words."""

    label: str
    anchor: str  # the id of the field in the form
    saved: str
    typed: str

    @property
    def is_long(self) -> bool:
        return max(len(self.saved), len(self.typed)) > LONG

    @property
    def paragraphs(self) -> list[list[Piece]]:
        """What differs: `removed` stands in what is saved only, `added` in what was typed only."""
        if len(self.saved) + len(self.typed) > COMPARED:
            return []
        return list(changed_paragraphs(self.saved, self.typed))


@dataclass
class Meanwhile:
    """What happened since the form was opened, for the page that refuses it."""

    who: list[tuple[Any, datetime.datetime]] = field(default_factory=list)  # editor and when, oldest first
    both: list[Both] = field(default_factory=list)
    taken: list[Both] = field(default_factory=list)  # `typed` is what stood there before
    rows: list[str] = field(default_factory=list)  # sentences on rows added and deleted

    def __bool__(self) -> bool:
        """Whether the form itself was overtaken; else only what stands on other pages was saved."""
        return bool(self.both or self.taken or self.rows)


def bring_together(data: QueryDict, form: Any, formsets: Iterable[Any]) -> tuple[QueryDict, Meanwhile]:
    """The posted data with what only the other editor changed taken into it, and what there is to tell.

    `form` and `formsets` are bound to the data and the rows as they are saved now, and not yet validated;
    what `without_vanished_rows` does is done already.
    """
    result, found, was = data.copy(), Meanwhile(), opened.read(data)
    _compare(form, was, "", "", "", result, found)
    for formset in formsets:
        _compare_rows(formset, was, result, found)
    return result, found


def without_vanished_rows(data: QueryDict, formsets: Iterable[RowFormSet]) -> tuple[QueryDict, list[str]]:
    """The data without the rows that another editor has deleted and this one left alone, and what to say of it.

    Deleted rows in which something was typed become new ones.
    """
    was, said = opened.read(data), []
    for formset in formsets:
        prefix, kind = str(formset.prefix), capfirst(formset.model._meta.verbose_name)
        there = {str(pk) for pk in formset.queryset.values_list("pk", flat=True)}
        dropped = set()
        for n, row in _posted_rows(data, prefix):
            if row in there:
                continue
            name = data.get(f"{prefix}-{n}-key", "") or f"number {n + 1}"
            digests = was.digests.get(prefix, {}).get(row, {})
            untouched = bool(digests) and all(
                was.unchanged(prefix, row, part, data.getlist(f"{prefix}-{n}-{part}")) for part in digests
            )
            if untouched or f"{prefix}-{n}-DELETE" in data:
                dropped.add(row)
                said.append(f"{kind} “{name}” was deleted; you had not changed it, and it is gone from your form.")
            else:
                said.append(
                    f"{kind} “{name}” was deleted. As you had typed in it, it stands in your form as a new row: "
                    "it comes back when you save, unless you remove it."
                )
        data = vanished_rows_as_new(data, prefix, there, dropped)
    return data, said


def who_saved(obj: models.Model, rows: Iterable[Any], since: datetime.datetime | None) -> list[Any]:
    """(editor, when) of each who has saved `obj` or one of its rows since then, oldest first."""
    if since is None:
        return []
    entries = LogEntry.objects.filter(action_time__gte=since).exclude(change_message="[]")
    wanted = models.Q(content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk))
    for kind in rows:
        ids = kind.objects.filter(edition=obj.pk).values_list("pk", flat=True)
        wanted |= models.Q(content_type=ContentType.objects.get_for_model(kind), object_id__in=[str(pk) for pk in ids])
    last: dict[Any, datetime.datetime] = {}
    for entry in entries.filter(wanted).select_related("user").order_by("action_time"):
        last[entry.user] = entry.action_time
    return sorted(last.items(), key=lambda pair: pair[1])


def _posted_rows(data: QueryDict, prefix: str) -> Iterable[tuple[int, str]]:
    initial = data.get(f"{prefix}-INITIAL_FORMS", "")
    for n in range(min(int(initial), 2000) if is_id(initial) else 0):
        yield n, data.get(f"{prefix}-{n}-id", "")


def _compare_rows(formset: RowFormSet, was: opened.Opened, result: QueryDict, found: Meanwhile) -> None:
    kind = str(capfirst(formset.model._meta.verbose_name))
    for row in formset.initial_forms:
        before = len(found.both) + len(found.taken)
        name = f"{kind} “{row.instance.key}”"
        _compare(row, was, str(formset.prefix), str(row.instance.pk), f"{name}: ", result, found)
        deletion = row.add_prefix("DELETE")
        if deletion in result and len(found.both) + len(found.taken) > before:
            del result[deletion]
            found.rows.append(f"{name}: you marked it to be deleted, and it was changed. To delete it, mark it again.")
    posted = {row.instance.pk for row in formset.initial_forms}
    for added in formset.queryset.exclude(pk__in=posted):
        found.rows.append(f"{kind} “{added.key}” was added. It stays when you save: {_row_in_words(added)}")


def _compare(
    form: Any, was: opened.Opened, prefix: str, row: str, before: str, result: QueryDict, found: Meanwhile
) -> None:
    for name in opened.kept_names(form):
        bound = form[name]
        if name not in form.changed_data:
            continue
        saved = opened.sent(bound, bound.initial)
        typed = result.getlist(bound.html_name)
        if was.unchanged(prefix, row, name, saved):
            continue  # only the one who typed changed it
        both = Both(
            label=f"{before}{form.fields[name].label or name}" if before else str(capfirst(bound.label)),
            anchor=bound.id_for_label or bound.auto_id,
            saved=in_words(form.fields[name], saved),
            typed=in_words(form.fields[name], typed),
        )
        if was.unchanged(prefix, row, name, typed):
            result.setlist(bound.html_name, saved)
            found.taken.append(both)
        else:
            found.both.append(both)


def in_words(form_field: Any, values: list[str]) -> str:
    """What is sent for a field, as an editor reads it: names for ids, labels for choices."""
    if isinstance(form_field, forms.ModelChoiceField):  # of one or of many
        ids = [value for value in values if is_id(value)]
        rows = cast(Any, form_field.queryset).filter(pk__in=ids) if ids else []
        return "; ".join(sorted(str(row) for row in rows))
    if isinstance(form_field, forms.BooleanField):
        return "yes" if values and values[0] not in ("", "false", "False", "0") else "no"
    if isinstance(form_field, forms.ChoiceField):
        choices = cast(Any, form_field.choices)
        labels = {str(value): str(label) for value, label in choices if not isinstance(label, list | tuple)}
        return "; ".join(labels.get(value, value) for value in values)
    return "\n".join("\n".join(value.splitlines()) for value in values)


def _row_in_words(row: Any) -> str:
    content = freezing.row_content(row)
    parts = [f"{name.replace('_', ' ')}: {value}" for name, value in content.items() if value and name != "rank"]
    return "; ".join(parts) or "it is empty."
