from __future__ import annotations

import base64
import datetime
import hashlib
import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, TextField, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from editorial.models.editions import heavy
from editorial.models.log import LogEntry

# What no reader but the one who wrote it sees, unless an editor releases it with their consent.
PRIVATE = ["message", "passage", "should_say", "evidence_url", "name", "email"]
# Of these, the words that an editor may release, and what they are.
WORDS = {
    "message": "Message",
    "passage": "The words or the figure in question",
    "should_say": "What it should say",
}

# Within how many days a report is to be decided; those about living persons come first.
DUE_DAYS, DUE_DAYS_PERSONS = 14, 3


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def public(self) -> Self:
        """Reports the public ledger lists: everything but suspected spam."""
        return self.filter(is_spam=False)

    def ledger(self) -> Self:
        """Public reports with what the ledger shows; what readers sent is not even loaded."""
        return (
            self.public()
            .select_related("record", "duplicate_of", "fixed_in__record", "fixed_by")
            .defer(*PRIVATE, *(f"duplicate_of__{name}" for name in PRIVATE), *heavy("fixed_in"))
        )

    def with_released(self) -> Self:
        """With what the reader sent as far as it was released: the rest does not leave the database."""

        def released(name: str, by: str) -> Case:
            return Case(When(**{by: True}, then=F(name)), default=Value(""), output_field=TextField())

        words = {f"released_{name}": released(name, "words_public") for name in WORDS}
        return self.annotate(**words, released_name=released("name", "name_public"))

    def decided(self) -> Self:
        """Of which readers see more than that they came in."""
        return self.exclude(state__in=Correction.states_seen_as(Correction.State.NEW))

    def seen_as(self, *states: str) -> Self:
        """Those in one of the states that readers are shown."""
        return self.filter(state__in=Correction.states_seen_as(*states))

    def to_decide(self) -> Self:
        """What waits for an editor's word: new reports, and those whose reader has written again."""
        return self.public().filter(Q(state=Correction.State.NEW) | Q(reader_wrote_at__isnull=False))

    def to_put_right(self) -> Self:
        """Found right, and not yet answered by an edition or an amendment."""
        return self.public().filter(state__in=Correction.TO_PUT_RIGHT)

    def waiting_for_reader(self) -> Self:
        """Those whose reader was asked something and has not written since."""
        return self.public().filter(state=Correction.State.NEEDS_INFORMATION, reader_wrote_at=None)

    def settled(self) -> Self:
        """Those in which nothing more is to be done."""
        return self.public().filter(state__in=Correction.SETTLED)

    def overdue(self) -> Self:
        """Those to decide that have waited longer than they may."""
        return self.to_decide().filter(_is_overdue())

    def most_urgent_first(self) -> Self:
        """Those about living persons, then the overdue ones, then the others; of each the oldest first."""
        return self.order_by(urgency(), "received_at", "pk")

    def to_answer_in(self, edition: Any) -> Self:
        """Those an open edition is to answer, and those of its record that wait for one to answer them."""
        attached = Q(attached_to=edition, state=Correction.State.IN_WORK)
        return self.public().filter(attached | Q(record=edition.record_id, state=Correction.State.CONFIRMED))

    def like(self, report: Correction) -> Self:
        """Others about the same that may say the same: of the same figure or note, or not decided on yet."""
        about = Q(record=report.record_id) if report.record_id else Q(record=None, subject=report.subject)
        alike = Q(state__in=[Correction.State.NEW, Correction.State.NEEDS_INFORMATION])
        for name in ("figure", "citation"):
            if key := getattr(report, name):
                alike |= Q(**{name: key})
        return self.public().filter(about & alike).exclude(pk=report.pk)

    def by_token(self, token: str) -> Self:
        """The report whose private page has this token."""
        return self.filter(token_hash=hashlib.sha256(token.encode()).hexdigest())


def _is_overdue() -> Q:
    """Of reports that wait for an editor: whether they have waited longer than they may."""
    now, late = timezone.now(), Q()
    for days, whom in ((DUE_DAYS, Q()), (DUE_DAYS_PERSONS, Q(living_person=True))):
        until = now - datetime.timedelta(days=days)
        is_new = Q(state=Correction.State.NEW)
        late |= whom & (is_new & Q(received_at__lt=until) | ~is_new & Q(reader_wrote_at__lt=until))
    return late


