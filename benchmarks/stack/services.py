"""Which processes make up the stack, and how each is started."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import environment, manage
from benchmarks.errors import BenchmarkError
from benchmarks.ports import free_port, listens
from benchmarks.running_site import SERVE
from benchmarks.stack.processes import Service
from scripts import front, with_postgres

# What PostgreSQL has acknowledged must still be there after it was killed; only a power cut may take it.
DATABASE_SETTINGS = with_postgres.SETTINGS | {"synchronous_commit": "on", "max_connections": "80"}
# As docker-compose.yml starts it: a cache, of which nothing is written to disk.
REDIS = ["--save", "", "--appendonly", "no", "--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"]
WORK_EVERY = 1  # seconds; a minute on a server


@dataclass
class Stack:
    """The processes, their addresses, and the folder with all they write. Logs are `folder/NAME.log`."""

    folder: Path
    url: str
    database_url: str
    cache_url: str
    environment: Mapping[str, str]  # of the web processes and the worker: for `manage.py` beside them
    own_postgres: Service | None
    redis: Service
    web: list[Service]
    worker: Service
    nginx: Service
    certificate: Path
    as_proxy: Mapping[str, str] = field(default_factory=dict)  # headers for asking a web process as nginx does

    @property
    def postgres(self) -> Service:
        """Raises BenchmarkError when the database is on a server that was there before."""
        if self.own_postgres is None:
            raise BenchmarkError("The database server was not begun here.")
        return self.own_postgres

    @property
    def services(self) -> list[Service]:
        """In the order of their start."""
        own = [self.own_postgres] if self.own_postgres else []
        return [*own, self.redis, *self.web, self.worker, self.nginx]

    @property
    def accounts(self) -> dict[str, str]:
        """First passwords of the local accounts, by name."""
        lines = (self.folder / "data" / "accounts.txt").read_text().splitlines()
        return dict(line.split() for line in lines if len(line.split()) == 2)

    @property
    def tls(self) -> ssl.SSLContext:
        """For clients: trusts the certificate made for this run."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def stop(self) -> None:
        for service in reversed(self.services):
            service.stop()


@contextmanager
def running_stack(
    folder: Path | None = None, *, port: int = 0, database_url: str = "", as_it_is: bool = False, **settings: str
) -> Iterator[Stack]:
    """All processes, until the `with` ends; `settings` are further variables of the site's environment.

    Without `folder` all they write is gone afterwards. `database_url` names a database to use instead of a server
    begun for this run. `as_it_is` leaves out the set-up (tables, founding record, accounts) and the worker.
    """
    require_programs()
    with tempfile.TemporaryDirectory(prefix="kp-stack-", dir="/tmp", ignore_cleanup_errors=True) as name:
        temporary = Path(name)
        temporary.chmod(0o755)  # PostgreSQL may be run by another account
        stack = _described(folder or temporary / "site", temporary, port, database_url, as_it_is, settings)
        try:
            _start(stack, as_it_is)
            yield stack
        finally:
            stack.stop()


def require_programs() -> None:
    """Raises BenchmarkError when nginx or Redis is not installed."""
    missing = [name for name in ("nginx", "redis-server") if not program(name)]
    if missing:
        raise BenchmarkError(
            f"Not found: {' and '.join(missing)}. On Debian or Ubuntu: apt-get install {' '.join(missing)}"
            " (their system services need not run: systemctl disable --now nginx redis-server)."
        )


def program(name: str) -> str:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin") or ""


