"""Puts a backup into an empty database, whichever kind it came from, and compares what stands there then."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from editorial import integrity
from editorial.models import PublicSerial
from editorial.planner import look_at_tables
from editorial.search import index
from kosovo_peace.backup import files, tables
from kosovo_peace.backup.archive import Backup, BadBackup, reading, verify
from kosovo_peace.backup.saving import key_check
from missions.record_files.reading import Progress, no_progress

# What `migrate` itself puts into a new database; a backup brings its own.
MADE_BY_MIGRATE = {
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "contenttypes.ContentType",
    "editorial.AnswerTemplate",
    "editorial.PublicSerial",
}
OTHER_KEY = (
    "Note: SECRET_KEY is not the one of the site that was backed up. Editors' second factors and the private "
    "addresses that reporters were given are good again once it is set, or stands in SECRET_KEY_FALLBACKS."
)

Node = tuple[str, str]
Model = type[models.Model]


class NotEmpty(Exception):
    """The database holds something, or tables of another version; nothing was done."""


class Different(Exception):
    """What stands in the database is not what the backup holds; the database is as it was before."""


def restore(path: Path, progress: Progress = no_progress) -> list[str]:
    """Restore all of a backup; gives what is worth knowing, in sentences.

    The tables are made as they were when the backup was made, filled in one transaction, and then brought to this version.
    Raises BadBackup, NotEmpty, files.InTheWay and Different, and no row is there then.
    """
    manifest = verify(path)
    if odd := [name for name in manifest.files if not files.is_known(name)]:
        raise BadBackup(f"The backup holds a file that is none of this site: {odd[0]}.")
    known = _known_tables(manifest.migrations, manifest.left_out, set(manifest.tables))
    with reading(path) as backup:
        for name, member in progress(list(manifest.files.items()), desc="Files"):
            if not files.is_there(name, member):
                with backup.file(name) as content:
                    files.put(name, content)
        with transaction.atomic():
            _fill(backup, known, progress)
    _set_sequences(known.values())
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    for cache in caches.all():
        cache.clear()  # pages of the same serial, if this address had another record before
    index.rebuild(lambda count: None)
    look_at_tables()
    return [*_notes(manifest.key_check), *_faults()]


def _known_tables(recorded: list[list[str]], left_out: list[str], names: set[str]) -> dict[str, Model]:
    """Make the tables of that version where there are none; the tables that are filled.

    Raises BadBackup where this version of the site cannot know them, and NotEmpty.
    """
    executor = MigrationExecutor(connection)
    graph, applied = executor.loader.graph, {(app, name) for app, name in recorded}
    replaced = {node for migration in graph.nodes.values() for node in migration.replaces}
    if unknown := sorted(applied - set(graph.nodes) - replaced):
        raise BadBackup(
            f"The backup was made by a version of the site that this one does not know "
            f"(migration {'.'.join(unknown[0])}): update the site first."
        )
    applied &= set(graph.nodes)
    leaves = [node for node in sorted(applied) if not _children_of(graph, node) & applied]
    here = set(executor.loader.applied_migrations)
    if here and here & set(graph.nodes) != applied:
        raise NotEmpty("The database has the tables of another version of the site. Give an empty database.")
    _require_empty()
    if not here:
        executor.migrate(leaves)
    found = tables.tables(executor.loader.project_state(leaves).apps)
    found = {name: model for name, model in found.items() if name not in left_out}
    if set(found) != names:
        raise BadBackup(f"The backup has other tables than its version: {', '.join(sorted(set(found) ^ names))}.")
    return found


def _children_of(graph: Any, node: Node) -> set[Node]:
    return {child.key for child in graph.node_map[node].children if child.key[0] == node[0]}


def _require_empty() -> None:
    """Raises NotEmpty where the database holds a row that `migrate` has not made."""
    from django.apps import apps

    there = set(connection.introspection.table_names())
    for name, model in tables.tables(apps).items():
        if name not in MADE_BY_MIGRATE and model._meta.db_table in there and model._base_manager.exists():
            raise NotEmpty(f"The database is not empty: there are rows of {name}. Nothing was done.")
    if PublicSerial._meta.db_table in there and PublicSerial.now():
        raise NotEmpty("The database is not empty: something was published in it. Nothing was done.")


def _fill(backup: Backup, known: dict[str, Model], progress: Progress) -> None:
    for name in MADE_BY_MIGRATE & set(known):
        tables.empty(known[name])
    for name, model in progress(list(known.items()), desc="Tables"):
        if backup.manifest.tables[name].columns != tables.columns(model):
            raise BadBackup(f"The backup has other columns of {name} than its version.")
        tables.write(model, backup.rows(name))
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise Different(f"Rows of the backup refer to rows that it does not hold: {error}") from None
    for name, model in progress(list(known.items()), desc="Comparing"):
        digest = hashlib.sha256(tables.line(tables.columns(model)))
        for row in tables.rows(model):
            digest.update(tables.line(row))
        if digest.hexdigest() != backup.manifest.tables[name].sha256:
            raise Different(f"{name} is not in the database as it is in the backup. Nothing was restored.")


def _set_sequences(filled: Iterable[Model]) -> None:
    """New rows get the numbers after those that were restored."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
            cursor.execute(statement)


def _notes(made_with: str) -> list[str]:
    if made_with in {key_check(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}:
        return []
    return [OTHER_KEY]


def _faults() -> list[str]:
    return [f"Fault: {fault}" for fault in integrity.check_and_keep().faults]
