"""The pages of the editors' site, wide and light, narrow and dark: nothing for axe to find, nothing cut off.

The rules are those of WCAG 2.2 AA; what may stand against them is in one table. A silent console shows that
the strict content policy had nothing to refuse.
"""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from editorial import amendments, reviewing, workflow
from editorial.models import Edition, OpenForm
from sources.models import Source
from tests.admin_forms import session_cookie
from tests.browser.test_main_pages import AXE, follow, gave_up
from tests.factories import (
    ArticleFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    imported,
    managing_editor,
    next_edition,
    published,
    reported,
    reviewer,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 400, "height": 800}
LOOKS = [("light", WIDE), ("dark", NARROW)]


class Excused(NamedTuple):
    """What axe finds and may stand: in markup that Django's admin brings along, or by the rule itself."""

    rule: str
    within: str  # CSS selector of what it is found in
    reason: str


EXCUSED = [
    Excused(
        "target-size",
        ".ref",
        "The number of a note in the public page, shown in the preview: WCAG 2.5.8 exempts what stands in a line of text.",
    ),
]

RUN_AXE = """async excuses => {
  await Promise.all(document.getAnimations().map(one => one.finished));  // colours go over into others
  const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const result = await axe.run(document, {resultTypes: ["violations"], preload: false, runOnly});
  const found = [];
  for (const {id, nodes} of result.violations)
    for (const {target, html} of nodes) {
      const element = document.querySelector(target[0]);
      if (!excuses.some(([rule, within]) => rule === id && element?.closest(within)))
        found.push(`${id}: ${target} ${html.slice(0, 160)}`);
    }
  return found;
}"""

# What sticks out to the right; what scrolls by itself may, and so may what is not shown.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth && !one.closest(".tabular, .scrolls"))
    .map(one => one.outerHTML.slice(0, 160)).slice(-3)"""


class Looker:
    """Looks at pages, wide and light, narrow and dark, and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.findings: list[str] = []

    def look(self, page: Page, name: str) -> None:
        """The page as it stands, with what is folded away unfolded."""
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
        page.evaluate(AXE)
        excused = [(one.rule, one.within) for one in EXCUSED]
        for scheme, viewport in LOOKS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(viewport)
            where = f"{name} ({scheme}, {viewport['width']} px)"
            self.findings += [f"{where}: {text}" for text in page.evaluate(RUN_AXE, excused)]
            self.findings += [f"{where}: out of the window: {html}" for html in page.evaluate(TOO_WIDE)]
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")

    def watch(self, page: Page) -> None:
        """Take what the browser has to complain of; an answer that refuses a form is meant to be one."""
        page.on("console", lambda message: self._complain(page, message.text))
        page.on("pageerror", lambda error: self._complain(page, str(error)))
        page.on("requestfailed", lambda request: gave_up(request) or self._complain(page, f"failed: {request.url}"))

    def _complain(self, page: Page, text: str) -> None:
        if "status of 409 " not in text:
            self.findings.append(f"{page.url}: {text}")


@pytest.fixture
def looker():
    looker = Looker()
    yield looker
    assert not looker.findings, "\n".join(looker.findings)


@pytest.fixture
def log_in(browser, live_server, looker):
    """A page for an editor who is logged in; for nobody, of somebody who is not."""

    def log_in(editor: Any = None) -> Page:
        context = browser.new_context(viewport=WIDE, base_url=live_server.url, reduced_motion="reduce")
        if editor is not None:
            context.add_cookies([session_cookie(editor, live_server.url)])
        page = context.new_page()
        looker.watch(page)
        return page

    return log_in


def change(edition: Any, page: str = "change", *more: str) -> str:
    return reverse(f"admin:missions_{edition.record.kind}_{page}", args=[edition.pk, *more])


def rows_of(edition: Any, rows: str) -> str:
    return reverse(f"admin:{rows}_changelist", query={"edition__id__exact": edition.pk})


def submitted(record: Any, by: Any, **changes: Any) -> Any:
    draft = next_edition(record, by=by, change_note="A better count was found.", **changes)
    workflow.submit(draft, by=by)
    return draft


