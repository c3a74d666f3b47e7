"""Checking a founding edition: one claim after another beside its source, by several reviewers."""

from __future__ import annotations

import datetime
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial import integrity, workflow
from editorial.models import Change, Edition, State
from editorial.workflow import WorkflowError
from sources import founding
from sources.models import Citation, EvidenceCheck
from sources.uses import cited_sentences
from tests.admin_forms import action, at_work, form_of
from tests.factories import (
    CitationFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
HOLDS, NOT_OPENED, DIFFERS = "holds", "not-opened", "differs"


def founded(figures=1, **fields):
    """A mission from the founding record: citation `a`, figures `f0`, `f1` …"""
    mission = MissionFactory(**fields)
    for number in range(figures):
        FigureFactory(edition=mission, key=f"f{number}", fact=f"fact-{number}")
    mission.contributors.clear()
    workflow.publish_imported(mission, at=AT)
    return mission


def address(edition) -> str:
    return reverse("admin:missions_mission_check", args=[edition.pk])


def tick(client, edition, rows="citations", key="a", outcome=HOLDS, note="", query=""):
    return client.post(address(edition) + query, {"rows": rows, "key": key, "outcome": outcome, "note": note})


# What is shown


def test_each_claim_is_shown_with_what_rests_on_it_and_its_source():
    source = SourceFactory(title="Report of the force", url="https://un.example/r", archived_url="https://a.example/r")
    mission = MissionFactory(
        body="## What it was\n\nIt came. It was a force of 50,000.[^b] It stayed.", start="1999-06-12"
    )
    CitationFactory(
        edition=mission, key="b", source=source, locator="para. 7", quote="a force of 50,000", supports="start"
    )
    mission.leaders.create(key="l", person="Michael Jackson", role="Commander", cites="b")
    FigureFactory(edition=mission, key="f", value=42500, source=source, locator="table 1")
    mission.contributors.clear()
    workflow.publish_imported(mission, at=AT)

    shown = at_work(reviewer()).get(address(mission))

    text = shown.text
    for words in (
        "It was a force of 50,000.",
        "12 June 1999",
        "Michael Jackson",
        "para. 7",
        "a force of 50,000",
        "table 1",
        "Military personnel: 42,500 persons, June 1999",
    ):
        assert words in text, words
    assert 'href="https://un.example/r" target="_blank" rel="noopener noreferrer"' in text
    assert 'href="https://a.example/r" target="_blank" rel="noopener noreferrer"' in text
    assert "It stayed" not in text
    assert text.count("Report of the force") < 6  # the two claims stand under their source once


def test_a_sentence_is_the_one_its_marker_ends():
    text = (
        "## A heading\n\nGen. Clark, No. 2 in command, spoke of “peace.”[^a] He left.[^b][^c]\n\n"
        "- an item[^d]\n- another\n  in two lines[^e]\n\n| Year | Men |\n|---|---|\n| 1999 | 50[^f] |"
    )
    assert list(cited_sentences(text)) == [
        (["a"], "Gen. Clark, No. 2 in command, spoke of “peace.”"),
        (["b", "c"], "He left."),
        (["d"], "an item"),
        (["e"], "another in two lines"),
        (["f"], "1999 · 50"),
    ]


def test_the_page_takes_as_many_queries_for_many_claims_as_for_few():
    client = at_work(reviewer())
    few, many = founded(figures=1), founded(figures=20)
    for number in range(0, 20, 2):
        founding.check(many, "figures", f"f{number}", outcome=HOLDS, by=reviewer())

    def queries(edition) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(edition)).status_code == 200
        return len(captured)

    queries(few)
    assert queries(many) == queries(few)


def test_a_long_list_is_gone_through_page_by_page_and_by_source():
    client, mission = at_work(reviewer()), founded(figures=60)
    source = mission.figures.get(key="f7").source

    def names(query=""):
        groups = client.get(address(mission) + query).context["groups"]
        return [claim.name for _, _, claims in groups for claim, _ in claims]

    seen, query = [], ""
    while True:
        page = client.get(address(mission) + query)
        seen += [claim.name for _, _, claims in page.context["groups"] for claim, _ in claims]
        if not (query := page.context["next_page"]):
            break
    assert len(seen) == len(set(seen)) == 61
    assert names(f"?source={source.key}") == ["figures-f7"]
    tick(client, mission, "figures", "f7")
    assert names(f"?source={source.key}") == []
    assert names(f"?source={source.key}&show=all") == ["figures-f7"]
    assert names("?show=holds") == names()  # what it does not know it passes over


