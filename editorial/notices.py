"""Telling an editor something on the first page of the editors' site, until they put it away."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from editorial.models import Edition, Editor, Notice


def tell(editors: Iterable[Editor], text: str, *, edition: Edition | None = None) -> None:
    """Leave the same notice for each of the editors; for each of them once."""
    once = {editor.pk: editor for editor in editors}
    Notice.objects.bulk_create([Notice(to=editor, edition=edition, text=text) for editor in once.values()])


def put_away(notice: Notice, *, by: Editor) -> None:
    """Take a notice off the first page. That of somebody else stays as it is."""
    Notice.objects.waiting_for(by).filter(pk=notice.pk).update(seen_at=timezone.now())


def others_who_may_review(by: Editor) -> Iterable[Editor]:
    """The active editors but one who check texts, for what a second person must know of."""
    return who_may("editorial.review_edition", include_superusers=False).exclude(pk=by.pk)


def who_may(permission: str, *, include_superusers: bool = True) -> QuerySet[Editor]:
    """The active editors with a permission."""
    backend = "django.contrib.auth.backends.ModelBackend"
    return Editor.objects.with_perm(permission, include_superusers=include_superusers, backend=backend)
