from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from editorial.claims import Caution, Claim
from editorial.differences import difference
from editorial.in_turn import there_is
from editorial.models.log import LogEntry
from editorial.paths import path_to
from editorial.searched import Searched, joined

if TYPE_CHECKING:
    from editorial.models.rows import Row


class State(models.TextChoices):
    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    CHANGES_REQUESTED = "changes_requested", "changes requested"
    SCHEDULED = "scheduled", "scheduled"
    PUBLISHED = "published", "published"
    SUPERSEDED = "superseded", "superseded"
    WITHDRAWN = "withdrawn", "withdrawn"
    DISCARDED = "discarded", "discarded"


EDITABLE = [State.DRAFT, State.CHANGES_REQUESTED]
OPEN = [*EDITABLE, State.IN_REVIEW, State.SCHEDULED]
LIVE = [State.PUBLISHED, State.WITHDRAWN]
PUBLIC = [State.PUBLISHED, State.WITHDRAWN, State.SUPERSEDED]

# Long texts no list shows.
HEAVY = ["body", "frozen", "rendered"]


def heavy(*ways: str) -> list[str]:
    """These texts of the editions that relations lead to: what is only joined leaves them in the database."""
    return [f"{way}__{name}" for way in ways for name in HEAVY]


def texts_of(*ways: str) -> list[str]:
    """The same, and their standfirsts: of editions that are only named."""
    return [*heavy(*ways), *(f"{way}__summary" for way in ways)]


class ProtectedEditionError(Exception):
    """Somebody tried to change an edition, or a row of one, that is no longer a draft."""


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> Self:
        """What the public finds. Lists, search, feeds, the API's lists and exports start here."""
        return self.filter(state=State.PUBLISHED, suppressed_at=None)

    def published_in_turn(self) -> Self:
        """The same, each row looked up in its turn: for an ordered list of one kind that ends early.

        Joined, the database would collect and sort the whole list first.
        """
        return self.found_in_turn(Edition.objects.published())

    def found_in_turn(self, editions: EditionQuerySet) -> Self:
        """Those that are among these editions, each looked up in its turn."""
        return self.filter(there_is(editions.filter(pk=OuterRef("pk"))))

    def public(self) -> Self:
        """What has an address for ever: published, superseded or withdrawn, unless suppressed."""
        return self.filter(state__in=PUBLIC, suppressed_at=None)

    def once_public(self) -> Self:
        """Public editions and the suppressed ones, for the chain of hashes and the 410 notice."""
        return self.filter(state__in=PUBLIC)

    def at_end_of(self, day: datetime.date) -> Self:
        """What stood at the records' addresses at the end of a day (Europe/Belgrade), suppressed ones included."""
        end = _end_of(day)
        return self.once_public().filter(Q(superseded_at=None) | Q(superseded_at__gte=end), published_at__lt=end)

    def published_at_end_of(self, day: datetime.date) -> Self:
        """What the public found at the end of a day, but for what was suppressed since."""
        return self.at_end_of(day).filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=_end_of(day)), suppressed_at=None)

    def open(self) -> Self:
        """The next edition of a record, wherever in the workflow it stands."""
        return self.filter(state__in=OPEN)

    def corrections(self) -> Self:
        """Public editions that say the one before was wrong."""
        return self.public().filter(change_kind=Edition.ChangeKind.CORRECTION, number__gt=1)

    def with_corrections(self) -> Self:
        """With `answered_reports`, and `corrected_in`: the number of the first later edition that is a correction."""
        reports: Any = apps.get_model("editorial.Correction")._default_manager
        later = Edition.objects.corrections().filter(record=OuterRef("record"), number__gt=OuterRef("number"))
        return self.annotate(corrected_in=Subquery(later.order_by("number").values("number")[:1])).prefetch_related(
            Prefetch("corrections_fixed", reports.public().order_by("pk").only("fixed_in"), to_attr="answered_reports")
        )

    def light(self) -> Self:
        """Without the long texts, for lists."""
        return self.defer(*HEAVY)

    def update(self, **values: Any) -> int:
        refuse_if_any(self.exclude(state__in=EDITABLE), "changed")
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        refuse_if_any(self.exclude(state__in=EDITABLE), "deleted")
        return super().delete()


def _end_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min))


def refuse_if_any(protected: models.QuerySet[Any], verb: str) -> None:
    """Raises ProtectedEditionError where there is one: `verb` says what was tried with it."""
    if protected.exists():
        raise ProtectedEditionError(f"Only drafts can be {verb}: start the next edition instead.")


def label_of(thing: models.Model, field: str) -> str:
    """What editors call a field."""
    return str(getattr(thing._meta.get_field(field), "verbose_name", field))


