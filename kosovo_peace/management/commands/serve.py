"""Sets the site up as far as it is not, and serves it: what `make run` and the container call.

What is done already is only looked at, so that a second start takes moments.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from editorial.models import Edition, Editor, Record, SearchEntry
from editorial.roles import AUTHOR, MANAGING_EDITOR, REVIEWER
from kosovo_peace import demonstration, processes
from kosovo_peace.demonstration import story

ACCOUNTS = {"author": AUTHOR, "reviewer": REVIEWER, "managing": MANAGING_EDITOR}
UNUSED_STATIC = ["redoc", "rest_framework"]  # megabytes of packages that no page asks for
DATABASE_WITHIN = 30  # seconds
FRESH = "KOSOVO_PEACE_SET_UP"  # in the environment once the set-up is done
SET_UP_LOCK = 12441999  # any number that no other program on this database uses


class Command(BaseCommand):
    help = "Set the site up where needed, then serve it with its worker until stopped."
    requires_system_checks = []  # `make check` makes them; a start need not wait for them
    steps = 0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-worker", action="store_true", help="Only the web server: `manage.py work` runs somewhere else."
        )

    def handle(self, *args: Any, without_worker: bool = False, **options: Any) -> None:
        if settings.DEBUG:  # the site as in production; `make dev` is the other one
            begin_anew({"DEBUG": "0"})
        host, port = os.environ.get("HOST") or "127.0.0.1", whole_number("PORT", 8000)
        web_workers = whole_number("WEB_WORKERS", 2)
        require_free(host, port)
        if ":memory:" in str(connection.settings_dict["NAME"]):
            raise CommandError("DATABASE_URL names a database in memory, which web server and worker cannot share.")
        self.wait_for_database()
        with one_at_a_time():
            changed = self.set_up()
        connection.close()
        if changed and FRESH not in os.environ:  # without what the steps left in memory
            begin_anew({FRESH: "1"})
        self.show_accounts()
        if settings.DEMO:
            self.stdout.write("This is a demonstration. Where to look:")
            self.stdout.writelines(f"  {line}\n" for line in story.where_to_look())
        self.stdout.write(where_mails_go())
        self.stdout.write(f"Starting the site at {settings.SITE_URL}/ (Ctrl-C stops it) …")
        sys.exit(processes.run(host, port, web_workers=web_workers, with_worker=not without_worker, say=self.say))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def wait_for_database(self) -> None:
        """Raises CommandError when the database does not answer in time."""
        until = time.monotonic() + DATABASE_WITHIN
        while True:
            try:
                connection.ensure_connection()
                return
            except OperationalError as error:
                if connection.vendor == "sqlite" or time.monotonic() > until:
                    raise CommandError(f"The database does not answer: {str(error).strip()}") from None
            self.say("Waiting for the database …")
            time.sleep(2)

    def set_up(self) -> bool:
        """Do what is not done yet; whether there was anything."""
        before = self.steps
        demonstration.require_right_database()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.step("Database: making or changing its tables", "migrate", interactive=False, verbosity=0)
        collected, stamp = settings.STATIC_ROOT / ".collected", static_stamp()
        if not collected.exists() or collected.read_text() != stamp:
            self.step(
                "Static files: collecting and compressing",
                "collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED_STATIC,
            )  # fmt: skip
            collected.write_text(stamp)
        if settings.DEMO:
            demonstration.mark()
        if not Record.objects.exists():
            self.step("Founding record: loading it", "load_record")
        if not SearchEntry.objects.exists() and Edition.objects.published().exists():
            self.step("Search: making its index", "rebuild_search")
        if has_local_accounts() and not Editor.objects.exclude(username=demonstration.MARK).exists():
            self.say("Editors: making three accounts for local use …")
            make_accounts(accounts_file())
        if settings.DEMO and not story.is_told():
            self.say("Demonstration: drafts, reviews, reports and answers …")
            story.tell(author=Editor.objects.get(username="author"), reviewer=Editor.objects.get(username="reviewer"))
            self.steps += 1
        return self.steps > before

    def step(self, what: str, command: str, **options: Any) -> None:
        self.steps += 1
        self.say(f"{what} …")
        began = time.monotonic()
        call_command(command, stdout=self.stdout, stderr=self.stderr, **options)
        self.stdout.write(f"  done in {time.monotonic() - began:.0f} s")

    def show_accounts(self) -> None:
        """Show the local accounts; elsewhere say how the first editor is made."""
        file = accounts_file()
        if has_local_accounts() and file.exists() and Editor.objects.filter(username__in=ACCOUNTS).exists():
            self.stdout.write(f"\nEditors sign in at {settings.SITE_URL}/admin/ (first passwords, from {file}):")
            for name, password in read_accounts(file).items():
                self.stdout.write(f"  {name:<10} {password}")
            self.stdout.write("")
        elif not Editor.objects.exists():
            self.stdout.write("There are no editors yet. Make the first: python manage.py createsuperuser")


def begin_anew(environment: dict[str, str]) -> None:
    """Become the same command again, in a fresh process with the same number."""
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | environment)  # noqa: S606  no shell is meant


def whole_number(variable: str, default: int) -> int:
    """The number an environment variable gives. Raises CommandError when it is none."""
    text = os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CommandError(f"{variable} must be a number from 1 to 65535, not “{text}”.")
    return int(text)


def require_free(host: str, port: int) -> None:
    """Raises CommandError when the server cannot listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {host}, port {port}: {error.strerror}. "
            f"If this site or another program runs there, stop it, or choose another port: make run PORT={port + 1}"
        ) from None


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of several that start on one database, one sets it up and the others wait."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [SET_UP_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SET_UP_LOCK])
    else:
        with (settings.DATA_DIR / "set-up.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def static_stamp() -> str:
    """Changes whenever a static file does."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def has_local_accounts() -> bool:
    """Whether three accounts are made, for trying the site."""
    return settings.SITE_IS_LOCAL or settings.DEMO


def where_mails_go() -> str:
    """What becomes of mails to readers, in words; no password."""
    if settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend"):
        server = f"{settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
        return f"Mails to readers are sent through {server}, from {settings.DEFAULT_FROM_EMAIL}."
    if folder := getattr(settings, "EMAIL_FILE_PATH", None):
        return f"Mails to readers are sent to nobody: they are files in {folder} (EMAIL_URL names a mail server)."
    return f"Mails to readers are left to {settings.EMAIL_BACKEND}."


def accounts_file() -> Path:
    return settings.DATA_DIR / "accounts.txt"


def read_accounts(file: Path) -> dict[str, str]:
    """User names with their first passwords."""
    return dict(line.split() for line in file.read_text().splitlines() if len(line.split()) == 2)


@transaction.atomic
def make_accounts(file: Path) -> None:
    """Make one editor of each role, with the passwords in the file, which is made if need be."""
    passwords = read_accounts(file) if file.exists() else {}
    if not set(ACCOUNTS) <= set(passwords):
        passwords = {name: secrets.token_urlsafe(12) for name in ACCOUNTS}
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as accounts:
            accounts.writelines(f"{name} {password}\n" for name, password in passwords.items())
    for name, role in ACCOUNTS.items():
        editor = Editor.objects.create_user(
            name, password=passwords[name], is_staff=True, public_name=f"Local {role.lower()}"
        )
        editor.groups.add(Group.objects.get(name=role))
