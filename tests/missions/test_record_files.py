"""The founding record's files: read, checked, loaded, changed, written back."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from editorial import amendments, workflow
from editorial.models import Change, Edition, PublicSerial, Record, State
from missions.models import Event, Figure, Mission, RecordFile, Term
from missions.record_files import BadRecordError, export, load, read_folder
from sources.models import Source
from tests.factories import author, managing_editor, next_edition, published, reviewer

SOURCES = """\
- key: bbc1999entry
  type: article-newspaper
  title: Troops enter Kosovo
  authors:
  - family: Petrović
    given: Ana
  - Agence France-Presse
  issued: '1999'
  url: https://example.org/entry
  standing: news
  origin: un1999res1244
- key: un1999res1244
  type: legislation
  title: Resolution 1244 (1999)
  authors:
  - United Nations Security Council
  issued: '1999-06-10'
  standing: primary
  stake: party
  stake_reason: It decided the matter.
"""
TERMS = """\
- vocabulary: mission-kind
  key: peacekeeping-force
  name: Peacekeeping force
  definition: A force that keeps a peace.
- vocabulary: event-kind
  key: deployment
  name: Deployment
- vocabulary: initiative-type
  key: peacekeeping-mission
  name: Peacekeeping mission
- vocabulary: theme
  key: returns
  name: Returns
- vocabulary: theme
  key: security
  name: Security
- vocabulary: task
  key: police
  name: Police
- vocabulary: measure
  key: military-personnel
  name: military personnel
"""
ORGANISATIONS = """\
- key: nato
  name: North Atlantic Treaty Organization
  acronym: NATO
  kind: alliance
- key: shape
  name: Supreme Headquarters
  kind: command
  parent: nato
"""
PLACES = """\
- key: prishtine
  name: Pristina
  name_sq: Prishtinë
  name_sr_cyrl: Приштина
  kind: city
  latitude: 42.67
  longitude: 21.17
"""
KFOR = """\
---
published: '2026-11-20'
title: Kosovo Force
summary: KFOR came in June 1999.[^un1999res1244]
acronym: KFOR
other_names:
- Operation Joint Guardian (en)
- Forca (sq)
mission_kind: peacekeeping-force
status: running
start: '1999-06-12'
mandate: |-
  The Council authorised it.[^un1999res1244]

  Newspapers told of it.[^bbc1999entry]
peace_mission: true
classifications:
- key: peacekeeping
  term: initiative-type/peacekeeping-mission
  basis: ours
  reason: It was the military presence.
  cites:
  - un1999res1244
participations:
- key: nato
  organisation: nato
  role: lead
responsibilities:
- key: police
  task: police
  start: '1999'
  end: 1999-10
  handed_to: mission/unmik
relations:
- key: unmik
  record: mission/unmik
  kind: parallel
statements:
- key: commander
  holder: A commander
  kind: statement
  quoted: true
  text: We are here.
  language: ''
  cites:
  - bbc1999entry
disagreements:
- key: differs-1
  about: start
  question: When did it come?
  positions:
  - holder: The Council
    text: On 12 June.
    quoted: false
    cites:
    - un1999res1244
  - holder: A newspaper
    text: Earlier.
    quoted: true
  reason: not-settled
citations:
- key: un1999res1244
  source: un1999res1244
  locator: para. 9
  quote: 'Decides: "yes"'
  accessed: '2026-10-01'
  supports:
  - start
  - mission_kind
  checked: read
- key: bbc1999entry
  source: bbc1999entry
  checked: not-opened
---

## The force

It came at dawn.[^un1999res1244][^bbc1999entry]
"""
KFOR_FIGURES = """\
- key: strength-1
  fact: strength-on-entry-1999
  measure: military-personnel
  value: 14000
  unit: persons
  qualifier: about
  as_of: 1999-06
  source: bbc1999entry
  checked: not-opened
