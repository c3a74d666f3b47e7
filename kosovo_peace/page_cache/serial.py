"""The serial as a process knows it: at most a second old, and never going back."""

from __future__ import annotations

import threading
import time

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from editorial.models import PublicSerial

NO_DATABASE = (DatabaseError, InterfaceError)
WITHOUT_DATABASE = 3600.0  # seconds kept pages may outlive a database that does not answer
LEFT_ALONE = 1.0  # seconds after it did not
clock = time.monotonic


class SerialMemory:
    """Asks the database once in SERIAL_REMEMBERED seconds, for all threads that want to know."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._value = -1
        self._asked_at = self._read_at = self._failed_at = float("-inf")

    def remembered(self) -> int | None:
        """The serial, unless it is time to ask for it."""
        return self._value if clock() - self._asked_at < settings.SERIAL_REMEMBERED else None

    def now(self) -> int:
        """Raises one of NO_DATABASE when it does not answer and has not for too long."""
        arrived = clock()
        if arrived - self._asked_at < settings.SERIAL_REMEMBERED:
            return self._value
        with self._lock:
            # What another thread asked since this one came is new enough, even where nothing is remembered.
            if arrived - self._asked_at <= settings.SERIAL_REMEMBERED:
                return self._value
            if self._value >= 0 and arrived - self._failed_at < LEFT_ALONE:
                return self._value
            asked_at = clock()
            try:
                self._value = max(self._value, PublicSerial.now())
                self._read_at = asked_at
            except NO_DATABASE:
                self._failed_at = clock()
                if self._value < 0 or asked_at - self._read_at > WITHOUT_DATABASE:
                    raise
            self._asked_at = asked_at
            return self._value


serial_memory = SerialMemory()
