"""The few shared fixtures."""

from __future__ import annotations

import gc
import itertools
import os
import time

import pytest

DAY = 24 * 3600  # seconds


_folders = itertools.count()


def pytest_collection_finish():
    """What is loaded by now stays to the end: to look through it for garbage again and again is time lost."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite in a file, as the site runs it: in memory, all threads would share one connection."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def live_server(django_db_setup, live_server):
    """The server of the browser tests; begun before the database, it would take it for one in memory."""
    return live_server


@pytest.fixture(autouse=True)
def files_in_a_temporary_folder(settings, tmp_path_factory):
    """A place of its own for each test, which is made when something is written there."""
    folder = tmp_path_factory.getbasetemp() / f"site{next(_folders)}"
    settings.MEDIA_ROOT = folder / "media"
    settings.DATA_DIR = folder / "var"


@pytest.fixture(autouse=True)
def record_is_not_synthetic(monkeypatch):
    """What each process asks the database once, asked already: whichever test comes first counts no more queries."""
    from missions import synthetic

    monkeypatch.setitem(synthetic.known, synthetic.MARK, False)


@pytest.fixture(autouse=True)
def no_stretch_of_a_limit_ends(monkeypatch):
    """What is counted by the hour or the five minutes does not begin anew in the middle of a test."""
    from editorial import limits

    in_the_middle_of_each = time.time() // DAY * DAY + DAY / 2 + 17 * 60 + 31
    monkeypatch.setattr(limits, "clock", lambda: in_the_middle_of_each)


@pytest.fixture(autouse=True)
def passwords_hashed_quickly(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def connections_left_open():
    """The application, called as a server calls it, would close those of the test before and after each request."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def kept_pages(settings):
    """Public pages are kept, as on the site; none is at first."""
    from kosovo_peace import page_cache

    settings.PAGE_CACHE = True
    page_cache.forget()
    yield
    page_cache.forget()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The browser that `scripts/chromium.py` found, talking to nobody but us."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ["CHROMIUM"],
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }
