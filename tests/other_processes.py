"""What tests need that start processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.mail_server import free_port

# Where pytest is loaded the settings find static files where they are, uncollected, and keep no pages.
SITE = """
import sys, django
if sys.argv[2:]: import pytest
django.setup()
from kosovo_peace import processes
sys.exit(processes.run("127.0.0.1", int(sys.argv[1]), web_workers=2, say=lambda text: print(text, flush=True)))
"""


def database_url() -> str:
    """The tests' database, as another process reaches it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    if database["HOST"].startswith("/"):
        return f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    place = f"{database['HOST']}:{database['PORT'] or 5432}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{place}/{database['NAME']}"


@contextmanager
def site(folder: Path, *, keeps_pages: bool = False, **variables: str) -> Iterator[int]:
    """The site on the tests' database: two web processes and a worker, on a port of its own until the end of the block.

    With `keeps_pages` it does so, as on a server, and has no styles: ask for what is no page, such as the API.
    """
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "kosovo_peace.settings", "DATABASE_URL": database_url(), "DATA_DIR": str(folder),
        "EMAIL_URL": "", "SITE_URL": "", "LOG_REQUESTS": "0", "SECRET_KEY": settings.SECRET_KEY,
    } | variables  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", SITE, str(port), *([] if keeps_pages else ["as in tests"])],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "Ready.\n"
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "Stopping …\n")
