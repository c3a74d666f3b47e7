"""A site of its own on the founding record, as it is served in production, for tools that look at its pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.databases import environment, manage
from benchmarks.running_site import collect_static, running


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
        surroundings = environment(database, folder)
        print("Starting a site on the founding record …", flush=True)
        manage("migrate", "--verbosity", "0", environment=surroundings)
        manage("load_record", "--verbosity", "0", environment=surroundings)
        manage("rebuild_search", "--verbosity", "0", environment=surroundings)
        collect_static(folder, database)
        with running(database, folder, DJANGO_SETTINGS_MODULE="kosovo_peace.settings", PAGE_CACHE_MB="16") as site:
            yield f"http://127.0.0.1:{site.port}"
