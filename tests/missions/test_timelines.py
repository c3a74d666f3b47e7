"""What lists write many times over: years, stretches of time, marks; and what is put together once in a process."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.template import Context, Engine, TemplateSyntaxError

from editorial import workflow
from editorial.paging import keyed_listing
from editorial.standing import rows_about, rows_of
from kosovo_peace.templatetags.site import REMEMBERED, stretch
from missions.filters import published_places
from missions.models import Article, Event, Place
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


def test_an_entry_is_written_once_for_each_value_and_knows_nothing_else():
    engine = Engine(builtins=["kosovo_peace.templatetags.site"])
    template = engine.from_string("{% oncefor entry %}[{{ entry.text }}{{ word }}{{ entry.count }}]{% endoncefor %}")

    @dataclass(frozen=True)
    class Entry:
        text: str
        counted = 0

        def count(self) -> str:
            Entry.counted += 1
            return ""

    def written(text: str, word: str) -> str:
        return template.render(Context({"entry": Entry(text), "word": word}))

    assert [written("a", "x"), written("<b>", "x"), written("a", "y")] == ["[a]", "[&lt;b&gt;]", "[a]"]
    assert Entry.counted == 2
    for number in range(REMEMBERED + 1):
        assert written(str(number), "") == f"[{number}]"


def test_what_is_written_once_for_a_value_is_told_apart_by_what_it_holds():
    engine = Engine(builtins=["kosovo_peace.templatetags.site"])

    with pytest.raises(TypeError, match="plain value"):
        engine.from_string("{% oncefor place %}{% endoncefor %}").render(Context({"place": Place(pk=1)}))
    with pytest.raises(TemplateSyntaxError, match="names of the values"):
        engine.from_string("{% oncefor %}{% endoncefor %}")


@pytest.mark.django_db
def test_a_question_about_keys_is_put_together_once_for_each_number_of_them():
    events = [published(EventFactory(title=title, date="1999-06")) for title in ("A", "B")]
    keys = [event.pk for event in events]

    def by_title(keys):
        return Event.objects.filter(pk__in=keys).order_by("title").values_list("pk", "title", "date", "published_at")

    shown = [(event.pk, event.title, PartialDate("1999-06"), event.published_at) for event in events]
    assert rows_about(by_title, keys) == rows_about(by_title, keys[::-1]) == shown
    assert [rows_about(by_title, [key]) for key in keys] == [[row] for row in shown]
    assert rows_about(by_title, []) == []
    with pytest.raises(ValueError, match="each of the values"):
        rows_about(lambda keys: Event.objects.filter(pk__in=keys[:1]).values_list("pk"), keys)


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
        Article.objects.published,
        order=("title", "pk"),
        key="record__slug",
        load=lambda keys: {kept.pk: "A"},
    )

    assert (listing.entries, listing.count_in_words) == (["A"], "2")