@pytest.mark.parametrize("nonsense", ["%00", "x" * 5_000, "figures-", "%27", "-1"])
def test_nonsense_in_the_address_or_the_form_is_no_accident(nonsense):
    client, mission = at_work(reviewer()), founded()
    for name in ("show", "source", "from"):
        assert client.get(f"{address(mission)}?{name}={nonsense}").status_code in (200, 400)
    typed = nonsense.replace("%00", "\x00")
    for name in ("rows", "key", "outcome", "note"):
        given = {"rows": "citations", "key": "a", "outcome": DIFFERS, "note": "x", name: typed}
        assert client.post(address(mission), given).status_code in (302, 409)
    for number in (nonsense, "99999999999999999999"):
        wrong = reverse("admin:index") + f"missions/mission/{number}/check/"
        assert client.get(wrong).status_code in (302, 400)


# What is saved


def test_each_tick_is_saved_at_once_under_the_name_of_who_made_it():
    mission, cem, dua = founded(), reviewer(), reviewer()
    tick(at_work(cem), mission)
    tick(at_work(dua), mission, "figures", "f0", NOT_OPENED, "The site is gone.")

    saved = {(one.rows, one.key): (one.outcome, one.by, one.note) for one in EvidenceCheck.objects.all()}
    assert saved == {
        ("citations", "a"): (HOLDS, cem, ""),
        ("figures", "f0"): (NOT_OPENED, dua, "The site is gone."),
    }
    progress = founding.progress(mission)
    assert (progress.total, progress.held, progress.not_opened, progress.differ, progress.left) == (2, 1, 1, 0, 0)


def test_after_a_tick_the_page_goes_on_to_the_next_claim():
    mission, client = founded(figures=3), at_work(reviewer())
    names = [claim.name for claim in founding.claims_to_check(mission)]
    rows, key = names[1].split("-", 1)

    answer = tick(client, mission, rows, key)

    assert answer["Location"] == f"{address(mission)}#{names[2]}"
    page = client.get(address(mission))
    assert [claim.name for _, _, claims in page.context["groups"] for claim, _ in claims] == [
        names[0],
        names[2],
        names[3],
    ]
    assert f"from={names[1]}" in page.text  # the way back to it


def test_who_ticked_may_change_it_and_others_only_what_could_not_be_opened():
    mission, cem, dua = founded(), reviewer(), reviewer()
    tick(at_work(cem), mission, outcome=NOT_OPENED)
    tick(at_work(dua), mission, outcome=HOLDS)
    assert EvidenceCheck.objects.get().by == dua
    refused = tick(at_work(cem), mission, outcome=DIFFERS, note="It says 49,000.")
    assert refused.status_code == 409
    assert "only they can change" in refused.text
    assert "It says 49,000." in refused.text
    tick(at_work(dua), mission, outcome=DIFFERS, note="It says 49,000.")
    assert EvidenceCheck.objects.get().outcome == DIFFERS


def test_a_difference_without_a_note_is_refused_and_says_where():
    mission = founded()
    refused = tick(at_work(reviewer()), mission, outcome=DIFFERS)
    assert refused.status_code == 409
    assert "what the source says instead" in refused.text
    assert not EvidenceCheck.objects.exists()


def test_only_a_second_person_with_the_role_checks_and_only_a_founding_edition():
    mission = founded()
    assert at_work(author()).get(address(mission)).status_code == 403
    assert tick(at_work(author()), mission).status_code == 403
    cem = reviewer()
    written = published(MissionFactory())
    assert at_work(cem).get(address(written)).status_code == 302
    workflow.withdraw(mission, by=managing_editor(), reason="Wrong.")
    tick(at_work(cem), mission)
    for edition in (written, mission):
        with pytest.raises(WorkflowError, match="founding record"):
            founding.check(edition, "citations", "a", outcome=HOLDS, by=cem)
        with pytest.raises(WorkflowError, match="founding record"):
            founding.finish(edition, by=cem)
    assert not EvidenceCheck.objects.exists()
    worked_on = founded()
    worked_on.contributors.add(cem)
    with pytest.raises(WorkflowError, match="has not worked on this text"):
        founding.check(worked_on, "citations", "a", outcome=HOLDS, by=cem)


