"""The editors' desk against its own editors: nobody publishes words of their own unseen, or stops the site."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editorial import amendments, differences, workflow
from editorial.admin.access import edition_address
from editorial.admin.forms import LONGEST_TEXT
from editorial.admin.rows import MOST_ROWS
from editorial.models import Amendment, Editor, State
from editorial.workflow import WorkflowError
from missions import wording
from missions.models import Participation
from sources import bibliography, duplicates, importing, merging
from sources.markdown import Page, to_html
from sources.models import Source
from sources.notes import Notebook
from tests.admin_forms import at_work, form_data
from tests.factories import (
    CitationFactory,
    MissionFactory,
    OrganisationFactory,
    SourceFactory,
    author,
    managing_editor,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db

UNSEEN = "Words that nobody else has seen"
LONG_PHRASE = "a long phrase that nobody else knows"


def change(editor: Editor, thing, **changes):
    """Save the form of a source, organisation and the like with changes."""
    client, address = (
        at_work(editor),
        reverse(f"admin:{thing._meta.label_lower.replace('.', '_')}_change", args=[thing.pk]),
    )
    response = client.post(address, form_data(client.get(address), **changes), follow=True)
    thing.refresh_from_db()
    return response


def in_review(ana: Editor):
    """(edition in review, the one source it cites, which no public edition does)."""
    edition = MissionFactory(by=ana)
    workflow.submit(edition, by=ana)
    return edition, edition.citations.get().source


# What others have read changes with a second editor only


@pytest.mark.parametrize("scheduled", [False, True], ids=["in review", "scheduled"])
def test_an_author_does_not_change_a_source_that_a_reviewer_has_before_them_alone(scheduled):
    ana, cem = author(), reviewer()
    edition, source = in_review(ana)
    if scheduled:
        workflow.schedule(edition, by=cem, at=timezone.now() + datetime.timedelta(days=1))
    refused = change(ana, source, title=UNSEEN)
    assert "Give the reason" in refused.text
    change(ana, source, title=UNSEEN, url="https://example.org/other", reason="A slip.")
    assert source.title != UNSEEN
    assert source.url == ""
    amendment = Amendment.objects.get()
    with pytest.raises(WorkflowError, match="Somebody other"):
        amendments.confirm(amendment, by=reviewer_now(ana))
    amendments.confirm(amendment, by=cem)
    source.refresh_from_db()
    assert source.title == UNSEEN


def reviewer_now(editor: Editor) -> Editor:
    """The same editor with a reviewer's role, and without what was remembered of permissions."""
    editor.groups.set(reviewer().groups.all())
    return Editor.objects.get(pk=editor.pk)


def test_a_reviewer_does_not_approve_a_text_after_changing_its_source_alone():
    edition, source = in_review(author())
    cem = reviewer()
    change(cem, source, title=UNSEEN, reason="A better title.")
    at_work(cem).post(edition_address(edition, "do", "publish"), {"shown": edition.lock_version})
    edition.refresh_from_db()
    assert edition.state == State.PUBLISHED
    assert UNSEEN not in edition.frozen


def test_what_a_text_in_review_names_changes_by_amendment_too():
    ana = author()
    edition = MissionFactory(by=ana)
    organisation = OrganisationFactory()
    Participation.objects.create(edition=edition, key="o", organisation=organisation, role="lead", cites="a")
    change(ana, organisation, name="Freely, in a draft")
    assert organisation.name == "Freely, in a draft"
    workflow.submit(edition, by=ana)
    change(ana, organisation, name=UNSEEN, reason="A slip.")
    assert organisation.name != UNSEEN
    assert Amendment.objects.open().count() == 1
    workflow.take_back(edition, by=ana)
    assert not organisation.changes_by_amendment()


def test_a_source_found_retracted_holds_a_publication_up_at_once_and_nobody_alone_lets_it_go_on():
    ana = author()
    _, source = in_review(ana)
    saved = change(ana, source, status="retracted")
    assert "Saved at once" in saved.text
    assert source.status == "retracted"
    change(ana, source, status="available")
    assert source.status == "retracted"
    change(ana, source, status="unreachable", title=UNSEEN)
    assert source.status == "retracted"
    assert source.title != UNSEEN


def test_an_import_proposes_changes_to_a_source_that_a_reviewer_has_before_them():
    ana = author()
    _, source = in_review(ana)
    text = f"@report{{{source.key}, title = {{{source.title}}}, institution = {{{UNSEEN}}}}}"
    plan = importing.plan(text, "bib", standing="news")
    (line,) = plan.lines
    chosen = importing.Decision(str(source.pk), frozenset({"publisher"}))
    report = importing.carry_out(plan, {line.number: chosen}, by=ana, reason="A slip.")
    source.refresh_from_db()
    assert source.publisher != UNSEEN
    assert (len(report.changed), len(report.proposed)) == (0, 1)


def test_a_page_from_before_a_text_was_taken_back_approves_nothing_though_only_a_source_has_changed():
    ana, cem = author(), reviewer()
    edition, source = in_review(ana)
    shown = edition.lock_version
    workflow.take_back(edition, by=ana)
    change(ana, source, title=UNSEEN)
    workflow.submit(edition, by=ana)
    with pytest.raises(WorkflowError, match="changed since you opened it"):
        workflow.publish(edition, by=cem, shown=shown)


def test_who_merges_sources_has_worked_on_the_drafts_that_cite_them():
    edition, cem = MissionFactory(), reviewer()
    before = edition.lock_version
    merging.merge(edition.citations.get().source, SourceFactory(), by=cem, reason="One document.")
    edition.refresh_from_db()
    assert edition.worked_on_by(cem)
    assert edition.lock_version == before + 1


