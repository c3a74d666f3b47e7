"""Whether what is public is still what was published.

`check()` reads every edition that was ever public and compares it with its frozen text;
`check_and_keep()` does the same and keeps what it came to, for `kept_problem()`; `quick()` asks what
costs the same however much there is. The last two are for health checks. What they find are
sentences that name record, edition and field. A *fault* should never be; a *note* is worth knowing
and no fault, such as a source whose title was corrected after it had been cited.
"""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from editorial import freezing
from editorial.models import (
    PUBLIC,
    Change,
    Edition,
    FormerAddress,
    IntegrityCheck,
    PublicSerial,
    Record,
    State,
    Transition,
)
from editorial.models.editions import LIVE, heavy

logger = logging.getLogger(__name__)

SHOWN = 60  # letters of a value that a sentence quotes
MISSING = object()
EVERY = datetime.timedelta(days=1)  # between two checks of the whole record
TOO_LONG = datetime.timedelta(days=2)  # without one


@dataclass
class Findings:
    """What a check came to."""

    editions: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def quick() -> list[str]:
    """Faults of the serial, of the records' live editions and of the kinds, in a few queries."""
    return [*_serial_faults(), *_live_faults(), *_kind_faults()]


def check_and_keep() -> Findings:
    """Check everything and keep what it came to.

    What is published, renamed or merged while the check runs may look like a fault: one is found twice.
    """
    findings = check()
    if findings.faults:
        again = check()
        again.faults = [fault for fault in again.faults if fault in findings.faults]
        findings = again
    IntegrityCheck.objects.create(editions=findings.editions, faults=findings.faults)
    return findings


def is_due() -> bool:
    """Whether the whole record was not checked for a day."""
    return not IntegrityCheck.objects.filter(at__gt=timezone.now() - EVERY).exists()


def kept_problem() -> str:
    """What is wrong with the last check of the whole record, in two queries; empty when all is well.

    A site that has been public for less than two days need not have been checked.
    """
    last = IntegrityCheck.objects.only("at", "faults").first()
    if last and last.faults:
        return f"faults found on {last.at:%-d %B %Y}: {len(last.faults)}"
    limit = timezone.now() - TOO_LONG
    if last and last.at > limit:
        return ""
    first = Transition.objects.filter(to_state__in=PUBLIC).first()
    if first is None or first.at > limit:
        return ""
    return f"last checked on {last.at:%-d %B %Y}" if last else "never checked"


def check() -> Findings:
    """Everything `quick` asks, and each once-public edition against its hash, chain and rows."""
    findings = Findings(faults=quick())
    names = _names_now()
    once_public = (
        Edition.objects.once_public()
        .select_related("record", "based_on")
        .defer("rendered", *heavy("based_on"))
        .order_by("record_id", "number")
    )
    for _, editions in groupby(once_public.iterator(chunk_size=50), lambda edition: edition.record_id):
        previous: Edition | None = None
        for edition in editions:
            findings.editions += 1
            frozen = _frozen(edition)
            findings.faults += [f"{_name(edition)}: {fault}" for fault in _text_faults(edition, previous, frozen)]
            try:
                _compare(edition, frozen, names, findings)
            except Exception as error:  # one that cannot be read must not hide what is wrong with the others
                logger.exception("Comparing %s failed", _name(edition))
                findings.faults.append(f"{_name(edition)}: it could not be compared with its frozen text: {error!r}")
            previous = edition
    return findings


# What `quick` asks


def _serial_faults() -> list[str]:
    last = Change.objects.aggregate(last=Max("serial"))["last"] or 0
    serial = PublicSerial.objects.values_list("value", flat=True).first()
    if serial is None:
        return ["The serial has no row: run `manage.py migrate`."]
    return [f"The serial is {serial}, and the public log goes to {last}."] if serial < last else []


def _live_faults() -> list[str]:
    live = Edition.objects.filter(record=OuterRef("pk"), state__in=LIVE).values("pk")[:1]
    records = Record.objects.annotate(by_state=Subquery(live)).filter(
        Q(live=None, by_state__isnull=False)
        | Q(live__isnull=False, by_state=None)
        | Q(live__isnull=False, by_state__isnull=False) & ~Q(live=F("by_state"))
    )
    return [
        f"{record}: its live edition is {_by_id(record.live_id)}, and by its state it should be "
        f"{_by_id(record.by_state)}."
        for record in records
    ]


def _by_id(pk: int | None) -> str:
    return f"the one with id {pk}" if pk else "none"


def _kind_faults() -> list[str]:
    """Editions without the row of their kind, such as a mission's edition that is no Mission."""
    kinds = {
        accessor.removeprefix("as_"): accessor
        for relation in Edition._meta.related_objects
        if relation.one_to_one and issubclass(relation.related_model, Edition)
        if (accessor := relation.get_accessor_name())
    }
    wrong = ~Q(record__kind__in=kinds)
    for kind, accessor in kinds.items():
        wrong |= Q(record__kind=kind, **{f"{accessor}__isnull": True})
    editions = Edition.objects.filter(wrong).select_related("record").light()
    return [f"{_name(edition)}: the row of its kind is missing." for edition in editions]