- key: strength-2
  fact: strength-on-entry-1999-gb
  measure: military-personnel
  low: 10.5
  high: 13
  country: 'NO'
  source: un1999res1244
  quote: More than ten
  checked: read
  part_of: strength-on-entry-1999
"""
UNMIK = """\
---
title: United Nations mission
peace_mission: true
---
"""
ENTRY = """\
---
published: '2026-11-20'
title: Entry
summary: They came.[^un1999res1244]
date: '1999-06-12'
event_kind: deployment
themes:
- returns
- security
place: prishtine
missions:
- kfor
- unmik
actors:
- Ana Petrović
- NATO
citations:
- key: un1999res1244
  source: un1999res1244
  checked: not-opened
---

At dawn.[^un1999res1244]
"""
QUESTION = """\
---
title: A question
themes:
- security
missions:
- kfor
events:
- entry
---
"""
FILES = {
    "sources/record/sources.yaml": SOURCES,
    "missions/record/terms.yaml": TERMS,
    "missions/record/organisations.yaml": ORGANISATIONS,
    "missions/record/places.yaml": PLACES,
    "missions/record/missions/kfor.md": KFOR,
    "missions/record/missions/kfor.figures.yaml": KFOR_FIGURES,
    "missions/record/missions/unmik.md": UNMIK,
    "missions/record/events/entry.md": ENTRY,
    "missions/record/articles/question.md": QUESTION,
}
KFOR_MD, UNMIK_MD, ENTRY_MD = "missions/kfor.md", "missions/unmik.md", "events/entry.md"
FIGURES = "missions/kfor.figures.yaml"
SOURCES_YAML = "sources/record/sources.yaml"
AGAIN = "- key: bbc1999entry\n  type: book\n  title: A book\n  standing: news\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "record"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def change(root: Path, path: str, old: str, new: str) -> str:
    """Change a file of the record and return its text; paths begin at missions/record or at the root."""
    file = root / (path if path in FILES else f"missions/record/{path}")
    text = file.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    return text


def files_of(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def say(root: Path, **options: bool) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("load_record", root=root, stdout=out, stderr=out, **options)
    return out.getvalue()


def problems(root: Path) -> list[str]:
    with pytest.raises(BadRecordError) as raised:
        read_folder(root)
    return [str(file) for file in raised.value.files]


# Reading


@pytest.mark.parametrize(
    ("path", "old", "new", "at", "words"),
    [
        (KFOR_MD, "'1999-06-12'", "12 June", "", "start: “12 June” is not a date"),
        (KFOR_MD, "'1999-06-12'", "'1999-02-30'", "", "start: “1999-02-30” is not a date"),
        (KFOR_MD, "'2026-11-20'", "2026-11", "", "published: “2026-11” is not a day"),
        (KFOR_MD, "'2026-10-01'", "2026-10", "", "accessed: “2026-10” is not a day"),
        (KFOR_MD, "acronym:", "akronym:", "", "“akronym” is no field here"),
        (KFOR_MD, "  role: lead", "  roll: lead", "", "“roll” is no field here"),
        (KFOR_MD, "status: running", "status: open", "", "“open” is none of running, closed"),
        (KFOR_MD, "kind: peacekeeping-force", "kind: choir", "", "no term “mission-kind/choir”"),
        (KFOR_MD, "task: police", "task: singing", "", "task: there is no term “task/singing”"),
        (KFOR_MD, "initiative-type/p", "theme/p", "", "is no term of conflict-type, initiative-type"),
        (KFOR_MD, "source: bbc1999entry", "source: bbc", "", "source: there is no source “bbc”"),
        (KFOR_MD, "organisation: nato", "organisation: un", "", "there is no organisation “un”"),
        (KFOR_MD, "record: mission/unmik", "record: mission/x", "", "there is no mission “x”"),
        (KFOR_MD, "record: mission/unmik", "record: unmik", "", "does not say of which kind"),
        (KFOR_MD, "authorised it.[^un1999res1244]", "authorised it.[^un]", "", "marker [^un] leads"),
        (KFOR_MD, "dawn.[^un1999res1244]", "dawn.[^un]", "", "body: the marker [^un] leads to"),
        (KFOR_MD, "  - un1999res1244", "  - un", "", "cites: there is no citation “un”"),
        (KFOR_MD, "    - un1999res1244", "    - un", "", "positions: there is no citation “un”"),
        (KFOR_MD, "  - mission_kind", "  - beginning", "", "“beginning” is no field of this record"),
        (KFOR_MD, "- key: bbc1999entry\n", "- key: un1999res1244 # 2\n", "", "“un1999res1244” is taken"),
        (KFOR_MD, "  checked: read", "  checked: compared", "- key: un1999", "has a name and a date"),
        (KFOR_MD, "peace_mission: true", "peace_mission: perhaps", "", "should be true or false"),
        (KFOR_MD, "acronym: KFOR", "acronym: NO", "", "YAML reads “NO” as yes or no"),
        (KFOR_MD, "acronym: KFOR", "acronym: [KFOR]", "", "acronym: here should be text"),
        (KFOR_MD, "acronym: KFOR", f"acronym: {'K' * 41}", "", "at most 40 characters"),
        (KFOR_MD, "acronym: KFOR", "acronym: KFOR\nacronym: K\n", "acronym: K\n", "stands here twice"),
        (KFOR_MD, "acronym: KFOR", "acronym: K: FOR", "", "not YAML"),
        (KFOR_MD, "acronym: KFOR", "acronym: \0", "", "not YAML"),
        (KFOR_MD, "- Forca (sq)", "- - Forca (sq)", "", "other_names: here should be text"),
        (KFOR_MD, "title: Kosovo Force\n", "", "published", "title is missing"),
        (KFOR_MD, "---\npublished", "published", "", "begins with a line of three hyphens"),
        (KFOR_MD, "\n---\n\n##", "\n\n##", "", "does not end"),
        (KFOR_MD, "  - holder: A newspaper\n    text: Earlier.\n    quoted: true\n", "", "- key: differs-1", "two positions"),
        (FIGURES, "  source: bbc1999entry\n", "", "- key: strength-1", "source is missing"),
        (FIGURES, "source: bbc1999entry", "source: bbc", "", "there is no source “bbc”"),
        (FIGURES, "value: 14000", "value: 14,000", "", "value: here should be a number"),
        (FIGURES, "value: 14000", "value: '14000'", "", "value: here should be a number"),
        (FIGURES, "country: 'NO'", "country: Norway", "", "country: "),
        (FIGURES, "- key: strength-2", "- key: strength-1 # 2", "", "the key “strength-1” is taken"),
        (FIGURES, "part_of: strength", "part_of: weakness", "- key: strength-2", "or figure “weakness-on-entry"),
        (ENTRY_MD, "place: prishtine", "place: atlantis", "", "there is no place “atlantis”"),
        (ENTRY_MD, "- security", "- joy", "", "themes: there is no term “theme/joy”"),
        (ENTRY_MD, "- unmik", "- un\n", "", "missions: there is no mission “un”"),
        (SOURCES_YAML, "type: legislation", "type: law", "", "“law” is none of book"),
        (SOURCES_YAML, "standing: news", "bearing: news", "", "“bearing” is no field here"),
        (SOURCES_YAML, "  standing: primary\n", "", "- key: un1999res1244", "standing is missing"),
        (SOURCES_YAML, "https://example.org", "example", "", "url: "),
        (SOURCES_YAML, "- key: un1999", f"{AGAIN}- key: un1999", AGAIN, "“bbc1999entry” is taken"),
        (SOURCES_YAML, "origin: un1999res1244", "origin: un", "", "origin: there is no source “un”"),
        ("missions/record/places.yaml", "  latitude: 42.67\n", "", "- key: prishtine", "place_has_both_coordinates"),
        (SOURCES_YAML, "  stake_reason: It decided the matter.\n", "", "- key: un1999res1244", "Say why the stake is"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_with_its_line(root, path, old, new, at, words):
    """The line is that of `at`, or else of the new text."""
    changed = change(root, path, old, new)
    where = changed.index(at or new)
    line = changed[:where].count("\n") + 1
    if words == "does not end":
        line = changed.count("\n") + 1

    [problem] = [text for text in problems(root) if path in text]

    full = path if path in FILES else f"missions/record/{path}"
    assert problem.startswith(f"{full}:{line}: "), problem
    assert words in problem
    assert problem.endswith(".")


def test_a_file_in_another_encoding_is_named_with_its_line(root):
    (root / "missions/record" / UNMIK_MD).write_bytes("---\ntitle: Prishtinë\n---\n".encode("latin-1"))

    assert problems(root) == ["missions/record/missions/unmik.md:2: this is not UTF-8: save the file in that encoding."]


def test_every_bad_file_is_reported_once(root):
    change(root, KFOR_MD, "status: running", "status: open")
    change(root, KFOR_MD, "'1999-06-12'", "soon")
    change(root, FIGURES, "value: 14000", "value: many")
    change(root, ENTRY_MD, "place: prishtine", "place: atlantis")

    assert [problem.rsplit("/", 1)[1].split(":")[0] for problem in problems(root)] == [
        "entry.md", "kfor.figures.yaml", "kfor.md",
    ]  # fmt: skip


def test_a_list_that_cannot_be_read_makes_no_further_mistakes(root):
    change(root, SOURCES_YAML, "- key: un1999res1244", "- key: 'un1999res1244")

    [problem] = problems(root)
    assert problem.startswith("sources/record/sources.yaml:")


def test_a_file_that_belongs_to_no_record_is_reported(root):
    (root / "missions/record/missions/ifor.figures.yaml").write_text("[]\n")
    (root / "missions/record/events/Entry.md").write_text(ENTRY)
    (root / "missions/record/events/.hidden").write_text("")

    assert problems(root) == [
        "missions/record/events/Entry.md:1: a record is named in lower-case letters, digits and hyphens.",
        "missions/record/missions/ifor.figures.yaml:1: this is neither a record nor the figures of one.",
    ]


def test_a_folder_without_a_record_is_an_error(tmp_path):
    assert "there are no record files" in problems(tmp_path)[0]


def test_years_may_be_written_as_numbers_and_windows_files_are_read(root):
    before = [record.sha256 for record in read_folder(root).records]
    change(root, KFOR_MD, "start: '1999'", "start: 1999")
    file = root / "missions/record" / ENTRY_MD
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    assert [record.sha256 for record in read_folder(root).records] == before


def test_checking_writes_nothing_and_needs_no_database(root):
    assert "4 records and 12 entries of reference data: no mistakes." in say(root, check=True)


# Loading


@pytest.mark.django_db
def test_the_record_is_loaded_as_imported_editions_and_drafts(root):
    assert "new: 2 organisation, 1 place, 2 source, 7 term, 2 mission, 1 event, 1 article" in say(root)

    kfor = Mission.objects.published().get()
    assert (kfor.imported, kfor.number, kfor.written_by) == (True, 1, "Founding record")
    assert kfor.published_at.isoformat() == "2026-11-20T12:00:00+00:00"
    assert kfor.other_names == "Operation Joint Guardian (en)\nForca (sq)"
    assert kfor.relations.get().record.live is None
    assert [figure.value or figure.low for figure in kfor.figures.order_by("rank")] == [14000, 10.5]
    assert kfor.citations.get(key="un1999res1244").supports == "start mission_kind"
    assert kfor.statements.get().language == ""
    assert Source.objects.get(key="bbc1999entry").authors == [
        {"family": "Petrović", "given": "Ana"},
        {"literal": "Agence France-Presse"},
    ]
    assert Term.objects.get(key="security").rank == 1
    assert Source.history.count() == 2

    unmik = Record.objects.get(slug="unmik").editions.get()
    assert (unmik.state, unmik.imported, unmik.contributors.count()) == (State.DRAFT, False, 0)
    entry = Event.objects.published().get()
    assert sorted(record.slug for record in entry.missions.all()) == ["kfor", "unmik"]


@pytest.mark.django_db
def test_a_second_run_changes_nothing(root, django_assert_max_num_queries):
    say(root)
    editions, serial = Edition.objects.count(), PublicSerial.now()

    with django_assert_max_num_queries(20):
        assert "0 changes" in say(root)

    assert (Edition.objects.count(), PublicSerial.now()) == (editions, serial)


@pytest.mark.django_db
def test_one_bad_file_keeps_everything_out(root):
    change(root, ENTRY_MD, "place: prishtine", "place: atlantis")

    out = StringIO()
    with pytest.raises(CommandError, match="1 file is bad: nothing was loaded"):
        call_command("load_record", root=root, stdout=out, stderr=out)

    assert "missions/record/events/entry.md:10: place: there is no place “atlantis”." in out.getvalue()
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_a_record_that_cannot_be_public_keeps_everything_out(root):
    change(root, KFOR_MD, "start: '1999-06-12'\n", "")
    change(root, ENTRY_MD, "At dawn.[^un1999res1244]\n", "")

    with pytest.raises(BadRecordError) as raised:
        load(root)

    assert [str(file) for file in raised.value.files] == [
        "missions/record/missions/kfor.md:1: cannot be public: Start: the date is missing.",
        "missions/record/events/entry.md:1: cannot be public: The body is empty.",
    ]
    assert not Source.objects.exists()
    assert not Record.objects.exists()


@pytest.mark.django_db
def test_two_installations_have_the_same_hashes(root):
    def hashes() -> dict[str, str]:
        with transaction.atomic():
            load(root)
            found = {str(edition.record): edition.sha256 for edition in Edition.objects.published()}
            transaction.set_rollback(True)
        return found

    first = hashes()
    assert len(first) == 2
    assert hashes() == first


# Changed files


@pytest.mark.django_db
def test_a_changed_file_becomes_the_next_imported_edition(root):
    load(root)
    first = Mission.objects.published().get()
    change(root, KFOR_MD, "It came at dawn.", "It came at noon.")
    change(root, FIGURES, "value: 14000", "value: 15000")

    assert "changed: 1 mission; published: 1" in say(root)

    first.refresh_from_db()
    second = Mission.objects.published().get()
    assert first.state == State.SUPERSEDED
    assert (second.number, second.imported, second.based_on_id) == (2, True, first.pk)
    assert "at noon" in second.body
    assert second.figures.get(key="strength-1").value == 15000
    assert Figure.objects.get(edition=first, key="strength-1").value == 14000
    assert "0 changes" in say(root)


@pytest.mark.django_db
def test_a_new_edition_cannot_be_older_than_the_one_before(root):
    load(root)
    change(root, KFOR_MD, "'2026-11-20'", "'2026-11-19'")

    with pytest.raises(BadRecordError, match=r"kfor\.md:2: published: 2026-11-19 is before edition 1"):
        load(root)


@pytest.mark.django_db
def test_a_changed_draft_is_replaced_and_published_when_its_file_says_so(root):
    load(root)
    draft = Record.objects.get(slug="question").editions.get()
    change(root, "articles/question.md", "title: A question", "title: Another question")
    load(root)
    draft.refresh_from_db()
    assert (draft.title, draft.state) == ("Another question", State.DRAFT)

    citation = "citations:\n- key: a\n  source: un1999res1244\n---\n\nAn answer.[^a]\n"
    change(root, "articles/question.md", "---\ntitle", "---\npublished: '2026-11-21'\ntitle")
    change(root, "articles/question.md", "themes:", "summary: A question.[^a]\nthemes:")
    change(root, "articles/question.md", "- entry\n---\n", f"- entry\n{citation}")
    load(root)

    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.imported) == (State.PUBLISHED, 1, True)
    assert Record.objects.get(slug="question").editions.count() == 1


@pytest.mark.django_db
def test_a_public_record_whose_file_says_no_date_is_kept(root):
    load(root)
    change(root, KFOR_MD, "published: '2026-11-20'\n", "")

    assert "Kept as the site has it: mission/kfor: public, so its file must say" in say(root)
    assert Mission.objects.published().exists()


@pytest.mark.django_db
def test_a_record_edited_in_the_site_is_kept_and_reported(root):
    load(root)
    published(next_edition(Record.objects.get(slug="kfor"), body="Edited.[^un1999res1244]"))
    editor = author()
    workflow.note_work(Record.objects.get(slug="unmik").editions.get(), by=editor)
    assert "0 changes" in say(root)

    change(root, KFOR_MD, "It came at dawn.", "It came at noon.")
    change(root, UNMIK_MD, "Nations mission", "Nations office")
    said = say(root)

    assert "Kept as the site has it: mission/kfor: worked on in the site since it was loaded." in said
    assert "Kept as the site has it: mission/unmik: worked on in the site" in said
    assert Mission.objects.published().get().body == "Edited.[^un1999res1244]"
    assert Record.objects.get(slug="unmik").editions.get().title == "United Nations mission"


@pytest.mark.django_db
def test_an_open_edition_in_the_site_keeps_the_file_out(root):
    load(root)
    workflow.start_edition(Record.objects.get(slug="kfor"), by=author())
    change(root, KFOR_MD, "It came at dawn.", "It came at noon.")

    assert "mission/kfor: worked on in the site" in say(root)


@pytest.mark.django_db
def test_a_withdrawn_record_is_kept(root):
    load(root)
    workflow.withdraw(Mission.objects.published().get(), by=managing_editor(), reason="Wrong.")
    change(root, KFOR_MD, "It came at dawn.", "It came at noon.")

    assert "mission/kfor: worked on in the site" in say(root)
    assert not Mission.objects.published().exists()


@pytest.mark.django_db
def test_a_renamed_record_is_not_loaded_again_under_its_old_name(root):
    load(root)
    workflow.rename(Record.objects.get(slug="kfor"), "kosovo-force", by=managing_editor())
    change(root, KFOR_MD, "It came at dawn.", "It came at noon.")

    assert "mission/kfor: worked on in the site" in say(root)
    assert not Record.objects.filter(slug="kfor").exists()


@pytest.mark.django_db
def test_a_record_whose_file_is_gone_stays(root):
    load(root)
    (root / "missions/record/articles/question.md").unlink()

    assert "article/question: its file is gone, the record is not." in say(root)
    assert Record.objects.filter(slug="question").exists()


# Changed lists


@pytest.mark.django_db
def test_a_changed_source_is_updated_and_readers_are_told(root):
    load(root)
    serial = PublicSerial.now()
    change(root, SOURCES_YAML, "title: Resolution 1244 (1999)", "title: Resolution 1244")
    change(root, "missions/record/organisations.yaml", "name: Supreme H", "name: The Supreme H")

    assert "changed: 1 organisation, 1 source;" in say(root)

    assert Source.objects.get(key="un1999res1244").title == "Resolution 1244"
    assert PublicSerial.now() == serial + 1
    assert Change.objects.first().kind == Change.Kind.AMENDED
    assert "0 changes" in say(root)


@pytest.mark.django_db
def test_a_source_amended_in_the_site_is_kept(root):
    load(root)
    source = Source.objects.get(key="un1999res1244")
    amended = Source.objects.get(pk=source.pk)
    amended.title = "Resolution 1244, as amended"
    amendments.confirm(amendments.propose(source, amended, by=author(), reason="A slip."), by=reviewer())
    assert "0 changes" in say(root)

    change(root, SOURCES_YAML, "title: Resolution 1244 (1999)", "title: Resolution 1244")

    assert "Kept as the site has it: source/un1999res1244: changed in the site" in say(root)
    assert Source.objects.get(key="un1999res1244").title == "Resolution 1244, as amended"


# Writing back


@pytest.mark.django_db
def test_loading_and_writing_gives_the_same_bytes(root, tmp_path):
    load(root)

    export(tmp_path / "first")
    assert files_of(tmp_path / "first") == files_of(root)

    with transaction.atomic():
        assert "0 changes" in say(tmp_path / "first")
    assert export(tmp_path / "first") == []


@pytest.mark.django_db
def test_a_file_written_another_way_is_the_same_record(root):
    load(root)
    change(root, KFOR_MD, "acronym: KFOR", 'acronym: "KFOR"   # short')
    change(root, ENTRY_MD, "- returns\n- security", "- security\n- returns")

    assert "0 changes" in say(root)


@pytest.mark.django_db
def test_what_changed_in_the_site_is_written_to_the_files(root):
    load(root)
    edition = next_edition(Record.objects.get(slug="kfor"), headquarters="Pristina\r\n")
    edition.figures.all().delete()
    open_text = files_of(root)["missions/record/missions/kfor.md"]
    export(root)
    assert files_of(root)["missions/record/missions/kfor.md"] == open_text

    published(edition)
    changed = export(root)

    assert sorted(changed) == [
        "missions/record/missions/kfor.figures.yaml",
        "missions/record/missions/kfor.md",
    ]
    assert "missions/record/missions/kfor.figures.yaml" not in files_of(root)
    assert "headquarters: Pristina\n" in files_of(root)["missions/record/missions/kfor.md"]
    assert "0 changes" in say(root)


@pytest.mark.django_db
def test_a_record_begun_in_the_site_is_written_and_recognised(root):
    load(root)
    workflow.begin_record(Mission(title="New"), kind="mission", slug="new", by=author())

    assert export(root) == ["missions/record/missions/new.md"]
    assert "0 changes" in say(root)
    assert RecordFile.objects.get(name="mission/new").edition is None

    change_path = root / "missions/record/missions/new.md"
    change_path.write_text(change_path.read_text().replace("New", "Newer"))
    assert "mission/new: worked on in the site" in say(root)


@pytest.mark.django_db
def test_a_renamed_record_moves_its_files(root):
    load(root)
    workflow.rename(Record.objects.get(slug="kfor"), "kosovo-force", by=managing_editor())

    export(root)

    files = files_of(root)
    assert "missions/record/missions/kfor.md" not in files
    assert "missions/record/missions/kfor.figures.yaml" not in files
    assert "missions/record/missions/kosovo-force.md" in files
    assert "- kosovo-force\n" in files["missions/record/events/entry.md"]
    assert "0 changes" in say(root)


@pytest.mark.django_db
def test_a_withdrawn_text_is_written_as_a_draft_and_a_removed_one_not_at_all(root):
    load(root)
    by = managing_editor()
    workflow.withdraw(Event.objects.published().get(), by=by, reason="Wrong.")
    workflow.suppress(Mission.objects.published().get(), by=by, reason="A court order.")

    export(root)

    files = files_of(root)
    assert "published:" not in files["missions/record/events/entry.md"]
    assert files["missions/record/missions/kfor.md"] == (
        "---\ntitle: Removed for legal cause\npeace_mission: true\n---\n"
    )
    assert "missions/record/missions/kfor.figures.yaml" not in files
    assert "0 changes" in say(root)


@pytest.mark.django_db
def test_an_empty_database_writes_no_files(root):
    with pytest.raises(CommandError, match="There is no record"):
        call_command("export_record", to=root)


@pytest.mark.django_db
def test_the_command_says_what_it_wrote(root, tmp_path):
    load(root)
    out = StringIO()
    call_command("export_record", to=tmp_path / "out", stdout=out)

    assert out.getvalue() == f"9 files changed below {tmp_path / 'out'}.\n"
