"""The editors' forms: a new record, an edition and its rows, and lists typed one a line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, NoReturn, cast

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms.widgets import Script
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import slugify

from editorial.models import Edition, Record, ReferenceData, Row

NEEDED = "Needed for submission."
LONGEST_TEXT = 300_000  # characters; no maxlength in the page, which would cut what is pasted
SLUG_ERRORS = {"invalid": "Use letters, digits, hyphens and _ only: no spaces, no accents, no other signs."}
STALE = (
    "Somebody else saved a change since you opened this form, so yours is not saved yet. "
    "What is saved now stands above beside yours: bring the two together and save again."
)


class NewRecordForm(forms.ModelForm):
    """Title and address of a new record; its first draft is the edition that the form makes."""

    slug = forms.SlugField(
        label="Address",
        max_length=100,
        required=False,
        help_text="The last part of the address, such as kfor. Left empty, it is made from the title.",
        error_messages=SLUG_ERRORS,
    )
    kind: ClassVar[str] = ""  # of the records it makes; each admin class says

    class Meta:
        model = Edition
        fields = ("title",)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when the address is taken or none can be made of the title."""
        cleaned = super().clean() or self.cleaned_data
        if "title" in cleaned and "slug" in cleaned:
            cleaned["slug"] = cleaned["slug"] or slugify(cleaned["title"])[:100].strip("-")
            try:
                Record(kind=self.kind, slug=cleaned["slug"]).full_clean()
            except ValidationError as error:
                self.add_error("slug", error.messages)
        return cleaned


class OvertakenForm(forms.ModelForm):
    """A form that remembers which version it was opened on, in a hidden field, and writes over no newer one."""

    version_field: ClassVar[str] = ""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when somebody else has saved since the form was opened."""
        cleaned = super().clean() or self.cleaned_data
        if self.is_overtaken:
            self.refuse_once([STALE])
        return cleaned

    @property
    def is_overtaken(self) -> bool:
        version = self.initial.get(self.version_field)
        return bool(self.instance.pk) and self.cleaned_data.get(self.version_field) != version

    def refuse_once(self, reasons: list[str]) -> NoReturn:
        """Raises ValidationError. Once they have seen what is saved now, they may save."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix(self.version_field)] = str(self.initial[self.version_field])
        self.data = data
        raise ValidationError(reasons)


class EditionForm(OvertakenForm):
    """An open edition."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    version_field = "seen_version"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = self.instance.lock_version


def is_id(value: Any) -> bool:
    """Whether it can be the id of a row, which no other value may reach the database as."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) < 19


class LongText(forms.CharField):
    """A text of several lines. Browsers send each line end as two characters; the text keeps its one.

    Otherwise a text that was only opened and saved would differ from itself in every line. A text longer
    than a book is an accident, or meant to keep the site busy.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.validators.append(MaxLengthValidator(LONGEST_TEXT))

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class ChosenField(forms.ModelMultipleChoiceField):
    """Django's, which answers nonsense with an error."""

    def clean(self, value: Any) -> Any:
        if value and not all(is_id(part) for part in value):
            raise ValidationError("Choose from those that there are.")
        return super().clean(value)


class AutocompleteMultiple(AutocompleteSelectMultiple):
    """Django's, which answers nonsense with nothing chosen."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        return super().optgroups(name, [part for part in value if is_id(part)], attrs)


class Autocomplete(AutocompleteSelect):
    """Django's, which takes the label of what is chosen from the joined row where it can."""

    known: Any = None

    class Media:
        js = [Script("admin/name_choices.js", defer=True)]

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        if self.known is None or [str(part) for part in value] != [str(self.known.pk)]:
            return super().optgroups(name, [part for part in value if is_id(part)], attrs)
        options = [self.create_option(name, self.known.pk, str(self.known), True, 0)]
        if not self.is_required:
            options.insert(0, self.create_option(name, "", "", False, 0))
        return [(None, options, 0)]


