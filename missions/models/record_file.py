"""What the loader of the founding record remembers from one run to the next."""

from __future__ import annotations

from django.db import models


class RecordFile(models.Model):
    """A record's file, or an entry of a list of reference data, as it was last loaded.

    By it the loader tells what changed in the files since, and what changed in the site.
    """

    name = models.CharField(
        max_length=220,
        unique=True,
        help_text="Kind and key: mission/kfor, source/un1999res1244, term/measure/killed.",
    )
    sha256 = models.CharField(max_length=64, help_text="Hash of what the file said.")
    edition = models.ForeignKey(
        "editorial.Edition",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The edition made from it; none for reference data and for what was made in the site.",
    )

    def __str__(self) -> str:
        return self.name