def test_a_source_that_a_public_one_draws_on_is_merged_by_two():
    mission, origin = MissionFactory(), SourceFactory()
    source = SourceFactory(origin=origin)
    CitationFactory(edition=mission, key="b", source=source)
    published(mission)
    proposal = merging.merge(origin, SourceFactory(), by=author(), reason="One document.")
    source.refresh_from_db()
    assert proposal is not None
    assert source.origin == origin


# Accounts


@pytest.mark.parametrize("spelled", ["{}", "0{}", "000{}"])
def test_one_s_own_password_is_not_set_without_the_old_one_however_the_account_is_named(spelled):
    dua = managing_editor()
    address = f"/admin/editorial/editor/{spelled.format(dua.pk)}/password/"
    sent = {"password1": LONG_PHRASE, "password2": LONG_PHRASE}
    assert at_work(dua).post(address, sent)["Location"] == reverse("account_change_password")
    dua.refresh_from_db()
    assert not dua.check_password(LONG_PHRASE)


@pytest.mark.parametrize("number", ["abc", "9" * 30, "_zz", "999999"])
def test_a_password_for_an_account_that_is_none_is_no_fault(number):
    sent = {"password1": LONG_PHRASE, "password2": LONG_PHRASE}
    response = at_work(managing_editor()).post(f"/admin/editorial/editor/{number}/password/", sent)
    assert response.status_code == 302


def test_when_somebody_logged_in_is_for_themselves_and_for_managing_editors():
    ana, ben = author(username="ana"), author()
    Client().post("/accounts/login/", {"login": "ana", "password": "wrong"})
    history = reverse("admin:editorial_editor_history", args=[ana.pk])
    assert at_work(ben).get(history).status_code == 403
    assert "A wrong password" in at_work(ana).get(history).text
    assert "A wrong password" in at_work(managing_editor()).get(history).text


# Texts made to keep the site busy: each of these took minutes or hours


def test_a_long_text_without_paragraphs_is_compared_all_the_same():
    words = "the force came in 1999 and it stayed " * 20_000
    (section,) = differences.changed_sections(words, words[:300_000] + "CHANGED " + words[300_000:])
    assert "CHANGED" in "".join(piece.text for piece in section.paragraphs[0] if piece.kind == "added")
    assert differences.changed_sections("x\n\n" * 30_000, "x\n\ny\n\n" * 15_000)


def test_where_words_would_take_too_long_sentences_are_compared(monkeypatch):
    old = "It came in June. It stayed for years. It left."
    monkeypatch.setattr(differences, "MOST_STEPS", 200)
    (section,) = differences.changed_sections(old, old.replace("years", "months"))
    changed = [(piece.kind, piece.text.strip()) for piece in section.paragraphs[0] if piece.kind != "same"]
    assert changed == [("removed", "It stayed for years."), ("added", "It stayed for months.")]


def test_a_text_full_of_words_not_to_be_used_is_told_of_in_short():
    mission = MissionFactory(body="massacre " * 30_000)
    told = [caution for caution in mission.publication_warnings() if "own voice" in caution.text]
    assert "30000 words are" in told[0].text
    assert told[0].places[-1].startswith("And ")
    assert sum(map(len, told[0].places)) < 200_000
    assert list(wording.doubts("[^" * 150_000)) == []


def test_thousands_of_headings_of_the_same_words_have_an_anchor_each():
    page = Page(Notebook([]))
    to_html("## The same\n\n" * 10_000, page)
    assert len({heading.id for heading in page.contents}) == 10_000
    assert page.contents[1].id == "text-the-same-2"


def test_a_library_of_titles_that_are_all_nearly_alike_is_not_compared_for_ever(monkeypatch):
    monkeypatch.setattr(duplicates, "MOST_STEPS", 100_000)
    entries = "".join(
        f"@book{{k{n}, title = {{The same long words of each {'abcdefghij'[n % 10]}}}}}\n" for n in range(200)
    )
    with pytest.raises(bibliography.BadText, match="nearly alike"):
        importing.plan(entries, "bib", standing="news")
    client = at_work(author())
    sent = {"text": entries, "format": "bib", "standing": "news"}
    shown = client.post(reverse("admin:sources_source_import"), sent)
    assert "nearly alike" in shown.text
    assert not Source.objects.exists()


def test_latex_that_cannot_be_read_does_not_fill_the_log(caplog):
    bibliography.read("bib", "@book{k, title = {" + r"\frac" * 100 + "}}")
    assert not caplog.records


def test_a_form_with_thousands_of_rows_is_refused():
    ana = author()
    edition = MissionFactory(by=ana)
    client, address = at_work(ana), edition_address(edition)
    data = form_data(client.get(address)) | {"statements-TOTAL_FORMS": "2000"}
    refused = client.post(address, data)
    assert f"Please submit at most {MOST_ROWS} forms" in refused.text


def test_a_text_longer_than_a_book_is_refused_and_still_stands_in_the_form():
    ana = author()
    edition = MissionFactory(by=ana)
    client, address = at_work(ana), edition_address(edition)
    refused = client.post(address, form_data(client.get(address), body="x" * (LONGEST_TEXT + 1)))
    assert f"at most {LONGEST_TEXT} characters" in refused.text
    assert "x" * (LONGEST_TEXT + 1) in refused.text
    assert "maxlength" not in str(refused.context["adminform"].form["body"])  # which would cut what is pasted
