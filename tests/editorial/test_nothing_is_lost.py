"""Nothing typed is ever lost: two editors at once, a state that moved, a log-in that expired."""

from __future__ import annotations

import datetime
import re
from functools import partial

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial import presence, workflow
from editorial.admin import opened
from editorial.models import Edition, OpenForm, State
from kosovo_peace.management.commands import work
from missions.models import Mission
from tests.admin_forms import at_work, form_data, form_of, form_of_figure, with_new_row
from tests.editorial.test_races import at_once
from tests.factories import (
    FigureFactory,
    MissionFactory,
    StatementFactory,
    author,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db

LONG = "The first paragraph stays as it was.[^a]\n\nThe force had its headquarters in {}, and its sectors were {}.[^a]"


def fresh(edition):
    return type(edition).objects.get(pk=edition.pk)


@pytest.fixture
def ana():
    return author(public_name="Ana")


@pytest.fixture
def ben():
    return author(public_name="Ben")


# Story 4: two editors at once


def test_the_second_of_two_saves_is_refused_and_shows_both_texts_with_the_differences_marked(ana, ben):
    edition = MissionFactory(body=LONG.format("Pristina", "five"))
    ana_works, ben_works = at_work(ana), at_work(ben)
    ana_works.get(form_of(edition))
    OpenForm.objects.update(since=timezone.now() - datetime.timedelta(minutes=8))
    anas, bens = ana_works.get(form_of(edition)), ben_works.get(form_of(edition))
    assert "Ana has had this form open for 8 minutes." in bens.text
    assert "Ben has" not in bens.text

    assert ana_works.post(form_of(edition), form_data(anas, body=LONG.format("Film City", "five"))).status_code == 302
    refused = ben_works.post(form_of(edition), form_data(bens, body=LONG.format("Pristina", "six")))

    assert refused.status_code == 200
    assert fresh(edition).body == LONG.format("Film City", "five")
    (both,) = refused.context["meanwhile"].both
    assert (both.label, both.anchor) == ("Body", "id_body")
    assert [(piece.kind, piece.text) for paragraph in both.paragraphs for piece in paragraph if piece.kind != "same"] == [
        ("removed", "Film City"), ("added", "Pristina"), ("removed", "five"), ("added", "six"),
    ]  # fmt: skip
    assert len(both.paragraphs) == 1
    assert [str(who) for who, when in refused.context["meanwhile"].who] == ["Ana"]
    assert '<span class="visually-hidden">only in what is saved: </span>Film City</del>' in refused.text
    assert '<span class="visually-hidden">only in yours: </span>six</ins>' in refused.text

    merged = form_data(refused, body=LONG.format("Film City", "six"))
    assert ben_works.post(form_of(edition), merged).status_code == 302
    assert fresh(edition).body == LONG.format("Film City", "six")
    assert {ana, ben} <= set(edition.contributors.all())


def test_what_only_the_first_editor_changed_is_not_undone_by_the_second(ana, ben):
    edition = MissionFactory(headquarters="Pristina")
    ana_works, ben_works = at_work(ana), at_work(ben)
    anas, bens = ana_works.get(form_of(edition)), ben_works.get(form_of(edition))
    ana_works.post(form_of(edition), form_data(anas, summary="Ana's standfirst.[^a]", peace_mission=""))
    refused = ben_works.post(form_of(edition), form_data(bens, headquarters="Film City"))

    assert refused.status_code == 200
    assert refused.context["meanwhile"].both == []
    assert [one.label for one in refused.context["meanwhile"].taken] == ["Peace mission", "Standfirst"]
    assert ben_works.post(form_of(edition), form_data(refused)).status_code == 302
    edition = fresh(edition)
    assert (edition.summary, edition.headquarters) == ("Ana's standfirst.[^a]", "Film City")
    assert edition.peace_mission is False


def test_a_form_is_not_overtaken_by_what_was_saved_on_other_pages(ana, ben):
    edition = MissionFactory()
    figure = FigureFactory(edition=edition)
    ana_works, ben_works = at_work(ana), at_work(ben)
    bens = ben_works.get(form_of(edition))
    ana_works.post(form_of_figure(figure), form_data(ana_works.get(form_of_figure(figure)), value="42000"))
    assert fresh(edition).lock_version == 1

    assert ben_works.post(form_of(edition), form_data(bens, headquarters="Film City")).status_code == 302
    figure.refresh_from_db()
    assert (fresh(edition).headquarters, figure.value) == ("Film City", 42000)


def test_rows_are_brought_together_like_fields(ana, ben):
    edition = MissionFactory()
    for key in ("both", "hers", "his", "gone", "gone-but-typed"):
        StatementFactory(edition=edition, key=key, holder="Somebody", text="As it was.")
    ana_works, ben_works = at_work(ana), at_work(ben)
    anas, bens = ana_works.get(form_of(edition)), ben_works.get(form_of(edition))
    number = {row.instance.key: n for n, row in enumerate(_rows(anas, "statements"))}

    def typed(key, text):
        return {f"statements__{number[key]}__text": text}

    def deleted(key):
        return {f"statements__{number[key]}__DELETE": "on"}

    hers = form_data(
        anas, **typed("both", "Hers."), **typed("hers", "Hers."), **deleted("gone"), **deleted("gone-but-typed")
    )
    hers = with_new_row(hers, "statements", key="new", holder="Ana's", text="New.", kind="statement")
    assert ana_works.post(form_of(edition), hers).status_code == 302
    his = form_data(
        bens, **typed("both", "His."), **typed("his", "His."), **typed("gone-but-typed", "His."), **deleted("hers")
    )
    refused = ben_works.post(form_of(edition), his)

    found = refused.context["meanwhile"]
    assert [(one.label, one.saved, one.typed) for one in found.both] == [("Statement “both”: Text", "Hers.", "His.")]
    assert [(one.label, one.saved) for one in found.taken] == [("Statement “hers”: Text", "Hers.")]
    said = " ".join(found.rows)
    assert "Statement “gone” was deleted; you had not changed it" in said
    assert "Statement “gone-but-typed” was deleted. As you had typed in it" in said
    assert "Statement “hers”: you marked it to be deleted, and it was changed" in said
    assert "Statement “new” was added. It stays when you save" in said

    assert ben_works.post(form_of(edition), form_data(refused)).status_code == 302
    assert dict(edition.statements.values_list("key", "text")) == {
        "both": "His.", "hers": "Hers.", "his": "His.", "gone-but-typed": "His.", "new": "New.",
    }  # fmt: skip


def _rows(response, prefix):
    (formset,) = [one.formset for one in response.context["inline_admin_formsets"] if one.formset.prefix == prefix]
    return formset.initial_forms


def test_a_row_with_a_page_of_its_own_is_brought_together_too(ana, ben):
    edition = MissionFactory()
    figure = FigureFactory(edition=edition, value=50000, unit="persons")
    ana_works, ben_works = at_work(ana), at_work(ben)
    anas, bens = ana_works.get(form_of_figure(figure)), ben_works.get(form_of_figure(figure))
    ana_works.post(form_of_figure(figure), form_data(anas, value="42000", locator="p. 12"))
    refused = ben_works.post(form_of_figure(figure), form_data(bens, value="41000", quote="Some 41,000."))

    found = refused.context["meanwhile"]
    assert [(one.label, one.saved, one.typed) for one in found.both] == [("Value", "42000", "41000")]
    assert [one.label for one in found.taken] == ["Locator"]
    assert [str(who) for who, when in found.who] == ["Ana"]
    figure.refresh_from_db()
    assert figure.value == 42000
    assert ben_works.post(form_of_figure(figure), form_data(refused)).status_code == 302
    figure.refresh_from_db()
    assert (figure.value, figure.locator, figure.quote) == (41000, "p. 12", "Some 41,000.")


def test_a_save_of_a_row_that_was_deleted_shows_what_was_typed_and_where_to_go_on(ana, ben):
    edition = MissionFactory()
    figure = FigureFactory(edition=edition)
    ben_works = at_work(ben)
    typed = form_data(ben_works.get(form_of_figure(figure)), quote="The words I found.") | {"_edition": edition.pk}
    figure.delete()
    late = ben_works.post(form_of_figure(figure), typed)
    assert late.status_code == 409
    assert "The words I found." in late.text
    assert f'href="{form_of(edition)}"' in late.text


@pytest.mark.parametrize(
    "nonsense", ["", "{", "[" * 9000, '{"at":1e99,"names":{},"digests":{}}', "\ud800", "x" * 500_000]
)
def test_a_form_that_does_not_know_how_it_was_opened_takes_every_difference_for_one_of_both(ana, ben, nonsense):
    edition = MissionFactory()
    ana_works, ben_works = at_work(ana), at_work(ben)
    anas, bens = ana_works.get(form_of(edition)), ben_works.get(form_of(edition))
    ana_works.post(form_of(edition), form_data(anas, summary="Hers."))
    data = form_data(bens) | {"_opened": nonsense.encode(errors="replace").decode()}
    refused = ben_works.post(form_of(edition), data)
    assert refused.status_code == 200
    assert [one.label for one in refused.context["meanwhile"].both] == ["Standfirst"]


def test_a_form_that_is_sent_as_it_came_is_unchanged_in_every_field(ana):
    edition = MissionFactory(body="One line.\n\nAnother. ", other_names="Snage\nForca", start="1999-06-12")
    StatementFactory(edition=edition, text="Two\nlines.", quoted=True, date="1999-06")
    FigureFactory(edition=edition, checked="compared", checked_by="Ana", checked_on=datetime.date(2026, 5, 3))
    client = at_work(ana)
    for address in (form_of(edition), form_of_figure(edition.figures.get())):
        response = client.get(address)
        was = opened.read({"_opened": response.context["opened"]})
        sent = sent_by_a_browser(response.text)
        formsets = [one.formset for one in response.context["inline_admin_formsets"]]
        forms = [("", "", response.context["adminform"].form)]
        forms += [(rows.prefix, str(row.instance.pk), row) for rows in formsets for row in rows.initial_forms]
        for prefix, row, form in forms:
            for name in opened.kept_names(form):
                values = sent.get(form.add_prefix(name), [])
                assert was.unchanged(prefix, row, name, values), (prefix, row, name, values)


def sent_by_a_browser(html: str) -> dict[str, list[str]]:
    """What a browser would send of a page, by the names of the fields."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self):
            super().__init__()
            self.sent, self.select, self.textarea = {}, None, None

        def add(self, name, value):
            if name:
                self.sent.setdefault(name, []).append(value)

        def handle_starttag(self, tag, attrs):
            attrs = dict(attrs)
            if tag == "input" and not (attrs.get("type") in ("checkbox", "radio") and "checked" not in attrs):
                self.add(attrs.get("name"), attrs.get("value", "on" if attrs.get("type") == "checkbox" else ""))
            elif tag == "select":
                self.select = attrs.get("name")
            elif tag == "option" and self.select and "selected" in attrs:
                self.add(self.select, attrs.get("value", ""))
            elif tag == "textarea":
                self.textarea = (attrs.get("name"), [])

        def handle_endtag(self, tag):
            if tag == "select":
                self.select = None
            elif tag == "textarea":
                name, text = self.textarea
                self.add(name, "".join(text).removeprefix("\n").removeprefix("\r\n").replace("\n", "\r\n"))
                self.textarea = None

        def handle_data(self, data):
            if self.textarea:
                self.textarea[1].append(data)

    fields = Fields()
    fields.feed(html)
    return fields.sent


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_of_one_form_at_the_same_moment_one_is_refused_with_all_it_held():
    edition = MissionFactory()
    for number in range(40):
        FigureFactory(edition=edition, fact=f"fact-{number}")
    clients = [at_work(author()) for _ in range(2)]
    sent = [
        form_data(client.get(form_of(edition)), summary=f"Standfirst {n}.[^a]", headquarters=f"Headquarters {n}")
        for n, client in enumerate(clients)
    ]
    answers = at_once(
        *[partial(client.post, form_of(edition), data) for client, data in zip(clients, sent, strict=True)]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (loser,) = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    saved = fresh(edition)
    assert (saved.summary, saved.headquarters) == (f"Standfirst {1 - loser}.[^a]", f"Headquarters {1 - loser}")
    assert {one.typed for one in answers[loser].context["meanwhile"].both} == {
        f"Standfirst {loser}.[^a]", f"Headquarters {loser}",
    }  # fmt: skip
    assert saved.lock_version == 1
    assert saved.figures.count() == 40


@pytest.mark.django_db(transaction=True)
def test_the_edition_and_one_of_its_figures_are_saved_at_the_same_moment():
    edition = MissionFactory()
    figure = FigureFactory(edition=edition)
    one, other = at_work(author()), at_work(author())
    text = form_data(one.get(form_of(edition)), headquarters="Film City")
    number = form_data(other.get(form_of_figure(figure)), value="42000")
    answers = at_once(partial(one.post, form_of(edition), text), partial(other.post, form_of_figure(figure), number))

    assert [answer.status_code for answer in answers] == [302, 302]
    figure.refresh_from_db()
    assert (fresh(edition).headquarters, figure.value, fresh(edition).lock_version) == ("Film City", 42000, 2)


# Who is editing now


def test_saving_and_submitting_end_the_editing_and_looking_does_not_begin_it(ana):
    edition = MissionFactory(by=ana)
    client = at_work(ana)
    opened_page = client.get(form_of(edition))
    assert OpenForm.objects.get().editor == ana
    client.post(form_of(edition), form_data(opened_page, headquarters="Film City"))
    assert not OpenForm.objects.exists()

    client.get(form_of(edition))
    workflow.submit(edition, by=ana)
    assert not OpenForm.objects.exists()
    at_work(reviewer()).get(form_of(edition))
    assert not OpenForm.objects.exists()


def test_who_has_reloaded_the_form_began_when_they_first_opened_it(ana, ben):
    edition = MissionFactory()
    at_work(ana).get(form_of(edition))
    OpenForm.objects.update(since=timezone.now() - datetime.timedelta(minutes=90))
    at_work(ana).get(form_of(edition))
    assert "Ana has had this form open for 90 minutes." in at_work(ben).get(form_of(edition)).text


def test_forms_left_open_for_hours_are_passed_over_and_forgotten(ana, ben):
    edition = MissionFactory()
    at_work(ana).get(form_of(edition))
    OpenForm.objects.update(since=timezone.now() - presence.FORGOTTEN_AFTER - datetime.timedelta(minutes=1))
    assert presence.others_editing(edition, than=ben) == []
    assert work.forget_forms_left_open in work.JOBS
    work.forget_forms_left_open()
    assert not OpenForm.objects.exists()


def test_the_form_opens_even_where_it_cannot_be_noted(ana, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError("no")

    edition = MissionFactory()
    monkeypatch.setattr(OpenForm.objects, "bulk_create", refuse)
    assert at_work(ana).get(form_of(edition)).status_code == 200


# Story 5: the state changes under an open form


def test_a_save_after_publication_is_answered_409_with_all_that_was_typed_and_the_way_on(ana):
    edition = MissionFactory(by=ana, headquarters="Pristina")
    StatementFactory(edition=edition, key="said", holder="A holder", text="As it was.")
    client = at_work(ana)
    mine = form_data(
        client.get(form_of(edition)), body="My <b>long</b> text.\n\nIts end.", statements__0__text="My words."
    )
    published(edition)
    live = fresh(edition)
    late = client.post(form_of(edition), mine)

    assert late.status_code == 409
    body = " ".join(late.text.split())
    assert ">Body</label>" in body
    assert "My &lt;b&gt;long&lt;/b&gt; text." in body
    assert "Statement “said”" in body
    assert "My words." in body
    changed, rest = body.split("The rest of the form")
    assert "Pristina" not in changed
    assert "Pristina" in rest
    assert reverse("admin:missions_mission_do", args=[edition.pk, "start"]) in changed
    assert fresh(edition).body == live.body

    workflow.start_edition(edition.record, by=ana)
    again = client.post(form_of(edition), mine)
    assert form_of(edition.record.editions.open().get().typed) in again.text


def test_a_save_while_in_review_offers_who_submitted_it_to_take_it_back(ana):
    edition = MissionFactory(by=ana)
    client = at_work(ana)
    mine = form_data(client.get(form_of(edition)), headquarters="Film City")
    workflow.submit(edition, by=ana)
    late = client.post(form_of(edition), mine)
    assert late.status_code == 409
    assert "Film City" in late.text
    assert reverse("admin:missions_mission_do", args=[edition.pk, "take-back"]) in late.text


def test_a_save_of_a_draft_that_was_deleted_shows_what_was_typed(ana):
    edition = MissionFactory(by=ana)
    client = at_work(ana)
    mine = form_data(client.get(form_of(edition)), headquarters="Film City")
    address = form_of(edition)
    fresh(edition).delete()
    late = client.post(address, mine)
    assert late.status_code == 409
    assert "Film City" in late.text
    assert "no longer there" in late.text


def test_a_reason_typed_too_late_stands_on_the_page_that_refuses_it():
    edition, cem = MissionFactory(), reviewer()
    workflow.submit(edition, by=edition.contributors.get())
    client = at_work(cem)
    address = reverse("admin:missions_mission_do", args=[edition.pk, "request-changes"])
    client.get(address)
    workflow.take_back(edition, by=edition.contributors.get())
    late = client.post(address, {"reason": "The date is wrong."})
    assert late.status_code == 409
    assert "The date is wrong." in late.text


# Story 6: a public edition


def test_of_two_who_start_the_next_edition_at_once_both_land_in_the_one(ana, ben):
    edition = published(MissionFactory())
    start = reverse("admin:missions_mission_do", args=[edition.pk, "start"])
    for editor in (ana, ben):
        shown = at_work(editor).get(form_of(edition))
        assert start in shown.text
        assert 'name="_save"' not in shown.text
        assert "data-keep-typed" not in shown.text
    landed = [at_work(editor).post(start)["Location"] for editor in (ana, ben)]
    assert landed == [form_of(edition.record.editions.open().get().typed)] * 2


# The log-in expired while typing


def test_a_form_sent_after_the_log_in_expired_is_shown_again_with_a_way_to_log_in(ana):
    edition = MissionFactory(headquarters="Pristina")
    client = at_work(ana)
    typed = form_data(client.get(form_of(edition)), body="<script>alert(1)</script> My long text.") | {
        "password": "hunter22"
    }
    client.session.flush()
    answer = client.post(form_of(edition), typed)

    assert answer.status_code == 403
    assert "&lt;script&gt;alert(1)&lt;/script&gt; My long text." in answer.text
    assert "<script>alert" not in answer.text
    assert "hunter22" not in answer.text
    assert f"next={form_of(edition)}".replace("/", "%2F") in answer.text
    assert not re.search(r"<form[^>]*>", answer.text.split('id="content-main"')[1])
    assert "no-store" in answer["Cache-Control"]
    assert fresh(edition).body != "My long text."
    sources = [str(one) for one in edition.figures.all()]
    assert not any(source in answer.text for source in sources)


def test_a_form_with_the_token_of_an_older_log_in_is_shown_again_and_does_nothing(ana):
    edition = MissionFactory()
    typed = form_data(at_work(ana).get(form_of(edition)), body="My long text.")
    client = at_work(ana, enforce_csrf_checks=True)
    answer = client.post(form_of(edition), typed)
    assert answer.status_code == 403
    assert "My long text." in answer.text
    assert "close this page" in answer.text
    assert not re.search(r"<form[^>]*>", answer.text.split('id="content-main"')[1])
    assert fresh(edition).lock_version == 0


def test_pages_of_readers_answer_a_wrong_token_without_what_was_sent():
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "Ana", "password": "hunter22"})
    assert answer.status_code == 403
    assert "hunter22" not in answer.text
    assert "Ana" not in answer.text


@pytest.mark.parametrize(
    "sent", [{}, {"_opened": "{"}, {"\x00": "\x00"}, {f"field{n}": "x" * 9000 for n in range(150)}]
)
def test_nonsense_from_somebody_not_logged_in_is_answered_403(sent):
    edition = MissionFactory()
    for address in (form_of(edition), reverse("admin:missions_figure_add"), "/admin/no/such/page/"):
        assert Client().post(address, sent).status_code == 403


def test_more_than_can_be_shown_is_said_to_be_cut():
    answer = Client().post(reverse("admin:missions_mission_add"), {f"field{n}": "x" * 9000 for n in range(150)})
    assert "There was more than can be shown" in answer.text


def test_logging_out_is_no_form_to_be_shown_again(client):
    assert client.post(reverse("admin:logout")).status_code in (302, 405)


def test_a_save_says_so_to_the_script_that_kept_what_was_typed(ana):
    edition = MissionFactory()
    client = at_work(ana)
    shown = client.get(form_of(edition))
    assert "data-keep-typed" in shown.text
    assert f'data-editor="{ana.pk}"' in shown.text
    refused = client.post(form_of(edition), form_data(shown, title="") | {"_typed": "abc123"})
    assert 'value="abc123"' in refused.text
    assert "saved-abc123" not in refused.cookies
    saved = client.post(form_of(edition), form_data(shown, headquarters="Film City") | {"_typed": "abc123"})
    assert (saved.cookies["saved-abc123"]["path"], saved.cookies["saved-abc123"]["samesite"]) == ("/admin/", "Strict")
    for name in ("a=b", "a;b", "ä", "a" * 90, "a\r\nb"):
        again = client.post(form_of(edition), form_data(client.get(form_of(edition))) | {"_typed": name})
        assert not [cookie for cookie in again.cookies if cookie.startswith("saved-")]


# The form


def test_a_draft_with_a_title_alone_is_saved_with_rows_that_lack_their_data_and_says_what_is_missing(ana):
    client = at_work(ana)
    client.post(reverse("admin:missions_mission_add"), {"title": "Kosovo Force", "slug": "kfor"})
    edition = Mission.objects.get(record__slug="kfor")
    shown = client.get(form_of(edition))
    data = form_data(shown)
    data = with_new_row(data, "leaders", country="United Kingdom")
    data = with_new_row(data, "disagreements", note="To be looked into.", reason="not-settled")
    data = with_new_row(data, "statements", date="1999", kind="statement")
    data = with_new_row(data, "instruments", symbol="S/RES/1244")
    data = with_new_row(data, "phases", start="1999")
    assert client.post(form_of(edition), data).status_code == 302
    assert [edition.leaders.count(), edition.disagreements.count(), edition.statements.count()] == [1, 1, 1]

    shown = client.get(form_of(edition))
    assert "Leaders (1)" in shown.text
    missing = " ".join(shown.context["missing"])
    for problem in ("The standfirst is empty", "Start: the date is missing", "person:", "at least two positions"):
        assert problem in missing
    assert client.get(reverse("admin:missions_mission_preview", args=[edition.pk])).status_code == 200
    refused = client.post(reverse("admin:missions_mission_do", args=[edition.pk, "submit"]))
    assert refused.status_code == 409
    assert fresh(edition).state == State.DRAFT


def test_a_figure_is_saved_before_its_number_is_known(ana):
    edition = MissionFactory()
    figure = FigureFactory(edition=edition)
    client = at_work(ana)
    data = form_data(client.get(form_of_figure(figure)), value="", unit="", as_of="")
    assert client.post(form_of_figure(figure), data).status_code == 302
    assert "it has neither a value nor a range." in " ".join(client.get(form_of(edition)).context["missing"])
    assert client.get(reverse("admin:missions_mission_preview", args=[edition.pk])).status_code == 200


@pytest.mark.parametrize("kind", ["mission", "event", "article"])
def test_the_parts_of_the_form_are_listed_and_each_entry_leads_to_its_heading(ana, kind):
    from tests import factories

    edition = getattr(factories, f"{kind.capitalize()}Factory")()
    shown = at_work(ana).get(form_of(edition))
    for section in shown.context["sections"]:
        assert f'id="{section.anchor}"' in shown.text, section
        assert f'href="#{section.anchor}"' in shown.text


def test_the_form_asks_no_more_of_the_database_for_more_rows(ana):
    def queries(figures, statements):
        edition = MissionFactory()
        for number in range(figures):
            FigureFactory(edition=edition, fact=f"fact-{number}")
        for _ in range(statements):
            StatementFactory(edition=edition)
        client = at_work(ana)
        client.get(form_of(edition))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(form_of(edition)).status_code == 200
        return len(caught)

    assert queries(2, 2) == queries(20, 12)


def test_every_kind_of_record_has_the_button_to_save_and_preview(ana):
    assert {model._meta.model_name for model in admin.site._registry if issubclass(model, Edition)} >= {
        "mission", "event", "article",
    }  # fmt: skip
    edition = MissionFactory()
    client = at_work(ana)
    shown = client.get(form_of(edition))
    assert 'name="_preview"' in shown.text
    answer = client.post(
        form_of(edition), form_data(shown, headquarters="Film City") | {"_preview": "Save and preview"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse("admin:missions_mission_preview", args=[edition.pk])
    assert "Film City" in answer.text