# One edition


def _name(edition: Edition) -> str:
    number = f"edition {edition.number}" if edition.number else f"open edition with id {edition.pk}"
    return f"{edition.record}, {number}"


def _text_faults(edition: Edition, previous: Edition | None, frozen: dict[str, Any]) -> Iterator[str]:
    """What is wrong with its number, its frozen text and the chain."""
    expected = previous.number + 1 if previous and previous.number else 1
    if edition.number != expected:
        yield f"edition {expected} is missing before it."
    if freezing.sha256(edition.frozen) != edition.sha256:
        yield "its frozen text is not the one that its SHA-256 was made of."
    if not frozen:
        yield "its frozen text cannot be read."
        return
    if frozen.get("previous_sha256", "") != (previous.sha256 if previous else ""):
        yield "its frozen text does not hold the SHA-256 of the edition before it."
    approved = edition.transitions.filter(to_state=State.IN_REVIEW).last()
    if approved and not _same_words(approved.text, freezing.canonical(frozen["content"])):
        yield "its frozen text is not the one that was approved."


def _same_words(one: str, other: str) -> bool:
    """Whether two contents say the same; what is no content says nothing."""
    try:
        return freezing.same_words(one, other)
    except (ValueError, TypeError, AttributeError):
        return False


def _frozen(edition: Edition) -> dict[str, Any]:
    """The frozen document; empty where it is none."""
    try:
        document = json.loads(edition.frozen)
    except ValueError:
        return {}
    return document if isinstance(document, dict) and isinstance(document.get("content"), dict) else {}


def _compare(edition: Edition, then: dict[str, Any], names: dict[str, str], findings: Findings) -> None:
    """Add to the findings where the edition and its rows are not what the frozen text says."""
    try:
        typed = edition.typed
    except ObjectDoesNotExist:
        return  # `quick` has said so
    document = freezing.document(edition, previous=then.get("previous_sha256", ""))
    now = json.loads(freezing.canonical(document))
    for place, was, is_now in _differences(then, now):
        if _renamed(was, names) == is_now:
            continue
        where = f"{_name(edition)}: {', '.join(place).removeprefix('content, ')}"
        if place[-1] == "as_printed":
            findings.notes.append(f"{where}: {_in_words(was, is_now)}")
        elif is_now is MISSING and not _is_known(typed, place):
            findings.notes.append(f"{where}: only the frozen text has it; the column is no more.")
        else:
            findings.faults.append(f"{where}: {_in_words(was, is_now)}")
    findings.faults += [f"{_name(edition)}: {fault}" for fault in typed.file_faults(then["content"])]


def _differences(then: Any, now: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """(place, value then, value now) wherever two documents differ.

    What is new and empty is no difference: it comes with a column added since.
    """
    if isinstance(then, dict) and isinstance(now, dict):
        for name in sorted(then.keys() | now.keys()):
            if name in then or now[name]:
                yield from _differences(then.get(name, MISSING), now.get(name, MISSING), (*place, name))
    elif then != now:
        yield place, then, now


def _is_known(typed: Edition, place: tuple[str, ...]) -> bool:
    """Whether the place of a frozen text is one that editions still have."""
    if place[0] != "content" or len(place) == 1:
        return True
    rows = {model.plural: model for model in typed.row_models}
    if place[1] in rows and len(place) > 3:
        return place[3] in {column.name for column in rows[place[1]]._meta.fields}
    return place[1] in {column.name for column in typed._meta.get_fields()}


def _names_now() -> dict[str, str]:
    """Names in older frozen texts of records and of what was merged, and what they are called now."""
    records = {str(former): former.record.frozen_key for former in FormerAddress.objects.select_related("record")}
    return records | freezing.keys_now()


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        renamed = [names.get(one, one) if isinstance(one, str) else one for one in value]
        return renamed if renamed == value else sorted(renamed)
    return names.get(value, value) if isinstance(value, str) else value


def _in_words(was: Any, is_now: Any) -> str:
    if is_now is MISSING:
        return "was published and is gone."
    if was is MISSING:
        return "was not published and is there."
    was, is_now = _text(was), _text(is_now)
    pairs = zip(was, is_now, strict=False)
    first = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(was), len(is_now)))
    start = max(0, first - SHOWN // 3)
    return f"{_excerpt(was, start)} was published, {_excerpt(is_now, start)} is there."


def _text(value: Any) -> str:
    return value if isinstance(value, str) else freezing.canonical(value)


def _excerpt(text: str, start: int) -> str:
    before, after = "…" if start else "", "…" if len(text) > start + SHOWN else ""
    return f"“{before}{text[start : start + SHOWN]}{after}”"
