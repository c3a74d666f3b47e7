"""The tables of the dataset: what is in them, what is not, and what they cost."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import workflow
from editorial.corrections import deciding
from missions.exports import TABLES
from missions.models import Disagreement, Figure, Relation
from tests.dataset_files import Files
from tests.factories import (
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    StatementFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reported,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path):
    """Makes the files of what is public by then."""

    def make() -> Files:
        folder = tmp_path / "files"
        folder.mkdir()
        return Files(folder)

    return make


def test_no_cell_is_a_formula_and_every_letter_and_number_stays_as_it_is(files):
    mission = MissionFactory(slug="kfor", title="=HYPERLINK(1)", name_sq="Forca e Kosovës", name_sr_latn="Đakovica")
    StatementFactory(edition=mission, key="s", text='@SUM(1)\nsaid "so", they did', role="-1")
    FigureFactory(edition=mission, key="f", value=Decimal("-4.50"), note="+1", quote="\t=1")
    published(mission)
    made = files()

    raw = made.path("missions.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,), (figure,), (statement,) = made.csv("missions"), made.csv("figures"), made.csv("statements")
    assert (row["title"], row["name_sq"], row["name_sr_latn"]) == ("'=HYPERLINK(1)", "Forca e Kosovës", "Đakovica")
    assert (figure["value"], figure["note"], figure["quote"]) == ("-4.5", "'+1", "'\t=1")
    assert (statement["text"], statement["role"]) == ('\'@SUM(1)\nsaid "so", they did', "'-1")
    assert (row["start"], row["start_precision"], row["peace_mission"]) == ("1999-06-12", "day", "true")
    assert row["permanent_address"] == f"{settings.SITE_URL}/missions/kfor/editions/1/"
    (stored,) = made.sqlite("SELECT title, name_sq, end FROM missions")
    assert tuple(stored) == ("=HYPERLINK(1)", "Forca e Kosovës", None)
    assert tuple(made.sqlite("SELECT value, typeof(value) FROM figures")[0]) == (-4.5, "real")


def test_only_what_readers_find_is_in_any_of_the_files(files):
    by = managing_editor()
    source = SourceFactory(key="shown", origin=SourceFactory(key="hiddensource"))
    draft = MissionFactory(slug="hidden-draft", title="HiddenDraft")
    withdrawn = published(MissionFactory(slug="withdrawn-one", title="In the log alone", body="HiddenBody.[^a]"))
    workflow.withdraw(withdrawn, by=by, reason="It was wrong.")
    suppressed = published(EventFactory(slug="suppressed-one", title="HiddenSuppressed", body="HiddenText.[^a]"))
    workflow.suppress(suppressed, by=by, reason="A court said so.")
    event = EventFactory(slug="old-name", title="Shown", body="HiddenOlder.[^a]")
    event.missions.set([draft.record, withdrawn.record])
    CitationFactory(edition=event, key="b", source=source)
    published(event)
    workflow.rename(event.record, "new-name", by=by)
    mission = MissionFactory(slug="kfor")
    for number, record in enumerate([draft.record, event.record]):
        Relation.objects.create(edition=mission, key=f"r{number}", record=record, kind="other", cites="a", rank=number)
    published(mission)
    report = reported(mission.record, message="HiddenMessage", name="HiddenName", email="hidden@example.org",
                      may_name=True, may_quote=True, state="confirmed")  # fmt: skip
    deciding.release(report, by=author(), words=True, name=True)
    edition = next_edition(event.record, body="ShownNow.[^a]")
    published(edition)
    made = files()

    said = made.everything()
    assert b"ShownNow" in said
    assert re.findall(rb"Hidden\w+|hiddensource|hidden@[\w.]+", said) == []
    (row,) = made.csv("events")
    assert (row["record"], row["edition"], row["missions"]) == ("event/new-name", "2", "")
    assert [relation["other_record"] for relation in made.csv("relations")] == ["", "event/new-name"]
    assert [row["origin"] for row in made.csv("sources") if row["key"] == "shown"] == [""]
    assert {row["kind"] for row in made.csv("changes")} >= {"published", "withdrawn", "suppressed", "renamed"}
    (told,) = made.csv("corrections")
    assert (told["state"], told["record"]) == ("confirmed", "mission/kfor")
    with made.record_files() as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    assert {"missions/record/events/new-name.md", "missions/record/missions/kfor.md"} <= set(names)
    assert not [name for name in names if "old-name" in name or "withdrawn" in name or "suppressed" in name]


def test_a_table_costs_the_same_number_of_queries_however_long_it_is():
    def cost() -> dict[str, int]:
        costs = {}
        for table in TABLES:
            with CaptureQueriesContext(connection) as captured:
                for row in table.rows():
                    assert [column.read(row) for column in table.columns]
            costs[table.name] = len(captured)
        return costs

    def add(number: int) -> None:
        mission = MissionFactory(slug=f"mission-{number}")
        FigureFactory(edition=mission)
        StatementFactory(edition=mission)
        positions = [{"holder": "A", "text": "1", "cites": ["a"]}, {"holder": "B", "text": "2", "cites": ["a"]}]
        Disagreement.objects.create(edition=mission, key="d", question="How many?", positions=positions)
        published(mission)
        event = EventFactory(slug=f"event-{number}")
        event.missions.set([mission.record])
        published(event)
        reported(mission.record)

    add(1)
    first = cost()
    add(2)
    add(3)
    assert cost() == first
    assert Figure.objects.of_published().count() == 3


def test_the_command_writes_the_files_into_an_empty_folder_only(tmp_path, capsys):
    with pytest.raises(CommandError, match="Nothing is public"):
        call_command("export_dataset", to=tmp_path / "files")
    published(MissionFactory())
    call_command("export_dataset", to=tmp_path / "files")
    names = {path.name for path in (tmp_path / "files").iterdir()}

    assert "serial 1" in capsys.readouterr().out
    assert any(name.endswith("-figures.csv") for name in names)
    assert "manifest.json" not in names
    with pytest.raises(CommandError, match="already"):
        call_command("export_dataset", to=tmp_path / "files")
