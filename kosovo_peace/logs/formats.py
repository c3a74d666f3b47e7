"""How a line of the log is written: as JSON for machines, or to be read on a terminal.

Whatever was sent to the site, an entry is one line (a traceback on a terminal is indented below it), so that none can be
forged; and what may say who somebody is stays out: e-mail addresses, private addresses of reports and drafts, and the
values that PostgreSQL quotes of a row.
"""

from __future__ import annotations

import datetime
import json
import logging
import re
import traceback
from contextvars import ContextVar
from typing import Any

from django.db import InterfaceError, OperationalError

request_id: ContextVar[str] = ContextVar("request_id", default="")

LONGEST = 500  # characters of a message
# What an entry may carry besides its message, in this order.
FIELDS = ("method", "path", "route", "status", "ms")
# These say all in their words, and while a database is away there are many.
WITHOUT_TRACEBACK = (OperationalError, InterfaceError)

_MAIL = re.compile(r"[^\s@\"'<>()\[\]{},;:=]+@[^\s@\"'<>()\[\]{},;:]+")
_PRIVATE = re.compile(r"(/(?:corrections/mine|preview)/)[^/?\s\"']+")
_VALUES = re.compile(
    r"^DETAIL:.*?(?=^(?:HINT:|The above exception|During handling|Traceback)|\Z)", re.DOTALL | re.MULTILINE
)
_NOT_SHOWN = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u2070-\ud7ff\uf900-\uffef\U00010000-\U0010ffff]")


def cleaned(text: str) -> str:
    """The text without what may say who somebody is."""
    if "DETAIL:" in text:
        text = _VALUES.sub("", text)
    if "@" in text:
        text = _MAIL.sub("(address)", text)
    return _PRIVATE.sub(r"\1…", text)


class JsonLines(logging.Formatter):
    """One JSON object a line, in ASCII: time (UTC), level, logger, message, and what there is of the rest."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if current := request_id.get():
            entry["request_id"] = current
        entry |= {name: found for name in FIELDS if (found := _extra(record, name)) is not None}
        if error := _error(record):
            entry["error"], entry["traceback"] = error
        return json.dumps(entry)


class Lines(logging.Formatter):
    """A line to be read: time of the day, level unless it is usual, what happened."""

    def format(self, record: logging.LogRecord) -> str:
        found = [value for name in FIELDS if name != "route" and (value := _extra(record, name)) is not None]
        line = " ".join(str(part) for part in found) + " ms" if "ms" in record.__dict__ else _message(record)
        level = "" if record.levelno == logging.INFO else f"{record.levelname} "
        line = f"{_time(record).astimezone():%H:%M:%S} {level}{line}"
        error, trace = _error(record) or ("", "")
        if error and not trace:
            line += f" {error}"
        return "\n    ".join([_printable(line).replace("\n", " "), *_printable(trace).splitlines()])


def _time(record: logging.LogRecord) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(record.created, tz=datetime.UTC)


def _message(record: logging.LogRecord) -> str:
    return cleaned(record.getMessage()[: 4 * LONGEST])[:LONGEST]


def _extra(record: logging.LogRecord, name: str) -> Any:
    value = record.__dict__.get(name)
    return cleaned(value[: 4 * LONGEST])[:LONGEST] if isinstance(value, str) else value


def _error(record: logging.LogRecord) -> tuple[str, str] | None:
    """What was raised, and the traceback; the words alone where they say it all."""
    if not record.exc_info or record.exc_info[1] is None:
        return None
    error = record.exc_info[1]
    name = type(error).__name__
    if isinstance(error, WITHOUT_TRACEBACK):
        return f"{name}: {' '.join(cleaned(str(error)).split())[:LONGEST]}", ""
    return name, cleaned("".join(traceback.format_exception(error))).rstrip()


def _printable(text: str) -> str:
    """The text without what moves the cursor, changes colours or turns the direction of writing."""
    return _NOT_SHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
