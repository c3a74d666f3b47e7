"""The inbox of readers' reports: how editors find them, and bring each to its end."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial import amendments, outbox, workflow
from editorial.admin.desk import what_waits
from editorial.corrections import answering, deciding, receiving
from editorial.models import Amendment, AnswerTemplate, Correction, Edition, Editor, Mail
from sources.models import Source
from tests.admin_forms import at_work, form_data, form_of
from tests.admin_forms import do as do_to_edition
from tests.factories import (
    CitationFactory,
    EditorFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reported,
    reviewer,
    submitted,
)

pytestmark = pytest.mark.django_db
State = Correction.State
LIST = "/admin/editorial/correction/"
ADDRESS = "203.0.113.1"


def page_of(report: Correction) -> str:
    return reverse("admin:editorial_correction_change", args=[report.pk])


def action(report: Correction, name: str) -> str:
    return reverse("admin:editorial_correction_do", args=[report.pk, name])


def do(client, report: Correction, what: str, /, **given: Any) -> Any:
    """Open the page that asks, and press its button; returns what the editor sees then."""
    asked = client.get(action(report, what))
    assert asked.status_code == 200
    shown = {field.html_name: field.value() for field in asked.context["form"] if field.value() not in (None, False)}
    answer = client.post(action(report, what), shown | given, follow=True)
    report.refresh_from_db()
    return answer


def kfor(**fields: Any) -> Any:
    mission = MissionFactory(**{"slug": "kfor", "title": "Kosovo Force"} | fields)
    FigureFactory(edition=mission, key="strength", fact="strength-on-entry-1999")
    return published(mission)


def days_old(report: Correction, days: int) -> Correction:
    Correction.objects.filter(pk=report.pk).update(received_at=timezone.now() - datetime.timedelta(days=days))
    report.refresh_from_db()
    return report


def listed(client, **query: str) -> list[Correction]:
    return list(client.get(LIST, query).context["cl"].result_list)


def buttons(client, report: Correction) -> set[str]:
    shown = client.get(page_of(report)).context["buttons"]
    return {button.label for button in [*shown.leading, *shown.usual, *shown.rare]}


# The list


def test_the_boxes_hold_what_they_say_and_the_most_urgent_stands_first():
    record = kfor().record
    fresh, late = reported(record), days_old(reported(record), 15)
    person = reported(record, living_person=True)
    confirmed, in_work = reported(record, state="confirmed"), reported(record, state="in_work")
    asked, spam = reported(record, state="needs_information"), reported(record, is_spam=True)
    declined, wrote = reported(record, state="declined"), reported(record, state="closed")
    receiving.follow_up(wrote, {"text": "One thing more."}, address=ADDRESS)
    client = at_work()

    assert listed(client) == [person, late, fresh, wrote]
    assert listed(client, box="nonsense") == [person, late, fresh, wrote]
    assert listed(client, box="in-work") == [confirmed, in_work]
    assert listed(client, box="waiting") == [asked]
    assert set(listed(client, box="answered")) == {declined, wrote}
    assert listed(client, box="spam") == [spam]
    assert len(listed(client, box="all")) == 9
    text = client.get(LIST).text
    assert re.findall(r"(\w[\w ]+) <span class=\"count\">(\d)", text) == [
        ("To decide", "4"), ("In work", "2"), ("Waiting for the reader", "1"), ("Answered", "2"), ("Spam", "1"),
        ("All", "9"),
    ]  # fmt: skip
    cells = text.split('id="result_list"')[1].split("<tr>")[2:]
    rows = dict(zip((report.pk for report in listed(client)), cells, strict=True))
    assert "living person" in rows[person.pk]
    assert "overdue" in rows[late.pk]
    assert "15 days" in rows[late.pk]
    assert "the reader wrote again" in rows[wrote.pk]
    assert not re.search("overdue|living person|wrote again", rows[fresh.pk])


def test_a_report_is_found_by_number_or_words_in_whatever_box_it_lies_and_by_who_looks_after_it():
    record, ana = kfor().record, author()
    declined = reported(record, state="declined", message="The tents were green.")
    mine = reported(record, assignee=ana, category="typo")
    others = reported(record, assignee=author(), kind="comment")
    nobodys = reported(record)
    client = at_work(ana)
    for asked in (str(declined.pk), f"#{declined.pk}", f"Report {declined.pk}", "tents green"):
        assert listed(client, q=asked) == [declined], asked
    assert listed(client, assignee="me") == [mine]
    assert listed(client, assignee="nobody") == [nobodys]
    assert listed(client, category__exact="typo") == [mine]
    assert listed(client, kind__exact="comment") == [others]
    for nonsense in (
        {"q": "é" * 200},
        {"q": "9" * 200},
        {"assignee": "é"},
        {"record__id__exact": "9" * 30},
        {"p": "x"},
    ):
        assert client.get(LIST, nonsense | {"box": "all"}).status_code in (200, 302), nonsense


def test_the_first_page_shows_overdue_ones_apart_and_what_waits_to_be_put_right():
    record, ana = kfor().record, author()
    late, fresh = days_old(reported(record), 15), reported(record)
    person = days_old(reported(record, living_person=True), 4)
    confirmed = reported(record, state="confirmed")
    mine = reported(record, state="confirmed")
    deciding.describe(mine, by=ana, assignee=ana)
    reported(record, is_spam=True)
    found = {pile.name: pile for pile in what_waits(Editor.objects.get(pk=ana.pk)).piles}
    assert found["reports-overdue"].is_urgent
    assert [line.text for line in found["reports-overdue"].lines] == [f"{it}: Kosovo Force" for it in (person, late)]
    assert found["reports-overdue"].lines[0].detail.startswith("living person; overdue; received on ")
    assert [line.text for line in found["reports"].lines] == [f"{fresh}: Kosovo Force"]
    assert [line.text for line in found["reports-confirmed"].lines] == [f"{confirmed}: Kosovo Force"]
    assert [line.text for line in found["reports-mine"].lines] == [f"{mine}: Kosovo Force"]
    client = at_work(ana)
    for name, numbers in {"reports-overdue": 3, "reports-confirmed": 2, "reports-mine": 1}.items():
        assert client.get(found[name].all_address).context["cl"].result_count == numbers, name


def test_list_page_and_form_cost_the_same_however_many_reports_there_are():
    mission = kfor()
    draft = next_edition(mission.record)
    client = at_work(reviewer())
    first = reported(mission.record, figure="strength", email="a@example.org", edition_seen=mission)

    def more() -> None:
        for number in range(3):
            reported(mission.record, figure="strength", message=f"Wrong {number}.")
            reported(mission.record, state="in_work", attached_to=draft)
            reported(mission.record, state="confirmed")
            other = reported(mission.record, state="needs_information", duplicate_of=None)
            deciding.same_as(other, by=author(), original=first)
            deciding.note(first, by=author(), text="A note.")
            outbox.post("a@example.org", "Report", "…", correction=first)

    def queries() -> list[int]:
        counts = []
        review = reverse("admin:missions_mission_review", args=[draft.pk])
        for address in (LIST, f"{LIST}?box=all", page_of(first), action(first, "decline"), form_of(draft), review):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    more()
    queries()
    few = queries()
    more()
    assert queries() == few


# A report's page


def test_the_page_shows_what_the_reader_wrote_where_it_stands_and_all_that_was_done():
    mission = kfor()
    report = reported(
        mission.record,
        message="<b>Wrong</b>", passage="50,000", should_say="42,500", evidence_url="https://example.org/evidence",
        email="eli@example.org", figure="strength", citation="a", edition_seen=mission,
    )  # fmt: skip
    alike, other = reported(mission.record, state="declined", figure="strength"), reported(mission.record)
    reported(mission.record, state="declined")
    by = author(public_name="Ana")
    deciding.ask(report, by=by, question="Which page?")
    receiving.follow_up(report, {"text": "Page 9."}, address=ADDRESS)
    deciding.note(report, by=by, text="For us alone.")
    page = at_work().get(page_of(report))
    text = page.text

    assert "&lt;b&gt;Wrong&lt;/b&gt;" in text
    assert 'name="message"' not in text
    for address in (
        "/missions/kfor/", "/missions/kfor/editions/1/", "/missions/kfor/figures/strength-on-entry-1999/",
        "https://example.org/evidence",
    ):  # fmt: skip
        assert f'href="{address}"' in text, address
    assert re.search(r'The note: <a href="/missions/kfor/#note-(\d)">\1<', text)
    file = page.context["page"].entries
    assert [(entry.kind, entry.by, entry.text) for entry in file] == [
        ("question", by, "Which page?"), ("follow_up", None, "Page 9."), ("note", by, "For us alone."),
    ]  # fmt: skip
    assert page.context["page"].others == [alike, other]
    assert f"{action(report, 'same-as')}?original={other.pk}" in text
    ((mail, state),) = page.context["page"].mails
    assert (mail.correction, state.startswith("waits until")) == (report, True)


def test_what_editors_say_of_it_is_saved_with_a_note_and_writes_over_nothing_of_others():
    report, ana, ben = reported(kfor().record), author(), author()
    by_ana, by_ben = at_work(ana), at_work(ben)
    opened = by_ana.get(page_of(report))
    data = initial_and(form_data(opened), opened)
    by_ben.post(page_of(report), initial_and(form_data(opened), opened) | {"category": "source", "living_person": "on"})
    answer = by_ana.post(page_of(report), data | {"assignee": ana.pk, "note": "Ask the archive.", "message": "Other"})

    assert answer.url == page_of(report)
    report.refresh_from_db()
    assert (report.category, report.living_person, report.assignee) == ("source", True, ana)
    assert report.message == "It is wrong."
    assert [(entry.by, entry.text) for entry in report.entries.all()] == [
        (ben, "Set category: a source is wrong or missing; living person: yes."),
        (ana, f"Set assignee: {ana}."),
        (ana, "Ask the archive."),
    ]
    before = report.entries.count()
    by_ana.post(page_of(report), initial_and(form_data(by_ana.get(page_of(report))), by_ana.get(page_of(report))))
    assert report.entries.count() == before
    refused = by_ana.post(page_of(report), data | {"category": "nonsense", "figure": "x" * 200, "note": "Keep this."})
    assert refused.status_code == 200
    assert "Keep this.</textarea>" in refused.text
    for nonsense in ("\0", "9" * 30, "é" * 9000):
        sent = dict.fromkeys(["category", "assignee", "figure", "citation", "initial-assignee"], nonsense)
        assert by_ana.post(page_of(report), sent).status_code == 200
    assert report.entries.count() == before
    assert by_ana.post(f"{LIST}add/", {"message": "m"}).status_code == 403
    assert by_ana.post(f"{LIST}{report.pk}/delete/", {"post": "yes"}).status_code == 403


def initial_and(data: dict[str, Any], opened: Any) -> dict[str, Any]:
    """With the hidden fields in which the form remembers what it was opened with."""
    form = opened.context["adminform"].form
    kept = {form.add_initial_prefix(name): form[name].value() or "" for name in form.fields if name != "note"}
    return data | kept


def test_an_internal_note_never_repeats_the_readers_address():
    report = reported(kfor().record, email="eli@example.org")
    refused = at_work().post(page_of(report), {"note": "Written to eli@example.org."})
    assert "Leave the reader&#x27;s e-mail address out" in refused.text
    assert "Written to eli@example.org.</textarea>" in refused.text
    assert not report.entries.exists()


# Each to its end


def test_a_report_is_declined_with_a_reason_that_may_begin_with_a_template():
    report, client = reported(kfor().record, email="eli@example.org"), at_work()
    template = AnswerTemplate.objects.get(title="Sources differ")
    asked = client.get(action(report, "decline"), {"template": template.pk})
    assert f">\n{template.text}</textarea>" in asked.text
    assert f'href="?template={template.pk}"' in asked.text
    assert client.get(action(report, "decline"), {"template": "é"}).status_code == 200
    empty = client.post(action(report, "decline"), {"answer": " "})
    assert "This field is required." in empty.text
    answer = do(client, report, "decline", answer="The sources say so.")
    assert "Declined, with the reason in public." in answer.text
    assert (report.state, report.public_answer) == (State.DECLINED, "The sources say so.")
    assert Mail.objects.get(correction=report).subject == f"Report {report.pk}: declined"
    late = client.post(action(report, "confirm"), {"answer": "Typed at length."})
    assert late.status_code == 409
    assert "This report is declined" in late.text
    assert "Typed at length.</textarea>" in late.text
    assert buttons(client, report) >= {"Reopen"}
    do(client, report, "reopen", reason="There is a new source.")
    assert report.state == State.NEW
    assert "The answer so far: The sources say so." in client.get(page_of(report)).text


def test_a_decision_is_not_taken_over_something_the_reader_wrote_meanwhile():
    report, client = reported(kfor().record), at_work()
    asked = client.get(action(report, "decline"))
    receiving.follow_up(report, {"text": "I have the proof now."}, address=ADDRESS)
    data = {"read_to": asked.context["form"]["read_to"].value(), "answer": "There is no proof."}
    refused = client.post(action(report, "decline"), data)
    assert "The reader has written again" in refused.text
    assert "I have the proof now." in refused.text
    assert "There is no proof.</textarea>" in refused.text
    report.refresh_from_db()
    assert report.state == State.NEW
    data["read_to"] = refused.context["form"]["read_to"].value()
    client.post(action(report, "decline"), data)
    report.refresh_from_db()
    assert report.state == State.DECLINED


def test_reports_that_say_the_same_are_linked_by_number():
    record, client = kfor().record, at_work()
    first, second, third = (reported(record) for _ in range(3))
    asked = client.get(action(second, "same-as"), {"original": first.pk})
    assert f'value="{first.pk}"' in asked.text
    for nonsense in ("", "no number", "999999", "9" * 30, "\0", str(second.pk)):
        assert client.post(action(second, "same-as"), {"original": nonsense}).status_code in (200, 409), nonsense
    do(client, second, "same-as", original=f"Report {first.pk}")
    do(client, third, "same-as", original=f"#{second.pk}")
    assert (second.state, second.duplicate_of, third.duplicate_of) == (State.DUPLICATE, first, first)
    assert client.get(page_of(first)).context["page"].duplicates == [second, third]


def test_spam_lies_in_its_own_box_and_comes_back():
    report, client = reported(kfor().record), at_work()
    do(client, report, "spam")
    assert report.is_spam
    assert listed(client) == []
    assert buttons(client, report) & {"Confirm", "Decline", "Not spam"} == {"Not spam"}
    assert client.post(action(report, "spam")).status_code == 409
    assert report.get_absolute_url() not in client.get(page_of(report)).text
    do(client, report, "not-spam")
    assert listed(client) == [report]


def test_a_comment_is_closed_and_so_is_a_report_whose_reader_never_answers():
    record, client = kfor().record, at_work()
    comment, asked = reported(record, kind="comment"), reported(record, email="eli@example.org")
    do(client, comment, "close", answer="Thank you.")
    assert (comment.state, comment.public_answer) == (State.CLOSED, "Thank you.")
    do(client, asked, "ask", question="Which page?")
    assert asked.state == State.NEEDS_INFORMATION
    assert listed(client, box="waiting") == [asked]
    do(client, asked, "ask", question="Are you there?")
    do(client, asked, "close", answer="No answer came.")
    assert asked.state == State.CLOSED
    assert [mail.subject.split(": ")[1] for mail in asked.mails.order_by("pk")] == [
        "we have a question", "we have a question", "closed",
    ]  # fmt: skip


def test_what_the_reader_wrote_again_is_noted_as_read_and_a_report_is_taken():
    report, ana = reported(kfor().record, state="declined"), author()
    receiving.follow_up(report, {"text": "Thank you all the same."}, address=ADDRESS)
    client = at_work(ana)
    assert "I have read it" in buttons(client, report)
    do(client, report, "seen")
    assert (report.reader_wrote_at, listed(client)) == (None, [])
    assert "I have read it" not in buttons(client, report)
    new = reported(report.record)
    do(client, new, "take")
    assert new.assignee == ana
    assert "Take it" not in buttons(client, new)


def test_only_what_the_reader_allowed_can_be_published():
    record, client = kfor().record, at_work()
    shy = reported(record, state="declined", name="Eli")
    assert "Publish words or name" not in buttons(client, shy)
    assert client.post(action(shy, "release"), {"words": "on", "name": "on"}).status_code == 302  # neither is asked
    open_one = reported(record, state="declined", name="Eli", may_quote=True)
    assert set(client.get(action(open_one, "release")).context["form"].fields) == {"words"}
    do(client, open_one, "release", words="on", name="on")
    shy.refresh_from_db()
    assert [(it.words_public, it.name_public) for it in (shy, open_one)] == [(False, False), (True, False)]


# Answered by an edition


def test_from_the_report_to_the_edition_that_answers_it_and_back():
    mission = kfor()
    report = reported(mission.record, message="It was 42,500.", should_say="42,500 persons", email="eli@example.org")
    waiting = reported(mission.record, state="confirmed", message="Another thing.")
    ben, cem = author(), reviewer()
    client = at_work(ben)
    do(client, report, "confirm")
    started = client.post(action(report, "start"))
    edition = Edition.objects.open().get()
    assert started.url == form_of(edition)
    form = client.get(form_of(edition))
    panel = form.text.split('class="reports-to-answer"')[1].split("</aside>")[0]
    assert "It was 42,500." in panel
    assert "42,500 persons" in panel
    assert panel.index(page_of(report)) < panel.index(page_of(waiting))
    assert action(waiting, "attach") in panel
    assert action(report, "attach") not in panel

    do(client, report, "detach")
    assert (report.state, report.attached_to) == (State.CONFIRMED, None)
    assert client.get(action(report, "attach")).context["form"]["edition"].value() == edition.pk
    for nonsense in ("", "\0", "9" * 30, mission.pk):
        assert client.post(action(report, "attach"), {"edition": nonsense}).status_code == 200
    do(client, report, "attach")
    assert (report.state, report.attached_to_id) == (State.IN_WORK, edition.pk)
    workflow.discard(edition, by=ben)
    report.refresh_from_db()
    assert report.state == State.CONFIRMED
    assert client.post(action(report, "start")).status_code == 302
    edition = Edition.objects.open().get()
    client.post(action(waiting, "start"))
    form = form_data(client.get(form_of(edition)), change_note="The number was wrong.")
    client.post(form_of(edition), form)
    edition.refresh_from_db()
    named = [caution for caution in edition.typed.submission_warnings() if "called an update" in caution.text]
    assert [place.partition(":")[0] for caution in named for place in caution.places] == [str(report), str(waiting)]
    Edition.objects.filter(pk=edition.pk).update(change_kind="correction")
    workflow.submit(edition, by=ben)
    assert not [one for one in edition.typed.publication_warnings() if "called an update" in one.text]

    by_cem, review = at_work(cem), reverse("admin:missions_mission_review", args=[edition.pk])
    shown = by_cem.get(review).text
    assert f'name="answers" value="{report.pk}" id="answers-{report.pk}" checked>' in shown
    late = reported(mission.record, state="in_work", attached_to=edition)  # attached since the page was opened
    step = reverse("admin:missions_mission_review_step", args=[edition.pk, "answers"])
    by_cem.post(step, {"on_page": [report.pk, waiting.pk], "answers": [report.pk, "\0", "9" * 30]})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attached_to) == (State.CONFIRMED, None)
    assert f'id="answers-{waiting.pk}">' in by_cem.get(review).text
    do_to_edition(by_cem, edition.typed, "publish")
    states = {it: Correction.objects.get(pk=it.pk).state for it in (report, waiting, late)}
    assert states == {report: State.FIXED, waiting: State.CONFIRMED, late: State.FIXED}
    assert report.mails.first().subject == f"Report {report.pk}: corrected"
    assert f"{page_of(report)}" in by_cem.get(review).text
    assert "Corrected in" in client.get(page_of(report)).text


def test_while_a_text_is_in_review_its_authors_do_not_choose_what_it_answers():
    mission, ana = kfor(), author()
    edition = next_edition(mission.record, by=ana, change_note="Another number.")
    report = reported(mission.record, state="in_work", attached_to=edition)
    submitted(edition, by=ana)
    step = reverse("admin:missions_mission_review_step", args=[edition.pk, "answers"])
    page = at_work(ana).get(reverse("admin:missions_mission_review", args=[edition.pk])).text
    assert "Keep this choice" not in page
    assert at_work(ana).post(step, {"on_page": [report.pk]}).status_code == 409
    report.refresh_from_db()
    assert report.state == State.IN_WORK


# Answered by a change to reference data


def about_a_source(state: str = "confirmed") -> tuple[Correction, Source]:
    mission = MissionFactory()
    source = CitationFactory(edition=mission, key="b", source=SourceFactory(title="As printd")).source
    published(mission)
    address = source.get_absolute_url()
    return reported(None, subject=address, subject_label="As printd", message="A slip.", state=state), source


def propose(client, report: Correction, source: Source, **changes: Any) -> Any:
    address = f"{reverse('admin:sources_source_change', args=[source.pk])}?report={report.pk}"
    opened = client.get(address)
    given = {"title": "As printed", "reason": "A slip of the pen."} | changes
    return client.post(address, form_data(opened, **given), follow=True)


def test_a_report_about_a_source_ends_with_the_amendment_proposed_from_it():
    report, source = about_a_source()
    client, cem = at_work(), reviewer()
    address = f"{reverse('admin:sources_source_change', args=[source.pk])}?report={report.pk}"
    leading = client.get(page_of(report)).context["buttons"].leading
    assert [(button.label, button.address) for button in leading] == [("Propose the change to this source", address)]
    assert "A slip." in client.get(address).text
    said = propose(client, report, source).text
    assert f"{report} is attached to it" in said
    amendment = Amendment.objects.get()
    report.refresh_from_db()
    assert (report.state, report.amendment) == (State.IN_WORK, amendment)
    by_cem = at_work(cem)
    shown = by_cem.get(reverse("admin:editorial_amendment_change", args=[amendment.pk])).text
    assert page_of(report) in shown
    amendments.decline(amendment, by=cem)
    report.refresh_from_db()
    assert (report.state, report.amendment) == (State.CONFIRMED, None)
    propose(client, report, source)
    amendments.confirm(Amendment.objects.open().get(), by=cem)
    report.refresh_from_db()
    assert report.state == State.FIXED
    assert f"change {report.fixed_by.serial}" in client.get(page_of(report)).text


def test_a_change_proposed_for_a_report_that_is_not_confirmed_stands_and_says_so():
    report, source = about_a_source("new")
    client = at_work()
    address = reverse("admin:sources_source_change", args=[source.pk])
    assert "confirm it first" in client.get(f"{address}?report={report.pk}").text
    said = propose(client, report, source).text
    assert "is not answered by this change: Only a confirmed report can be answered" in said
    amendment = Amendment.objects.get()
    deciding.confirm(report, by=author())
    assert "attach-to-change" in client.get(f"{address}?report={report.pk}").text
    do(client, report, "attach-to-change", amendment=amendment.pk)
    assert report.amendment == amendment
    for nonsense in ("", "é", "9" * 30, "x"):
        assert client.get(address, {"report": nonsense}).status_code == 200


# Who may


def test_without_a_role_the_inbox_is_closed_and_templates_are_the_managing_editors():
    report = reported(kfor().record, message="Words of the reader")
    nobody = EditorFactory()
    nobody.groups.clear()
    client = at_work(nobody)
    pages = [LIST, page_of(report), action(report, "decline"), "/admin/editorial/answertemplate/"]
    answers = [getattr(client, method)(page) for page in pages for method in ("get", "post")]
    assert {answer.status_code for answer in answers} == {403}
    assert not any("Words of the reader" in answer.text for answer in answers)

    add = reverse("admin:editorial_answertemplate_add")
    new = {"title": "Thank you", "text": "Thank you for writing."}
    assert at_work(reviewer()).post(add, new).status_code == 403
    by_dua = at_work(managing_editor())
    assert by_dua.post(add, new).status_code == 302
    template = AnswerTemplate.objects.get(title="Thank you")
    one = reverse("admin:editorial_answertemplate_change", args=[template.pk])
    seen = at_work(author()).get(one)
    assert (seen.status_code, 'name="text"' in seen.text) == (200, False)
    assert by_dua.post(one, new | {"text": "Thanks."}).status_code == 302
    assert by_dua.post(reverse("admin:editorial_answertemplate_delete", args=[template.pk]), {"post": "yes"})
    assert not AnswerTemplate.objects.filter(pk=template.pk).exists()


def test_a_report_in_work_is_detached_before_it_is_declined():
    report = reported(kfor().record, state="in_work")
    client = at_work()
    assert "Decline" not in buttons(client, report)
    refused = client.post(action(report, "decline"), {"answer": "No."})
    assert refused.status_code == 409
    assert "detach it first" in refused.text
    answering.detach(report, by=author())
    do(client, report, "decline", answer="After all it is right as it stands.")
    assert report.state == State.DECLINED
