"""The databases that are measured: on one PostgreSQL server, filled with invented records, each made only once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import environ
import psycopg
from psycopg import sql

from benchmarks.errors import BenchmarkError
from benchmarks.processor import parent_of

ROOT = Path(__file__).resolve().parent.parent
# An empty value is none, and .env does not give it another.
SETTINGS = {
    "PAGE_CACHE_MB": "0",  # no page is kept, so that each answer is made
    "CACHE_URL": "",
    "API_READS_PER_MINUTE": "0",
    "SEARCHES_PER_MINUTE": "0",
    "PAGES_PER_MINUTE": "0",
    "DEBUG": "0",
    "DEMO": "0",
    "SITE_URL": "",
    "ALLOWED_HOSTS": "",
    "TRUSTED_PROXIES": "",
    "SECRET_KEY": "for-measurements-only-50-characters-of-no-secrecy-at-all",
}


def environment(database_url: str, folder: Path) -> dict[str, str]:
    """The environment of a process of the site that uses this database, and this folder for all it writes."""
    return os.environ | SETTINGS | {"DATABASE_URL": database_url, "DATA_DIR": str(folder)}


def manage(*arguments: str, environment: Mapping[str, str]) -> None:
    """Run `manage.py`. Raises BenchmarkError where it fails."""
    if subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=dict(environment), check=False
    ).returncode:
        raise BenchmarkError(f"manage.py {' '.join(arguments)} failed: see above.")


def filled(server: str, events: int, folder: Path, say: Callable[[str], object]) -> str:
    """The URL of the database with so many events on a server; made now unless it is there.

    `server` is the URL of any database on it, which is left alone. Raises BenchmarkError where a database of that
    name holds something else.
    """
    name = f"bench_{events}"
    url = beside(server, name)
    with _connected(server) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not there:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    surroundings = environment(url, folder)
    manage("migrate", "--verbosity", "0", environment=surroundings)
    if not there:
        say(f"Filling a database with {events:,} events …")
        began = time.monotonic()
        manage("synthesize", "--events", str(events), environment=surroundings)
        say(f"  done in {time.monotonic() - began:.0f} s")
    with _connected(url) as connection:
        found = connection.execute("SELECT count(*) FROM missions_event").fetchone()
        if found != (events,):
            raise BenchmarkError(f"The database {name} does not hold {events} events. Drop it, and start again.")
        connection.execute("VACUUM (ANALYZE)")  # as the server does by itself within minutes
    return url


def created(server: str, name: str) -> str:
    """The URL of an empty database of this name, on the server of another; what was in it is gone."""
    with _connected(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return beside(server, name)


def beside(url: str, name: str) -> str:
    """The URL of the database of another name on the same server."""
    return f"{url.partition('?')[0].rpartition('/')[0]}/{name}"


def version(url: str) -> str:
    """`PostgreSQL 18.6`, with two settings that matter."""
    with _connected(url) as connection:
        number = connection.info.parameter_status("server_version")
        (buffers,) = connection.execute("SHOW shared_buffers").fetchone() or ("",)
        (jit,) = connection.execute("SHOW jit").fetchone() or ("",)
    return f"PostgreSQL {number} (shared_buffers {buffers}, jit {jit})"


def server_processes(url: str) -> list[int]:
    """The number of the process above all of the server's; none where it runs on another machine."""
    with _connected(url) as connection:
        number = connection.info.backend_pid
        runs_here = connection.info.host.startswith("/") or connection.info.hostaddr in ("127.0.0.1", "::1")
        return [parent_of(number)] if runs_here else []


def _connected(url: str) -> psycopg.Connection[tuple[object, ...]]:
    parts = environ.Env.db_url_config(url)
    names = {"HOST": "host", "PORT": "port", "NAME": "dbname", "USER": "user", "PASSWORD": "password"}
    given = {names[name]: str(parts[name]) for name in names if parts.get(name)}
    return psycopg.connect(autocommit=True, **given)  # type: ignore[arg-type]
