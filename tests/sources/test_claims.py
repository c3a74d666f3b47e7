"""Which sentences of a text claim something and show no evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.claims import MARK, cited_sentences, sentences, uncited_claims


def found(text: str) -> list[str]:
    return [claim.sentence for claim in uncited_claims(text, "body")]


def reason(sentence: str) -> str:
    return next((claim.reason for claim in uncited_claims(sentence, "body")), "")


def parts(text: str) -> list[str]:
    return list(sentences(text.replace("°", MARK)))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("There were 50,000 troops.", "a number"),
        ("It sent two battalions.", "a number"),
        ("Thousands fled.", "a number"),
        ("Turnout was 3.5 per cent.", "a number"),
        ("The talks ended in 2007.", "a date"),
        ("The talks ended on 12 June 1999.", "a date"),
        ("The talks ended in March.", "a date"),
        ("In the 1990s it was otherwise.", "a date"),
        ("On 12 June it had 46 posts.", "a date and a number"),
        ("NATO called it “a good day”.", "a quotation"),
        ('NATO called it "a good day".', "a quotation"),
        ("NATO called it «a good day».", "a quotation"),
        ("It was the largest mission of its kind.", "a superlative"),
        ("It was the first such election.", "a superlative"),
        ("It was the only court that heard the case.", "a superlative"),
        ("Most refugees returned.", "a superlative"),
        (
            "On 1 May 2003 the largest of 12 camps was “closed for good”.",
            "a date, a number, a quotation and a superlative",
        ),
    ],
)
def test_a_claim_says_in_words_why_it_needs_a_source(sentence, expected):
    assert reason(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The force kept the peace.",
        "The two sides met again.",
        "Resolution 1244 asked for it.",
        "S/RES/1244 (1999) and article 5 are its basis.",
        "The G8 and the P5+1 met at B92.",
        "It may march on.",
        "It could only watch.",
        "At first nothing happened.",
        "The interest of the west was a request for rest.",
        "How many fled after June 1999?",
        "No figure after 2018 was found in the sources searched.",
        "See [the mandate](https://example.org/2004/12) and <https://example.org/1999>.",
    ],
)
def test_what_claims_nothing_of_the_kind_is_left_alone(sentence):
    assert found(sentence) == []


def test_a_question_that_quotes_somebody_is_a_claim():
    assert reason("Who spoke of “the worst day”?") == "a quotation"


@pytest.mark.parametrize(
    "text",
    [
        "There were 50,000 troops.[^a]",
        "There were 50,000 troops[^a] and 12 tanks.",
        "There were 50,000 troops. [^a] They left.",
        "NATO said: “There were 50,000. They left in 1999.”[^a] They left.",
        "(There were 50,000 troops.)[^a]",
        "There were 50,000\ntroops in\n1999.[^a][^b]",
        "There were **50,000 troops.**[^a]",
        "There were [50,000](https://example.org) troops![^a]",
        "> There were 50,000 troops.[^a]",
        "1. There were 50,000 troops.[^a]\n2. They left in 1999.[^b]",
    ],
)
def test_a_marker_covers_the_sentence_it_stands_in_or_directly_after(text):
    assert found(text) == []


def test_a_marker_covers_no_other_sentence():
    text = "There were 50,000 troops. They left in 1999.[^a] In 2000 they came back."
    assert found(text) == ["There were 50,000 troops.", "In 2000 they came back."]


def test_headings_tables_and_code_are_left_out():
    text = (
        "# In 1999\n\n## 50,000 troops\n\nSetext 1999\n---\n\n| year | troops |\n|---|---|\n| 1999 | 50,000 |\n\n"
        "    indented 1999\n\n```\n1999\n```\n\nThe code `1999` is inline.\n"
    )
    assert found(text) == []


def test_what_leads_to_a_list_is_covered_where_each_of_its_items_is():
    cited = "The first tasks were:\n\n- to deter;[^a]\n- to guard.[^b]"
    assert found(cited) == []
    assert found(cited.replace("[^b]", "")) == ["The first tasks were:"]


def test_list_items_and_quoted_paragraphs_are_sentences_of_their_own():
    text = "- 2,000 police\n- 300 judges\n\n> It came in 1999."
    assert found(text) == ["2,000 police", "300 judges", "It came in 1999."]


def test_a_sentence_is_shown_as_readers_see_it():
    text = "In *1999* the [force](https://example.org/a_(b)) had\n**50,000** \\* &amp; more."
    assert found(text) == ["In 1999 the force had 50,000 * & more."]


def test_the_same_sentence_is_found_once_and_named_by_field_and_words():
    one, other = (
        uncited_claims("It left in 1999.\n\nIt left in 1999.", "body"),
        uncited_claims("It left in 1999.", "summary"),
    )
    assert len(one) == len(other) == 1
    assert one[0].digest != other[0].digest
    assert one[0].digest == uncited_claims("Before.[^a] It *left*\nin 1999. After.", "body")[0].digest


def test_nobody_can_type_what_stands_for_a_marker():
    forged = [f"It left in 1999.{MARK}", "It left in 1999.&#xE000;", "It left in 1999.\\[^a]", "It left in 1999.`[^a]`"]
    for text in forged:
        assert len(found(text)) == 1, text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It came. It left.", ["It came.", "It left."]),
        ("It came.° It left.°", ["It came.°", "It left.°"]),
        ("Art. 5 and No. 12 apply. See p. 12, para. 3.", ["Art. 5 and No. 12 apply.", "See p. 12, para. 3."]),
        ("He said no. Serbia objected.", ["He said no.", "Serbia objected."]),
        ("Gen. Jackson met Mr. J. R. Smith of the U.S. Army.", ["Gen. Jackson met Mr. J. R. Smith of the U.S. Army."]),
        ("It came from the U.S. The end.", ["It came from the U.S.", "The end."]),
        ("It had 12.5 km. In the end", ["It had 12.5 km.", "In the end"]),
        ("On 12. June it left.", ["On 12. June it left."]),
        ("It left in 1999. June was dry.", ["It left in 1999.", "June was dry."]),
        ("“Why?” he asked. Nobody knew!", ["“Why?” he asked.", "Nobody knew!"]),
        ("He said: “One. Two.” Then he left.", ["He said: “One. Two.”", "Then he left."]),
        ("„Jedan. Dva.“ To je sve.", ["„Jedan. Dva.“", "To je sve."]),
        ("It ended … and began. (It did.)° Yes", ["It ended … and began.", "(It did.)°", "Yes"]),
        ("A mark is “forgotten. It goes on. And on.", ["A mark is “forgotten.", "It goes on.", "And on."]),
        ("No stop", ["No stop"]),
        ("", []),
    ],
)
def test_sentences_end_where_readers_would_say(text, expected):
    assert parts(text) == [sentence.replace("°", MARK) for sentence in expected]


def test_the_keys_of_a_sentence_are_told_in_its_own():
    text = "One.[^a][^b] Two[^c] and.[^d]\n\n- Three.[^e]\n\nLeads:\n\n- four[^f]"
    assert list(cited_sentences(text)) == [
        ("One.", ["a", "b"]),
        ("Two and.", ["c", "d"]),
        ("Three.", ["e"]),
        ("four", ["f"]),
    ]


@pytest.mark.parametrize(
    "piece",
    [
        *(".", "“", '"', "[", "[a](", '[a](x "', "`", "*", "_a", "a-", "resolution 1, ", "the ", "&#1", "http://"),
        *("1999-", "\\", "- a:\n", "a:\n\n", "[^a] ", ".[^a] ", "A. ", "(((", " ", "12 ", "\x00", "„", "|a"),
    ],
)
def test_no_text_takes_long(piece):
    uncited_claims(piece * 10_000, "body")  # at once; a pattern that looks back would take minutes


def test_few_sentences_of_the_founding_record_are_found():
    record = Path(__file__).parents[2] / "missions" / "record"
    texts = [path.read_text(encoding="utf-8").split("\n---\n", 1)[1] for path in sorted(record.glob("*/*.md"))]
    written = [text for text in texts if "Notes for the text" not in text]
    cited = sum(len(list(cited_sentences(text))) for text in written)
    claims = sum(len(uncited_claims(text, "body")) for text in written)
    assert cited > 300
    assert claims < cited / 20
