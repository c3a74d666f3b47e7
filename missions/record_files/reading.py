"""Reads and checks the record files of a folder, without the database.

    <root>/sources/record/sources.yaml
    <root>/missions/record/{organisations,places,terms}.yaml
    <root>/missions/record/{missions,events,articles}/<slug>.md, <slug>.figures.yaml
    <root>/missions/record/pictures/<name>

Files must stand on their own: everything they point at is in the folder. Each bad file is reported
once, with the first thing wrong in it; the others are read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from editorial.models import Edition, ReferenceData
from missions.models import KINDS, Figure
from missions.pictures import BadPicture
from missions.record_files import yaml_text
from missions.record_files.record_text import FOLDER, Entry, RecordText
from missions.record_files.shape import LISTS, Known, Plain, read_entry, row_models_of
from missions.record_files.yaml_text import Mistake, line_of, sequence, text_of, tidy
from sources.dates import PartialDate
from sources.markers import MARKER

FIGURES = ".figures.yaml"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Progress = Callable[..., Iterable[Any]]


@dataclass
class BadFile:
    """A file that cannot be loaded: where, and why, in a sentence."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class BadRecordError(Exception):
    """Files that cannot be loaded; `files` says which and why."""

    def __init__(self, files: list[BadFile]) -> None:
        self.files = files
        super().__init__("\n".join(str(file) for file in files))


@dataclass
class Folder:
    """All that the files of a folder say."""

    entries: list[Entry]
    records: list[RecordText]
    pictures: dict[str, Path]  # by name


def no_progress(items: Iterable[Any], **kwargs: Any) -> Iterable[Any]:
    return items


def read_folder(root: Path, progress: Progress = no_progress) -> Folder:
    """Read and check all files below `root`. Raises BadRecordError, which names every bad file."""
    bad: list[BadFile] = []
    lists, unread = {}, set()
    for path, model in LISTS.items():
        try:
            lists[path] = _list_nodes(root / path)
        except Mistake as mistake:
            bad.append(BadFile(path, mistake.line, mistake.text))
            unread.add(str(model._meta.model_name))
    paths, strangers = _record_paths(root)
    bad += strangers
    if not (paths or bad or any(lists.values())):
        raise BadRecordError([BadFile(FOLDER, 1, f"there are no record files below {root}.")])
    names = {name for path, nodes in lists.items() for name in _names(LISTS[path], nodes)}
    known = Known(frozenset(names | set(paths)), frozenset(unread))

    entries: list[Entry] = []
    for path, nodes in lists.items():
        try:
            entries += _read_list(LISTS[path], nodes, known)
        except Mistake as mistake:
            bad.append(BadFile(path, mistake.line, mistake.text))
    records = []
    for name, path in progress(paths.items(), desc="Reading"):
        figures_path = path.removesuffix(".md") + FIGURES
        figures: list[Plain] = []
        try:
            figures = _read_figures(root / figures_path, known)
        except Mistake as mistake:
            bad.append(BadFile(figures_path, mistake.line, mistake.text))
        try:
            records.append(_read_record(root / path, name, known, figures))
        except Mistake as mistake:
            bad.append(BadFile(path, mistake.line, mistake.text))
    pictures = {name: path for record in records for path, name in record.pictures.items()}
    bad += [BadFile(path, 1, fault) for name, path in pictures.items() if (fault := _picture_fault(root / path, name))]
    if bad:
        raise BadRecordError(sorted(bad, key=lambda file: file.path))
    return Folder(entries, records, {name: root / path for name, path in pictures.items()})


def _picture_fault(path: Path, name: str) -> str:
    """What is wrong with the file of a picture; empty where nothing is."""
    from missions.pictures.decoding import as_it_is

    try:
        as_it_is(name, path.read_bytes())
    except FileNotFoundError:
        return "a record shows this picture, and there is no such file."
    except BadPicture as error:
        return str(error)
    return ""


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Mistake(line, "this is not UTF-8: save the file in that encoding.") from None
    return text.replace("\r\n", "\n")


# Reference data


def _list_nodes(path: Path) -> list[yaml.Node]:
    root = yaml_text.read(_text(path)) if path.exists() else None
    return sequence(root) if root else []


def _names(model: type[ReferenceData], nodes: list[yaml.Node]) -> Iterable[str]:
    """Full names of the things of a list, bad entries left to the real reading."""
    for node in nodes:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        values = {str(key.value): str(value.value) for key, value in pairs}
        parts = [model._meta.model_name, values.get("vocabulary"), values.get("key")]
        yield "/".join(part for part in parts if part)


