"""Those who ask in `make faults` and `make soak`: what they read from pages, and how they are counted; no site is asked."""

from __future__ import annotations

import pytest

from benchmarks.faults.outcome import Fault, summary
from benchmarks.load.browser import Answer
from benchmarks.load.forms import forms
from benchmarks.load.mix import Mix, Part, steps_a_second
from benchmarks.load.tally import Tally, statuses
from benchmarks.soak.growth import is_flat

MIB = 2**20
PAGE = """
<form method="post" action="/log-out/"><input type="hidden" name="csrfmiddlewaretoken" value="x"></form>
<form method="post">
  <input type="hidden" name="csrfmiddlewaretoken" value="a&amp;b"><input name="title" value="Entry">
  <input name="left" value="out" disabled><input type="checkbox" name="minor"><input type="checkbox" name="ours" checked>
  <textarea name="body">
First line
second &lt;line&gt;</textarea>
  <select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
  <select name="place"><option value="">none</option><option value="p">P</option></select>
  <select name="themes" multiple><option value="t">T</option></select>
  <button name="_save" value="Save">Save</button>
</form>
"""


def test_a_form_is_sent_as_a_browser_would():
    form = forms(PAGE)[-1]

    assert form.method == "post"
    assert form.fields == [
        ("csrfmiddlewaretoken", "a&b"),
        ("title", "Entry"),
        ("ours", "on"),
        ("body", "First line\r\nsecond <line>"),
        ("kind", "b"),
        ("place", ""),
    ]
    assert form.filled({"title": "Exit", "_save": "Save"})[-2:] == [("title", "Exit"), ("_save", "Save")]
    assert "minor" not in form


def test_a_refusal_is_as_planned_only_if_it_says_when_to_come_back():
    tally = Tally()

    assert tally.note("readers", Answer(200))
    assert tally.note("programs", Answer(429, {"retry-after": "5"}), (200, 429))
    assert not tally.note("programs", Answer(429, {}, b"Go  away", address="/api/v1/"), (200, 429))
    assert not tally.note("readers", Answer(0, {}, b"TimeoutError"))
    assert tally.unplanned() == 2
    assert tally.examples["programs"] == ["/api/v1/: 429 Go away"]
    assert statuses(tally.asked) == "429: 2, 200: 1, no answer: 1"


def test_steps_are_taken_in_their_shares_however_long_each_takes():
    taken = {"often": 0, "seldom": 0}

    def visitor(name):
        def step():
            taken[name] += 1

        return lambda: step

    rate = steps_a_second({name: Part(visitor(name), 1, share) for name, share in (("often", 3), ("seldom", 1))}, 0.05)

    assert rate > 0
    assert abs(taken["often"] - 3 * taken["seldom"]) <= 4


def test_what_a_visitor_raises_is_raised_at_the_end():
    def visitor():
        def step():
            raise LookupError("a fault of ours")

        return step

    with pytest.raises(LookupError), Mix({"one": Part(visitor, 1, 100)}).at_work():
        pass


def test_a_promise_that_could_not_be_tried_is_neither_held_nor_broken():
    fault = Fault("Disk full", "It was filled.")
    fault.promise_nothing_wrong("Nothing is lost.", [])
    fault.promise_nothing_wrong("All is whole.", [f"{n} is not." for n in range(7)])
    fault.promise("Pages are there.", None, "only root may.")

    assert [outcome.held for outcome in fault.outcomes] == [True, False, None]
    assert fault.outcomes[1].seen.endswith("4 is not. and 2 more")
    assert summary([fault]).splitlines()[0] == "1 of 3 promises held."
    assert "NOT HELD. Disk full: All is whole." in summary([fault])


def test_memory_is_flat_up_to_a_tenth_more_and_a_mebibyte_is_nothing():
    assert is_flat(100 * MIB, 110 * MIB)
    assert not is_flat(100 * MIB, 111 * MIB)
    assert is_flat(3 * MIB, 4 * MIB)