def _described(
    folder: Path, temporary: Path, port: int, database_url: str, as_it_is: bool, settings: Mapping[str, str]
) -> Stack:
    data, tls = folder / "data", folder / "tls"
    for one in (data, tls, folder / "nginx"):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
    https, redis_port = port or free_port(), free_port()
    url, cache_url = f"https://127.0.0.1:{https}", f"redis://127.0.0.1:{redis_port}/0"
    postgres = None if database_url else _postgres(temporary)
    database = database_url or (postgres.url if postgres else "")
    site = (
        environment(database, data)
        | {"CACHE_URL": cache_url, "SITE_URL": url, "TRUSTED_PROXIES": "127.0.0.1", "PAGE_CACHE_MB": "16"}
        | {"DJANGO_SETTINGS_MODULE": "kosovo_peace.settings", "SERIAL_REMEMBERED": "0", "WEB_WORKERS": "1"}
        | dict(settings)
    )
    web = [_web(f"web-{number}", folder, site, as_it_is) for number in (1, 2)]
    nginx_files = _filled_in(folder, url, https, web)
    as_root = ["-g", "user root;"] if os.geteuid() == 0 else []
    return Stack(
        folder=folder,
        url=url,
        database_url=database,
        cache_url=cache_url,
        environment=site,
        certificate=tls / "certificate.pem",
        as_proxy={"Host": f"127.0.0.1:{https}", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"},
        own_postgres=postgres,
        redis=Service(
            "redis",
            [program("redis-server"), "--port", str(redis_port), "--bind", "127.0.0.1", "--dir", str(folder), *REDIS],
            folder / "redis.log",
            is_up=lambda: listens(redis_port),
            port=redis_port,
            url=cache_url,
        ),
        web=web,
        worker=Service(
            "work",
            [sys.executable, "manage.py", "work", "--interval", str(WORK_EVERY)],
            folder / "work.log",
            site,
        ),
        nginx=Service(
            "nginx",
            [program("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(nginx_files), *as_root],
            folder / "nginx.log",
            is_up=lambda: listens(https),
            port=https,
            url=url,
            end_with=signal.SIGQUIT,  # it answers what it has begun to
        ),
    )


def _postgres(folder: Path) -> Service:
    """A server on a new cluster in this folder. Raises BenchmarkError where there are no programs for it."""
    account, place = with_postgres.server_account(), folder / "postgres"
    place.mkdir()
    if os.geteuid() == 0:
        os.chown(place, account.uid, account.gid)
    try:
        binaries = with_postgres.find_binaries(account, place)
        with_postgres.make_cluster(binaries, place / "data", account)
    except with_postgres.NoServerError as error:
        raise BenchmarkError(str(error)) from None
    settings = [word for name, value in DATABASE_SETTINGS.items() for word in ("-c", f"{name}={value}")]
    # The last line of this file is "ready" once connections are accepted.
    state = place / "data" / "postmaster.pid"
    return Service(
        "postgres",
        [str(binaries / "postgres"), "-D", str(place / "data"), "-k", str(place), *settings],
        folder / "postgres.log",
        is_up=lambda: state.read_text().rstrip().endswith("ready"),
        url=f"postgres://{with_postgres.SERVER_USER}@/{place}/postgres",
        account=account.as_subprocess(),
        end_with=signal.SIGINT,  # it ends connections instead of waiting for them
    )


def _web(name: str, folder: Path, site: Mapping[str, str], as_it_is: bool) -> Service:
    port = free_port()
    begin = ["-c", SERVE.format(port=port, workers=1)] if as_it_is else ["manage.py", "serve", "--without-worker"]
    return Service(
        name,
        [sys.executable, *begin],
        folder / f"{name}.log",
        {**site, "PORT": str(port)},
        is_up=lambda: _answers(port),
        port=port,
        url=f"http://127.0.0.1:{port}",
    )


def _answers(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2) as answer:
        return bool(answer.status == 200)


def _filled_in(folder: Path, url: str, https: int, web: list[Service]) -> Path:
    """deploy/nginx.conf with what docker-compose.yml gives it for the containers."""
    files = folder / "nginx"
    text = front.filled({
        "FRONT_SITE": url,
        "FRONT_HTTP": f"127.0.0.1:{free_port()}",
        "FRONT_HTTPS": f"127.0.0.1:{https}",
        "FRONT_WEB": " ".join(f"server 127.0.0.1:{one.port} max_fails=3 fail_timeout=2s;" for one in web),
        "FRONT_TLS": str(folder / "tls"),
        "FRONT_FILES": str(files),
        "FRONT_LOG": str(files / "access.log"),
        "FRONT_ERRORS": "stderr",
    })  # fmt: skip
    path = files / "nginx.conf"
    path.write_text(f"daemon off;\n{text}", encoding="utf-8")
    return path


def _start(stack: Stack, as_it_is: bool) -> None:
    if stack.own_postgres:
        stack.own_postgres.start()
    stack.redis.start()
    if as_it_is:
        ignored = [word for name in ("redoc", "rest_framework") for word in ("--ignore", name)]
        manage("collectstatic", "--no-input", "--verbosity", "0", *ignored, environment=stack.environment)
    manage("make_certificate", str(stack.certificate.parent), environment=stack.environment)
    stack.web[0].start()  # it sets the site up; the other finds all done
    stack.web[1].start()
    if not as_it_is:
        stack.worker.start()
    stack.nginx.start()
