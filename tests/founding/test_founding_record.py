"""The founding record that this repository holds: it loads, and it is written back byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import connection

from editorial import integrity
from editorial.models import Edition, Record
from missions.facts import facts_of
from missions.models import Disagreement, Figure
from missions.record_files import export, load

ROOT = Path(settings.BASE_DIR)
FOLDERS = ("missions/record", "sources/record")
# A list for the test below; it is not loaded.
DIFFERING = "missions/record/facts-that-differ.yaml"


def files_below(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


@pytest.mark.django_db
def test_every_record_file_is_a_record(founding_record):
    files = [path for path in files_below(ROOT) if path.endswith(".md")]

    assert sorted(f"missions/record/{record.kind}s/{record.slug}.md" for record in Record.objects.all()) == sorted(
        files
    )
    assert founding_record.created.total() > len(files)
    assert founding_record.published == Edition.objects.published().count() > 0
    assert not founding_record.kept


@pytest.mark.django_db
def test_the_record_is_written_back_byte_for_byte(founding_record, tmp_path):
    export(tmp_path)

    files = files_below(ROOT)
    del files[DIFFERING]
    written = files_below(tmp_path)
    assert sorted(written) == sorted(files)
    # One at a time: a comparison of all of them would be printed in full.
    for path, text in files.items():
        assert written[path] == text, f"{path}: manage.py export_record writes it another way."


@pytest.mark.django_db
def test_loading_the_record_again_changes_nothing(founding_record):
    second = load(ROOT)

    assert (second.created.total(), second.changed.total(), second.kept) == (0, 0, [])


@pytest.mark.django_db
def test_the_facts_whose_sources_differ_are_those_listed(founding_record):
    listed = {(row["record"], row["fact"]) for row in yaml.safe_load((ROOT / DIFFERING).read_text(encoding="utf-8"))}
    figures = Figure.objects.select_related("measure", "source", "edition__record")
    found = {
        (record.frozen_key, fact.slug)
        for record in Record.objects.all()
        for fact in facts_of(figure for figure in figures if figure.edition.record == record)
        if fact.sources_differ
    }
    explained = {(str(row.edition.record), row.about) for row in Disagreement.objects.select_related("edition__record")}

    assert found == listed
    assert not found - explained


@pytest.mark.django_db
def test_one_value_changed_by_sql_in_the_whole_record_is_found_and_nothing_else(founding_record):
    figure = Figure.objects.of_published().filter(value__isnull=False).order_by("-pk")[0]
    edition = Edition.objects.select_related("record").get(pk=figure.edition_id)

    def set_value(value: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE missions_figure SET value = %s WHERE id = %s", [value, figure.pk])

    set_value(figure.value + 1)
    (fault,) = integrity.check().faults
    assert fault.startswith(f"{edition.record}, edition {edition.number}: figures, {figure.key}, value: ")

    set_value(figure.value)
    findings = integrity.check()
    assert (findings.faults, findings.notes) == ([], [])
    assert findings.editions == founding_record.published
