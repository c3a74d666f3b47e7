"""The tables of what has happened in public: readers' reports with their answers, and every change."""

from __future__ import annotations

from typing import Any

from editorial.models import Change, Correction
from missions.exports.columns import Column, Reference, Table, address, in_pieces, of_model, text


def _decided(read: Any) -> Any:
    """A value that readers see once the report is decided."""
    return lambda report: read(report) if report.is_decided else None


def _original(report: Correction) -> int | None:
    original = report.duplicate_of
    return original.number if original and not original.is_spam else None


CORRECTIONS = Table(
    "corrections",
    "Reports and answers",
    "Readers’ reports and our answers, the declined ones too. What readers wrote and who they are is not here, not "
    "even where it stands on the page of the report.",
    (
        Column("number", "integer", "The number of the report.", lambda row: row.number),
        *of_model(Correction, "kind"),
        Column(
            "state",
            "string",
            "As readers see it: “new” until it is decided.",
            lambda row: str(row.state_for_readers),
            values=tuple(state for state in Correction.State if state not in Correction.SEEN_AS),
        ),
        Column(
            "category",
            "string",
            "What was wrong.",
            _decided(lambda row: row.category),
            values=tuple(Correction.Category.values),
        ),
        text("record", "The record it is about.", lambda row: row.record.frozen_key if row.record else None),
        address("about", "The address of what it is about.", lambda row: row.about_address),
        *of_model(Correction, "received_at"),
        Column("decided_at", "datetime", "When it was first decided on.", _decided(lambda row: row.decided_at)),
        Column("settled_at", "datetime", "When it came to its end.", lambda row: row.settled_at),
        text("answer", "Our answer, once there is one.", lambda row: row.answer),
        address(
            "fixed_in",
            "The permanent address of the edition that answered it.",
            lambda row: row.fixed_in.get_absolute_url() if row.fixed_in else "",
        ),
        Column("fixed_by", "integer", "The serial of the change that answered it.", lambda row: row.fixed_by_id),
        Column("duplicate_of", "integer", "The number of the report that says the same.", _decided(_original)),
        address("address", "Its page.", lambda row: row.get_absolute_url()),
    ),
    lambda: in_pieces(Correction.objects.ledger().order_by("pk")),
    key=("number",),
    references=(Reference(("fixed_by",), "changes"),),
)
CHANGES = Table(
    "changes",
    "Changes",
    "Everything that became public, changed or went, in order. A copy of the data can be kept exact by it.",
    (
        *of_model(Change, "serial", "at", "kind"),
        text("label", "What it is called.", lambda row: row.shown_label),
        text("note", "The change note or the public reason.", lambda row: row.shown_note),
        *of_model(Change, "minor"),
        text("record", "The record that changed.", lambda row: row.record.frozen_key if row.record else None),
        Column(
            "edition",
            "integer",
            "The number of the edition.",
            lambda row: row.edition.number if row.edition else None,
        ),
        text("sha256", "The hash of its frozen text.", lambda row: row.edition.sha256 if row.edition else None),
        Column("correction", "integer", "The number of the report.", lambda row: row.correction_id),
        address("address", "Where the thing changed can be seen.", lambda row: row.address),
    ),
    lambda: in_pieces(Change.objects.to_show().order_by("serial")),
    key=("serial",),
)
