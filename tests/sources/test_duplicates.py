"""Sources that may be in the library already: suggested by DOI, address and nearly equal title."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.duplicates import Library, normal_doi, normal_url, suspected_duplicates
from tests.factories import SourceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "written",
    ["10.1080/13533312.2020.1", "doi:10.1080/13533312.2020.1", "https://doi.org/10.1080/13533312.2020.1.",
     "http://dx.doi.org/10.1080%2F13533312.2020.1", " DOI 10.1080/13533312.2020.1 "],
)  # fmt: skip
def test_a_doi_is_one_however_it_is_written(written):
    assert normal_doi(written) == "10.1080/13533312.2020.1"
    assert normal_doi("no doi") == ""


@pytest.mark.parametrize(
    "written",
    ["https://www.nato.int/kfor/?a=1&b=2", "http://nato.int/kfor?b=2&a=1#top", "NATO.int/kfor/?utm_source=x&a=1&b=2",
     "https://web.archive.org/web/20200101000000/https://www.nato.int/kfor/?a=1&b=2"],
)  # fmt: skip
def test_an_address_is_one_however_it_is_written(written):
    assert normal_url(written) == "nato.int/kfor?a=1&b=2"


@pytest.mark.parametrize("nonsense", ["", "x", "http://[", "\x00", "x" * 10_000, "http://", "://"])
def test_nonsense_is_no_address_and_nothing_is_suspected_of_it(nonsense):
    SourceFactory(url="", doi="")
    assert normal_url(nonsense) == ""
    assert suspected_duplicates(title=nonsense, url=nonsense, doi=nonsense, issued=nonsense) == []


def test_the_same_doi_and_address_are_suspected_first():
    by_title = SourceFactory(title="The Kosovo Force")
    by_address = SourceFactory(title="KFOR", url="https://www.nato.int/kfor/")
    by_doi = SourceFactory(title="Something else", doi="10.1080/1")
    by_copy = SourceFactory(title="A copy", consulted_at="https://archive.example.org/kfor.pdf")
    found = suspected_duplicates(title="The Kosovo Force", url="http://nato.int/kfor", doi="https://doi.org/10.1080/1")
    assert found == [by_doi, by_address, by_title]
    assert suspected_duplicates(url="https://doi.org/10.1080/1") == [by_doi]
    assert suspected_duplicates(url="archive.example.org/kfor.pdf") == [by_copy]


@pytest.mark.parametrize(
    ("there", "typed", "suspected"),
    [
        ("NATO deploys troops in Kosovo", "Nato deploys troops in Kosovo.", True),
        ("Kosovo: a short history", "Kosovo, A Short History", True),
        ("Forca e Kosovës", "Forca e Kosoves", True),
        ("The normalization of relations in Kosovo", "Normalization of relations in Kosovo", True),
        ("Resolution 1244 (1999)", "Resolution 1239 (1999)", False),
        ("Report of the Secretary-General", "Report of the Ombudsperson", False),
    ],
)
def test_titles_of_nearly_the_same_words_are_suspected_and_other_numbers_are_not(there, typed, suspected):
    source = SourceFactory(title=there)
    assert suspected_duplicates(title=typed) == ([source] if suspected else [])


def test_reports_of_one_title_and_another_date_are_not_the_same():
    july = SourceFactory(title="Report of the Secretary-General on the mission", issued="1999-07-12")
    title = "Report of the Secretary-General on the mission"
    assert suspected_duplicates(title=title, issued="1999-09-16") == []
    assert suspected_duplicates(title=title, issued="July 1999") == [july]
    assert suspected_duplicates(title=title, issued="1999") == [july]
    assert suspected_duplicates(title=title) == [july]


def test_a_merged_source_is_not_suggested_for_it_is_another_now():
    kept = SourceFactory(title="The Kosovo Force")
    SourceFactory(title="The Kosovo Force", merged_into=kept)
    assert suspected_duplicates(title="The Kosovo Force") == [kept]


def test_many_documents_are_asked_about_with_the_library_read_once():
    source = SourceFactory(title="The Kosovo Force")
    for number in range(30):
        SourceFactory(title=f"Another document on something else, part {number}")
    with CaptureQueriesContext(connection) as queries:
        library = Library.as_it_is()
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert library.suspected(title="The Kosovo Force") == [source]
    assert len(queries) == 1
    library.add(source.pk, title="Another name for it", addresses=["https://example.org/x"])
    assert library.suspected(url="example.org/x") == [source]
