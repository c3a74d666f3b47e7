"""What a report's page shows around its form: its file, others that may say the same, mails, where things stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin

from editorial.admin.access import admin_address, edition_address
from editorial.admin.corrections.inbox import about
from editorial.admin.lines import day_and_time, marks
from editorial.corrections.moves import FLOW
from editorial.models import Correction, CorrectionEntry, Edition, Mail, ReferenceData
from editorial.subjects import reference_data_at

MOST_OTHERS = 20


@dataclass(frozen=True)
class Way:
    """A link: what it leads to, where it is, and what stands before it."""

    before: str
    address: str
    text: str


@dataclass(frozen=True)
class ReportPage:
    """All of it. The number of queries is always the same."""

    report: Correction
    marks: list[tuple[str, str]]
    seen_at: list[Way]  # where readers see what it is about
    answered_by: list[Way]
    entries: list[CorrectionEntry]
    others: list[Correction]
    duplicates: list[Correction]
    mails: list[tuple[Mail, str]]

    @property
    def about(self) -> str:
        return about(self.report)

    @property
    def may_be_duplicate(self) -> bool:
        """Whether it can be said of it that another report says the same."""
        return not self.report.is_spam and Correction.State.DUPLICATE in FLOW[Correction.State(self.report.state)]


def report_page(report: Correction, site: admin.AdminSite) -> ReportPage:
    """Gather what the page of a report shows."""
    return ReportPage(
        report=report,
        marks=marks(report),
        seen_at=_seen_at(report, site),
        answered_by=_answered_by(report),
        entries=list(report.entries.select_related("by")),
        others=_others(report),
        duplicates=list(report.duplicates.select_related("record").order_by("pk")),
        mails=[(mail, _mail_state(mail)) for mail in report.mails.order_by("pk")],
    )


def propose_address(thing: ReferenceData, report: Correction) -> str:
    """The form of a source, organisation, place or term, where a change is to answer the report."""
    return f"{admin_address(thing, 'change', thing.pk)}?report={report.pk}"


def subject_of(report: Correction) -> ReferenceData | None:
    """The source, organisation, place or term that a report is about; None for one about a record."""
    return reference_data_at(report.subject) if report.subject else None


def _others(report: Correction) -> list[Correction]:
    """Those about the same figure or note first."""
    found = Correction.objects.like(report).select_related("record").most_urgent_first()[:MOST_OTHERS]
    keys = {("figure", report.figure), ("citation", report.citation)} - {("figure", ""), ("citation", "")}
    return sorted(found, key=lambda other: keys.isdisjoint({("figure", other.figure), ("citation", other.citation)}))


def _seen_at(report: Correction, site: admin.AdminSite) -> list[Way]:
    live = report.record.live if report.record else None
    ways = []
    if live is not None:
        ways.append(Way("The page", live.record.get_absolute_url(), str(live)))
    elif report.subject:
        ways.append(Way("The page", report.subject, report.about))
    if seen := report.edition_seen:
        ways.append(Way("What they saw", seen.get_absolute_url(), f"edition {seen.number}"))
    if live is not None and (report.figure or report.citation):
        kind: Any = site.get_model_admin(type(live.typed))
        ways += [Way(*way) for way in kind.where_readers_find(live.typed, figure=report.figure, note=report.citation)]
    return ways


def _answered_by(report: Correction) -> list[Way]:
    ways = []
    if report.state == Correction.State.IN_WORK and report.attached_to:
        ways.append(Way("To be answered by", edition_address(report.attached_to), _named(report.attached_to)))
    if report.state == Correction.State.IN_WORK and report.amendment:
        address = admin_address(report.amendment, "change", report.amendment.pk)
        ways.append(Way("To be answered by", address, str(report.amendment)))
    if report.fixed_in:
        ways.append(Way("Corrected in", report.fixed_in.get_absolute_url(), _named(report.fixed_in)))
    if report.fixed_by:
        ways.append(Way("Corrected by", report.fixed_by.address, f"change {report.fixed_by.serial}"))
    if report.duplicate_of:
        address = admin_address(report, "change", report.duplicate_of.pk)
        ways.append(Way("The same as", address, str(report.duplicate_of)))
    return ways


def _named(edition: Edition) -> str:
    number = f"edition {edition.number}" if edition.number else str(edition.get_state_display())
    return f"{edition}, {number}"


def _mail_state(mail: Mail) -> str:
    if mail.sent_at:
        return f"sent on {day_and_time(mail.sent_at)}"
    if mail.given_up_at:
        return f"given up on {day_and_time(mail.given_up_at)}: {mail.error}"
    tried = f", tried {mail.attempts} times: {mail.error}" if mail.attempts else ""
    return f"waits until {day_and_time(mail.due_at)}{tried}"
