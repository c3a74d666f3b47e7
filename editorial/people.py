"""What is done to editors' accounts, and who is told of it.

Whoever sets another's password or resets another's second factor could act in that editor's name,
and approve a text of their own with it. So it is never done unseen: the editor and all other managing
editors are told, the editor's sessions end, and a password that somebody else knows leads only to
the page where the editor chooses another.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from editorial import notices
from editorial.models import Editor
from editorial.roles import ROLES
from editorial.workflow import WorkflowError

# Where django-allauth keeps whose password was right while the second factor is still awaited.
HALF_LOGGED_IN = "account_authentication_methods_user"


def log(editor: Editor, what: str, *, by: Editor | None = None) -> None:
    """Write a sentence about the account into the log of deeds; without `by` the editor's own deed."""
    LogEntry.objects.create(
        user=by or editor,
        content_type=ContentType.objects.get_for_model(Editor),
        object_id=str(editor.pk),
        object_repr=str(editor)[:200],
        action_flag=CHANGE,
        change_message=what,
    )


# The second factor


def second_factor_of_each() -> Exists:
    """For a list of editors: whether each has set up a second factor."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP))


def has_second_factor(editor: Editor) -> bool:
    return Authenticator.objects.filter(user=editor, type=Authenticator.Type.TOTP).exists()


@transaction.atomic
def reset_second_factor(editor: Editor, *, by: Editor | None) -> None:
    """Take a lost second factor away: the editor sets up a new one at the next log-in.

    Without `by` it is done from the command line. Raises WorkflowError when `by` may not.
    """
    if by is not None:
        _require_may_manage(editor, by)
    if not Authenticator.objects.filter(user=editor).delete()[0]:
        raise WorkflowError(f"{editor} has no second factor that could be reset.")
    end_sessions(editor)
    _tell("second factor was reset", editor, by, "Set up a new one, and new recovery codes")


# Passwords, sessions, deactivation


@transaction.atomic
def password_was_set(editor: Editor, *, by: Editor) -> None:
    """Follow up on a password that `by` has just given another editor."""
    Editor.objects.filter(pk=editor.pk).update(must_choose_password=True)
    end_sessions(editor)
    _tell("password was set", editor, by, "Choose one that nobody else knows")


def end_sessions(editor: Editor) -> None:
    """Log the editor out everywhere, also where only the second factor was still awaited."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        kept = session.get_decoded()
        if str(editor.pk) in (kept.get(SESSION_KEY), kept.get(HALF_LOGGED_IN)):
            session.delete()


def may_manage(editor: Editor, by: Editor) -> bool:
    """Whether `by` may set the other's password and reset the second factor; nobody does it to themselves."""
    above = editor.is_superuser and not by.is_superuser
    return editor.pk != by.pk and by.has_perm("editorial.change_editor") and not above


def _require_may_manage(editor: Editor, by: Editor) -> None:
    if editor.pk == by.pk:
        raise WorkflowError("Somebody else must do this for you: another managing editor, or whoever runs the site.")
    if not may_manage(editor, by):
        raise WorkflowError("Only managing editors may do this, and for a superuser only another superuser.")


# Roles


def role_of(editor: Editor) -> str:
    """The editor's role; the most far-reaching of several, nothing without one."""
    names = {group.name for group in editor.groups.all()}
    return next((role for role in reversed(ROLES) if role in names), "")


def _tell(what: str, editor: Editor, by: Editor | None, advice: str) -> None:
    doer = str(by) if by else "whoever runs the site"
    day = f"{timezone.localtime():%-d %B %Y, %H:%M}"
    notices.tell(
        [editor],
        f"Your {what} by {doer} on {day}. {advice}. If you did not ask for it, say so to another managing editor.",
    )
    others = notices.who_may("editorial.change_editor").exclude(pk__in=[one.pk for one in (editor, by) if one])
    notices.tell(others, f"The {what} by {doer} on {day}, for the account of {editor}.")
