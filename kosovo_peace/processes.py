"""The processes of the running site: web server and worker, side by side until told to stop.

On one machine they are one command; where the worker is a service of its own, the web server runs alone.

`manage.py serve` loads the site once and forks: the children share that memory, and need not load
it again. Where there is no safe fork (outside Linux), each loads it for itself.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import signal
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from types import FrameType

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

GRACE = 15.0  # seconds to finish what is being answered
UP_WITHIN = 60.0
M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3  # of mallopt(3)
LARGE_BLOCK = 512 * 1024  # bytes
PAUSE = 5.0  # before a worker that ended is started anew
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Somebody asked us to end."""


def run(host: str, port: int, *, web_workers: int, with_worker: bool = True, say: Callable[[str], object]) -> int:
    """Serve until stopped. Returns 0 when asked to stop, 1 when the web server ended by itself."""
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)
        _load()
    for number in ENDING:
        signal.signal(number, _stop)
    running: list[BaseProcess] = []
    code = 0
    try:
        web = _start(running, serve_web, host, port, web_workers)
        if _wait_until_up(web, host, port):
            say("Ready.")
        worker = _start(running, work) if with_worker else None
        while web.is_alive():
            if worker and not worker.is_alive():
                say(f"The worker ended ({worker.exitcode}); starting it anew.")
                running.remove(worker)
                time.sleep(PAUSE)
                worker = _start(running, work)
            web.join(1)
        say(f"The web server ended by itself ({web.exitcode}).")
        code = 1
    except Stop:
        say("Stopping …")
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    _end(running)
    return code


def serve_web(host: str, port: int, web_workers: int) -> None:
    """Granian: WSGI over HTTP/1."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    _forget_handlers()
    Granian(
        "kosovo_peace.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        workers=web_workers,
        blocking_threads=settings.WEB_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
        log_dictconfig=settings.LOGGING,  # or its own lines would replace ours
    ).serve()


def work() -> None:
    """The worker, as `manage.py work` runs it."""
    _forget_handlers()
    django.setup()
    call_command("work")


def _load() -> None:
    """Load what every process needs, and leave it out of the search for garbage, so that it stays shared."""
    from django.urls import get_resolver

    import kosovo_peace.wsgi  # noqa: F401

    get_resolver().url_patterns  # noqa: B018
    connections.close_all()
    _keep_one_heap()
    gc.collect()
    gc.freeze()


def _keep_one_heap() -> None:
    """Let all threads take their memory from one heap, where the C library is GNU's: each would keep tens of MB.

    Large blocks, such as those a page is compressed in, go back to the system when they are done with. Left to itself
    the library takes them from the heap once it has seen some, and what is taken behind them keeps their room.
    """
    with suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 1)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def _start(running: list[BaseProcess], target: Callable[..., None], *args: object) -> BaseProcess:
    process = multiprocessing.get_context().Process(target=target, args=args)
    process.start()
    running.append(process)
    return process


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _forget_handlers() -> None:
    """A forked child begins with its parent's."""
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)


def _wait_until_up(web: BaseProcess, host: str, port: int) -> bool:
    """Whether the server answers; False when it has ended, or takes too long."""
    address = f"http://{_own_address(host)}:{port}/livez"
    until = time.monotonic() + UP_WITHIN
    while web.is_alive() and time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def _own_address(host: str) -> str:
    if host in ("0.0.0.0", ""):  # noqa: S104  listening there is the operator's choice
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


def _end(processes: list[BaseProcess]) -> None:
    """Ask all to end, and make those that do not."""
    for process in processes:
        process.terminate()
    until = time.monotonic() + GRACE
    for process in processes:
        process.join(max(0.1, until - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()
