"""The worker: does what is due, again and again, beside the web server.

All it does is a row that is due, found and locked in the database, so several may run at once.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from editorial import integrity, limits, outbox, presence, workflow
from editorial.corrections import erasing
from kosovo_peace.data_files import keeping as data_files
from missions.pictures import keeping as pictures

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Publish what is due and forget what has expired, every minute until stopped; check the record once a day."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=60, help="Seconds between two rounds.")
        parser.add_argument("--alive", type=Path, help="A file to touch after each round, for who watches the worker.")

    def handle(self, *args: Any, interval: float, alive: Path | None = None, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            do_what_is_due()
            if alive:
                alive.touch()
            stop.wait(interval)


def do_what_is_due() -> None:
    """One round. What goes wrong is logged and tried again in the next; the rest is done all the same."""
    for job in JOBS:
        try:
            close_old_connections()
            job()
        except Exception:
            logger.exception("Could not %s; trying again in the next round.", job.__name__)
    close_old_connections()


def publish_due() -> None:
    """Publish scheduled editions whose time has come."""
    done, failed = workflow.publish_due()
    for edition in done:
        logger.warning("Published as scheduled: %s", edition.get_absolute_url())
    for edition in failed:
        edition.refresh_from_db(fields=["schedule_error"])
        logger.warning("Not published, though due: %s: %s", edition, edition.schedule_error)


def send_mails() -> None:
    """Send the mails whose turn it is."""
    outbox.send_due()


def forget_expired_counts() -> None:
    """Delete counts of rate limits whose time is over."""
    limits.forget_expired()


def forget_expired_sessions() -> None:
    """Delete sessions of editors that have ended by themselves."""
    SessionStore.clear_expired()


def erase_reporters() -> None:
    """Erase names and addresses of readers whose reports were answered long enough ago."""
    erasing.erase_due()


def forget_forms_left_open() -> None:
    """Forget who opened the form of an edition hours ago and never saved it."""
    presence.forget_old()


def check_record() -> None:
    """Once a day: compare all that is public with what was published."""
    if integrity.is_due():
        for fault in integrity.check_and_keep().faults:
            logger.error("The record is not as it was published: %s", fault)


def delete_pictures_of_nothing() -> None:
    """Delete the files of pictures that were uploaded into forms which nobody saved."""
    pictures.tidy()


def make_data_files() -> None:
    """Make the files to download of what has become public, and delete what must go."""
    with suppress(data_files.BeingMade):  # by a reader who was quicker
        data_files.tidy()
        data_files.newest(wait=0, however_large=True)


# These two read the whole record: what is due at a minute comes before them.
JOBS: list[Callable[[], None]] = [
    publish_due,
    send_mails,
    forget_expired_counts,
    forget_expired_sessions,
    erase_reporters,
    forget_forms_left_open,
    delete_pictures_of_nothing,
    make_data_files,
    check_record,
]
