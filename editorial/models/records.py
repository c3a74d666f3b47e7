from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import NoReverseMatch, Resolver404, resolve

from editorial.paths import path_to


class Record(models.Model):
    """A lasting identity: references, corrections and addresses point here, never at an edition."""

    kind = models.CharField(max_length=16, editable=False, help_text="mission, event or article.")
    slug = models.SlugField(
        max_length=100,
        help_text="The last part of the address, such as kfor. It can be changed until the record is public.",
    )
    live = models.OneToOneField(
        "editorial.Edition",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The edition at the record's address: published, or withdrawn with its notice.",
    )

    class Meta:
        ordering = ["kind", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="one_record_per_address",
                violation_error_message="There is a record of this kind at this address already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}"

    @property
    def frozen_key(self) -> str:
        """How frozen text and record files name it: `mission/kfor`."""
        return f"{self.kind}/{self.slug}"

    def get_absolute_url(self) -> str:
        return path_to(f"{self.kind}-detail", self.slug)

    def clean(self) -> None:
        """Raises ValidationError when the address leads, or once led, to another record or to a page of the site."""
        if self._leads_elsewhere():
            raise ValidationError({"slug": "The site has a page of its own at this address. Choose another."})
        if FormerAddress.objects.filter(kind=self.kind, slug=self.slug).exclude(record=self.pk).exists():
            raise ValidationError({"slug": "This address belonged to another record and still leads there."})
        if self.live_id and Record.objects.filter(pk=self.pk).exclude(slug=self.slug).exists():
            raise ValidationError({"slug": "The record is public: rename it, which keeps the old address working."})

    def _leads_elsewhere(self) -> bool:
        """Whether the site has a page of its own there, such as /missions/compare/."""
        try:
            return resolve(self.get_absolute_url()).url_name != f"{self.kind}-detail"
        except (NoReverseMatch, Resolver404):  # no address at all: its field says so
            return False


class FormerAddress(models.Model):
    """An address a record had before: pages and API answer it with 301."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="former_addresses")
    kind = models.CharField(max_length=16, editable=False)
    slug = models.SlugField(max_length=100)

    class Meta:
        verbose_name_plural = "former addresses"
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="one_record_per_former_address")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = self.record.kind
        super().save(*args, **kwargs)
