"""Has it changed since somebody cited it? From an address of ours to what has become of what stood there.

`answer` takes an address as somebody wrote it down, with the edition or the day. It raises `CannotTell`,
whose words are for the one who asked. Records, their editions and their facts can be asked for: they have
editions. The number of queries does not depend on how many there are.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from editorial.addresses import now_or_formerly_at
from editorial.models import Correction, Edition, Record, State
from editorial.models.editions import heavy
from missions.correction_notices import being_corrected, reports_on
from missions.models import KINDS, Figure
from missions.pages import Link, fact_address, public_links

API = "api:"


class Status(StrEnum):
    """What has become of it; the first of these that applies, from the gravest."""

    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    UPDATED = "updated"
    MOVED = "moved"
    UNCHANGED = "unchanged"


class CannotTell(Exception):
    """Why there is no answer, in a sentence; `field` is what was wrong: `address`, `edition` or `on`.

    `is_unknown` where what was asked is an address of ours, and nothing public stands or stood there.
    """

    def __init__(self, sentence: str, field: str = "address", *, is_unknown: bool = False) -> None:
        super().__init__(sentence)
        self.field = field
        self.is_unknown = is_unknown


@dataclass(frozen=True)
class Named:
    """What an address of ours names: a record, perhaps one of its facts, perhaps an edition or a day."""

    kind: str
    slug: str
    fact: str = ""
    edition: str = ""
    on: str = ""


@dataclass(frozen=True)
class Step:
    """An edition that followed: the reports it answered, and whether it gave the fact otherwise."""

    edition: Edition
    reports: list[Correction]
    changes_fact: bool = False


@dataclass
class Answer:
    """What has become of an edition, or of a fact in it, since it was public."""

    record: Record
    cited: Edition
    now: Edition  # the latest: public, withdrawn, or removed
    was_at: str  # its slug in the address asked for
    steps: list[Step]
    fact: str = ""
    values_then: list[Figure] = field(default_factory=list)
    values_now: list[Figure] = field(default_factory=list)
    correcting: list[Correction] = field(default_factory=list)
    replacement: Link | None = None

    @property
    def status(self) -> Status:
        changes = [step for step in self.steps if step.changes_fact or not self.fact]
        if self.cited.is_suppressed or self.now.is_suppressed:
            return Status.REMOVED
        if self.now.state == State.WITHDRAWN:
            return Status.WITHDRAWN
        if any(step.edition.is_correction for step in changes):
            return Status.CORRECTED
        if changes:
            return Status.UPDATED
        return Status.MOVED if self.has_moved else Status.UNCHANGED

    @property
    def has_moved(self) -> bool:
        return self.was_at != self.record.slug

    @property
    def address(self) -> str:
        """Where it is read now."""
        return fact_address(self.record, self.fact) if self.fact else self.record.get_absolute_url()

    @property
    def difference(self) -> str:
        """Where stands what differs between the edition cited and the latest; empty where there is nothing."""
        if not self.steps or self.cited.is_suppressed or self.now.is_suppressed:
            return ""
        return self.now.difference_address(self.cited.number)

    @property
    def compares_values(self) -> bool:
        """Whether there are values of two editions to hold against each other."""
        return bool(self.fact and self.steps) and not (self.cited.is_suppressed or self.now.is_suppressed)

    @property
    def only_then(self) -> list[Figure]:
        """Values of the edition cited that the latest does not give."""
        now = set(_said(self.values_now))
        return [figure for figure in self.values_then if _what(figure) not in now]

    @property
    def only_now(self) -> list[Figure]:
        """Values of the latest that the edition cited does not give."""
        then = set(_said(self.values_then))
        return [figure for figure in self.values_now if _what(figure) not in then]

    @property
    def in_both(self) -> list[Figure]:
        now = set(_said(self.values_now))
        return [figure for figure in self.values_then if _what(figure) in now]

    @property
    def in_words(self) -> str:
        """The answer in a sentence or two."""
        cited, now = f"edition {self.cited.number}", f"edition {self.now.number}"
        what = "this figure" if self.fact else "it"
        match self.status:
            case Status.REMOVED if self.cited.is_suppressed:
                return f"The text of {cited}, which you cite, was removed for legal cause."
            case Status.REMOVED:
                return f"You cite {cited}, which still stands at its address. The latest, {now}, was removed for legal cause."
            case Status.WITHDRAWN if self.steps:
                return f"You cite {cited}. The latest, {now}, was withdrawn: do not rely on it."
            case Status.WITHDRAWN:
                return f"The edition that you cite, {cited}, was withdrawn: do not rely on it."
            case Status.CORRECTED:
                return f"You cite {cited}. Since then {what} was corrected: something in it was wrong. Public now is {now}."
            case Status.UPDATED:
                return f"You cite {cited}. Since then {what} was updated; no correction was made. Public now is {now}."
        if self.steps:
            return f"Public now is {now}. It gives this figure as {cited} does, which you cite."
        return f"The edition that you cite, {cited}, is the one that is public now."


def answer(address: str, *, edition: str = "", on: str = "", hosts: Collection[str] = ()) -> Answer:
    """What has become of what the address names. `edition` and `on` say which edition, where it does not itself.

    `hosts` are names under which this site is read, besides its own. Raises CannotTell.
    """
    named = name(address, hosts)
    if edition and named.edition and edition != named.edition:
        raise CannotTell(f"The address is that of edition {named.edition}, not of edition {edition}.", "edition")
    record = _record(named)
    editions = list(record.editions.once_public().light().select_related("record").order_by("number"))
    cited = _cited(editions, edition or named.edition, on or named.on)
    later = [one for one in editions if (one.number or 0) > (cited.number or 0)]
    reports = reports_on(editions[-1])
    answered: dict[int | None, list[Correction]] = defaultdict(list)
    for report in reports:
        answered[report.fixed_in_id].append(report)
    found = Answer(record, cited, editions[-1], named.slug, [Step(one, answered[one.pk]) for one in later])
    unanswered = being_corrected(reports)
    found.correcting = unanswered.reports
    if named.fact:
        _add_fact(found, named.fact)
        figures = [*found.values_then, *found.values_now]
        found.correcting = unanswered.of_figure(named.fact, *(figure.key for figure in figures))
    if found.now.replacement_id:
        found.replacement = public_links([found.now.replacement_id]).get(found.now.replacement_id)
    return found


def name(address: str, hosts: Collection[str] = ()) -> Named:
    """What an address names. Raises CannotTell for one that is not ours, or has no editions."""
    parts = _parts(address, hosts)
    match = _resolved(unquote(parts.path))
    route = match.view_name if match else ""
    kind, _, _ = route.removeprefix(API).partition("-")
    if match is None or kind not in KINDS or "slug" not in match.kwargs:
        raise CannotTell(
            "This is no address of a mission, event or article, of one of its editions or of one of its figures: only "
            "these have editions that can be compared.",
            is_unknown=True,
        )
    query = {name: values[-1].strip() for name, values in parse_qs(parts.query, max_num_fields=100).items()}
    number = match.kwargs.get("number") or match.kwargs.get("newer") or query.get("edition", "")
    return Named(kind, match.kwargs["slug"], match.kwargs.get("fact", ""), str(number), query.get("on", ""))


def _parts(address: str, hosts: Collection[str]) -> SplitResult:
    address = address.strip()
    if not re.match(r"/|https?://", address, re.IGNORECASE):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        parse_qs(parts.query, max_num_fields=100)
    except ValueError:
        raise CannotTell("This is no address.") from None
    ours = {urlsplit(settings.SITE_URL).netloc, *hosts}
    if parts.netloc and parts.netloc.lower() not in {host.lower() for host in ours}:
        raise CannotTell(f"This is no address of ours: ours begin with {settings.SITE_URL}/.")
    return parts


def _resolved(path: str) -> ResolverMatch | None:
    """The last slash may be missing."""
    for tried in (path, f"{path}/"):
        try:
            return resolve(tried)
        except Resolver404:
            continue
    return None


def _record(named: Named) -> Record:
    record = now_or_formerly_at(named.kind, named.slug).first()
    if record is None:
        raise CannotTell("Nothing public stands, or has stood, at this address.", is_unknown=True)
    return record


def _cited(editions: list[Edition], number: str, on: str) -> Edition:
    """The edition that somebody had before them."""
    latest = editions[-1].number
    if number:
        found = next((edition for edition in editions if str(edition.number) == number), None)
        if found is None:
            raise CannotTell(
                f"There is no edition “{number[:20]}” of it: the latest is {latest}.", "edition", is_unknown=True
            )
        return found
    if not on:
        raise CannotTell(
            "Say which edition you cite, or on which day you read it: the address alone does not.", "edition"
        )
    try:
        day = datetime.date.fromisoformat(on)
    except ValueError:
        raise CannotTell("Write the day as 2024-05-01.", "on") from None
    if day > timezone.localdate():
        raise CannotTell("That day has not come yet.", "on")
    public = [one for one in editions if one.published_at and timezone.localdate(one.published_at) <= day]
    if not public:
        first = timezone.localtime(editions[0].published_at)
        raise CannotTell(f"It was not public yet: edition 1 was published on {first.day} {first:%B %Y}.", "on")
    return public[-1]


def _add_fact(found: Answer, slug: str) -> None:
    """What the edition cited gave, what the latest gives, and which editions between gave something else."""
    said: dict[int, list[Figure]] = defaultdict(list)
    public = found.record.editions.public()
    figures = Figure.objects.filter(edition__in=public, fact=slug).select_related(
        "source", "measure", "basis", "edition"
    )
    for figure in figures.defer(*heavy("edition")).order_by("as_of", "rank", "key"):
        said[figure.edition.number or 0].append(figure)
    if not said:
        raise CannotTell("No public edition of this record gives a figure at this address.", is_unknown=True)
    cited = found.cited.number or 0
    if cited not in said and not found.cited.is_suppressed:
        first = min(said)
        raise CannotTell(
            f"Edition {cited} does not give this figure: edition {first} does.", "edition", is_unknown=True
        )
    found.fact = slug
    found.values_then, found.values_now = said[cited], said[found.now.number or 0]
    steps, before = [], found.values_then
    for step in found.steps:
        if step.edition.is_suppressed:
            steps.append(step)
            continue
        values = said[step.edition.number or 0]
        steps.append(Step(step.edition, step.reports, changes_fact=_said(values) != _said(before)))
        before = values
    found.steps = steps


def _said(figures: list[Figure]) -> list[tuple[object, ...]]:
    return [_what(figure) for figure in figures]


def _what(figure: Figure) -> tuple[object, ...]:
    """What makes a value another: not how its place in the source is written."""
    return figure.in_words, figure.unit, figure.as_of, figure.basis_id, figure.source_id
