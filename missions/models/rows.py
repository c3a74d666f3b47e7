"""Rows that every kind of record has: statements, disagreements, illustrations."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from editorial.searched import joined
from sources.dates import PartialDateField
from sources.models import CitedRow


class Statement(CitedRow):
    """What somebody said: a verdict has a holder, a role and a date."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", "statement"
        ASSESSMENT = "assessment", "assessment"

    holder = models.CharField(max_length=200, help_text="Who said it: a person or a body.")
    role = models.CharField(max_length=200, blank=True, help_text="What they were when they said it.")
    date = PartialDateField(blank=True)
    kind = models.CharField(
        max_length=12, choices=Kind, default=Kind.STATEMENT, help_text="An assessment is a verdict."
    )
    quoted = models.BooleanField(default=False, help_text="The exact words; otherwise a paraphrase.")
    text = models.TextField(help_text="The words, or the paraphrase.")
    language = models.CharField(max_length=12, blank=True, default="en", help_text="Language of the words, as a code.")

    class Meta(CitedRow.Meta):
        pass

    def to_search(self) -> str:
        return f"{self.holder}: {self.text}"


class Disagreement(CitedRow):
    """Sources that differ, side by side: about a fact, a field, or a question in words."""

    class Reason(models.TextChoices):
        PLANNED_OR_DEPLOYED = "planned-or-deployed", "planned against deployed"
        PLACE_OR_SCOPE = "place-or-scope", "different place or scope"
        PERIOD = "period", "different period"
        PEOPLE_COUNTED = "people-counted", "different people counted"
        EARLY_COUNT = "early-count", "early count later replaced"
        ROUNDING = "rounding", "rounding"
        ONE_ORIGIN = "one-origin", "copied from one origin"
        DEPENDS = "depends-on-what-is-counted", "depends on what is counted"
        INTERNAL = "internally-inconsistent", "internally inconsistent"
        NOT_SETTLED = "not-settled", "not settled"

    about = models.CharField(
        max_length=100,
        blank=True,
        help_text="The fact (such as strength-on-entry-1999) or the field (such as start) it is about.",
    )
    question = models.CharField(max_length=400, help_text="What the sources differ on, as a question.")
    positions = models.JSONField(
        default=list,
        blank=True,
        help_text="Who says what: for each position its holder, the words or a paraphrase, and citation keys. "
        "None where the figures of the fact it is about say it all.",
    )
    reason = models.CharField(
        max_length=32,
        choices=Reason,
        default=Reason.NOT_SETTLED,
        help_text="Why they may differ, as far as we can tell.",
    )
    note = models.TextField(blank=True, help_text="What readers should know to judge it. It does not settle it.")
    settled = models.TextField(blank=True, help_text="By what it was settled; empty while it is open.")

    class Meta(CitedRow.Meta):
        pass

    def all_cited_keys(self) -> list[str]:
        return self.cited_keys + [key for position in self.positions for key in position.get("cites", [])]

    def to_search(self) -> str:
        positions = [f"{position.get('holder')}: {position.get('text')}" for position in self.positions]
        return joined(self.question, *positions, self.note, self.settled)

    def clean(self) -> None:
        """Raises ValidationError when a position has no holder or no text."""
        allowed = {"holder", "text", "quoted", "cites"}
        for position in self.positions:
            if not isinstance(position, dict) or not set(position) <= allowed:
                raise ValidationError({"positions": f"A position has {', '.join(sorted(allowed))}, and nothing else."})
            if not position.get("holder") or not position.get("text"):
                raise ValidationError({"positions": "Each position has a holder and says what they hold."})

    def gaps(self) -> list[str]:
        if len(self.positions) < 2 and not (self.about and not self.positions):
            return ["give at least two positions, or none where the figures of the fact are them."]
        return []


def hashed_name(instance: Any, filename: str) -> str:
    """Pictures are filed by their hash, so a name says nothing and never changes its content."""
    import hashlib
    from pathlib import Path

    digest = hashlib.sha256(instance.picture.read()).hexdigest()
    instance.picture.seek(0)
    return f"illustrations/{digest[:40]}{Path(filename).suffix.lower()}"


class Illustration(CitedRow):
    """A picture with what a reader needs: a description, a caption, a credit, a licence."""

    picture = models.ImageField(upload_to=hashed_name, width_field="width", height_field="height")
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    alt_text = models.CharField(max_length=400, help_text="What the picture shows, for those who cannot see it.")
    caption = models.CharField(max_length=400, blank=True)
    credit = models.CharField(max_length=200, help_text="Who made it.")
    licence = models.CharField(max_length=120, help_text="Under which licence it stands here.")

    class Meta(CitedRow.Meta):
        pass

    def to_search(self) -> str:
        return joined(self.caption or self.alt_text, self.credit)
