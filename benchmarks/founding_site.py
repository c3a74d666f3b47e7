"""A site of its own on the founding record, as it is served in production, for tools that look at its pages."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.databases import environment, manage
from benchmarks.running_site import collect_static, running


def founding_database(url: str, folder: Path) -> None:
    """Load the founding record into an empty database; `folder` is the DATA_DIR of its site."""
    surroundings = environment(url, folder)
    manage("migrate", "--verbosity", "0", environment=surroundings)
    manage("load_record", "--verbosity", "0", environment=surroundings)
    collect_static(folder, url)


def arguments(command: str, says: str | None) -> argparse.ArgumentParser:
    """What tools that look at pages share: whose pages, and which."""
    parser = argparse.ArgumentParser(prog=command, description=says)
    parser.add_argument("--site", default="", help="The address of a running site, instead of one of its own.")
    parser.add_argument("--pages", default="", help="Names of pages, divided by commas.")
    return parser


@contextmanager
def founding_site(given: str) -> Iterator[str]:
    """The address of a site, without a slash at its end: the one that is given, or one started for this.

    The latter keeps pages, as in production, has a database of its own, and is gone after the `with`. It has no worker:
    nothing makes data files meanwhile. Raises BenchmarkError where it does not start.
    """
    if given:
        yield given.rstrip("/")
        return
    with tempfile.TemporaryDirectory(prefix="kp-look-") as name:
        folder = Path(name)
        database = f"sqlite:///{folder / 'look.sqlite3'}"
        print("Starting a site on the founding record …", flush=True)
        founding_database(database, folder)
        with running(database, folder, DJANGO_SETTINGS_MODULE="kosovo_peace.settings", PAGE_CACHE_MB="16") as site:
            yield f"http://127.0.0.1:{site.port}"
