"""The search index: what readers can find, and nothing else. Only editorial.search writes it."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """A thing that readers can find. Its words in the database's own index stand under the same number."""

    kind = models.CharField(max_length=16, help_text="mission, event, article, source, organisation or place.")
    object_id = models.PositiveBigIntegerField(help_text="The number of the record, or of the thing itself.")
    key = models.CharField(max_length=100, help_text="Its slug or key.")
    address = models.CharField(max_length=300, help_text="Its page on this site.")
    title = models.CharField(max_length=500)
    other_names = models.TextField(blank=True, help_text="Its names besides the title, one a line.")
    makers = models.TextField(blank=True, help_text="Who made it, one a line.")
    names = models.TextField(blank=True, help_text="Title and names as they are compared, each between two bars.")
    lead = models.TextField(blank=True, help_text="What stands first in its text.")
    text = models.TextField(blank=True, help_text="The rest of its words.")
    detail = models.CharField(max_length=300, blank=True, help_text="What a list of hits says of it.")
    themes = models.TextField(blank=True, help_text="Keys of its themes, divided by spaces.")
    first_year = models.SmallIntegerField(null=True)
    last_year = models.SmallIntegerField(null=True)
    priority = models.SmallIntegerField(help_text="Its place among things found equally well, lowest first.")
    found_late = models.BooleanField(help_text="Whether texts that have a word come before it.")

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_entry_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"


class SearchWord(models.Model):
    """A word of titles and names, for “did you mean”."""

    word = models.CharField(max_length=60, help_text="As it is compared.")
    shown = models.CharField(max_length=60, help_text="As it stands in the name.")
    first_letter = models.CharField(max_length=1)
    uses = models.PositiveIntegerField(help_text="In how many names it stands.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "shown"], name="one_search_word_a_form")]
        indexes = [models.Index(fields=["first_letter"], name="search_word_by_letter")]

    def __str__(self) -> str:
        return self.shown
