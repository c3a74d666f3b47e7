"""What lists write many times over: years, stretches of time, marks; and what is put together once in a process."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import Context, Engine

from editorial import workflow
from editorial.paging import keyed_listing
from editorial.standing import rows_of
from kosovo_peace.templatetags.site import stretch
from missions.filters import published_places
from missions.models import Article
from missions.templatetags.timelines import count, years
from sources.dates import PartialDate
from tests.factories import ArticleFactory, EventFactory, PlaceFactory, managing_editor, published


def test_the_years_of_a_mission_in_words():
    def of(start, end, status=""):
        dates = (PartialDate(text) if text else "" for text in (start, end))
        return years(SimpleNamespace(start=next(dates), end=next(dates), status=status))

    assert of("1999-06-10", "2008-12-09") == "1999–2008"
    assert of("1999", "1999-12") == "1999"
    assert of("1999", "", "running") == "since 1999"
    assert of("1999", "", "closed") == "1999"
    assert of("", "2001") == "–2001"
    assert of("", "") == ""


def test_a_stretch_of_time_in_words():
    june, july = (
        f'<time datetime="1999-{month}">{name} 1999</time>' for month, name in (("06", "June"), ("07", "July"))
    )

    assert stretch("1999-06", "1999-07") == f"{june} to {july}"
    assert stretch("1999-06", "1999-06") == june
    assert stretch("1999-06", "") == f"from {june}"
    assert stretch("", "1999-07") == f"until {july}"
    assert stretch("", "") == '<span class="mark">no dates found</span>'


def test_the_words_of_a_count_are_escaped():
    figure = SimpleNamespace(basis=SimpleNamespace(name="<B>"))
    fact = SimpleNamespace(figures=[figure], values=[SimpleNamespace(in_words="<5"), SimpleNamespace(in_words="7")])
    fact.sources_differ = True

    assert count(fact, "/x/?a&b") == (
        '<a href="/x/?a&amp;b">&lt;5; 7</a> <span class="mark">&lt;b&gt;</span> <span class="mark">· sources disagree</span>'
    )


def test_what_is_written_once_knows_nothing_of_the_page_and_stays():
    engine = Engine(builtins=["kosovo_peace.templatetags.site"])
    template = engine.from_string("{% once %}[{{ word }}{% url 'home' %}]{% endonce %}{{ word }}")

    assert template.render(Context({"word": "first"})) == "[/]first"
    assert template.render(Context({"word": "second"})) == "[/]second"


@pytest.mark.django_db
def test_a_question_put_together_once_is_asked_anew_each_time():
    assert rows_of(published_places, 9) == []
    event = published(EventFactory(place=PlaceFactory(key="peja", name="Peja")))
    assert rows_of(published_places, 9) == [("peja", "Peja")]
    workflow.withdraw(event, by=managing_editor(), reason="Not ours to publish.")
    assert rows_of(published_places, 9) == []


@pytest.mark.django_db
def test_an_entry_that_goes_while_the_list_is_made_is_left_out(rf):
    kept, _ = (published(ArticleFactory(title=title)) for title in ("A", "B"))
    listing = keyed_listing(
        rf.get("/articles/"),
        Article.objects.published(),
        order=("title", "pk"),
        key="record__slug",
        load=lambda keys: {kept.pk: "A"},
    )

    assert (listing.entries, listing.count_in_words) == (["A"], "2")
