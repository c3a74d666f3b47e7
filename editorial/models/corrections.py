from __future__ import annotations

import hashlib
import secrets
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from editorial.models.editions import HEAVY

# What no reader but the one who wrote it sees.
PRIVATE = ["message", "passage", "should_say", "evidence_url", "name", "email", "internal_notes"]


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def public(self) -> Self:
        """Reports the public ledger lists: everything but suspected spam."""
        return self.filter(is_spam=False)

    def ledger(self) -> Self:
        """Public reports with what the ledger shows; what readers sent is not even loaded."""
        return (
            self.public()
            .select_related("record", "duplicate_of", "fixed_in__record", "fixed_by")
            .defer(*PRIVATE, *(f"fixed_in__{name}" for name in HEAVY))
        )

    def by_token(self, token: str) -> Self:
        """The report whose private page has this token."""
        return self.filter(token_hash=hashlib.sha256(token.encode()).hexdigest())


class Correction(models.Model):
    """A reader's report: about a record, or about a source or organisation by its address.

    Its number is public from the start; the reader's name, address and words are not.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Something is wrong"
        COMMENT = "comment", "A comment"

    class State(models.TextChoices):
        NEW = "new", "received"
        CONFIRMED = "confirmed", "confirmed, waits for the next edition"
        IN_WORK = "in_work", "being corrected"
        FIXED = "fixed", "corrected"
        DECLINED = "declined", "declined"
        DUPLICATE = "duplicate", "same as another report"
        NEEDS_INFORMATION = "needs_information", "waits for the reader"
        CLOSED = "closed", "closed"

    class Category(models.TextChoices):
        FACTUAL = "factual", "a fact is wrong"
        SOURCE = "source", "a source is wrong or missing"
        MISSING = "missing", "something is missing"
        TYPO = "typo", "a slip of the pen"
        OTHER = "other", "something else"

    record = models.ForeignKey(
        "editorial.Record",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
    )
    subject = models.CharField(
        max_length=300,
        blank=True,
        help_text="The address of the source or organisation, where it is about no record.",
    )
    subject_label = models.CharField(
        max_length=300, blank=True, help_text="What the report is about, as readers see it."
    )
    edition_seen = models.ForeignKey(
        "editorial.Edition",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections_seen",
        help_text="The edition the reader had before them.",
    )
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.CORRECTION)
    passage = models.TextField(blank=True, help_text="The words or the figure in question.")
    figure = models.CharField(
        max_length=100, blank=True, help_text="The key of the figure or fact the reader came from."
    )
    message = models.TextField(
        help_text="What the reader wrote. Never public unless an editor publishes it with consent."
    )
    should_say = models.TextField(blank=True, help_text="What it should say, in the reader's view.")
    evidence_url = models.CharField(max_length=1000, blank=True, help_text="Where the evidence is.")
    name = models.CharField(max_length=200, blank=True, help_text="Never public without consent.")
    email = models.EmailField(blank=True, help_text="Never public. Erased some time after the answer.")
    may_name = models.BooleanField(default=False, help_text="The reader may be named in public.")

    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    is_spam = models.BooleanField(
        default=False, help_text="Suspected spam: kept in a box of its own, out of the ledger."
    )
    category = models.CharField(max_length=16, choices=Category, blank=True)
    assignee = models.ForeignKey(
        "editorial.Editor",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
    )
    duplicate_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates")
    internal_notes = models.TextField(blank=True, help_text="For editors only. Never name protected witnesses.")
    public_answer = models.TextField(blank=True, help_text="What readers see as the answer.")
    attached_to = models.ForeignKey(
        "editorial.Edition",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attached_corrections",
        help_text="The open edition that will answer it.",
    )
    fixed_in = models.ForeignKey(
        "editorial.Edition",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="corrections_fixed",
    )
    fixed_by = models.ForeignKey(
        "editorial.Change",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="corrections_fixed",
    )

    received_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When name and address were erased."
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(record=None) | ~Q(subject=""), name="correction_is_about_something"),
            models.CheckConstraint(
                condition=~Q(state="fixed") | ~Q(fixed_in=None) | ~Q(fixed_by=None),
                name="fixed_correction_says_where",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_work") | ~Q(attached_to=None),
                name="correction_in_work_says_where",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(public_answer=""),
                name="declined_correction_says_why",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("id")),
                name="correction_is_not_its_own_duplicate",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.number}"

    @property
    def number(self) -> int:
        """The public number of the report."""
        return self.pk

    @property
    def about(self) -> str:
        """What it is about, as readers see it."""
        return self.subject_label or str(self.record)

    @property
    def about_address(self) -> str:
        """Where the thing it is about stands."""
        return self.record.get_absolute_url() if self.record else self.subject

    @property
    def is_decided(self) -> bool:
        """Whether readers may see more of it than that it was received."""
        return self.state not in (self.State.NEW, self.State.NEEDS_INFORMATION)

    @property
    def public_state(self) -> str:
        """Its state in words, as the public sees it."""
        state = self.State(self.state) if self.is_decided else self.State.NEW
        return str(state.label)

    @property
    def answer(self) -> str:
        """The public answer, once there is a decision."""
        return self.public_answer if self.is_decided else ""

    @property
    def private_state(self) -> str:
        """Its state in words, as the reader who sent it sees it."""
        return self.public_state if self.is_spam else str(self.get_state_display())

    @property
    def private_answer(self) -> str:
        """What the reader who sent it is told: the answer, or what more we must know."""
        asked = self.state == self.State.NEEDS_INFORMATION and not self.is_spam
        return self.public_answer if asked else self.answer

    def get_absolute_url(self) -> str:
        return reverse("correction-detail", args=[self.number])

    def new_token(self) -> str:
        """Make the secret of the reader's private page; only its hash is kept."""
        token = secrets.token_urlsafe(24)
        self.token_hash = hashlib.sha256(token.encode()).hexdigest()
        return token


class RateLimit(models.Model):
    """How often something was done in a stretch of time: a shared count with atomic updates."""

    bucket = models.CharField(max_length=100, unique=True, help_text="What is counted, with a hashed address.")
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"
