"""References brought into the library: compared with what is there, shown, and only then saved."""

from __future__ import annotations

import copy
import functools
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial.models import Amendment
from editorial.workflow import WorkflowError
from sources import importing
from sources.bibliography import FORMATS, csl
from sources.dates import PartialDate
from sources.importing import CHANGED, LEAVE, NEW, SUSPECTED, UNCHANGED, Decision
from sources.models import Source
from tests.factories import CitationFactory, MissionFactory, SourceFactory, author, published

pytestmark = pytest.mark.django_db

WORDS = [
    "border", "mission", "police", "court", "return", "census", "mandate", "winter", "treaty", "harbour", "convoy",
    "ballot", "refuge", "bridge", "monastery", "railway", "archive", "customs", "pension", "summit",
]  # fmt: skip
EVERETT = """@book{everts2020,
  author = {Everts, Daan W.},
  title = {{Peacekeeping in Albania and Kosovo}},
  publisher = {I.B. Tauris},
  year = {2020},
}
"""


def plan(text, format="bib", standing="scholarly"):
    return importing.plan(text, format, standing=standing)


def bring(text, format="bib", decisions=None, **kwargs):
    planned = plan(text, format)
    return planned, importing.carry_out(planned, decisions or {}, by=author(), **kwargs)


def outcomes(planned):
    return [line.outcome for line in planned.lines]


def values(source):
    names = [f.name for f in Source._meta.local_concrete_fields if f.name not in ("id", "origin", "merged_into")]
    return {name: getattr(source, name) for name in names} | {"origin": source.origin.key if source.origin else ""}


def library():
    return {source.key: values(source) for source in Source.objects.select_related("origin")}


# New


def test_a_new_entry_arrives_as_it_is_with_its_history():
    planned, report = bring(EVERETT)

    assert outcomes(planned) == [NEW]
    source = Source.objects.get()
    assert report.created == [source]
    assert (source.key, source.type, source.issued) == ("everts2020", "book", "2020")
    assert source.authors == [{"family": "Everts", "given": "Daan W."}]
    assert (source.publisher, source.standing, source.status) == ("I.B. Tauris", "scholarly", "available")
    assert source.history.get().history_type == "+"


def test_planning_saves_nothing():
    plan(EVERETT)
    assert not Source.objects.exists()


def test_importing_again_changes_nothing():
    bring(EVERETT)
    before = library()

    planned, report = bring(EVERETT)

    assert outcomes(planned) == [UNCHANGED]
    assert (report.created, report.changed, report.proposed) == ([], [], [])
    assert library() == before
    assert Source.history.count() == 1


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("@book{smith:2001,", "smith-2001"),
        ("@book{Smith_2001-b,", "Smith_2001-b"),
        ("@book{,", "everts2020peacekeeping"),
        ("@book{Ђ,", "everts2020peacekeeping"),
    ],
)
def test_a_key_is_the_entry_s_own_where_it_can_be_one_and_made_otherwise(given, key):
    text = EVERETT.replace("@book{everts2020,", given)
    bring(text)
    assert Source.objects.get().key == key
    assert outcomes(plan(text)) == [UNCHANGED]


def test_a_key_that_another_document_has_is_not_taken_from_it():
    SourceFactory(key="everts2020", title="Something else altogether", url="https://example.org/else")
    planned = plan(EVERETT)
    assert outcomes(planned) == [SUSPECTED]
    assert [it.source.key for it in planned.lines[0].candidates] == ["everts2020"]

    importing.carry_out(planned, {1: Decision(NEW)}, by=author())

    assert set(library()) == {"everts2020", "everts2020-2"}
    assert outcomes(plan(EVERETT)) == [UNCHANGED]


