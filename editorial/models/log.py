from __future__ import annotations

from typing import Any

from django.db import models

APPEND_ONLY = "A log is append-only: nothing in it is changed or removed."


class LogQuerySet(models.QuerySet[Any]):
    def update(self, **values: Any) -> int:
        raise TypeError(APPEND_ONLY)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(APPEND_ONLY)


class LogEntry(models.Model):
    """A line of a log. Whoever tries to change or remove one gets a TypeError."""

    objects = LogQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(*args, force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(APPEND_ONLY)
