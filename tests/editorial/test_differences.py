from editorial.differences import changed_paragraphs, difference

TEXTS = ("summary", "body")


def _marked(paragraphs):
    return [[(piece.kind, piece.text) for piece in pieces] for pieces in paragraphs]


def test_only_changed_words_of_changed_paragraphs_are_marked():
    old = "First stays.\n\nThere were 42,000 troops."
    new = "First stays.\n\nThere were 50,000 troops."

    assert _marked(changed_paragraphs(old, new)) == [
        [("same", "There were "), ("removed", "42"), ("added", "50"), ("same", ",000 troops.")]
    ]


def test_a_paragraph_put_in_is_added_whole():
    assert _marked(changed_paragraphs("One.", "One.\n\nTwo.")) == [[("added", "Two.")]]


def test_equal_texts_have_no_changes():
    assert not difference({"body": "One."}, {"body": "One."}, texts=TEXTS)


def test_evidence_is_told_apart_from_wording_and_other_rows():
    old = {
        "body": "One.",
        "start": "1999",
        "figures": {"f1": {"value": "42000", "source": "a", "rank": 0}},
        "leaders": {"l1": {"person": "A"}},
    }
    new = {
        "body": "One.",
        "start": "1999-06",
        "figures": {"f1": {"value": "50000", "source": "a", "rank": 3}, "f2": {"value": "1"}},
    }

    found = difference(old, new, texts=TEXTS)

    assert found.texts == []
    assert [(value.name, value.old, value.new) for value in found.values] == [("start", "1999", "1999-06")]
    assert [(row.key, row.change) for row in found.evidence] == [("f1", "changed"), ("f2", "added")]
    assert [(value.name, value.old, value.new) for value in found.evidence[0].values] == [("value", "42000", "50000")]
    assert [(row.key, row.change) for row in found.rows] == [("l1", "removed")]


def test_a_row_that_only_moved_is_no_difference():
    old = {"figures": {"f1": {"value": "1", "rank": 0}}}
    new = {"figures": {"f1": {"value": "1", "rank": 5}}}

    assert not difference(old, new, texts=TEXTS)