def test_what_an_entry_draws_on_is_found_in_the_library_or_in_the_text():
    SourceFactory(key="there")
    items = [
        {"id": "a", "type": "report", "title": "One of them", "custom": {"standing": "news", "origin": "b"}},
        {"id": "b", "type": "report", "title": "Another matter", "custom": {"standing": "news", "origin": "there"}},
        {"id": "c", "type": "report", "title": "A third thing", "custom": {"standing": "news", "origin": "gone"}},
    ]
    planned, _ = bring(csl.write(items), "json")
    keys = {key: value["origin"] for key, value in library().items()}
    assert keys == {"there": "", "a": "b", "b": "there", "c": ""}
    assert planned.lines[2].left_out == ["origin gone"]
    assert outcomes(plan(csl.write(items), "json")) == [UNCHANGED] * 3


# Changed


def test_a_value_that_differs_is_changed_only_when_it_is_chosen():
    bring(EVERETT)
    text = EVERETT.replace("2020},", "2021},").replace("I.B. Tauris", "Bloomsbury")
    planned = plan(text)
    (line,) = planned.of(CHANGED)
    assert [(d.field, d.old, d.new) for d in line.candidates[0].differences] == [
        ("publisher", "I.B. Tauris", "Bloomsbury"),
        ("issued", "2020", "2021"),
    ]
    pk = str(line.candidates[0].source.pk)

    assert importing.carry_out(planned, {}, by=author()).changed == []
    assert library()["everts2020"]["publisher"] == "I.B. Tauris"

    importing.carry_out(planned, {1: Decision(pk, frozenset({"publisher", "title", "key"}))}, by=author())
    assert library()["everts2020"]["publisher"] == "Bloomsbury"
    assert library()["everts2020"]["issued"] == "2020"


def test_what_an_entry_does_not_say_takes_nothing_away():
    SourceFactory(key="everts2020", title="Peacekeeping in Albania and Kosovo", note="Read in print.", isbn="1")
    (line,) = plan(EVERETT).of(CHANGED)
    assert {d.field for d in line.candidates[0].differences} == {"type", "authors", "publisher", "issued"}


def test_a_source_that_readers_see_is_changed_by_a_proposal_with_a_reason():
    mission = MissionFactory()
    CitationFactory(edition=mission, source=SourceFactory(key="everts2020", title="Peacekeeping in Albania and Kosovo"))
    published(mission)
    planned = plan(EVERETT)
    candidate = planned.lines[0].candidates[0]
    assert candidate.is_public
    decisions = {1: Decision(str(candidate.source.pk), frozenset({"publisher"}))}

    with pytest.raises(WorkflowError, match="everts2020: Readers see this entry: give the reason"):
        importing.carry_out(planned, decisions, by=author())
    report = importing.carry_out(planned, decisions, by=author(), reason="As printed.")

    assert library()["everts2020"]["publisher"] == "United Nations"
    (amendment,) = report.proposed
    assert amendment.new_values == {"publisher": "I.B. Tauris"}
    assert plan(EVERETT).lines[0].candidates[0].waits


def test_when_one_change_is_refused_nothing_at_all_is_saved():
    mission = MissionFactory()
    CitationFactory(edition=mission, source=SourceFactory(key="everts2020", title="Peacekeeping in Albania and Kosovo"))
    published(mission)
    before = library()
    planned = plan("@misc{new, title={Another matter}}\n" + EVERETT)
    pk = str(planned.lines[1].candidates[0].source.pk)
    with pytest.raises(WorkflowError):
        importing.carry_out(planned, {2: Decision(pk, frozenset({"publisher"}))}, by=author(), reason="")
    assert library() == before
    assert not Amendment.objects.exists()


# Suspected


