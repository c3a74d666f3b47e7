"""Makes a backup while the site runs: everything in it is of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import salted_hmac

from editorial.models import PublicSerial
from kosovo_peace.backup import archive, files, tables
from missions.record_files.reading import Progress, no_progress


def save(path: Path, progress: Progress = no_progress) -> archive.Manifest:
    """Write a backup. Raises FileExistsError, BadBackup, and OSError where it cannot be written."""
    with snapshot():
        manifest = archive.Manifest(
            made_at=timezone.now().isoformat(),
            site=settings.SITE_URL,
            database=connection.vendor,
            serial=PublicSerial.now(),
            key_check=key_check(settings.SECRET_KEY),
            migrations=sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations()),
            left_out=sorted(tables.LEFT_OUT),
        )
        with archive.writing(path, manifest) as writer:
            for name, model in progress(list(tables.tables(apps).items()), desc="Tables"):
                writer.add_table(name, tables.columns(model), tables.rows(model))
            # A picture is there before the row that names it; what has gone since no row of this moment need have.
            for name in progress(list(files.names()), desc="Files"):
                with suppress(FileNotFoundError):
                    writer.add_file(name, files.opened(name))
    return manifest


@contextmanager
def snapshot() -> Iterator[None]:
    """What is read within sees the database as it is now, and keeps nobody from writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # `atomic` would begin as one who writes, and keep others from it
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def key_check(key: str) -> str:
    """What tells two secrets apart, and neither of them."""
    return salted_hmac("kosovo_peace.backup", "the same key", secret=key, algorithm="sha256").hexdigest()[:16]
