"""Every address of the editors' site that changes something, tried by those who must not.

`CHANGES` says of each address what is posted there, by whom, and in which state of what. The tests open it,
post without a token, without log-in, with the wrong role, as somebody who worked on the text, and when it
is too late: each is refused, and the database is as it was. Then the right editor does it, and it is done.
An address that is neither here nor in `ONLY_SHOW` fails the last test: say what it does.
"""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from editorial import amendments, notices, reviewing, workflow
from editorial.admin.review import GROUND, STEPS
from editorial.corrections import receiving
from editorial.models import Amendment, Correction, Edition, Editor, Mail, State
from missions.models import KINDS
from sources import founding
from sources.models import Recheck, Source
from tests.admin_forms import at_work
from tests.factories import (
    FACTORIES,
    EditorFactory,
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
    submitted,
)

pytestmark = pytest.mark.django_db

REFUSED = {302, 403, 404, 405, 409}
# What Django's own pages do is Django's to test; who may do it here is tested with each admin class.
OF_DJANGO = ("_changelist", "_add", "_history", "_delete", "_change")
DJANGO_PAGES = {
    "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "app_list",
    "view_on_site",
}  # fmt: skip
# Logs, what somebody has open, and counts: no part of the record, and written when something is refused too.
NOT_COMPARED = {"OpenForm", "RateLimit"}


# The editors


def without_role() -> Editor:
    editor = EditorFactory()
    editor.groups.clear()
    return editor


def contributor_who_may_review(edition: Edition) -> Editor:
    """Somebody who worked on the text and is a reviewer by now."""
    editor = edition.contributors.get()
    editor.groups.set(reviewer().groups.all())
    return editor


def contributor_and_superuser(edition: Edition) -> Editor:
    editor = reviewer(is_superuser=True)
    edition.contributors.add(editor)
    return editor


def new(make: Callable[[], Editor]) -> Callable[[Any], Editor]:
    return lambda thing: make()


AN_AUTHOR, A_REVIEWER, A_MANAGING_EDITOR, NO_ROLE = new(author), new(reviewer), new(managing_editor), new(without_role)


def a_contributor(edition: Edition) -> Editor:
    return edition.contributors.get()


# The things, in their states


def draft(kind: str) -> Any:
    return FACTORIES[kind]()


def in_review(kind: str) -> Any:
    return submitted(FACTORIES[kind](body="There were 50,000 troops."))


def ready(kind: str) -> Any:
    """In review, with nothing left to be ticked."""
    edition = FACTORIES[kind]()
    workflow.submit(edition, by=edition.contributors.get())
    return edition


def scheduled(kind: str) -> Any:
    edition = ready(kind)
    workflow.schedule(edition, by=reviewer(), at=timezone.now() + datetime.timedelta(days=1))
    return edition


def live(kind: str) -> Any:
    return published(FACTORIES[kind]())


def superseded(kind: str) -> Any:
    first = live(kind)
    published(next_edition(first.record))
    return first


def superseded_beside_a_draft(kind: str) -> Any:
    first = superseded(kind)
    next_edition(first.record)
    return first


def live_beside_a_draft(kind: str) -> Any:
    first = live(kind)
    next_edition(first.record)
    return first


def founded(kind: str) -> Any:
    edition = FACTORIES[kind]()
    FigureFactory(edition=edition, key="f")
    return imported(edition)


def compared(kind: str) -> Any:
    edition = founded(kind)
    for rows, key in (("citations", "a"), ("figures", "f")):
        founding.check(edition, rows, key, outcome="holds", by=reviewer())
    return edition


def compared_in_vain(kind: str) -> Any:
    edition = founded(kind)
    for rows, key in (("citations", "a"), ("figures", "f")):
        founding.check(edition, rows, key, outcome="not-opened", by=reviewer())
    return edition


def with_note(kind: str) -> Any:
    edition = in_review(kind)
    reviewing.add_note(edition, passage="", text="Look again.", by=reviewer())
    return edition


def sent_back(kind: str) -> Any:
    edition = with_note(kind)
    workflow.request_changes(edition, by=reviewer(), reason="Please.")
    return edition