def urgency() -> Case:
    """For an order of reports: 0 for an unsettled one about a living person, 1 for an overdue one, else 2."""
    is_open = Q(is_spam=False) & (~Q(state__in=Correction.SETTLED) | Q(reader_wrote_at__isnull=False))
    return Case(
        When(is_open & Q(living_person=True), then=Value(0)),
        When(is_open & _is_overdue(), then=Value(1)),
        default=Value(2),
    )


def new_seed() -> str:
    """What the secret of a report's private page is made from, with the site's own secret."""
    return secrets.token_hex(16)


class Correction(models.Model):
    """A reader's report: about a record, or about a source or organisation by its address.

    Its number is public from the start; the reader's name, address and words are not.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Something is wrong"
        COMMENT = "comment", "A comment"

    class State(models.TextChoices):
        NEW = "new", "received"
        CONFIRMED = "confirmed", "confirmed: we are correcting it"
        IN_WORK = "in_work", "in work: an open edition or a proposed change is to answer it"
        FIXED = "fixed", "corrected"
        DECLINED = "declined", "declined"
        DUPLICATE = "duplicate", "same as another report"
        NEEDS_INFORMATION = "needs_information", "waits for the reader"
        CLOSED = "closed", "closed"

    # Those in which it was found right and is not answered yet.
    TO_PUT_RIGHT = (State.CONFIRMED, State.IN_WORK)
    # Those in which nothing more is to be done.
    SETTLED = (State.FIXED, State.DECLINED, State.DUPLICATE, State.CLOSED)
    # What readers are shown of the finer states; of all others what they are.
    SEEN_AS = {State.NEEDS_INFORMATION: State.NEW, State.IN_WORK: State.CONFIRMED}

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
        max_length=100, blank=True, help_text="The key of the figure or fact it is about: readers are told there."
    )
    citation = models.CharField(
        max_length=100, blank=True, help_text="The key of the note it is about: readers are told there."
    )
    message = models.TextField(
        help_text="What the reader wrote. Never public unless an editor publishes it with consent."
    )
    should_say = models.TextField(blank=True, help_text="What it should say, in the reader's view.")
    evidence_url = models.CharField(max_length=1000, blank=True, help_text="Where the evidence is.")
    name = models.CharField(max_length=200, blank=True, help_text="Never public without consent.")
    email = models.EmailField(blank=True, help_text="Never public. Erased some time after the answer.")
    may_name = models.BooleanField(default=False, help_text="The reader may be named in public.")
    may_quote = models.BooleanField(default=False, help_text="The reader's words may be published.")
    name_public = models.BooleanField(default=False, help_text="The name stands in the public report.")
    words_public = models.BooleanField(default=False, help_text="The reader's words stand in the public report.")
    living_person = models.BooleanField(
        default=False, help_text="It concerns a living person: dealt with before the others."
    )

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
    public_answer = models.TextField(blank=True, help_text="What readers see as the answer.")
    attached_to = models.ForeignKey(
        "editorial.Edition",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attached_corrections",
        help_text="The open edition that will answer it.",
    )
    amendment = models.ForeignKey(
        "editorial.Amendment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        help_text="The proposed change to a source, organisation, place or term that will answer it.",
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
    reader_wrote_at = models.DateTimeField(
        null=True, editable=False, help_text="When the reader wrote again, until an editor has answered."
    )
    decided_at = models.DateTimeField(null=True, editable=False, help_text="When it was first decided on.")
    settled_at = models.DateTimeField(null=True, editable=False, help_text="When it came to its end.")
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When name and address were erased."
    )
    token_seed = models.CharField(max_length=32, default=new_seed, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    receipt_key = models.CharField(
        max_length=64,
        null=True,
        unique=True,
        editable=False,
        help_text="The same for the same report sent twice within a day; erased with the name.",
    )

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
                condition=~Q(state="in_work") | ~Q(attached_to=None) | ~Q(amendment=None),
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
            models.CheckConstraint(
                condition=~Q(state="duplicate") | Q(duplicate_of__isnull=False),
                name="duplicate_correction_says_of_which",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["fixed", "declined", "duplicate", "closed"], settled_at__isnull=False)
                | ~Q(state__in=["fixed", "declined", "duplicate", "closed"]) & Q(settled_at=None),
                name="correction_settled_says_when",
            ),
            models.CheckConstraint(condition=Q(name_public=False) | Q(may_name=True), name="named_with_consent"),
            models.CheckConstraint(condition=Q(words_public=False) | Q(may_quote=True), name="quoted_with_consent"),
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
        return self.state_for_readers != self.State.NEW

    @property
    def kind_for_readers(self) -> str:
        """What it is, as the public list calls it; the form asks in other words."""
        return "A comment" if self.kind == self.Kind.COMMENT else "A mistake reported"

    @property
    def public_state(self) -> str:
        """Its state in words, as the public sees it."""
        return str(self.state_for_readers.label)

    @property
    def state_for_readers(self) -> State:
        """The state the public sees: before the decision only that it came in, and of a confirmed one only that."""
        state = self.State(self.state)
        return self.SEEN_AS.get(state, state)

    @classmethod
    def states_seen_as(cls, *states: str) -> list[State]:
        """The states of which readers are shown one of these."""
        return [state for state in cls.State if cls.SEEN_AS.get(state, state) in states]

    @property
    def answer(self) -> str:
        """The public answer, once there is a decision."""
        return self.public_answer if self.is_decided else ""

    @property
    def private_state(self) -> str:
        """Its state in words, as the reader who sent it sees it."""
        asked = self.state == self.State.NEEDS_INFORMATION and not self.is_spam
        return "we have a question for you" if asked else self.public_state

    def exchanged(self) -> models.QuerySet[CorrectionEntry]:
        """What passed between the reader and us, in order; all else in its file is for editors only."""
        return self.entries.filter(kind__in=[CorrectionEntry.Kind.QUESTION, CorrectionEntry.Kind.FOLLOW_UP])

    @property
    def is_settled(self) -> bool:
        return self.state in self.SETTLED

    @property
    def is_to_put_right(self) -> bool:
        """Whether it was found right and is not answered yet."""
        return self.state in self.TO_PUT_RIGHT and not self.is_spam

    @property
    def due_at(self) -> datetime.datetime:
        """Until when it should be decided, or what its reader wrote again be looked at."""
        days = DUE_DAYS_PERSONS if self.living_person else DUE_DAYS
        since = self.received_at if self.state == self.State.NEW else self.reader_wrote_at or self.received_at
        return since + datetime.timedelta(days=days)

    @property
    def waits_for_us(self) -> bool:
        """Whether an editor's word is awaited."""
        return not self.is_spam and (self.state == self.State.NEW or self.reader_wrote_at is not None)

    @property
    def is_overdue(self) -> bool:
        return self.waits_for_us and self.due_at < timezone.now()

    @property
    def released_words(self) -> list[tuple[str, str]]:
        """(what it is, the reader's words) of what was released; of a report loaded `with_released`."""
        words = [(WORDS[name], getattr(self, f"released_{name}")) for name in WORDS]
        return [(label, text) for label, text in words if text]

    @property
    def public_name(self) -> str:
        """The reader's name, where it was released with consent."""
        return self.name if self.name_public else ""

    def get_absolute_url(self) -> str:
        return reverse("correction-detail", args=[self.number])

    def new_token(self) -> str:
        """Make the secret of the reader's private page; only its hash and a seed are kept."""
        token = _token(self.token_seed, settings.SECRET_KEY)
        self.token_hash = hashlib.sha256(token.encode()).hexdigest()
        return token

    def token(self) -> str | None:
        """The same secret once more, for a mail; None when the site's own secret is another by now."""
        made = (_token(self.token_seed, secret) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
        return next((t for t in made if hashlib.sha256(t.encode()).hexdigest() == self.token_hash), None)


def _token(seed: str, secret: str) -> str:
    made = salted_hmac("editorial.corrections", seed, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


class CorrectionEntry(LogEntry):
    """A line in the file of a report: what was decided, asked, noted, or written by the reader."""

    class Kind(models.TextChoices):
        MOVED = "moved", "decided"
        QUESTION = "question", "asked the reader"
        FOLLOW_UP = "follow_up", "the reader wrote"
        NOTE = "note", "noted, for editors only"
        DONE = "done", "done"

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        "editorial.Editor",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The editor; nobody where it was the reader, or followed by itself.",
    )
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=20, choices=Correction.State, blank=True, help_text="Where it moved to.")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "correction entries"

    def __str__(self) -> str:
        return f"{self.correction}: {self.get_kind_display()}"


class AnswerTemplate(models.Model):
    """Words that answer many reports: editors put them into an answer and fit them to the case."""

    title = models.CharField(max_length=100, unique=True, help_text="What editors look for, such as “Sources differ”.")
    text = models.TextField(help_text="What the reader and the public read. Fit it to each case.")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class RateLimit(models.Model):
    """How often something was done in a stretch of time: a shared count with atomic updates."""

    bucket = models.CharField(max_length=100, unique=True, help_text="What is counted, with a hashed address.")
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"
