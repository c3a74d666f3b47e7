"""Dates known to the day, the month or the year."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from missions.models import Mission
from sources.dates import PartialDate, PartialDateField, high, low
from tests.factories import MissionFactory


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1999", "1999"),
        ("1999-06", "1999-06"),
        ("1999-06-12", "1999-06-12"),
        ("12 June 1999", "1999-06-12"),
        ("  June   1999 ", "1999-06"),
        ("1 sep 2008", "2008-09-01"),
        ("29 February 2024", "2024-02-29"),
    ],
)
def test_what_editors_type_is_read(typed, stored):
    assert PartialDate.parse(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "", "June", "1999-13", "1999-00", "1999-02-30", "29 February 2023", "12.06.1999", "1999-6", "99",
        "J 1999", "Ju 1999", "١٩٩٩", "1999-06-12T00:00", "\x00", "0000", "about 1999", "1" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match="is not a date"):
        PartialDate.parse(typed)


def test_a_field_refuses_what_is_no_date_as_a_form_can_show_it():
    with pytest.raises(ValidationError, match="is not a date"):
        PartialDateField().to_python("soon")
    assert PartialDateField().to_python(None) == ""


@pytest.mark.parametrize(
    ("text", "precision", "first", "last", "words"),
    [
        ("1999", "year", (1999, 1, 1), (1999, 12, 31), "1999"),
        ("1999-06", "month", (1999, 6, 1), (1999, 6, 30), "June 1999"),
        ("2024-02", "month", (2024, 2, 1), (2024, 2, 29), "February 2024"),
        ("1999-06-02", "day", (1999, 6, 2), (1999, 6, 2), "2 June 1999"),
    ],
)
def test_a_date_knows_its_bounds_and_how_it_is_written_out(text, precision, first, last, words):
    date = PartialDate(text)
    assert date.precision == precision
    assert date.low == datetime.date(*first)
    assert date.high == datetime.date(*last)
    assert date.written_out == words
    assert date == text


def test_dates_sort_by_what_is_known_the_vaguer_first():
    dates = [PartialDate(text) for text in ("1999-06-12", "2000", "1999", "1999-06", "1998-12-31")]
    assert sorted(dates) == ["1998-12-31", "1999", "1999-06", "1999-06-12", "2000"]


@pytest.fixture
def three_starts(db):
    return {start: MissionFactory(start=start) for start in ("1999", "1999-06", "1999-06-12")}


@pytest.mark.usefixtures("three_starts")
def test_a_stored_date_comes_back_as_it_was_typed():
    assert sorted(mission.start for mission in Mission.objects.all()) == ["1999", "1999-06", "1999-06-12"]
    assert all(isinstance(mission.start, PartialDate) for mission in Mission.objects.all())


@pytest.mark.usefixtures("three_starts")
@pytest.mark.parametrize(
    ("day", "surely_begun", "perhaps_begun"),
    [
        ("1999-01-01", 0, 1),
        ("1999-06-01", 0, 2),
        ("1999-06-12", 1, 3),
        ("1999-06-30", 1, 3),
        ("1999-07-01", 2, 3),
        ("2000-01-01", 3, 3),
    ],
)
def test_the_database_compares_with_the_first_and_the_last_possible_day(day, surely_begun, perhaps_begun):
    missions = Mission.objects.alias(first=low("start"), last=high("start"))
    assert missions.filter(last__lte=day).count() == surely_begun
    assert missions.filter(first__lte=day).count() == perhaps_begun