def note_data(edition: Edition) -> dict[str, Any]:
    return {"note": edition.review_notes.get().pk}


def writer_of_the_note(edition: Edition) -> Editor:
    return edition.review_notes.get().by


def sent_back_and_resolved(kind: str) -> Any:
    edition = sent_back(kind)
    reviewing.resolve_note(edition.review_notes.get(), by=edition.contributors.get())
    return edition


def claimed(kind: str) -> Any:
    edition = in_review(kind)
    reviewing.claim_review(edition, by=reviewer())
    return edition


def who_reads_it(edition: Edition) -> Editor:
    return Edition.objects.get(pk=edition.pk).claimed_by or reviewer()


def proposal() -> Amendment:
    source = published(MissionFactory()).citations.get().source
    changed = Source.objects.get(pk=source.pk)
    changed.title = "Another title"
    return amendments.propose(source, changed, by=author(), reason="A slip.")


def declined_proposal() -> Amendment:
    proposed = proposal()
    amendments.decline(proposed, by=reviewer())
    return proposed


def proposer_who_may_review(proposed: Amendment) -> Editor:
    proposed.proposed_by.groups.set(reviewer().groups.all())
    return proposed.proposed_by


def recheck(**fields: Any) -> Recheck:
    source = SourceFactory(status="retracted")
    return Recheck.objects.create(source=source, record=live("mission").record, status="retracted", **fields)


def mail_given_up(**fields: Any) -> Mail:
    facts = {"attempts": 1, "given_up_at": timezone.now()} | fields
    return Mail.objects.create(to="reader@example.org", subject="Report 1: received", **facts)


def sent_mail() -> Mail:
    return mail_given_up(given_up_at=None, sent_at=timezone.now())


def settled_recheck() -> Recheck:
    return recheck(done_at=timezone.now(), done_by=author(), outcome="Another source.")


def merged_source() -> Source:
    return SourceFactory(merged_into=SourceFactory())


def notice() -> Any:
    dua = managing_editor()
    notices.tell([dua], "Look at this.")
    return dua.notices.get()


def with_second_factor() -> Editor:
    editor = author()
    apps.get_model("mfa", "Authenticator").objects.create(user=editor, type="totp", data={"secret": "x"})
    return editor


def report(state: str = "new", **fields: Any) -> Callable[[], Correction]:
    """Makes a report about a public mission, in a state."""
    return lambda: reported(live("mission").record, state=state, **fields)


def report_beside_a_draft() -> Correction:
    found = report("confirmed")()
    next_edition(found.record)
    return found


def report_beside_a_proposal() -> Correction:
    proposal()
    return report("confirmed")()


def report_of_one_who_wrote_again() -> Correction:
    found = report("declined")()
    receiving.follow_up(found, {"text": "But page 9 says so."}, address="203.0.113.1")
    return found


def read_to_the_end(found: Correction) -> dict[str, Any]:
    return {"read_to": found.entries.last().pk} if found.entries.exists() else {}


def open_edition(found: Correction) -> dict[str, Any]:
    return {"edition": (found.record.editions.open().first() or next_edition(found.record)).pk}


def proposed_change(found: Correction) -> dict[str, Any]:
    return {"amendment": (Amendment.objects.first() or proposal()).pk}


def to_answer_in_review(kind: str) -> Any:
    first = live(kind)
    edition = next_edition(first.record, change_note="Another number.")
    reported(first.record, state="in_work", attached_to=edition)
    return submitted(edition, by=edition.contributors.get())


def nothing_ticked(edition: Edition) -> dict[str, Any]:
    """The reports that the review page shows, each without its tick."""
    return {"on_page": [found.pk for found in edition.attached_corrections.all()]}


# The table


