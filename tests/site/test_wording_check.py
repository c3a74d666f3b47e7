"""The wording check of `make check`: what it finds, and what it lets stand."""

from pathlib import Path

import pytest

from missions import wording
from scripts import check_wording


@pytest.fixture
def found(tmp_path):
    """The (line, word) pairs found in one file of that name and text."""

    def check(name: str, text: str) -> list[tuple[int, str]]:
        path: Path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        phrases = wording.official_names()
        return [(f.line, f.word) for f in sorted(check_wording.check_file(path, phrases))]

    return check


@pytest.mark.parametrize(
    "sentence",
    [
        "It was the largest Kosovar party.",
        "Troops stood along the border with Albania.",
        "The province had two million inhabitants.",
        "The Republic of Kosovo signed it.",
        "The massacre was reported on 16 January.",
        "Two terrorists were arrested.",
        "It should be noted that the figure was planned.",
        "The mission was successful.",
        "The talks failed in March 2007.",
        "It was a historic meeting.",
        "The murder was investigated.",
    ],
)
def test_a_word_we_do_not_use_is_found(found, sentence):
    assert len(found("record.md", f"{sentence}[^a]\n")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The report spoke of “the massacre of 45 civilians”.[^a]",
        'NATO spoke of "a historic day".[^a]',
        "> The province was under UN rule.",
        "The Kosovo Liberation Army signed the undertaking.[^a]",
        "A border crossing point was closed.",
        "NATO called the operation successful in 2009.[^a]",
        "In 2022 the court convicted him of murder.",
        "Haekkerup was succeeded by Steiner.",
        "Steiner succeeded Haekkerup as Special Representative.",
        "The regulation was effective from 10 June 1999.",
        "The historical archive was provincial.",
    ],
)
def test_quotations_names_and_owned_verdicts_stand(found, sentence):
    assert found("record.md", sentence + "\n") == []


def test_a_verdict_is_excused_by_the_holder_of_its_own_sentence_only(found):
    text = "NATO said “it went well.” The mission was effective. Others called it a failure.\n"
    assert found("record.md", text) == [(1, "effective")]


def test_front_matter_and_body_are_both_read_and_lines_counted_from_the_top(found):
    text = (
        "---\n"
        "title: A meeting\n"
        "summary: >\n"
        "  The parties met,[^a]\n"
        "  and the talks failed.[^a]\n"
        "citations:\n"
        "- {key: a, source: a, quote: the talks failed}\n"
        "---\n"
        "\n"
        "## What happened\n"
        "\n"
        "They met in the province.[^a]\n"
    )
    assert found("record.md", text) == [(5, "failed"), (12, "province")]


def test_what_a_holder_says_is_the_holders(found):
    text = (
        "statements:\n"
        "- {key: a, holder: NATO, quoted: false, text: The operation was successful.}\n"
        "- {key: b, holder: NATO, quoted: true, text: The province was calm.}\n"
        "- {key: c, holder: NATO, quoted: false, text: The province was calm.}\n"
        "disagreements:\n"
        "- question: Was the mission effective?\n"
        "  positions:\n"
        "  - {holder: NATO, text: It was effective.}\n"
    )
    assert found("record.md", f"---\n{text}---\n") == [(5, "province"), (7, "effective")]


def test_titles_in_the_library_are_the_sources_own(found):
    text = "- {key: a, title: A Massacre in Kosovo Province, note: Written in the province.}\n"
    assert found("sources.yaml", text) == [(1, "province")]


def test_a_template_is_read_as_it_is_seen_and_heard(found):
    text = (
        "{# the border of the box #}\n"
        '{% include "province.html" with border=1 %}\n'
        '<div class="border"><a href="/x/">NATO</a> said it failed.</div>\n'
        '<img src="a.svg" alt="Map of the province">\n'
        "<q>the massacre</q> &ldquo;the massacre&rdquo;\n"
        "<p>Near the border</p>\n"
    )
    assert found("page.html", text) == [(4, "province"), (6, "border")]


def test_an_allowed_phrase_needs_a_reason(tmp_path):
    allowed = tmp_path / "allowed.txt"
    allowed.write_text("Province Hotel\n", encoding="utf-8")
    with pytest.raises(ValueError, match="give a reason"):
        wording.read_allowed(allowed)


def test_the_check_fails_when_a_word_is_found(tmp_path, capsys):
    (tmp_path / "record.md").write_text("The talks failed.\n", encoding="utf-8")
    assert check_wording.main([str(tmp_path)]) == 1
    assert "record.md:1: “failed”" in capsys.readouterr().out


def test_american_forms_are_found_and_what_is_british_or_official_stands(found):
    american = (
        "The organization of a defense center in the neighborhood.\n"
        "It canceled the program on June 12, 1999, and 40 percent fulfill it.\n"
    )
    words = ["organization", "center", "neighborhood", "defense", "canceled", "June 12, 1999", "percent", "fulfill"]
    assert sorted(word for _, word in found("record.md", american)) == sorted(words)
    british = (
        "A program seized the largest prize of medium size; the centre cancelled it on 12 June 1999.\n"
        "The judgment was licensed. The Humanitarian Law Center spoke of “a defense organization”.\n"
    )
    assert found("record.md", british) == []


def test_of_a_document_only_the_spelling_is_looked_at_and_no_code(found, monkeypatch, tmp_path):
    monkeypatch.setattr(check_wording, "ROOT", tmp_path)
    text = "If it failed, see `organization` and [this](docs/center.md).\n\n```\ncolor = 1\n```\n\nIts color.\n"
    assert found("README.md", text) == [(7, "color")]
