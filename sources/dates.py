"""A date known to the day, the month or the year: parsed, stored, sorted and written out.

Sources often give less than a day. A partial date keeps exactly what is known, as the ISO 8601
text `1999`, `1999-06` or `1999-06-12`; nothing is filled up. Comparisons use its first and its
last possible day (`low`, `high`); readers see "June 1999".
"""

from __future__ import annotations

import calendar
import datetime
import functools
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Expression, F, Value
from django.db.models.functions import Concat, Substr

MONTHS = list(calendar.month_name)
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_WORDS = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]+)\s+(\d{4})", re.ASCII)
HELP = "Write 12 June 1999, June 1999 or 1999 (or 1999-06-12): only as much as is known."


class PartialDate(str):
    """A date of day, month or year precision; as text it is its ISO form.

    `PartialDate("1999-06")` takes ISO text and raises ValueError for anything else;
    `PartialDate.parse` also reads "12 June 1999" and "June 1999".
    """

    __slots__ = ()

    def __new__(cls, text: str) -> PartialDate:
        match = _ISO.fullmatch(text)
        if not match:
            raise ValueError(f"“{text[:40]}” is not a date. {HELP}")
        year, month, day = (int(part) if part else 1 for part in match.groups())
        try:
            datetime.date(year, month, day)
        except ValueError:
            raise ValueError(f"“{text}” is not a date in the calendar. {HELP}") from None
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read what an editor typed. Raises ValueError with a sentence for the editor."""
        text = " ".join(text.split())
        if match := _WORDS.fullmatch(text):
            day, word, year = match.groups()
            names = [n for n, name in enumerate(MONTHS) if n and name.lower().startswith(word.lower())]
            if len(names) == 1 and len(word) >= 3:
                text = f"{year}-{names[0]:02}" + (f"-{int(day):02}" if day else "")
        return cls(text)

    @property
    def precision(self) -> str:
        """`year`, `month` or `day`."""
        return {4: "year", 7: "month"}.get(len(self), "day")

    @property
    def year(self) -> int:
        return int(self[:4])

    @property
    def low(self) -> datetime.date:
        """The first day it can mean."""
        return datetime.date(*[int(part) for part in self.split("-")] + [1] * (2 - self.count("-")))

    @property
    def high(self) -> datetime.date:
        """The last day it can mean."""
        if self.precision == "year":
            return datetime.date(self.year, 12, 31)
        if self.precision == "month":
            month = int(self[5:7])
            return datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])
        return self.low

    @property
    def written_out(self) -> str:
        """As readers see it: "12 June 1999", "June 1999" or "1999"."""
        if self.precision == "year":
            return str.__str__(self)
        month = MONTHS[int(self[5:7])]
        return f"{month} {self[:4]}" if self.precision == "month" else f"{int(self[8:])} {month} {self[:4]}"


def span_in_words(start: PartialDate | str, end: PartialDate | str) -> str:
    """From when to when, as readers see it: "June 1999 to 2001", "until 2001"; one date where both are the same."""
    first, last = (date.written_out if isinstance(date, PartialDate) else "" for date in (start, end))
    if first and last:
        return first if first == last else f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else "no dates found"


@functools.lru_cache(maxsize=4096)  # the same dates are read again and again
def _as_stored(text: str) -> PartialDate:
    return PartialDate(text)


class PartialDateField(models.CharField):
    """A `PartialDate` in a text column; empty text where no date is known."""

    description = "Date known to the day, month or year"

    if TYPE_CHECKING:  # empty text is a PartialDate to the type checker: it is asked for before use
        _pyi_private_get_type: PartialDate

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("help_text", HELP)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> PartialDate | str | None:
        return _as_stored(value) if value else value

    def to_python(self, value: Any) -> Any:
        if value in (None, ""):
            return ""
        if isinstance(value, PartialDate):
            return value
        try:
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None

    def get_prep_value(self, value: Any) -> Any:
        return str.__str__(value) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return str.__str__(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        # Longer than the column: "12 September 1999" is typed, 1999-09-12 is stored.
        return models.Field.formfield(self, **{"max_length": 40, **kwargs})

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(self.to_python(value), model_instance)


def low(field: str) -> Expression:
    """The first possible day of a date column, as ISO text to compare with another."""
    return Substr(Concat(F(field), Value("-01-01")), 1, 10, output_field=models.CharField())


def high(field: str) -> Expression:
    """No earlier than the last possible day of a date column, as text: `1999` compares as `1999-99-99`."""
    return Substr(Concat(F(field), Value("-99-99")), 1, 10, output_field=models.CharField())