@dataclass(frozen=True)
class Changing:
    """An address that changes something, by POST: of what, with what, by whom, and who is refused."""

    name: str  # of the address; {kind} stands for each kind of record
    right: Callable[..., Any]  # makes the thing in the state in which it may be done
    allowed: Callable[[Any], Editor]
    refused: tuple[Callable[[Any], Editor], ...]
    wrong: Callable[..., Any] | None = None  # the thing in a state in which it may not
    detail: str = ""  # the action or step that the address names
    data: Callable[[Any], dict[str, Any]] = lambda thing: {}
    args: Callable[[Any], list[Any]] = lambda thing: [thing.pk]
    leaves_no_trace: bool = False  # it gives something out and keeps nothing

    def address(self, thing: Any, kind: str) -> str:
        args = self.args(thing) + ([self.detail] if self.detail else [])
        return reverse(f"admin:{self.name.format(kind=kind)}", args=args)


def action(detail: str, *given: Any, **more: Any) -> Changing:
    return Changing("missions_{kind}_do", *given, detail=detail, **more)


def step(detail: str, *given: Any, **more: Any) -> Changing:
    return Changing("missions_{kind}_review_step", *given, detail=detail, **more)


def shown(edition: Edition) -> dict[str, Any]:
    return {"shown": Edition.objects.get(pk=edition.pk).lock_version}


def reason(thing: Any) -> dict[str, Any]:
    return {"reason": "Because."}


def at(edition: Edition) -> dict[str, Any]:
    return shown(edition) | {"at": "2999-01-01T00:00"}


def of_report(
    detail: str,
    right: Callable[[], Correction],
    wrong: Callable[[], Correction] | None = None,
    data: Callable[[Any], dict[str, Any]] = lambda thing: {},
) -> Changing:
    """What every editor may do to a report, and nobody without a role."""
    return Changing("editorial_correction_do", right, AN_AUTHOR, (NO_ROLE,), wrong, detail, data)


def ticks(edition: Edition) -> dict[str, Any]:
    return {f"{GROUND}{claim.digest}": "common-knowledge" for claim in edition.uncited_claims()}


REVIEWERS_REFUSED = (AN_AUTHOR, NO_ROLE, contributor_who_may_review, contributor_and_superuser)