class Edition(models.Model):
    """One version of a record's content; `Mission`, `Event` and `Article` extend it.

    What is published never changes: only the workflow moves `state` and what goes with it. What an
    upper app must say of its kind it says through `row_models`, `publication_problems`,
    `publication_warnings`, `uncited_claims`, `difference_in_words`, `passage_for`, `in_plain_words` and
    `to_search`.
    """

    record = models.ForeignKey("editorial.Record", on_delete=models.PROTECT, related_name="editions", editable=False)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False, db_index=True)
    number = models.PositiveIntegerField(
        null=True, editable=False, help_text="Given at publication: 1, 2, 3 without gaps."
    )

    title = models.CharField(max_length=250, help_text="The name or headline. Neutral, and without a full stop.")
    summary = models.TextField(
        blank=True,
        verbose_name="standfirst",
        help_text="Two or three sentences that say what it is, each with its [^marker]. It stands under the title and in lists.",
    )
    body = models.TextField(
        blank=True,
        help_text="The text, in Markdown: ## headings, lists, tables, and a [^marker] at each claim.",
    )

    class ChangeKind(models.TextChoices):
        UPDATE = "update", "Update: something new"
        CORRECTION = "correction", "Correction: something was wrong"

    change_kind = models.CharField(
        max_length=16,
        choices=ChangeKind,
        default=ChangeKind.UPDATE,
        help_text="A correction says that the edition before was wrong; an update that there is something new.",
    )
    change_note = models.TextField(blank=True, help_text="What changed and why, for readers. Needed from edition 2 on.")
    minor = models.BooleanField(default=False, help_text="A slip of the pen or a layout change: kept out of the feeds.")

    based_on = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="next_editions"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(
        "editorial.Editor",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="editions_started",
    )
    contributors = models.ManyToManyField(
        "editorial.Editor",
        editable=False,
        related_name="editions_worked_on",
        help_text="Who saved a change to it.",
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        "editorial.Editor",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="editions_submitted",
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(
        "editorial.Editor",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="editions_reviewed",
    )
    claimed_by = models.ForeignKey(
        "editorial.Editor",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="editions_claimed",
        help_text="The reviewer who is reading it; others may still act.",
    )
    claimed_at = models.DateTimeField(null=True, editable=False)
    words_changed = models.PositiveIntegerField(
        null=True, editable=False, help_text="Words added or removed against the public edition, at submission."
    )
    evidence_changed = models.PositiveIntegerField(
        null=True,
        editable=False,
        help_text="Citations and figures that differ from the public edition's, at submission.",
    )
    publish_at = models.DateTimeField(
        null=True, editable=False, help_text="When it is to become public (Europe/Belgrade)."
    )
    schedule_error = models.TextField(blank=True, editable=False, help_text="Why it was not published when it was due.")
    published_at = models.DateTimeField(null=True, editable=False, db_index=True)
    superseded_at = models.DateTimeField(null=True, editable=False, db_index=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        "editorial.Editor", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True, editable=False, help_text="Public.")
    replacement = models.ForeignKey(
        "editorial.Record",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="replaces",
    )
    suppressed_at = models.DateTimeField(null=True, editable=False)
    suppressed_by = models.ForeignKey(
        "editorial.Editor", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    suppressed_reason = models.TextField(blank=True, editable=False, help_text="Public: the legal cause.")

    imported = models.BooleanField(
        default=False,
        editable=False,
        help_text="From the founding record, not yet checked by a second editor.",
    )
    written_by = models.CharField(
        max_length=500,
        blank=True,
        editable=False,
        help_text="Names of those who worked on it, frozen at publication.",
    )
    checked_by = models.CharField(
        max_length=120,
        blank=True,
        editable=False,
        help_text="Name of the second editor, frozen at publication.",
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False, help_text="Goes up with every saved change.")
    frozen = models.TextField(blank=True, editable=False, help_text="All that was published, as canonical JSON.")
    sha256 = models.CharField(max_length=64, blank=True, editable=False, help_text="SHA-256 of the frozen text.")
    rendered = models.TextField(
        blank=True,
        editable=False,
        help_text="HTML made at publication, as JSON: a cache outside the hash.",
    )

    objects = EditionQuerySet.as_manager()

    # The kinds of rows this kind of record has, in the order of the page; each kind of record says.
    row_models: ClassVar[tuple[type[Row], ...]] = ()
    # Whether `rows` asks the database once: for an edition under lock, whose rows nobody changes meanwhile.
    loads_rows_once = False
    _loaded_rows: dict[str, list[Row]] | None = None
    # Its Markdown fields, in the order of the page.
    markdown_fields: ClassVar[tuple[str, ...]] = ("summary", "body")

    class Meta:
        permissions = [
            ("write_edition", "Can write and submit editions"),
            ("review_edition", "Can check, send back, publish and schedule editions of others"),
            ("manage_edition", "Can withdraw and suppress editions"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="edition_number_once_per_record"),
            models.UniqueConstraint(fields=["record"], condition=Q(state__in=OPEN), name="one_open_edition_per_record"),
            models.UniqueConstraint(fields=["record"], condition=Q(state__in=LIVE), name="one_live_edition_per_record"),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | Q(submitted_by=None) | ~Q(reviewed_by=F("submitted_by")),
                name="four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PUBLIC)
                | Q(published_at__isnull=False, number__isnull=False)
                & ~Q(frozen="")
                & ~Q(sha256="")
                & (Q(reviewed_by__isnull=False) | Q(imported=True)),
                name="public_edition_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PUBLIC) | Q(published_at=None, number=None, frozen="", sha256=""),
                name="only_public_editions_are_numbered",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="submitted_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="reviewed_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(claimed_at=None, claimed_by=None) | Q(claimed_at__isnull=False, claimed_by__isnull=False),
                name="claimed_by_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.IN_REVIEW) | Q(submitted_by__isnull=False),
                name="in_review_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SCHEDULED) | Q(publish_at__isnull=False, reviewed_by__isnull=False),
                name="scheduled_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WITHDRAWN) | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="withdrawn_says_why",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="withdrawn_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(suppressed_at=None, suppressed_by=None, suppressed_reason="")
                | Q(suppressed_at__isnull=False, suppressed_by__isnull=False) & ~Q(suppressed_reason=""),
                name="suppressed_by_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SUPERSEDED) | Q(superseded_at__isnull=False),
                name="superseded_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a draft; of any other edition only the columns that `update_fields` names."""
        if not (self._state.adding or self.is_editable or kwargs.get("update_fields")):
            raise ProtectedEditionError(f"This edition is {self.get_state_display()}: start the next edition instead.")
        super().save(*args, **kwargs)

    @property
    def typed(self) -> Edition:
        """The edition as the Mission, Event or Article that it is."""
        if self._meta.concrete_model is not Edition:
            return self
        typed: Edition = getattr(self, f"as_{self.record.kind}")
        typed.loads_rows_once = self.loads_rows_once
        return typed

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_suppressed(self) -> bool:
        return self.suppressed_at is not None

    def get_absolute_url(self) -> str:
        """The permanent address of a public edition; of an open one, the record's."""
        if self.number is None:
            return self.record.get_absolute_url()
        return path_to(f"{self.record.kind}-edition", self.record.slug, self.number)

    def difference_from(self, older: Edition, *, figure: str = "", citation: str = "") -> Any:
        """What differs from an older public edition, as readers are told. Narrowed as `difference_in_words` is."""
        old, new = (json.loads(edition.frozen)["content"] for edition in (older, self))
        return self.difference_in_words(old, new, figure=figure, citation=citation)

    def difference_in_words(
        self,
        old: dict[str, Any],
        new: dict[str, Any],
        *,
        to_editors: bool = False,
        figure: str = "",
        citation: str = "",
    ) -> Any:
        """What differs between two contents of its record, for a page; false where nothing does.

        Apps above say it in their words, to editors with what is not public yet, and narrow it to what
        concerns a figure or fact, or a citation.
        """
        return difference(old, new, texts=self.markdown_fields)

    def difference_address(self, older: int | None = None) -> str:
        """Where stands what differs from an older edition of the record: the one before, if no other is named."""
        before = (self.number or 0) - 1 if older is None else older
        return reverse(f"{self.record.kind}-difference", args=[self.record.slug, before, self.number])

    @property
    def is_correction(self) -> bool:
        """Whether it says that the edition before was wrong, and says so in public."""
        kind, number = self.change_kind, self.number or 0
        return kind == self.ChangeKind.CORRECTION and number > 1 and not self.is_suppressed

    def worked_on_by(self, editor: Any) -> bool:
        """Whether the editor had a hand in the text, and so must not approve it."""
        return self.submitted_by_id == editor.pk or self.contributors.filter(pk=editor.pk).exists()

    def rows(self) -> dict[str, list[Row]]:
        """Its rows by the name of their kind (`figures`, …), each list in its order. One query a kind."""
        typed = self.typed
        if typed._loaded_rows is None or not typed.loads_rows_once:
            typed._loaded_rows = {
                model.plural: list(getattr(typed, model.plural).with_what_they_name()) for model in typed.row_models
            }
        return dict(typed._loaded_rows)

    def rows_to_copy(self) -> dict[str, list[Row]]:
        """The rows the next edition begins with. Apps above enter what has been found out about them since."""
        return self.rows()

    def submission_problems(self) -> list[str]:
        """What must be mended before it can be submitted, as sentences for the editor."""
        problems = [] if self.summary.strip() else ["The standfirst is empty."]
        if not self.body.strip():
            problems.append("The body is empty.")
        if not self.change_note.strip() and self.record.editions.once_public().exists():
            problems.append("A change note is needed from edition 2 on: say what changed and why.")
        return problems + self.row_problems(self.rows())

    def row_problems(self, rows: dict[str, list[Row]]) -> list[str]:
        """What must be mended in its rows, which are loaded once for all that look at them."""
        return [
            f"{name.capitalize()}, {row.key}: {problem}"
            for name, group in rows.items()
            for row in group
            for problem in row.problems()
        ]

    def publication_problems(self) -> list[str]:
        """What keeps it from being public: all that submission asks, and what may have changed since."""
        return self.submission_problems()

    def submission_warnings(self) -> list[Caution]:
        """What its author should look at: what a reviewer will be asked to tick, and what they will be warned of."""
        warnings = self.publication_warnings()
        if left := self.claims_left(by=None):
            count = "1 sentence claims" if len(left) == 1 else f"{len(left)} sentences claim"
            text = f"{count} something without a marker. Give each its source: the reviewer must tick those left."
            warnings.insert(0, Caution(text, tuple(f"{claim.sentence} ({claim.reason})" for claim in left)))
        return warnings

    def file_faults(self, content: dict[str, Any]) -> list[str]:
        """What is wrong with files, such as pictures, that the frozen `content` of it names."""
        return []

    def publication_warnings(self) -> list[Caution]:
        """What a reviewer should look at, though it does not keep the edition from being public."""
        return self._corrections_called_an_update()

    def _corrections_called_an_update(self) -> list[Caution]:
        """Readers are told which of the two it is, and who reported something wrong is told that it is corrected."""
        if self.change_kind != self.ChangeKind.UPDATE:
            return []
        reports = self.attached_corrections.to_put_right().filter(kind="correction").order_by("pk")
        places = tuple(f"{report}: {Truncator(' '.join(report.message.split())).chars(120)}" for report in reports)
        text = (
            "Its change is called an update, and it is to answer reports that something is wrong: is it a correction?"
        )
        return [Caution(text, places)] if places else []

    def uncited_claims(self) -> list[Claim]:
        """Sentences that claim something and show no evidence, for the reviewer's checklist."""
        return []

    def ticks_that_count(self, *, by: Any) -> models.QuerySet[Any]:
        """The editor's own ticks at its claims, and those with which earlier editions were approved."""
        earlier = Q(edition__record=self.record_id, edition__state__in=PUBLIC, by=F("edition__reviewed_by"))
        own = Q(edition=self, by=by) if by else Q(pk=None)
        return self.claim_checks.model._default_manager.filter(own | earlier)

    def claims_left(self, *, by: Any) -> list[Claim]:
        """The claims without evidence that the editor would have to tick before approving it."""
        ticked = set(self.ticks_that_count(by=by).values_list("digest", flat=True))
        return [claim for claim in self.typed.uncited_claims() if claim.digest not in ticked]

    def passage_for(self, *, figure: str = "", citation: str = "") -> str:
        """What a figure or fact, or a note, says in words, by its key; empty where the edition has none."""
        return ""

    def in_plain_words(self, field: str) -> str:
        """One of its Markdown fields as plain text."""
        return str(getattr(self, field))

    def to_search(self, rows: dict[str, list[Row]]) -> Searched:
        """What readers find it by; `rows` are its rows, loaded."""
        texts = [self.in_plain_words(name) for name in self.markdown_fields if name != "summary"]
        said = [row.to_search() for group in rows.values() for row in group]
        return Searched(title=self.title, lead=self.in_plain_words("summary"), text=joined(*texts, *said))


def protect_what_editions_name() -> None:
    """What editions point at in numbers, such as a theme or a contributor, is not deleted under them.

    Foreign keys say PROTECT themselves; to the table between, which Django makes, it is said here.
    """
    for model in apps.get_models():
        if issubclass(model, Edition):
            for many in model._meta.local_many_to_many:
                between: Any = many.remote_field.through
                to = between._meta.get_field(many.m2m_reverse_field_name())
                to.remote_field.on_delete = models.PROTECT


class Transition(LogEntry):
    """The log of every change of state."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    by = models.ForeignKey("editorial.Editor", null=True, on_delete=models.PROTECT, related_name="+")
    from_state = models.CharField(max_length=20, choices=State)
    to_state = models.CharField(max_length=20, choices=State)
    note = models.TextField(blank=True)
    text = models.TextField(blank=True, help_text="The content at submission, as canonical JSON.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.edition}: {self.from_state} → {self.to_state}"