class RowForm(forms.ModelForm):
    """A row of an edition: its key and its place in the order are made where they are left empty.

    What the database can keep empty may be empty in a draft: it is asked for when the edition is submitted.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("key", "rank"):
            if name in self.fields:
                self.fields[name].required = False
        for field in self._meta.model._meta.fields:
            if field.name in self.fields and may_wait(field):
                _ask_at_submission(self.fields[field.name])
        if self.instance._state.adding:
            self.initial["rank"] = None
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, Autocomplete) and widget.field.is_cached(self.instance):
                widget.known = getattr(self.instance, name)


def may_wait(field: Any) -> bool:
    """Whether a field of a row must be filled in, but not yet to save a draft. What makes an address may not."""
    is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField)
    return is_text and not field.blank and field.name != "key" and not field.has_default()


def _ask_at_submission(field: forms.Field) -> None:
    field.required = False
    if NEEDED not in str(field.help_text):
        field.help_text = f"{field.help_text} {NEEDED}".strip()


def key_for(row: Row, fields: Iterable[str], taken: set[str]) -> str:
    """A key for a new row, made of the fields named, that is not among those taken."""
    parts = [getattr(row, name, None) for name in fields]
    words = [part.key if isinstance(part, ReferenceData) else slugify(part) for part in parts if part]
    base = "-".join(words)[:80].strip("-_") or str(row._meta.model_name)
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


class RowFormSet(forms.BaseInlineFormSet):
    """The rows of one kind in an edition's form."""

    model: type[Row]
    queryset: Any
    key_from: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        edition, queryset = kwargs.get("instance"), kwargs.get("queryset")
        if data is not None and edition is not None and edition.pk and queryset is not None:
            prefix = kwargs.get("prefix") or self.get_default_prefix()
            there = queryset.filter(edition=edition.pk).values_list("pk", flat=True)
            data = vanished_rows_as_new(data, prefix, {str(pk) for pk in there})
        super().__init__(data, *args, **kwargs)

    @cached_property
    def empty_form(self) -> Any:
        """Made once for a page, which asks for it half a dozen times."""
        return super().empty_form

    def get_queryset(self) -> Any:
        """The rows the form is about, in the form's order: another editor may have changed the saved one."""
        rows = super().get_queryset()
        if not self.is_bound:
            return rows
        by_pk = {str(row.pk): row for row in rows}
        numbers = range(self.initial_form_count())
        return [by_pk[pk] for n in numbers if (pk := self.data.get(f"{self.prefix}-{n}-id")) in by_pk]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            label = f"Delete this {self.model._meta.verbose_name}"
            form.fields["DELETE"].widget.attrs["aria-label"] = label

    def clean(self) -> None:
        """Gives keys and places to the rows that have none, and refuses keys that others have."""
        if "key" in self.form.base_fields:  # it is not where the rows are only shown
            self._complete_new_rows()
        super().clean()

    def _complete_new_rows(self) -> None:
        kept = [form for form in self.forms if self._is_kept(form)]
        saved = dict(self.queryset.values_list("pk", "key"))
        posted = {form.instance.pk for form in self.initial_forms}
        unposted = {key for pk, key in saved.items() if pk not in posted}
        taken = {form.cleaned_data["key"] for form in kept} | unposted
        last = max((form.cleaned_data.get("rank") or 0 for form in kept), default=0)
        for form in kept:
            key, pk = form.cleaned_data.get("key"), form.instance.pk
            others = {key for other, key in saved.items() if other != pk} if pk else unposted
            if not key:
                form.instance.key = form.cleaned_data["key"] = key_for(form.instance, self.key_from, taken)
                taken.add(form.instance.key)
            elif key in others and key != saved.get(pk):
                form.add_error("key", "Another row has this key: give that one another first.")
            if form.cleaned_data.get("rank") is None:
                last += 1
                form.instance.rank = form.cleaned_data["rank"] = last

    def _is_kept(self, form: Any) -> bool:
        if not form.is_valid() or "key" not in form.cleaned_data:
            return False
        return bool(form.instance.pk) or (
            form.has_changed() and not self._should_delete_form(form)  # type: ignore[attr-defined]
        )


def vanished_rows_as_new(data: QueryDict, prefix: str, there: set[str], dropped: Collection[str] = ()) -> QueryDict:
    """Posted rows that another editor has deleted meanwhile, moved behind the others as new ones.

    So a form that was overtaken can be shown again with all that was typed. Those whose ids are among
    the `dropped` are left out. Returns `data` itself when nothing has vanished.
    """
    try:
        initial, total = (int(str(data[f"{prefix}-{name}_FORMS"])) for name in ("INITIAL", "TOTAL"))
    except (KeyError, ValueError):
        return data
    numbers = range(min(total, 2000))
    gone = [n for n in numbers if n < initial and data.get(f"{prefix}-{n}-id") not in there]
    if not gone:
        return data
    order = [n for n in numbers if n not in gone]
    moved = [n for n in gone if data.get(f"{prefix}-{n}-id") not in dropped]
    order[initial - len(gone) : initial - len(gone)] = moved
    rows: dict[int, dict[str, list[str]]] = {n: {} for n in numbers}
    result = data.copy()
    for name in data:
        number, _, field = name.removeprefix(f"{prefix}-").partition("-")
        if name.startswith(f"{prefix}-") and number.isdecimal() and int(number) in rows:
            rows[int(number)][field] = data.getlist(name)
            del result[name]
    for new, old in enumerate(order):
        for field, values in rows[old].items():
            if not (old in gone and field in {"id", "DELETE"}):
                result.setlist(f"{prefix}-{new}-{field}", values)
    result[f"{prefix}-INITIAL_FORMS"] = str(initial - len(gone))
    result[f"{prefix}-TOTAL_FORMS"] = str(total - len(gone) + len(moved))
    return result


class LinesField(forms.CharField):
    """A list that is typed one item a line; subclasses say how an item is written and read."""

    widget = forms.Textarea

    def write(self, item: Any) -> str:
        """An item as a line."""
        raise NotImplementedError

    def read(self, line: str) -> Any:
        """A line as an item. Raises ValueError with a sentence for the editor."""
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(self.write(item) for item in value)
        return value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        items, errors = [], []
        for number, line in enumerate((super().to_python(value) or "").splitlines(), start=1):
            if line.strip():
                try:
                    items.append(self.read(line.strip()))
                except ValueError as error:
                    errors.append(f"Line {number}: {error}")
        if errors:
            raise ValidationError(errors)
        return items

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.prepare_value(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(self.prepare_value(initial or [])))
        except ValidationError:
            return True