CHANGES = [
    action("submit", draft, a_contributor, (AN_AUTHOR, A_REVIEWER, NO_ROLE), in_review),
    action("take-back", in_review, a_contributor, (AN_AUTHOR, A_REVIEWER, NO_ROLE), draft),
    action("request-changes", in_review, A_REVIEWER, REVIEWERS_REFUSED, draft, data=reason),
    action("publish", ready, A_REVIEWER, REVIEWERS_REFUSED, draft, data=shown),
    action("publish", ready, A_REVIEWER, (), in_review, data=shown),  # claims that nobody has ticked
    action("schedule", ready, A_REVIEWER, REVIEWERS_REFUSED, draft, data=at),
    action("schedule", ready, A_REVIEWER, (), in_review, data=at),
    action("unschedule", scheduled, A_REVIEWER, (AN_AUTHOR, NO_ROLE), in_review, data=reason),
    action("start", live, AN_AUTHOR, (NO_ROLE,), live_beside_a_draft),
    action("restore", superseded, AN_AUTHOR, (NO_ROLE,), superseded_beside_a_draft),
    action("share", draft, AN_AUTHOR, (NO_ROLE,), live, data=lambda it: {"days": 7}, leaves_no_trace=True),
    action("discard", draft, a_contributor, (AN_AUTHOR, A_REVIEWER, NO_ROLE), in_review),
    action("withdraw", live, A_MANAGING_EDITOR, (AN_AUTHOR, A_REVIEWER, NO_ROLE), draft, data=reason),
    action("suppress", live, A_MANAGING_EDITOR, (AN_AUTHOR, A_REVIEWER, NO_ROLE), draft, data=reason),
    action("rename", live, A_MANAGING_EDITOR, (AN_AUTHOR, A_REVIEWER, NO_ROLE), data=lambda it: {"slug": "another"}),
    action("finish-check", compared, A_REVIEWER, (AN_AUTHOR, NO_ROLE, contributor_and_superuser), live),
    action("finish-check", compared, A_REVIEWER, (), founded),
    action("finish-check", compared, A_REVIEWER, (), compared_in_vain),
    step("claim", in_review, A_REVIEWER, REVIEWERS_REFUSED, draft),
    step("release", claimed, who_reads_it, (AN_AUTHOR, A_REVIEWER, NO_ROLE), in_review),
    step("ticks", in_review, A_REVIEWER, REVIEWERS_REFUSED, draft, data=ticks),
    step("add-note", in_review, A_REVIEWER, REVIEWERS_REFUSED, draft, data=lambda it: {"text": "Look again."}),
    step("remove-note", with_note, writer_of_the_note, (*REVIEWERS_REFUSED, A_REVIEWER), sent_back, data=note_data),
    step("resolve-note", sent_back, a_contributor, (NO_ROLE,), with_note, data=note_data),
    step("reopen-note", sent_back_and_resolved, a_contributor, (NO_ROLE,), with_note, data=note_data),
    Changing(
        "missions_{kind}_check", founded, A_REVIEWER, (AN_AUTHOR, NO_ROLE, contributor_and_superuser), live,
        data=lambda it: {"rows": "citations", "key": "a", "outcome": "holds"},
    ),
    Changing(
        "missions_{kind}_cite", draft, AN_AUTHOR, (NO_ROLE,), in_review,
        data=lambda it: {"choice": f"source:{SourceFactory(key='cited').pk}", "locator": "p. 1"},
    ),
    Changing(
        "editorial_record_do", lambda: live("mission").record, A_MANAGING_EDITOR, (AN_AUTHOR, A_REVIEWER, NO_ROLE),
        detail="rename", data=lambda it: {"slug": "another"},
    ),
    Changing(
        "editorial_amendment_do", proposal, A_REVIEWER, (AN_AUTHOR, NO_ROLE, proposer_who_may_review),
        declined_proposal, detail="confirm",
    ),
    Changing("editorial_amendment_do", proposal, A_REVIEWER, (AN_AUTHOR, NO_ROLE), declined_proposal, detail="decline"),
    Changing("editorial_mail_do", mail_given_up, AN_AUTHOR, (NO_ROLE,), sent_mail, detail="try-again"),
    Changing(
        "editorial_editor_do", with_second_factor, A_MANAGING_EDITOR,
        (AN_AUTHOR, A_REVIEWER, NO_ROLE, lambda it: it), author, detail="reset-second-factor",
    ),
    Changing(
        "sources_recheck_do", recheck, AN_AUTHOR, (NO_ROLE,), settled_recheck, detail="settle",
        data=lambda it: {"outcome": "Read again: it holds."},
    ),
    Changing(
        "sources_source_merge", SourceFactory, AN_AUTHOR, (NO_ROLE,), merged_source,
        data=lambda it: {"into": SourceFactory().pk, "reason": "The same document."},
    ),
    of_report("confirm", report(), report("confirmed"), lambda it: {"answer": "You are right."}),
    of_report("decline", report(), report("declined"), lambda it: {"answer": "The sources say so."}),
    of_report("close", report(), report("confirmed")),
    of_report("ask", report(), report("confirmed"), lambda it: {"question": "Which page?"}),
    of_report("same-as", report(), report("closed"), lambda it: {"original": reported(it.record).pk}),
    of_report("reopen", report("declined"), report(), lambda it: {"reason": "A new source."}),
    of_report("spam", report(), report("declined")),
    of_report("not-spam", report(is_spam=True), report()),
    of_report("release", report("declined", may_quote=True), report(may_quote=True), lambda it: {"words": "on"}),
    of_report("seen", report_of_one_who_wrote_again, report("declined"), read_to_the_end),
    of_report("take", report()),
    of_report("start", report("confirmed"), report()),
    of_report("attach", report_beside_a_draft, report(), open_edition),
    of_report("attach-to-change", report_beside_a_proposal, report(), proposed_change),
    of_report("detach", report("in_work"), report("confirmed")),
    step("answers", to_answer_in_review, A_REVIEWER, REVIEWERS_REFUSED, live, data=nothing_ticked),
    Changing(
        "put_away", notice, lambda it: it.to, (AN_AUTHOR, NO_ROLE, A_MANAGING_EDITOR),
    ),
]  # fmt: skip

