"""The review page: what changed, what is claimed without a source, notes, and the way to a decision."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial import reviewing, workflow
from editorial.differences import amount_changed, changed_sections
from editorial.models import ClaimCheck, Edition, Editor, ReviewNote, State
from sources.models import Source
from tests.admin_forms import action, at_work, do, form_of
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reviewer,
    state_of,
    submitted,
    superuser,
)

pytestmark = pytest.mark.django_db

TROOPS = "There were 50,000 troops."
WITH_CLAIM = f"## What it was\n\nIt was a force.[^a] {TROOPS}"


def page(edition: Any) -> str:
    return reverse(f"admin:missions_{edition.record.kind}_review", args=[edition.pk])


def step(edition: Any, name: str) -> str:
    return reverse(f"admin:missions_{edition.record.kind}_review_step", args=[edition.pk, name])


def marked(text: str, tag: str) -> list[str]:
    """The words that a page marks as added (`ins`) or removed (`del`)."""
    found = re.findall(rf'<{tag}><span class="visually-hidden">\w+: </span>(.*?)</{tag}>', text, re.DOTALL)
    return [words.strip() for words in found]


def ticks(response: Any, ground: str = "no-claim") -> dict[str, str]:
    """What the checklist on a page sends when every claim is given the same ground."""
    return dict.fromkeys(re.findall(r'<select name="(ground-[0-9a-f]{64})"', response.text), ground)


# The stories


def test_first_publication():
    ana, cem = author(public_name="Ana"), reviewer(public_name="Cem")
    edition = MissionFactory(by=ana, slug="kfor")
    FigureFactory(edition=edition)
    workflow.note_work(edition, by=ana)
    do(at_work(ana), edition, "submit")

    by_cem = at_work(cem)
    read = by_cem.get(page(edition))
    assert "Submitted by Ana" in read.text
    assert "The whole text is new" in read.text
    assert "No claims without a marker were found." in read.text
    approve = re.search(r'href="([^"]+/do/publish/\?shown=\d+)"', read.text)
    assert approve
    asked = by_cem.get(approve[1])
    by_cem.post(approve[1], {"shown": asked.context["form"]["shown"].value()})

    edition.refresh_from_db()
    assert (edition.state, edition.number, edition.written_by, edition.checked_by) == ("published", 1, "Ana", "Cem")
    assert edition.frozen
    assert edition.sha256
    assert edition.transitions.count() == 2
    readers = Client()
    for address in (edition.record.get_absolute_url(), edition.get_absolute_url()):
        assert "Checked by" in readers.get(address).text
    assert readers.get("/api/v1/missions/kfor/").json()["edition"] == 1


def test_the_author_does_not_approve_as_superuser_either_and_the_attempt_is_logged():
    ana = superuser(username="ana")
    edition = submitted(MissionFactory(by=ana), by=ana)
    client = at_work(ana)
    read = client.get(page(edition)).text
    assert "You have worked on this text" in read
    assert action(edition, "publish") not in read
    refused = client.post(action(edition, "publish"), {"shown": edition.lock_version})
    assert refused.status_code == 409
    assert "Somebody who has not worked on this text must approve it." in refused.text
    assert state_of(edition) == State.IN_REVIEW
    assert LogEntry.objects.filter(user=ana, change_message__contains="refused").exists()


def test_who_changed_one_citation_does_not_approve_the_next_round_either():
    ana, cem = author(), reviewer()
    edition = submitted(MissionFactory(by=ana), by=ana)
    workflow.request_changes(edition, by=reviewer(), reason="A place is missing.")
    edition.refresh_from_db()
    citation = edition.citations.get()
    citation.locator = "para. 10"
    citation.save()
    workflow.note_work(edition, by=cem)
    submitted(edition, by=ana)
    by_cem = at_work(cem)
    assert action(edition, "publish") not in by_cem.get(page(edition)).text
    assert by_cem.post(action(edition, "publish"), {"shown": edition.lock_version}).status_code == 409
    assert state_of(edition) == State.IN_REVIEW


def test_the_second_round_shows_what_changed_since_the_notes_that_were_resolved_and_the_whole_difference():
    ana, cem = author(public_name="Ana"), reviewer(public_name="Cem")
    first = published(MissionFactory(body="It was a force.[^a]\n\nIt had tasks.[^a]"))
    edition = next_edition(
        first.record, by=ana, body="It was a large force.[^a]\n\nIt had tasks.[^a]", change_note="More."
    )
    submitted(edition, by=ana)
    by_ana, by_cem = at_work(ana), at_work(cem)

    by_cem.post(step(edition, "add-note"), {"passage": "a large force", "text": "How large?"})
    by_cem.post(step(edition, "add-note"), {"passage": "", "text": "Please name the tasks."})
    do(by_cem, edition, "request-changes", reason="Two things are unclear.")

    opened = by_ana.get(form_of(edition)).text
    for words in ("Two things are unclear.", "a large force", "How large?", "Please name the tasks."):
        assert words in opened
    note = ReviewNote.objects.get(text="How large?")
    back = by_ana.post(step(edition, "resolve-note"), {"note": note.pk}, follow=True)
    assert back.redirect_chain[-1][0].startswith(form_of(edition))
    assert "Mark as not resolved" in back.text
    edition.refresh_from_db()
    edition.body = "It was a large force.[^a]\n\nIt had three tasks.[^a]"
    edition.save()
    workflow.note_work(edition, by=ana)
    do(by_ana, edition, "submit")

    read = by_cem.get(page(edition)).text
    since, against = read.split('id="against"')
    assert marked(since, "ins") == ["three"]
    assert marked(against, "ins") == ["large", "three"]
    assert "since your last review" in since
    assert "Two things are unclear." in since
    assert "✓ Resolved" in read
    assert "by Ana" in read
    assert "Not resolved." in read
    assert "Since your last review" not in at_work(reviewer()).get(page(edition)).text


def test_a_script_is_told_that_a_note_is_resolved_without_the_page():
    ana, cem = author(), reviewer()
    edition = submitted(MissionFactory(by=ana), by=ana)
    note = reviewing.add_note(edition, passage="", text="Why?", by=cem)
    workflow.request_changes(edition, by=cem, reason="Again.")
    for name, resolved in (("resolve-note", True), ("reopen-note", False)):
        answer = at_work(ana).post(step(edition, name), {"note": note.pk}, headers={"X-Requested-With": "fetch"})
        assert answer.status_code == 204
        note.refresh_from_db()
        assert bool(note.resolved_at) is resolved


def test_nothing_changed_since_the_last_review_is_said():
    ana, cem = author(), reviewer()
    edition = submitted(MissionFactory(by=ana), by=ana)
    workflow.request_changes(edition, by=cem, reason="Look again.")
    edition.refresh_from_db()
    submitted(edition, by=ana)
    assert "Nothing has changed." in at_work(cem).get(page(edition)).text


def test_a_claim_without_a_marker_is_told_to_the_author_and_ticked_by_the_reviewer():
    ana, cem = author(), reviewer(public_name="Cem")
    edition = MissionFactory(by=ana, body=WITH_CLAIM)
    by_ana, by_cem = at_work(ana), at_work(cem)
    asked = by_ana.get(action(edition, "submit")).text
    assert "1 sentence claims something without a marker" in asked
    assert TROOPS in asked
    do(by_ana, edition, "submit")

    read = by_cem.get(page(edition))
    assert TROOPS in read.text
    assert "a number" in read.text
    assert 'aria-disabled="true" role="link">Approve and publish' in read.text
    assert action(edition, "publish") not in read.text
    edition.refresh_from_db()
    forged = by_cem.post(action(edition, "publish"), {"shown": edition.lock_version})
    assert forged.status_code == 409
    assert TROOPS in forged.text
    assert state_of(edition) == State.IN_REVIEW

    sent = ticks(read, "common-knowledge")
    assert len(sent) == 1
    kept = by_cem.post(step(edition, "ticks"), sent, follow=True)
    assert action(edition, "publish") in kept.text
    check = ClaimCheck.objects.get()
    assert (check.sentence, check.ground, check.by) == (TROOPS, "common-knowledge", cem)
    do(by_cem, edition, "publish")
    assert state_of(edition) == State.PUBLISHED
    assert f"{TROOPS}</p>" in by_cem.get(page(edition)).text
    assert "Ticked: common knowledge" in by_cem.get(page(edition)).text


# The checklist


def test_a_tick_lasts_through_later_editions_whoever_approves_them():
    cem, dua = reviewer(public_name="Cem"), reviewer(public_name="Dua")
    first = published(MissionFactory(body=WITH_CLAIM), by=cem)
    second = published(next_edition(first.record, summary="Another.[^a]"), by=dua)
    third = next_edition(second.record, by=(ana := author()), summary="A third.[^a]", change_note="More.")
    submitted(third, by=ana)
    read = at_work(reviewer()).get(page(third)).text
    assert "Ticked by Cem for edition 1" in read
    assert action(third, "publish") in read
    assert third.claims_left(by=reviewer()) == []


def test_a_tick_is_gone_when_the_words_change():
    first = published(MissionFactory(body=WITH_CLAIM))
    second = next_edition(first.record, body=WITH_CLAIM.replace("50,000", "40,000"))
    assert [claim.sentence for claim in second.claims_left(by=reviewer())] == ["There were 40,000 troops."]


def test_the_tick_of_another_reviewer_is_shown_and_counts_for_them_only():
    ana, cem, dua = author(), reviewer(public_name="Cem"), reviewer()
    edition = submitted(MissionFactory(by=ana, body=WITH_CLAIM), by=ana)
    reviewing.tick(edition, edition.claims_left(by=cem)[0], ground="no-claim", by=cem)
    read = at_work(dua).get(page(edition)).text
    assert "Cem ticked it: not a claim that needs a source" in read
    assert action(edition, "publish") not in read


def test_ticks_can_be_changed_and_taken_back():
    ana, cem = author(), reviewer()
    edition = submitted(MissionFactory(by=ana, body=WITH_CLAIM), by=ana)
    client = at_work(cem)
    for ground in ("no-claim", "cited-nearby"):
        client.post(step(edition, "ticks"), ticks(client.get(page(edition)), ground))
        assert ClaimCheck.objects.get().ground == ground
    client.post(step(edition, "ticks"), ticks(client.get(page(edition)), ""))
    assert not ClaimCheck.objects.exists()


@pytest.mark.parametrize("ground", ["nonsense", "\x00", "x" * 10_000])
def test_a_ground_that_is_none_is_refused_and_all_ticks_stay_as_they_were(ground):
    ana, cem = author(), reviewer()
    edition = submitted(MissionFactory(by=ana, body=f"{TROOPS} They left in 2001."), by=ana)
    client = at_work(cem)
    first, second = ticks(client.get(page(edition)))
    refused = client.post(step(edition, "ticks"), {first: "no-claim", second: ground})
    assert refused.status_code == 409
    assert "Choose the ground" in refused.text
    assert f'<select name="{first}"' in refused.text
    assert 'value="no-claim" selected' in refused.text
    assert not ClaimCheck.objects.exists()


def test_a_sentence_that_is_no_longer_there_is_not_ticked():
    ana, cem = author(), reviewer()
    edition = submitted(MissionFactory(by=ana, body=WITH_CLAIM), by=ana)
    refused = at_work(cem).post(step(edition, "ticks"), {f"ground-{'0' * 64}": "no-claim", "ground-\x00": "x"})
    assert "no longer in the text" in refused.text
    assert not ClaimCheck.objects.exists()


# What changed


def test_twelve_changed_words_of_three_thousand_mark_at_most_fifteen():
    words = random.Random(1244)
    vocabulary = [f"word{n}" for n in range(400)]
    sentences = [" ".join(words.choices(vocabulary, k=12)).capitalize() + ".[^a]" for _ in range(250)]
    paragraphs = [sentences[n : n + 5] for n in range(0, 250, 5)]
    old = "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
    changed = [list(paragraph) for paragraph in paragraphs]
    for n in range(12):
        sentence = changed[n * 4][2].split(" ")
        sentence[5] = f"changed{n}"
        changed[n * 4][2] = " ".join(sentence)
    new = "\n\n".join(" ".join(paragraph) for paragraph in changed)
    ana = author()
    first = published(ArticleFactory(body=old))
    edition = submitted(next_edition(first.record, by=ana, body=new, change_note="Twelve words."), by=ana)

    read = at_work(reviewer()).get(page(edition)).text
    assert len(re.findall(r"\w+", " ".join(marked(read, "ins")))) <= 15
    assert len(re.findall(r"\w+", " ".join(marked(read, "del")))) <= 15
    assert marked(read, "ins") == [f"changed{n}" for n in range(12)]
    assert "24 words and 0 pieces of evidence changed" in read


def test_a_source_swapped_under_unchanged_words_is_shown():
    ana = author()
    first = published(MissionFactory())
    edition = next_edition(first.record, by=ana, change_note="A better source.")
    citation = edition.citations.get()
    citation.source = SourceFactory(key="better", title="The better report")
    citation.save()
    workflow.note_work(edition, by=ana)
    submitted(edition, by=ana)
    read = at_work(reviewer()).get(page(edition)).text
    assert "0 words and 1 piece of evidence changed" in read
    assert 'id="evidence"' in read
    assert any("The better report" in text for text in marked(read, "ins"))
    assert 'id="words"' not in read


def test_evidence_stands_apart_from_words_and_from_other_rows():
    ana = author()
    mission = MissionFactory()
    FigureFactory(edition=mission, key="strength", value=50_000)
    first = published(mission)
    edition = next_edition(
        first.record, by=ana, body="## What it was\n\nIt was a big force.[^a][^new]", change_note="More."
    )
    figure = edition.figures.get()
    figure.value = 42_000
    figure.save()
    citation = edition.citations.get()
    citation.locator = "para. 10"
    citation.save()
    CitationFactory(edition=edition, key="new", source=SourceFactory(title="A new report"))
    workflow.note_work(edition, by=ana)
    submitted(edition, by=ana)
    read = at_work(reviewer()).get(page(edition)).text
    evidence, words = read.split('id="evidence"')[1].split('id="words"')
    assert [t for t in marked(evidence, "ins") if t in ("42,000", "para. 10")] == ["para. 10", "42,000"]
    assert "A new report" in evidence
    assert "big" in marked(words, "ins")
    assert "Body: What it was" in words
    assert "1 word and 3 pieces of evidence changed" in read


def test_paragraphs_that_changed_stand_under_their_headings():
    old = "Above.\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n\nThird."
    sections = changed_sections(old, old.replace("Above", "Over").replace("Second", "2nd").replace("Third", "3rd"))
    assert [(section.heading, len(section.paragraphs)) for section in sections] == [("", 1), ("Two", 2)]
    assert changed_sections("## One", "### One") == []
    assert changed_sections("## One", "## Two")[0].heading == "Two"


def test_a_marker_is_no_word():
    old, new = {"body": "It came."}, {"body": "It came.[^un1999-res_1244] It left."}
    assert amount_changed(old, new, texts=("body",)) == (2, 0)


def test_names_of_what_is_in_no_public_use_yet_are_told_to_editors_only():
    ana = author()
    first = published(MissionFactory())
    edition = next_edition(first.record, by=ana, body="It was a force.[^new]", change_note="More.")
    CitationFactory(edition=edition, key="new", source=SourceFactory(key="not-yet", title="Not yet cited"))
    submitted(edition, by=ana)
    assert "Not yet cited" in at_work(reviewer()).get(page(edition)).text


def test_what_is_approved_is_the_text_that_the_review_page_showed():
    ana, cem = author(), reviewer()
    edition = submitted(MissionFactory(by=ana), by=ana)
    client = at_work(cem)
    link = re.search(r'href="([^"]+/do/publish/\?shown=\d+)"', client.get(page(edition)).text)
    assert link
    workflow.take_back(edition, by=ana)
    edition.summary = "Quite another.[^a]"
    edition.save()
    workflow.note_work(edition, by=ana)
    submitted(edition, by=ana)
    asked = client.get(link[1])
    refused = client.post(link[1], {"shown": asked.context["form"]["shown"].value()})
    assert refused.status_code == 409
    assert "please read it again" in refused.text
    assert state_of(edition) == State.IN_REVIEW


@pytest.mark.parametrize("shown", ["nonsense", "\x00", "9" * 40, "-1", "²"])
def test_nonsense_in_the_link_to_the_confirmation_is_no_accident(shown):
    ana = author()
    edition = submitted(MissionFactory(by=ana), by=ana)
    assert at_work(reviewer()).get(action(edition, "publish"), {"shown": shown}).status_code in (200, 400)


# Warnings


def test_warnings_on_sources_and_wording_are_counted_and_folded():
    ana = author()
    edition = MissionFactory(by=ana, summary="The talks failed.[^t] Five men were killed.[^t]")
    CitationFactory(edition=edition, key="t", source=SourceFactory(standing=Source.Standing.TERTIARY), locator="")
    gone = SourceFactory(status=Source.Status.UNREACHABLE, title="Out of reach")
    CitationFactory(edition=edition, key="gone", source=gone, locator="")
    submitted(edition, by=ana)
    read = at_work(reviewer()).get(page(edition)).text
    for words in (
        "1 word is not for the site’s own voice",
        "“failed”: only with who judged so, and when. In: The talks failed.",
        "Deaths, harm or blame that only tertiary sources support",
        "Five men were killed. (t)",
        "1 citation with a source out of reach.",
        "2 citations without a place in the source.",
    ):
        assert words in read
    assert "<summary>2 citations without a place in the source.</summary>" in read


def test_deaths_that_a_better_source_supports_too_are_no_warning():
    edition = MissionFactory(summary="Five men were killed.[^t][^a]")
    CitationFactory(edition=edition, key="t", source=SourceFactory(standing=Source.Standing.TERTIARY))
    assert edition.publication_warnings() == []


# Notes and who reads


def test_an_empty_note_is_refused_and_its_passage_kept():
    ana = author()
    edition = submitted(MissionFactory(by=ana), by=ana)
    refused = at_work(reviewer()).post(step(edition, "add-note"), {"passage": "A force came.", "text": " "})
    assert refused.status_code == 409
    assert ">\nA force came.</textarea>" in refused.text
    assert not ReviewNote.objects.exists()


@pytest.mark.parametrize(
    "nonsense", ["\x00", "x" * 10_000, "\ud800".encode("utf-8", "surrogatepass"), "99999999999999999999"]
)
def test_nonsense_in_a_step_is_no_accident(nonsense):
    ana = author()
    edition = submitted(MissionFactory(by=ana), by=ana)
    client = at_work(reviewer())
    assert client.post(step(edition, "add-note"), {"passage": nonsense, "text": nonsense}).status_code in (302, 409)
    assert client.post(step(edition, "remove-note"), {"note": nonsense}).status_code == 409
    assert client.post(step(edition, "nonsense"), {}).status_code == 404


def test_a_note_is_removed_by_who_wrote_it_only():
    ana, cem, dua = author(), reviewer(), reviewer()
    edition = submitted(MissionFactory(by=ana), by=ana)
    at_work(cem).post(step(edition, "add-note"), {"text": "Why?"})
    note = ReviewNote.objects.get()
    assert at_work(dua).post(step(edition, "remove-note"), {"note": note.pk}).status_code == 409
    assert ReviewNote.objects.exists()
    at_work(cem).post(step(edition, "remove-note"), {"note": note.pk})
    assert not ReviewNote.objects.exists()


def test_a_note_of_another_text_is_not_there():
    ana, cem = author(), reviewer()
    edition, other = (submitted(MissionFactory(by=ana), by=ana) for _ in range(2))
    reviewing.add_note(other, passage="", text="Why?", by=cem)
    refused = at_work(cem).post(step(edition, "remove-note"), {"note": ReviewNote.objects.get().pk})
    assert "no longer there" in refused.text
    assert ReviewNote.objects.exists()


def test_others_see_who_is_reading_and_since_when():
    ana, cem, dua = author(), reviewer(public_name="Cem"), reviewer()
    edition = submitted(MissionFactory(by=ana), by=ana)
    by_cem, by_dua = at_work(cem), at_work(dua)
    assert "Nobody is down as reading it." in by_cem.get(page(edition)).text
    by_cem.post(step(edition, "claim"))
    assert "<strong>You</strong> are reading it" in by_cem.get(page(edition)).text
    assert "<strong>Cem</strong> is reading it" in by_dua.get(page(edition)).text
    assert by_dua.post(step(edition, "release")).status_code == 409
    by_cem.post(step(edition, "release"))
    edition.refresh_from_db()
    assert edition.claimed_by is None


# Who may, and what it costs

STEPS = {
    "claim": {},
    "release": {},
    "ticks": None,  # every claim with a ground
    "answers": {},
    "add-note": {"passage": "", "text": "Why?"},
    "remove-note": {},
    "resolve-note": {},
    "reopen-note": {},
}


def what_stands() -> list[Any]:
    return [
        list(ClaimCheck.objects.values_list("pk", "ground", "by")),
        list(ReviewNote.objects.values_list("pk", "text", "resolved_by")),
        list(Edition.objects.order_by("pk").values_list("pk", "state", "claimed_by", "lock_version")),
    ]


def test_every_step_is_listed_here():
    from editorial.admin.review import STEPS as THERE

    assert set(STEPS) == set(THERE)


@pytest.mark.parametrize("name", STEPS)
def test_no_step_is_taken_by_those_who_may_not(name):
    ana, cem = author(), reviewer()
    edition = submitted(MissionFactory(by=ana, body=WITH_CLAIM), by=ana)
    note = reviewing.add_note(edition, passage="", text="Why?", by=cem)
    given = STEPS[name]
    if given is None:
        given = ticks(at_work(cem).get(page(edition)))
    data = {"note": note.pk, **given}
    address = step(edition, name)
    contributor = reviewer()
    edition.contributors.add(contributor)
    no_role = Editor.objects.create(username="no-role", is_staff=True)
    before = what_stands()

    assert at_work(cem).get(address).status_code == 405
    assert at_work(cem, enforce_csrf_checks=True).post(address, data).status_code == 403
    assert Client().post(address, data).status_code in (302, 403)
    assert at_work(no_role).post(address, data).status_code == 403
    for editor in (ana, author(), contributor):
        assert at_work(editor).post(address, data).status_code == 409, editor
    assert what_stands() == before

    for change in (
        lambda: workflow.request_changes(edition, by=cem, reason="Again."),
        lambda: workflow.discard(edition, by=ana),
    ):
        change()
        edition.refresh_from_db()
        before = what_stands()
        may_write = name in ("resolve-note", "reopen-note", "answers") and edition.state == State.CHANGES_REQUESTED
        if not may_write:
            assert at_work(cem).post(address, data).status_code == 409
            assert what_stands() == before


def test_the_page_itself_changes_nothing_and_takes_no_post():
    ana, cem = author(), reviewer()
    edition = submitted(MissionFactory(by=ana, body=WITH_CLAIM), by=ana)
    before = what_stands()
    client = at_work(cem)
    assert client.get(page(edition)).status_code == 200
    assert client.post(page(edition), {}).status_code == 405
    assert Client().get(page(edition)).status_code == 302
    assert at_work(Editor.objects.create(username="no-role", is_staff=True)).get(page(edition)).status_code == 403
    assert what_stands() == before
    for pk in (0, 99999999999999999999, "nonsense"):
        assert client.get(reverse("admin:missions_mission_review", args=[pk])).status_code == 302


def test_the_page_is_there_in_every_state_and_for_every_kind():
    ana, cem = author(), reviewer()
    client = at_work(managing_editor())
    for factory in (MissionFactory, EventFactory, ArticleFactory):
        edition = factory(by=ana)
        assert "Draft" in client.get(page(edition)).text
        submitted(edition, by=ana)
        workflow.request_changes(edition, by=cem, reason="Again.")
        assert client.get(page(edition)).status_code == 200
        edition.refresh_from_db()
        published(edition, by=cem)
        second = published(next_edition(edition.record, by=ana, summary="Otherwise.[^a]"), by=cem)
        for one in (edition, second):
            one.refresh_from_db()
            assert client.get(page(one)).status_code == 200
        assert "Otherwise" in client.get(page(second)).text
        workflow.withdraw(second, by=managing_editor(), reason="Wrong.")
        assert client.get(page(second)).status_code == 200


def test_the_page_takes_the_same_number_of_queries_however_much_has_changed():
    ana, cem = author(), reviewer()
    client = at_work(cem)

    def queries(rows: int) -> int:
        mission = MissionFactory(body=WITH_CLAIM)
        for n in range(rows):
            FigureFactory(edition=mission, key=f"f{n}")
            CitationFactory(edition=mission, key=f"c{n}", locator="")
        first = published(mission)
        body = WITH_CLAIM + "".join(f"\n\nThere were {n} more.\n\nThere was a “{n}”.[^c{n}]" for n in range(rows))
        edition = next_edition(first.record, by=ana, body=body, change_note="More.")
        for row in [*edition.figures.all(), *edition.citations.all()]:
            row.locator = "p. 99"
            row.save()
        workflow.note_work(edition, by=ana)
        submitted(edition, by=ana)
        for n in range(rows):
            reviewing.add_note(edition, passage="", text=f"Note {n}", by=reviewer())
        workflow.request_changes(edition, by=cem, reason="Again.")
        edition.refresh_from_db()
        submitted(edition, by=ana)
        client.get(page(edition))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(edition)).status_code == 200
        return len(captured)

    assert queries(2) == queries(8)


# The queue


def test_the_queue_lists_texts_of_every_kind_oldest_first_with_the_way_to_each():
    ana = author(public_name="Ana")
    editions = [submitted(factory(by=ana), by=ana) for factory in (EventFactory, MissionFactory, ArticleFactory)]
    MissionFactory(title="Still a draft")
    reviewing.claim_review(editions[0], by=reviewer(public_name="Cem"))
    client = at_work(reviewer())
    listed = client.get(reverse("admin:editorial_reviewqueue_changelist"))
    assert re.findall(r'href="(/admin/missions/\w+/\d+/review/)"', listed.text) == [page(one) for one in editions]
    assert "Cem" in listed.text
    assert "Ana" in listed.text
    assert "Still a draft" not in listed.text
    change = reverse("admin:editorial_reviewqueue_change", args=[editions[1].pk])
    assert client.get(change)["Location"] == page(editions[1])
    assert client.post(reverse("admin:editorial_reviewqueue_add"), {}).status_code == 403
    nobody = Editor.objects.create(username="no-role", is_staff=True)
    assert at_work(nobody).get(reverse("admin:editorial_reviewqueue_changelist")).status_code == 403
    assert at_work(superuser()).get(
        reverse("admin:editorial_reviewqueue_changelist")
    ).status_code == 200  # fmt: skip


def test_the_queue_takes_the_same_number_of_queries_however_long_it_is():
    client = at_work(reviewer())

    def more_and_queries() -> int:
        for _ in range(3):
            ana = author()
            edition = submitted(MissionFactory(by=ana), by=ana)
            reviewing.claim_review(edition, by=reviewer())
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("admin:editorial_reviewqueue_changelist"))
        return len(captured)

    more_and_queries()
    assert more_and_queries() == more_and_queries()
