"""Words as the search compares them, questions as it reads them, and the places it marks."""

from __future__ import annotations

import pytest

from editorial.letters import folded
from editorial.search import question as questions
from editorial.search.snippets import best, whole
from editorial.search.stems import stem
from editorial.search.words import keys
from sources.plain import plain_text


@pytest.mark.parametrize(
    "spellings",
    [
        "Đakovica Djakovica Dakovica Ђаковица ĐAKOVICA",
        "Peć Pec Пећ PEĆ",
        "Pejë Peje",
        "Hækkerup Haekkerup",
        "Søren Soren",
        "Љубиша Ljubiša Ljubisa",
        "Џаковић Džaković Dzakovic",
        "50,000 50000",
    ],
)
def test_all_spellings_of_a_word_are_one(spellings):
    assert len({folded(word) for word in spellings.split()}) == 1


# From Porter's own lists; the last ones follow his later rule for -y.
STEMS = """
caresses caress, ponies poni, cats cat, agreed agre, plastered plaster, motoring motor, conflated conflat, hopping hop,
tanned tan, falling fall, filing file, happy happi, relational relat, conditional condit, vietnamization vietnam,
operator oper, feudalism feudal, decisiveness decis, sensibility sensibl, triplicate triplic, electrical electr,
hopeful hope, goodness good, revival reviv, allowance allow, adjustable adjust, replacement replac, adoption adopt,
communism commun, effective effect, probate probat, rate rate, cease ceas, controlling control,
deployed deploy, deployment deploy, deploying deploy, say say, policy polici, police polic
"""


def test_stems_are_porters():
    pairs = [pair.split() for pair in STEMS.replace("\n", " ").split(",")]
    assert [(word, stem(word)) for word, _ in pairs] == [(word, expected) for word, expected in pairs]
    assert [stem(word) for word in ("un", "1244", "пет", "s1999")] == ["un", "1244", "пет", "s1999"]


def forms(text):
    return [term.forms[0] for term in questions.read(text).terms]


def test_a_question_is_taken_apart():
    assert forms("The forces of KFOR") == [("forc",), ("kfor",)]
    assert forms("the of") == [("the",), ("of",)]
    assert forms("“The forces” S/RES/1244") == [("the", "forc"), ("s", "re", "1244")]
    assert forms('half a "quote') == [("half",), ("quot",)]
    question = questions.read("kfor deploym* -nato UN-led")
    assert [term.beginning for term in question.terms] == ["", "deploym", ""]
    assert [term.forms for term in question.excluded] == [(("nato",),)]
    assert not questions.read(' - "" * … 😀')
    assert len(questions.read("word " * 50).terms) == questions.MOST_TERMS


def test_a_name_has_its_other_forms_in_a_question():
    (term,) = questions.read("Kosovo Polje").terms
    assert set(term.forms) == {keys("Kosovo Polje"), keys("Fushë Kosovë"), keys("Fushë Kosova")}
    assert keys("Kosova") in questions.read("kosovo").terms[0].forms
    assert questions.read("kosov*").terms[0].forms == (("kosov",),)


def marked(snippet):
    return [snippet.text[start:end] for start, end in snippet.marks]


def test_the_snippet_is_the_place_where_most_of_what_was_asked_stands_together():
    far = "Nothing here. " * 40
    text = f"Police came early. {far}The forces met the police.\nA heading\nNobody died. {far}"
    snippet = best(text, questions.read("police force"))

    assert marked(snippet) == ["forces", "police"]
    assert snippet.text.startswith("… The forces met the police. · A heading · Nobody died.")
    assert snippet.text.endswith(" …")
    assert marked(whole("Peć, Pejë and the Force of Pec", questions.read('Пећ "the force"'))) == [
        "Peć", "Pejë", "the Force", "Pec",
    ]  # fmt: skip
    assert marked(whole("Deployments, deploy", questions.read("deployme*"))) == ["Deployments"]
    assert best("No such word.", questions.read("other")) == ("No such word.", [])


def test_plain_text_has_the_words_and_no_marks():
    markdown = (
        "## A *heading*\n\nIt [came](https://x.org/a_b \"t\") in **June**.[^a][^b-2]\n- one\n- two_three\n\n"
        "| A | B |\n|---|:-:|\n| 1 | _2_ |\n\n> Quoted \\* star\n1. First"
    )  # fmt: skip
    assert plain_text(markdown) == "A heading\nIt came in June. one two_three\nA B\n1 2\nQuoted * star First"