# Addresses that change nothing, whatever is sent to them. `sources_source_import` saves in a second step: see below.
ONLY_SHOW = {
    "search",
    "quality",
    "admin_logentry_export",
    "editorial_transition_export",
    "missions_figure_suggest",
    "missions_{kind}_preview",
    "missions_{kind}_review",
}
TRIED_BELOW = {"sources_source_import"}


def kinds_of(name: str) -> list[str]:
    return list(KINDS) if "{kind}" in name else [""]


def each(*, kinds: bool) -> Any:
    """Each line of the table; of every kind of record, or for missions alone, as the kinds share their code."""
    return pytest.mark.parametrize(
        ("one", "kind"),
        [
            pytest.param(one, kind, id="-".join(filter(None, [one.name.format(kind=kind), one.detail])))
            for one in CHANGES
            for kind in kinds_of(one.name)[: None if kinds else 1]
        ],
    )


def made(make: Callable[..., Any], kind: str) -> Any:
    return make(kind) if kind else make()


@functools.cache
def questions() -> dict[str, str]:
    """What to ask for all rows of each model: in SQL, because it is asked some thousand times."""
    found = {}
    for label in ("editorial", "sources", "missions", "mfa"):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            names = [field.attname for field in model._meta.local_concrete_fields if field.name != "last_login"]
            if model.__name__ not in NOT_COMPARED and not model._meta.proxy:
                found[model._meta.label] = str(model._base_manager.order_by("pk").values_list(*names).query)
    return found


def everything() -> dict[str, list[Any]]:
    """All that the database holds of records, reference data and people, and of who may do what."""
    found = {}
    with connection.cursor() as cursor:
        for label, question in questions().items():
            cursor.execute(question)
            found[label] = cursor.fetchall()
    return found


def said(answer: Any) -> str:
    return f"{answer.status_code} {answer.get('Location', '')}"


@each(kinds=True)
def test_who_must_not_is_refused_and_nothing_changes(one, kind):
    thing = made(one.right, kind)
    address, data = one.address(thing, kind), one.data(thing)
    allowed = one.allowed(thing)
    with_token, without_token = at_work(allowed), at_work(allowed, enforce_csrf_checks=True)
    before = everything()

    assert with_token.get(address).status_code in {200, 302, 405}
    assert with_token.put(address, data=json.dumps(data)).status_code in REFUSED | {200}
    assert without_token.post(address, data).status_code == 403
    anonymous = Client().post(address, data)
    assert anonymous.status_code in {302, 401, 403}, said(anonymous)
    assert "/log" in anonymous.get("Location", "/log")
    assert everything() == before

    for make in one.refused:
        somebody = make(thing)
        client, before = at_work(somebody), everything()
        for method in (client.get, client.post):
            answer = method(address, data)
            assert answer.status_code in REFUSED | ({200} if method == client.get else set()), said(answer)
        assert everything() == before, f"{somebody} could"


@each(kinds=False)
def test_what_comes_too_late_or_too_early_is_refused_and_nothing_changes(one, kind):
    if one.wrong is None:
        return
    thing = made(one.wrong, kind)
    address, data = one.address(thing, kind), one.data(thing)
    client = at_work(one.allowed(thing))
    before = everything()

    answer = client.post(address, data)

    assert answer.status_code in REFUSED, said(answer)
    assert everything() == before


@each(kinds=False)
def test_who_may_does_it_by_the_same_request(one, kind):
    thing = made(one.right, kind)
    data = one.data(thing)
    client = at_work(one.allowed(thing))
    before = everything()

    answer = client.post(one.address(thing, kind), data)

    assert answer.status_code in {200, 302}, answer.text
    assert (everything() == before) is one.leaves_no_trace


