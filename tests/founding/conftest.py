"""The founding record in the database, once for all tests of this folder that a process runs: loading it takes long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from editorial.planner import look_at_tables
from missions.record_files import Report, load


@pytest.fixture(scope="package")
def founding_record(django_db_setup, django_db_blocker) -> Iterator[Report]:
    """What the loading said. Nothing of the record is left when the last test of the folder is over."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield load(Path(settings.BASE_DIR))
            transaction.set_rollback(True)
        look_at_tables()  # how large PostgreSQL believes them to be is not taken back