# Finishing


def test_a_finished_check_is_the_next_edition_and_says_who_compared_what():
    mission, cem, dua = founded(figures=2), reviewer(public_name="Cem"), reviewer(public_name="Dua")
    tick(at_work(cem), mission)
    tick(at_work(dua), mission, "figures", "f0")
    by_dua = at_work(dua)
    assert "Finish the check" not in by_dua.get(address(mission)).text
    assert by_dua.post(action(mission, "finish-check")).status_code == 409
    tick(by_dua, mission, "figures", "f1", NOT_OPENED)

    change_form = form_of(mission)
    assert action(mission, "finish-check") in by_dua.get(change_form).text
    assert action(mission, "finish-check") in by_dua.get(address(mission)).text
    assert by_dua.get(action(mission, "finish-check")).status_code == 200
    landed = by_dua.post(action(mission, "finish-check"), follow=True)

    assert landed.status_code == 200
    checked = Edition.objects.get(record=mission.record, state=State.PUBLISHED).typed
    mission.refresh_from_db()
    assert mission.state == State.SUPERSEDED
    assert (checked.number, checked.imported, checked.minor) == (2, False, True)
    assert (checked.written_by, checked.checked_by) == ("Founding record", "Dua")
    assert checked.change_note == (
        "Compared with its sources by Cem and Dua: 2 of 3 citations and figures. "
        "Those whose source could not be opened: 1. The text is the same."
    )
    today = timezone.localdate()
    citation, opened, not_opened = checked.citations.get(), *checked.figures.order_by("key")
    assert (citation.checked, citation.checked_by, citation.checked_on) == ("compared", "Cem", today)
    assert (opened.checked, opened.checked_by, opened.checked_on) == ("compared", "Dua", today)
    assert (not_opened.checked, not_opened.checked_by) == ("not-opened", "")
    assert json.loads(checked.frozen)["content"]["citations"]["a"]["checked_by"] == "Cem"
    assert Change.objects.latest("serial").minor
    assert integrity.check().faults == []
    page = Client().get(checked.record.get_absolute_url()).text
    assert f"Compared with the source by Cem on {today:%-d %B %Y}." in page
    assert "not yet checked" not in page
    assert "Compared with its sources by Cem and Dua" not in Client().get(reverse("changes-feed")).text


def test_a_check_with_a_difference_leads_to_the_next_edition_which_begins_with_what_held():
    mission, cem = founded(), reviewer(public_name="Cem")
    client = at_work(cem)
    tick(client, mission)
    tick(client, mission, "figures", "f0", DIFFERS, "It says 49,000.")
    with pytest.raises(WorkflowError, match="source says otherwise: 1"):
        founding.finish(mission, by=cem)
    assert action(mission, "start") in client.get(address(mission)).text

    draft = workflow.start_edition(mission.record, by=author())

    assert draft.citations.get().checked_in_words() == (
        f"compared with the source by Cem on {timezone.localdate():%-d %B %Y}"
    )
    assert draft.figures.get().checked == "not-opened"
    assert mission.citations.get().checked == "not-opened"


def test_a_check_in_which_nothing_could_be_opened_is_not_finished():
    mission, cem = founded(figures=0), reviewer()
    founding.check(mission, "citations", "a", outcome=NOT_OPENED, by=cem)
    with pytest.raises(WorkflowError, match="nothing has been compared"):
        founding.finish(mission, by=cem)


def test_a_check_is_not_finished_while_somebody_works_on_the_next_edition():
    mission, cem = founded(figures=0), reviewer()
    founding.check(mission, "citations", "a", outcome=HOLDS, by=cem)
    opened = next_edition(mission.record)
    landed = at_work(cem).post(action(mission, "finish-check"), follow=True)
    assert landed.redirect_chain[-1][0] == form_of(opened)
    assert mission.record.editions.published().get().number == 1


def test_a_source_retracted_meanwhile_keeps_the_check_from_being_finished():
    mission, cem = founded(figures=0), reviewer()
    founding.check(mission, "citations", "a", outcome=HOLDS, by=cem)
    source = Citation.objects.get(edition=mission).source
    source.status = "retracted"
    source.save()
    with pytest.raises(WorkflowError, match="retracted"):
        founding.finish(mission, by=cem)
    assert mission.record.editions.count() == 1