def test_nonsense_for_the_thing_or_the_action_is_no_accident():
    client = at_work(managing_editor())
    edition = in_review("mission")
    before = everything()
    for name in ("missions_mission_do", "missions_mission_review_step", "editorial_amendment_do"):
        for number in ("0", "x", "99999999999999999999", "1/2", "%00", "é"):
            detail = "claim" if "step" in name else "publish"
            address = reverse(f"admin:{name}", args=[number, detail])
            assert client.post(address).status_code in REFUSED | {400}
        assert client.post(reverse(f"admin:{name}", args=[edition.pk, "nonsense"])).status_code in REFUSED
    assert everything() == before


@pytest.mark.parametrize("name", sorted(ONLY_SHOW))
def test_pages_that_only_show_change_nothing_whatever_is_sent(name):
    for kind in kinds_of(name):
        edition = in_review(kind or "mission")
        args = [edition.pk] if kind else []
        client = at_work(managing_editor())
        address, before = reverse(f"admin:{name.format(kind=kind)}", args=args), everything()
        for method in (client.get, client.post, client.put, client.delete):
            assert method(address).status_code < 500
        assert client.post(address, {"_save": "1", "title": "Other", "state": State.PUBLISHED}).status_code < 500
        assert everything() == before


def test_an_import_is_saved_in_its_second_step_by_those_who_may():
    address = reverse("admin:sources_source_import")
    text = {"text": "@book{new, title={A new book}, publisher={P}, year={1999}}", "standing": "scholarly"}
    ana, other = author(), author()
    client, before = at_work(ana), everything()
    looked = client.post(address, text)
    assert looked.status_code == 200
    save = {name: looked.context[name] for name in ("signed", "digest")}
    for refused in (at_work(other), at_work(without_role()), Client()):
        held = everything()
        assert refused.post(address, save).status_code in REFUSED
        assert refused.post(address, text).status_code in REFUSED | {200}
        assert everything() == held
    assert at_work(ana, enforce_csrf_checks=True).post(address, save).status_code == 403
    assert client.get(address, save).status_code == 200
    assert client.post(address, save | {"digest": "0"}).status_code == 409
    assert {name: rows for name, rows in everything().items() if name.startswith("sources.")} == {
        name: rows for name, rows in before.items() if name.startswith("sources.")
    }
    assert client.post(address, save).status_code == 302
    assert Source.objects.get().title == "A new book"


# The table is complete


def our_addresses() -> Iterator[str]:
    """The names of all addresses of the editors' site that are not Django's."""
    site: Any = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "admin")

    def below(patterns: Any) -> Iterator[Any]:
        for pattern in patterns:
            yield from below(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]

    registered = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    of_django = {f"{name}{suffix}" for name in registered for suffix in OF_DJANGO} | DJANGO_PAGES
    password = f"{get_user_model()._meta.app_label}_{get_user_model()._meta.model_name}_password_change"
    of_django |= {password, "auth_user_password_change"}
    for pattern in below(site.url_patterns):
        if pattern.name not in of_django and not (pattern.name is None and _leads_on(pattern)):
            yield pattern.name or str(pattern.pattern)


def _leads_on(pattern: Any) -> bool:
    """Django's own patterns without a name: a redirect to the form, and the answer to all other addresses."""
    module = getattr(pattern.callback, "__module__", "")
    return module.startswith("django.") or str(pattern.pattern) in {"<path:object_id>/", "(?P<url>.*)$"}


def details(name: str) -> list[str]:
    """The actions or steps that an address takes."""
    if name.endswith("_review_step"):
        return list(STEPS)
    for model, model_admin in admin.site._registry.items():
        if name == f"{model._meta.app_label}_{model._meta.model_name}_do":
            return [one.name for one in model_admin.workflow_actions]  # type: ignore[attr-defined]
    return [""]


def test_every_address_that_changes_something_is_tried_here():
    found = {(name, detail) for name in our_addresses() for detail in details(name)}
    tried = {(one.name.format(kind=kind), one.detail) for one in CHANGES for kind in kinds_of(one.name)}
    shown_only = {(name.format(kind=kind), "") for name in ONLY_SHOW for kind in kinds_of(name)}

    assert found == tried | shown_only | {(name, "") for name in TRIED_BELOW}