@pytest.mark.parametrize(
    "there",
    [
        {"doi": "10.1080/13533312.2020"},
        {"url": "http://www.example.org/report/"},
        {"title": "Peacekeeping in Albania & Kosovo", "issued": ""},
    ],
    ids=["doi", "url", "title"],
)
def test_the_same_doi_or_address_or_nearly_the_same_title_is_suspected_and_left_to_the_editor(there):
    suspect = SourceFactory(**{"key": "other", "title": "Under another name", **there})
    text = EVERETT.replace(
        "  year", "  doi = {https://doi.org/10.1080/13533312.2020},\n  url = {https://example.org/report},\n  year"
    ).replace("Peacekeeping in Albania and Kosovo", "Peacekeeping in Albania and Kosovo")
    planned = plan(text)
    assert outcomes(planned) == [SUSPECTED]
    assert [it.source for it in planned.lines[0].candidates] == [suspect]

    importing.carry_out(planned, {}, by=author())
    importing.carry_out(planned, {1: Decision(LEAVE)}, by=author())
    importing.carry_out(planned, {1: Decision(str(suspect.pk))}, by=author())
    assert set(library()) == {"other"}

    importing.carry_out(planned, {1: Decision(str(suspect.pk), frozenset({"publisher"}))}, by=author())
    assert library()["other"]["publisher"] == "I.B. Tauris"
    importing.carry_out(plan(text), {1: Decision(NEW)}, by=author())
    assert set(library()) == {"other", "everts2020"}


def test_an_entry_under_another_key_that_says_nothing_else_is_there_already():
    bring(EVERETT)
    assert outcomes(plan(EVERETT.replace("everts2020", "another"))) == [UNCHANGED]


def test_entries_that_may_be_the_same_within_a_text_both_arrive_and_say_so():
    text = EVERETT + EVERETT.replace("everts2020", "everts2020b").replace("I.B. Tauris", "Bloomsbury")
    planned, report = bring(text)
    assert len(report.created) == 2
    assert planned.lines[1].repeats == [planned.lines[0]]


def test_a_source_that_was_merged_is_known_by_what_it_was_merged_into():
    other = SourceFactory(key="other", title="Peacekeeping in Albania and Kosovo")
    SourceFactory(key="everts2020", title="Peacekeeping in Albania and Kosovo", merged_into=other)
    (line,) = plan(EVERETT).of(CHANGED)
    assert line.candidates[0].source == other


# Bad


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("@book{x, title = {T}, url = {javascript:alert(1)}}", "its address “javascript:alert(1)”: Enter a valid URL."),
        ("@book{x, title = {T}, url = {data:text/html,x}}", "its address “data:text/html,x”: Enter a valid URL."),
        ("@book{x, title = {" + "x" * 501 + "}}", "its title: Ensure this value has at most 500 characters"),
        ("@book{x, year = {2001}}", "it has no title."),
        ("@book{x, title = T}", "the abbreviation “T” is defined nowhere."),
        ("@book{x, title = {" + "{" * 30 + "T" + "}" * 30 + r" \'e}}", "braces stand more than"),
    ],
)
def test_what_cannot_be_stored_is_named_with_the_reason(entry, reason):
    planned, report = bring(f"{EVERETT}\n{entry}\n")
    assert [bad.name for bad in planned.bad] == ["x"]
    assert planned.bad[0].line == 8
    assert reason in planned.bad[0].reason
    assert len(report.created) == 1


def test_what_has_no_place_in_the_library_is_said():
    (line,) = plan(EVERETT.replace("year =", "pages = {1--20},\n volume = 3,\n year =")).lines
    assert line.left_out == ["pages", "volume"]


# The whole