def look_at(looker: Looker, page: Page, addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        answer = page.goto(address)
        assert answer.status == 200, name
        looker.look(page, name)


def test_what_everybody_meets(looker, log_in, record):
    page = log_in()
    page.goto(reverse("admin:index"))
    looker.look(page, "log-in")
    page = log_in(author())
    look_at(
        looker,
        page,
        {
            "second factor": reverse("mfa_activate_totp"),
            "lists: missions": reverse("admin:missions_mission_changelist"),
            "lists: events": f"{reverse('admin:missions_event_changelist')}?open=none",
            "lists: nothing found": f"{reverse('admin:missions_article_changelist')}?q=nosuch",
            "search": f"{reverse('admin:search')}?q=force",
            "a new mission": reverse("admin:missions_mission_add"),
        },
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This field is required.").first).to_be_visible()
    looker.look(page, "a new mission, refused")


def test_what_an_author_writes_in(looker, log_in, record):
    ana, ben, cem = author(public_name="Ana"), author(public_name="Ben"), reviewer(public_name="Cem")
    body = record.live.typed.body + "\n\nIt had 50,000 soldiers in 1999. It was the largest force in Europe."
    draft = submitted(record, ana, body=body)
    note = reviewing.add_note(draft, passage="It was a force.", text="Whose?", by=cem)
    reviewing.add_note(draft, passage="", text="Say who counted.", by=cem)
    workflow.request_changes(draft, by=cem, reason="Please see the notes.")
    reviewing.resolve_note(note, by=ana)
    OpenForm.objects.create(edition_id=draft.pk, editor=ben, since=timezone.now() - datetime.timedelta(minutes=8))
    figure, citation = draft.figures.first(), draft.citations.first()
    page = log_in(ana)

    page.goto(change(draft))
    expect(page.get_by_role("note")).to_contain_text("Ben has had this form open")
    looker.look(page, "form")
    page.locator("#id_body").fill("Another text.[^a]")
    page.locator("#id_start").fill("31 June 1999")
    follow(page, page.get_by_role("button", name="Save", exact=True))
    looker.look(page, "form with a mistake")
    page.locator("#id_start").fill("June 1999")
    saved = Edition.objects.get(pk=draft.pk).typed
    saved.body = body.replace("50,000", "42,000")
    saved.save()
    workflow.note_work(saved, by=ben)
    follow(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_role("region", name="somebody saved before you")).to_be_visible()
    looker.look(page, "conflict")

    look_at(
        looker,
        page,
        {
            "figures": rows_of(draft, "missions_figure"),
            "figure": reverse("admin:missions_figure_change", args=[figure.pk]),
            "citations": rows_of(draft, "sources_citation"),
            "citation": reverse("admin:sources_citation_change", args=[citation.pk]),
            "cite": f"{change(draft, 'cite')}?field=body",
            "submit": change(draft, "do", "submit"),
            "share": change(draft, "do", "share"),
            "discard": change(draft, "do", "discard"),
            "preview": change(draft, "preview"),
        },
    )
    page.goto(change(draft))
    page.locator(".field-body .cite-here").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Cite it").click()
    expect(page.get_by_role("dialog").get_by_text("Choose a source")).to_be_visible()
    looker.look(page, "“Cite here” in the form")

    page.goto(change(draft))
    workflow.submit(draft, by=ana)
    page.evaluate("document.querySelector('#id_body').closest('form').requestSubmit()")
    expect(page.get_by_text("it cannot be changed, and nothing of this was saved")).to_be_visible()
    looker.look(page, "too late")
    look_at(looker, page, {"read-only": change(draft)})


@pytest.fixture
def waiting(record):
    """Something of every kind that waits for an editor: by its name."""
    ana, cem = author(public_name="Ana"), reviewer(public_name="Cem")
    claim = "\n\nIt had 50,000 soldiers in 1999. It was the largest force in Europe."
    in_review = next_edition(record, by=ana, change_note="New.", body=record.live.typed.body.replace("grew", "shrank"))
    in_review.figures.filter(key="strength-2020").update(value=4000)
    in_review.body += claim
    in_review.save()
    workflow.submit(in_review, by=ana)
    other = reviewer(public_name="Dua")
    reviewing.add_note(in_review, passage="It was a force.", text="Whose?", by=other)

    scheduled = EventFactory(title="An event to come", by=ana)
    workflow.note_work(scheduled, by=ana)
    workflow.submit(scheduled, by=ana)
    workflow.schedule(scheduled, by=cem, at=timezone.now() + datetime.timedelta(days=1))
    late = timezone.now() - datetime.timedelta(hours=1)
    Edition._base_manager.filter(pk=scheduled.pk).update(publish_at=late)

    report = reported(record, should_say="It is right.")
    source = published(MissionFactory(title="A mission that cites")).citations.get().source
    changed = Source.objects.get(pk=source.pk)
    changed.title = "As it is printed"
    proposal = amendments.propose(source, changed, by=ana, reason="It was misprinted.")
    retracted = published(ArticleFactory(title="An article that cites")).citations.get().source
    retracted.status = Source.Status.RETRACTED
    retracted.save()
    founding = MissionFactory(title="A founding mission")
    FigureFactory(edition=founding)
    imported(founding)
    return {
        "in_review": in_review,
        "scheduled": scheduled,
        "report": report,
        "proposal": proposal,
        "recheck": retracted.rechecks.get(),
        "founding": founding,
        "source": source,
    }


def test_what_a_reviewer_decides_on(looker, log_in, waiting):
    text = waiting["in_review"]
    page = log_in(reviewer(public_name="Eva"))
    look_at(
        looker,
        page,
        {
            "front door": reverse("admin:index"),
            "queue": reverse("admin:editorial_reviewqueue_changelist"),
            "review": change(text, "review"),
            "publish": change(text, "do", "publish"),
            "request changes": change(text, "do", "request-changes"),
            "schedule": change(text, "do", "schedule"),
            "check of a founding edition": change(waiting["founding"], "check"),
            "finish of that check": change(waiting["founding"], "do", "finish-check"),
            "report": reverse("admin:editorial_correction_change", args=[waiting["report"].pk]),
            "reports": reverse("admin:editorial_correction_changelist"),
            "proposed change": reverse("admin:editorial_amendment_change", args=[waiting["proposal"].pk]),
            "look again": reverse("admin:sources_recheck_change", args=[waiting["recheck"].pk]),
            "to look at again": reverse("admin:sources_recheck_changelist"),
        },
    )
    page.goto(change(text, "do", "schedule"))
    page.get_by_label("Publish at").fill("1999-06-12T06:00")
    follow(page, page.get_by_role("button", name="Schedule", exact=True))
    expect(page.get_by_text("Nothing was done")).to_be_visible()
    looker.look(page, "schedule, refused")


def test_what_a_managing_editor_keeps(looker, log_in, waiting):
    source, dua = waiting["source"], managing_editor(public_name="Fadil")
    page = log_in(dua)
    look_at(
        looker,
        page,
        {
            "all records": reverse("admin:editorial_record_changelist"),
            "record": reverse("admin:editorial_record_change", args=[waiting["founding"].record_id]),
            "published edition": change(waiting["founding"]),
            "withdraw": change(waiting["founding"], "do", "withdraw"),
            "sources": reverse("admin:sources_source_changelist"),
            "source": reverse("admin:sources_source_change", args=[SourceFactory().pk]),
            "history of a source": reverse("admin:sources_source_history", args=[source.pk]),
            "merge": f"{reverse('admin:sources_source_merge', args=[SourceFactory().pk])}?into={source.pk}",
            "log": reverse("admin:admin_logentry_changelist"),
            "changes of state": reverse("admin:editorial_transition_changelist"),
            "public log": reverse("admin:editorial_change_changelist"),
            "people": reverse("admin:editorial_editor_changelist"),
            "an editor": reverse("admin:editorial_editor_change", args=[dua.pk]),
            "import": reverse("admin:sources_source_import"),
        },
    )
    page.locator("textarea[name=text]").fill(
        "@report{new1, title={A report}, year={1999}}\n"
        f"@report{{{source.key}, title={{Another title}}, year={{2001}}}}\n"
        f"@report{{twin, title={{{source.title}}}, year={{1999}}}}\n@report{{broken, title={{No end\n"
    )
    page.locator("select[name=standing]").select_option(index=1)
    follow(page, page.locator("main .submit-row input[type=submit]").first)
    looker.look(page, "what an import would do")
