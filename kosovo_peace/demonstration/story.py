"""What has happened in a demonstration: a tour of the workflow, from a first draft to a report answered.

Each thing is done as the site does it, by the functions behind its buttons and forms, in the name of the author or
the reviewer among the local accounts. So it reads as a tour of them: `tell` is its table of contents.

Nothing invented looks like a fact of the record. Each invented text stands under a heading that says so, and what
is invented and corrected is a number of paper kites that nobody counted, in a leaflet that nobody wrote.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from editorial import amendments, reviewing, workflow
from editorial.corrections import answering, deciding, receiving
from editorial.models import ClaimCheck, Correction, Edition, Editor, Record, ReferenceData
from missions.models import Article, Figure, Term
from sources.models import Citation, Source

# The records it is told of, by what happens to them.
CORRECTED = "mission/kfor"
IN_REVIEW = "event/kfor-entry-1999"
SENT_BACK = "mission/unmik"
SCHEDULED = "article/preventing-relapse"
BEGUN = "demonstration"  # an article of its own

HEADING = "Invented for the demonstration"
FACT = "invented-paper-kites"
LEAFLET = "invented-leaflet"
NETWORK_ADDRESS = "203.0.113.{}"  # from a range that is nobody's, kept for examples (RFC 5737)


def is_told() -> bool:
    """Whether it has happened already."""
    return Record.objects.filter(kind="article", slug=BEGUN).exists()


@transaction.atomic
def tell(*, author: Editor, reviewer: Editor) -> None:
    """Let all of it happen, or nothing. Raises WorkflowError when a record is not as the founding record has it."""
    begin_a_text(author)
    send_a_text_back(author, reviewer)
    schedule_a_text(author, reviewer)
    publish_a_second_edition(author, reviewer)
    report = correct_a_figure(author, reviewer)
    take_in_the_same_again(author, report)
    put_a_text_with_a_report_in_review(author, reviewer)
    correct_a_source(author, reviewer)
    propose_a_change_to_a_term(author)
    decline_a_report(reviewer)
    close_a_comment(reviewer)
    ask_a_reader(author)
    take_in_what_nobody_has_read_yet()


def where_to_look() -> Iterator[str]:
    """Lines for the console: what to open first."""
    asked = Correction.objects.filter(state=Correction.State.NEEDS_INFORMATION).first()
    token = asked.token() if asked else None
    places = [
        ("a figure a reader had corrected", reverse("mission-fact", args=["kfor", FACT])),
        ("all reports and their answers", reverse("correction-list")),
        ("a reader's own page, with a question", reverse("correction-mine", args=[token]) if token else ""),
        ("what waits for editors", reverse("admin:index")),
    ]
    for what, address in places:
        if address:
            yield f"{what}: {settings.SITE_URL}{address}"


# Texts, on their way to being public


def begin_a_text(author: Editor) -> None:
    """A draft that waits for its author."""
    text = Article(
        title="Demonstration: a text that is being written",
        summary="This standfirst is invented for the demonstration. It has no source yet, so it cannot be submitted.",
        body=f"## {HEADING}\n\nThe author of this text has only begun it.",
    )
    workflow.begin_record(text, kind="article", slug=BEGUN, by=author)


def send_a_text_back(author: Editor, reviewer: Editor) -> None:
    """A text that a reviewer has read, and sent back with a reason and a note on a passage."""
    edition = workflow.start_edition(_record(SENT_BACK), by=author)
    _add(edition, "This sentence is a very famous one.", note="a sentence was added.", by=author)
    workflow.submit(edition, by=author)
    reviewing.add_note(edition, passage="a very famous one", text="Who says so? Give a source, or cut it.", by=reviewer)
    workflow.request_changes(edition, by=reviewer, reason="The new sentence is a verdict without a holder.")


def schedule_a_text(author: Editor, reviewer: Editor) -> None:
    """A text that is approved, and becomes public by itself in a week."""
    edition = workflow.start_edition(_record(SCHEDULED), by=author)
    _add(edition, "This sentence waits for its day.", note="a sentence was added.", by=author)
    workflow.submit(edition, by=author)
    _tick_claims(edition, reviewer)
    workflow.schedule(edition, by=reviewer, at=timezone.now() + datetime.timedelta(days=7))


def publish_a_second_edition(author: Editor, reviewer: Editor) -> None:
    """The next edition of a public record: a sentence and a figure more, with a source. One number is wrong in it."""
    measure = Term.objects.create(
        vocabulary="measure", key="invented", name=HEADING, definition="What nobody counted, to show how it is done."
    )
    leaflet = Source.objects.create(
        key=LEAFLET,
        type=Source.Type.REPORT,
        title="Paper kites: a leaflet invented for the demonstration",
        authors=[{"literal": "Nobody"}],
        standing=Source.Standing.TERTIARY,
        note="There is no such leaflet.",
    )
    edition = workflow.start_edition(_record(CORRECTED), by=author)
    Citation.objects.create(edition=edition, key=LEAFLET, source=leaflet, locator="p. 3")
    Figure.objects.create(
        edition=edition,
        key=FACT,
        fact=FACT,
        measure=measure,
        value=12,
        unit="paper kites",
        counted_by="nobody: the number is invented",
        source=leaflet,
        locator="p. 3",
        note="Invented for the demonstration.",
    )
    _add(edition, _kites(12), note="a sentence and a figure about paper kites were added.", by=author)
    _publish(edition, author, reviewer)


# Readers' reports, and what comes of them


def correct_a_figure(author: Editor, reviewer: Editor) -> Correction:
    """A report from its receipt to the edition that answers it. Words and name are public, as the reader allowed."""
    report = _report(
        record=CORRECTED,
        edition="2",
        figure=FACT,
        message="the digits of the number of paper kites stand the wrong way round.",
        passage="12 paper kites",
        should_say="21 paper kites",
        evidence_url="https://example.org/paper-kites",
        name="An invented reader",
        email="reader@example.org",
        may_name="true",
        may_quote="true",
    )
    deciding.describe(report, by=author, category=Correction.Category.FACTUAL, assignee=author)
    deciding.confirm(report, by=author, answer=_invented("the leaflet has 21 paper kites, not 12."))
    deciding.release(report, by=author, words=True, name=True)

    edition: Any = answering.start(report, by=author)
    edition.body = edition.body.replace(_kites(12), _kites(21))
    Figure.objects.filter(edition=edition, key=FACT).update(value=21)
    edition.change_kind = Edition.ChangeKind.CORRECTION
    _save(edition, note=f"the number of paper kites is 21, not 12 (report {report.number}).", by=author)
    _publish(edition, author, reviewer)  # the report is corrected with it
    return report


def take_in_the_same_again(author: Editor, report: Correction) -> None:
    """Another reader has written the same: this one, too, is told of the correction."""
    same = _report(record=CORRECTED, figure=FACT, message="12 paper kites? 21!", email="another@example.org")
    deciding.same_as(same, by=author, original=report)


def put_a_text_with_a_report_in_review(author: Editor, reviewer: Editor) -> None:
    """A text in review that is to answer a report: the reviewer has left a note, and has not decided."""
    report = _report(record=IN_REVIEW, message="the page has no paper kite.", may_quote="true")
    deciding.confirm(report, by=author, answer=_invented("a paper kite is missing indeed."))
    deciding.note(report, by=author, text="Is one enough?")
    edition = answering.start(report, by=author)
    _add(edition, "There was one paper kite here as well.", note="a paper kite was missing.", by=author)
    workflow.submit(edition, by=author)
    reviewing.add_note(edition, passage="one paper kite", text="Of which colour?", by=reviewer)


def correct_a_source(author: Editor, reviewer: Editor) -> None:
    """A report on a source ends with a change that a second editor confirms; no edition is needed for it."""
    leaflet = Source.objects.get(key=LEAFLET)
    report = _report(subject=leaflet.get_absolute_url(), message="this is not a leaflet. It is a poster.")
    deciding.confirm(report, by=author, answer=_invented("it is a poster that nobody made."))
    amendment = _propose(
        leaflet, by=author, reason=f"not a leaflet (report {report.number}).", note="There is no such poster."
    )
    answering.attach_to_amendment(report, by=author, amendment=amendment)
    amendments.confirm(amendment, by=reviewer)


def propose_a_change_to_a_term(author: Editor) -> None:
    """A change to what many records share, which waits for the second editor."""
    measure = Term.objects.get(vocabulary="measure", key="invented")
    _propose(measure, by=author, reason="the definition is shorter so.", definition="What nobody counted.")


def decline_a_report(reviewer: Editor) -> None:
    """A report that is not right stays in the public list, with the reason."""
    report = _report(record=CORRECTED, message="there were no paper kites at all. Delete the page!")
    deciding.decline(report, by=reviewer, answer=_invented("there were no kites, as the page says itself."))


def close_a_comment(reviewer: Editor) -> None:
    """A comment asks for nothing to be corrected: it is answered and closed."""
    comment = _report(record=CORRECTED, kind="comment", message="nice kites.")
    deciding.close(comment, by=reviewer, answer=_invented("thank you."))


def ask_a_reader(author: Editor) -> None:
    """A report that cannot be decided without its reader, who answers on the private page."""
    report = _report(record=SENT_BACK, message="the colour of the kite is wrong.", email="painter@example.org")
    deciding.ask(report, by=author, question=_invented("which kite do you mean? We see none."))


def take_in_what_nobody_has_read_yet() -> None:
    """A new report; one that concerns a living person, and so comes before it; and one suspected to be spam."""
    _report(record=SCHEDULED, message="the text could do with a paper kite.")
    _report(record=SCHEDULED, message="the person who folds the kites has another name.", living_person="true")
    _report(record=SCHEDULED, message="cheap kites, buy now!", homepage="https://example.com")


# What several of them do


def _record(name: str) -> Record:
    kind, slug = name.split("/")
    return Record.objects.get(kind=kind, slug=slug)


def _invented(text: str) -> str:
    return f"{HEADING}: {text}"


def _kites(number: int) -> str:
    return f"Nobody counted {number} paper kites.[^{LEAFLET}]"


def _add(edition: Edition, sentence: str, *, note: str, by: Editor) -> None:
    """What an author does in the form of a draft: a sentence more, under a heading that says what it is."""
    edition.body += f"\n\n## {HEADING}\n\n{sentence}"
    _save(edition, note=note, by=by)


def _save(edition: Edition, *, note: str, by: Editor) -> None:
    edition.change_note = _invented(note)
    edition.save()
    workflow.note_work(edition, by=by)


def _publish(edition: Edition, author: Editor, reviewer: Editor) -> None:
    workflow.submit(edition, by=author)
    _tick_claims(edition, reviewer)
    workflow.publish(edition, by=reviewer)


def _tick_claims(edition: Edition, reviewer: Editor) -> None:
    """Nothing is approved while a claim without a source waits for the reviewer's tick."""
    for claim in edition.claims_left(by=reviewer):
        reviewing.tick(edition, claim, ground=ClaimCheck.Ground.CITED_NEARBY, by=reviewer)


def _report(**fields: str) -> Correction:
    """What a reader sends by the form at the foot of a page, each from a network address of their own."""
    address = NETWORK_ADDRESS.format(Correction.objects.count() + 1)
    fields["message"] = _invented(fields["message"])
    return receiving.receive(fields, address=address).correction


def _propose(thing: ReferenceData, *, by: Editor, reason: str, **values: str) -> Any:
    """What an editor does in the form of a source or a term in public use: a change, with its reason."""
    changed = copy.copy(thing)
    for name, value in values.items():
        setattr(changed, name, value)
    return amendments.propose(thing, changed, by=by, reason=_invented(reason))