def _read_list(model: type[ReferenceData], nodes: list[yaml.Node], known: Known) -> list[Entry]:
    entries: dict[str, Entry] = {}
    ranks: dict[str, int] = {}
    for node, name in zip(nodes, _names(model, nodes), strict=True):
        plain = read_entry(model, node, known)
        if name in entries:
            raise Mistake(line_of(node), f"the key “{plain['key']}” is taken by an entry above.")
        entries[name] = Entry(model, name, plain)
        if vocabulary := plain.get("vocabulary"):
            ranks[vocabulary] = ranks.get(vocabulary, -1) + 1
            entries[name].rank = ranks[vocabulary]
    return list(entries.values())


# Records


def _record_paths(root: Path) -> tuple[dict[str, str], list[BadFile]]:
    """The path of each record by its name; and the files that are no part of any record."""
    paths: dict[str, str] = {}
    strangers = []
    for kind in KINDS:
        folder = root / FOLDER / f"{kind}s"
        files = sorted(folder.iterdir()) if folder.exists() else []
        slugs = {file.stem for file in files if file.suffix == ".md"}
        for file in files:
            path = f"{FOLDER}/{kind}s/{file.name}"
            if file.name.startswith("."):
                continue
            if file.suffix == ".md" and _SLUG.fullmatch(file.stem):
                paths[f"{kind}/{file.stem}"] = path
            elif file.suffix == ".md":
                strangers.append(BadFile(path, 1, "a record is named in lower-case letters, digits and hyphens."))
            elif file.name.removesuffix(FIGURES) not in slugs:
                strangers.append(BadFile(path, 1, "this is neither a record nor the figures of one."))
    return paths, strangers


def _read_record(path: Path, name: str, known: Known, figures: list[Plain]) -> RecordText:
    kind, _, slug = name.partition("/")
    model = KINDS[kind]
    text = _text(path)
    front_text, body = _divide(text)
    node = yaml_text.read(front_text)
    if node is None:
        raise Mistake(1, "the front matter is empty.")
    row_models = [row for row in row_models_of(model) if row is not Figure]
    also = {"published", *[row.plural for row in row_models]}
    known = replace(known, supported=frozenset(f.name for f in model._meta.get_fields()))
    front = read_entry(model, node, known, also)
    nodes = {key.value: value for key, value in node.value}
    published = _read_published(nodes["published"]) if "published" in nodes else ""

    # Citations first: other rows name them.
    rows: dict[str, list[Plain]] = {}
    for row_model in sorted(row_models, key=lambda row: row.plural != "citations"):
        if row_model.plural in nodes:
            rows[row_model.plural] = _read_rows(row_model, sequence(nodes[row_model.plural]), known)
        if row_model.plural == "citations":
            keys = [row["key"] for row in rows.get("citations", [])]
            known = replace(known, citations=frozenset(keys))
    front |= {row.plural: rows[row.plural] for row in row_models if rows.get(row.plural)}
    lines = {key.value: line_of(key) for key, _ in node.value}
    _require_markers(model, text, front | {"body": body}, lines | {"body": 1}, known)
    return RecordText(kind, slug, published, front, body, figures, lines)


def _divide(text: str) -> tuple[str, str]:
    """Front matter, from its first `---`, and body."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise Mistake(1, "a record begins with a line of three hyphens, then its front matter.")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return "\n".join(lines[:number]), tidy("\n".join(lines[number + 1 :]))
    raise Mistake(len(lines), "the front matter does not end: a second line of three hyphens is missing.")


def _read_published(node: yaml.Node) -> str:
    text = text_of(node)
    try:
        if not text or PartialDate(text).precision == "day":
            return text
    except ValueError:
        pass
    raise Mistake(line_of(node), f"published: “{text[:40]}” is not a day: write 2026-11-20.")


def _read_rows(model: Any, nodes: list[yaml.Node], known: Known) -> list[Plain]:
    rows: dict[str, Plain] = {}
    for node in nodes:
        row = read_entry(model, node, known)
        if row["key"] in rows:
            raise Mistake(line_of(node), f"the key “{row['key']}” is taken by a row above.")
        rows[row["key"]] = row
    return list(rows.values())


def _read_figures(path: Path, known: Known) -> list[Plain]:
    nodes = _list_nodes(path)
    rows = _read_rows(Figure, nodes, known)
    wholes = {row["fact"] for row in rows} | {row["key"] for row in rows}
    for row, node in zip(rows, nodes, strict=True):
        if row.get("part_of") and row["part_of"] not in wholes:
            raise Mistake(line_of(node), f"part_of: there is no fact or figure “{row['part_of']}” here.")
    return rows


def _require_markers(model: type[Edition], text: str, values: Plain, lines: dict[str, int], known: Known) -> None:
    """Raises Mistake at the first marker that leads to no citation."""
    for name in model.markdown_fields:
        for match in MARKER.finditer(values.get(name, "")):
            if match[1] not in known.citations:
                start = lines[name] - 1
                found = [n for n, line in enumerate(text.split("\n")) if match[0] in line and n >= start]
                raise Mistake(
                    found[0] + 1 if found else start + 1,
                    f"{name}: the marker {match[0]} leads to no citation.",
                )