def bibtex_entry(n):
    one, two, three = (WORDS[(n // 20**place + n) % 20] for place in range(3))
    return (
        f"@report{{entry{n},\n  author = {{Author{n}, {one.title()} and {{{two.title()} Institute}}}},\n"
        f"  title = {{{{On the {one} of the {two}, and {three} number {n}}}}},\n  year = {{{1990 + n % 36}}},\n"
        f"  url = {{https://example.org/{n}?a={one}}},\n}}\n"
    )


def ris_record(n):
    one, two = WORDS[n % 20], WORDS[n // 20 % 20]
    return (
        f"TY  - JOUR\r\nID  - record{n}\r\nAU  - Writer{n}, A.\r\nTI  - {one.title()} and {two}: {n} cases\r\n"
        f"T2  - Journal of {two}\r\nPY  - {1990 + n % 36}\r\nER  - \r\n\r\n"
    )


def test_two_thousand_bibtex_and_five_hundred_ris_entries_of_which_twenty_are_broken():
    entries = [bibtex_entry(n) for n in range(2000)]
    broken = {  # each in its own way
        5: "@report{entry5, title = {No end",
        17: "@report{entry17 title = {No comma}}",
        100: "@report{entry100, title = {Broken address}, url = {javascript:x}}",
        101: "@report{entry101, year = 2001}",
        250: "@report{entry250, title = {Twice}, title = {Twice}}",
        251: "@report{entry251, title {No equals sign}}",
        400: "@report{entry400, title = nowhere}",
        777: "@report{entry777, title = {" + "x" * 501 + "}}",
        1200: "@report{entry1199, title = {The key of another}}",
        1500: '@report{entry1500, title = "No end}',
        1700: "@report{entry1700, title = {Address}, url = {https://}}",
        1998: "@report{entry1998, title = {Deep " + "{" * 40 + "}" * 40 + r" \o}}",
    }
    written = [f"{broken.get(n, entry)}\n" for n, entry in enumerate(entries)]
    bibtex = "\n".join(written)
    records = [ris_record(n) for n in range(500)]
    broken_ris = {
        3: "TY  - JOUR\r\nID  - record3\r\nTI  - No end\r\n",
        50: "ID  - record50\r\nTI  - No type\r\nER  - \r\n",
        51: "TY  - JOUR\r\nID  - record51\r\nPY  - 2001\r\nER  - \r\n",
        200: "TY  - JOUR\r\nID  - record200\r\nTI  - T\r\nUR  - file:///etc/passwd\r\nER  - \r\n",
        300: "TY  - JOUR\r\nID  - record300\r\nTI  - " + "x" * 501 + "\r\nER  - \r\n",
        301: "TY  - JOUR\r\nID  - record301\r\nTI  - No end either\r\n",
        444: "TY  - JOUR\r\nID  - record444\r\nTI  - T\r\nC8  - {broken\r\nER  - \r\n",
        499: "TY  - JOUR\r\nID  - record499\r\nTI  - No end of the text\r\n",
    }
    ris = "".join(broken_ris.get(n, record) for n, record in enumerate(records))

    first, _ = bring(bibtex)
    second, _ = bring(ris, "ris")

    assert {bad.name for bad in first.bad} == {f"entry{n}" for n in broken if n != 1200} | {"entry1199"}
    assert {bad.name for bad in second.bad} == {f"record{n}" for n in broken_ris}
    assert all(bad.reason and bad.line for bad in [*first.bad, *second.bad])
    assert len(first.bad) + len(second.bad) == 20
    assert Source.objects.count() == 2480
    before = library()

    for text, format in (("\n".join(written[600:1000]), "bib"), (ris, "ris")):
        again, report = bring(text, format)
        assert set(outcomes(again)) == {UNCHANGED}
        assert (report.created, report.changed, report.proposed) == ([], [], [])
    assert library() == before


def test_the_number_of_queries_does_not_grow_with_the_text():
    for n in range(3):
        SourceFactory(title=f"On the {WORDS[n]}", url=f"https://example.org/{n}")
    plan(EVERETT)
    with CaptureQueriesContext(connection) as few:
        plan(bibtex_entry(1))
    with CaptureQueriesContext(connection) as many:
        plan("\n".join(bibtex_entry(n) for n in range(60)))
    assert len(few) == len(many)


@functools.cache
def founding_sources():
    path = Path(__file__).parents[2] / "sources" / "record" / "sources.yaml"
    return yaml.safe_load(path.read_text())


@pytest.fixture
def whole_library():
    """Every source of the founding record, and some that try what formats cannot hold."""
    entries = copy.deepcopy(founding_sources())
    origins = {entry["key"]: entry.pop("origin") for entry in entries if "origin" in entry}
    for entry in entries:
        entry["issued"] = str(entry.get("issued", ""))
        entry["authors"] = [{"literal": a} if isinstance(a, str) else a for a in entry.get("authors", [])]
    Source.objects.bulk_create(Source(**entry) for entry in entries)
    for key, origin in origins.items():
        source = Source.objects.get(key=key)
        source.origin = Source.objects.get(key=origin)
        source.save()
    SourceFactory(
        key="odd_1", type="book", title="A -- {odd} \\title ``x'' 100% & #1_a ~^ \"q\" @x{ “c” – ђ", note="One.\n\n@book{x,\nER  - x",
        authors=[{"family": "Mason"}, {"literal": "Smith, and Sons"}, {"family": "O,x", "given": "A"}], isbn="978-3",
        url="https://example.org/{x}?a;b", symbol="7", doi="10.1000/{x}", container="C", publisher="P, and Q",
        issued=PartialDate("1999-06"), status="retracted", archived_url="https://example.org/copy", publisher_place="X",
    )  # fmt: skip
    SourceFactory(key="thesis", type="thesis", title="Sentence.", note="Ends.", publisher="", issued="", authors=[])


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.usefixtures("whole_library")
def test_the_whole_library_goes_out_and_in_again_without_loss(format, tmp_path):
    before = library()
    assert len(before) > 690
    file = tmp_path / f"library.{format}"
    call_command("export_bibliography", "--format", format, "--out", str(file), stdout=StringIO(), verbosity=0)
    call_command("import_bibliography", str(file), "--dry-run", stdout=(said := StringIO()), verbosity=0)
    assert f"unchanged: {len(before)}, changed: 0, suspected: 0, bad: 0" in said.getvalue()
    Source.objects.update(origin=None)
    Source.objects.all().delete()

    call_command("import_bibliography", str(file), stdout=StringIO(), verbosity=0)

    assert library() == before


# The commands


def test_the_command_names_what_it_leaves_out(tmp_path):
    SourceFactory(key="other", title="Peacekeeping in Albania and Kosovo", issued="")
    SourceFactory(key="here", title="Here", publisher="One")
    file = tmp_path / "refs.bib"
    file.write_text(
        f"{EVERETT}@misc{{here, title={{Here}}, publisher={{Two}}}}\n@misc{{bad}}\n@misc{{n, title={{New}}}}\n"
    )
    said = StringIO()
    call_command("import_bibliography", str(file), "--standing", "scholarly", stdout=said, verbosity=0)

    assert "Line 8, bad: it has no title." in said.getvalue()
    assert "everts2020: is perhaps the same as other; left out." in said.getvalue()
    assert "here: has other values than here; left out." in said.getvalue()
    assert "Saved 1. new: 1, unchanged: 0, changed: 1, suspected: 1, bad: 1." in said.getvalue()
    assert set(library()) == {"other", "here", "n"}


def test_the_command_saves_nothing_in_a_dry_run(tmp_path):
    file = tmp_path / "refs.bib"
    file.write_text(EVERETT)
    call_command("import_bibliography", str(file), "--standing", "news", "--dry-run", stdout=StringIO(), verbosity=0)
    assert not Source.objects.exists()


@pytest.mark.parametrize(("content", "words"), [(b"\xff", "no text in UTF-8"), (b"hello", "neither BibTeX")])
def test_the_command_says_what_is_wrong_with_a_file(tmp_path, content, words):
    file = tmp_path / "refs.txt"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("import_bibliography", str(file), verbosity=0)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_bibliography", str(tmp_path / "gone"), verbosity=0)
