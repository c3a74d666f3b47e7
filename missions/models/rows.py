"""Rows that every kind of record has: statements, disagreements, illustrations."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from editorial.searched import joined
from missions.pictures import Picture, is_picture, keeping
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


class Illustration(CitedRow):
    """A picture with what a reader needs: a description, a caption, a credit, a licence."""

    class Licence(models.TextChoices):
        CC0 = "CC0-1.0", "CC0 1.0, no rights reserved"
        PUBLIC_DOMAIN = "public-domain", "public domain"
        CC_BY_4 = "CC-BY-4.0", "CC BY 4.0"
        CC_BY_3 = "CC-BY-3.0", "CC BY 3.0"
        CC_BY_2 = "CC-BY-2.0", "CC BY 2.0"
        CC_BY_SA_4 = "CC-BY-SA-4.0", "CC BY-SA 4.0"
        CC_BY_SA_3 = "CC-BY-SA-3.0", "CC BY-SA 3.0"
        CC_BY_SA_2 = "CC-BY-SA-2.0", "CC BY-SA 2.0"
        OGL_3 = "OGL-UK-3.0", "Open Government Licence 3.0 (United Kingdom)"
        PERMISSION = "permission", "by permission of the holder of the rights"

    picture = models.CharField(
        max_length=100,
        db_index=True,
        validators=[is_picture],
        help_text="JPEG, PNG or WebP, up to 20 MB. It is kept without what the camera wrote into it (place, time, device).",
    )
    alt_text = models.CharField(
        max_length=400,
        verbose_name="description",
        help_text="What is to be seen, for those who cannot see it: plain words, no judgement, no “picture of”.",
    )
    caption = models.CharField(max_length=400, blank=True, help_text="What stands below it.")
    shows = models.CharField(
        max_length=400,
        blank=True,
        verbose_name="what it shows",
        help_text="Who or what, and where, as the holder of the picture says: for the file, and for those who search.",
    )
    date = PartialDateField(blank=True, verbose_name="taken or drawn")
    credit = models.CharField(max_length=200, help_text="Who made it, as they want to be named.")
    licence = models.CharField(
        max_length=120,
        choices=Licence,
        help_text="Under which licence it stands here. Licences that forbid commercial use or changes are none of them: "
        "our texts may be used by anybody.",
    )
    licence_note = models.CharField(
        max_length=400, blank=True, help_text="Of a permission: who gave it, when, and for what. Readers see it."
    )
    origin = models.URLField(max_length=500, blank=True, help_text="The page where the original is to be found.")

    class Meta(CitedRow.Meta):
        pass

    def to_search(self) -> str:
        return joined(self.caption or self.alt_text, self.shows, self.credit)

    @property
    def as_picture(self) -> Picture | None:
        """What is kept; None while nothing has been uploaded."""
        return Picture.named(self.picture) if self.picture else None

    @property
    def licence_address(self) -> str:
        """Where the licence can be read; empty for what has no page of its own."""
        return LICENCE_PAGES.get(self.licence, "")

    def gaps(self) -> list[str]:
        if self.licence == self.Licence.PERMISSION and not self.licence_note.strip():
            return ["Licence note: say who gave the permission, when, and for what."]
        return []

    def problems(self) -> list[str]:
        problems = super().problems()
        if self.picture and not keeping.is_there(self.picture):
            problems.append("Picture: its file is gone: upload it again.")
        return problems


_COMMONS = "https://creativecommons.org"
LICENCE_PAGES = {
    "CC0-1.0": f"{_COMMONS}/publicdomain/zero/1.0/",
    **{
        f"CC-{name.upper()}-{version}": f"{_COMMONS}/licenses/{name}/{version}/"
        for name in ("by", "by-sa")
        for version in ("2.0", "3.0", "4.0")
    },
    "OGL-UK-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
