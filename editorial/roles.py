"""Who may do what: the groups Author, Reviewer and Managing editor.

Permissions say what somebody's role allows; that nobody approves a text of their own is a rule of
the workflow, and binds superusers too.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions

AUTHOR, REVIEWER, MANAGING_EDITOR = "Author", "Reviewer", "Managing editor"
ROLES = [AUTHOR, REVIEWER, MANAGING_EDITOR]

CONTENT_APPS = ["sources", "missions"]
_MANAGED = {"term", "editor", "group"}
_WRITTEN_BY_THE_SITE = {"recheck", "evidencecheck"}


def role_permissions() -> dict[str, set[str]]:
    """Permissions as `app.codename`, by role. Each role includes the one before."""
    author = {"editorial.write_edition"}
    for model in _models(CONTENT_APPS):
        name = model._meta.model_name
        actions = (
            ["view"]
            if name in _MANAGED | _WRITTEN_BY_THE_SITE or name.startswith("historical")
            else ["view", "add", "change", "delete"]
        )
        author |= {f"{model._meta.app_label}.{action}_{name}" for action in actions}
    for model in _models(["editorial"]):
        author.add(f"editorial.view_{model._meta.model_name}")
    author |= {"editorial.change_correction"}
    reviewer = author | {"editorial.review_edition", "editorial.change_amendment"}
    managing = reviewer | {
        "editorial.manage_edition",
        "editorial.add_editor",
        "editorial.change_editor",
        "admin.view_logentry",
    }
    for managed in ("missions.{}_term", "editorial.{}_answertemplate"):
        managing |= {managed.format(action) for action in ("add", "change", "delete")}
    return {AUTHOR: author, REVIEWER: reviewer, MANAGING_EDITOR: managing}


def give_roles_their_permissions(sender: Any, **kwargs: Any) -> None:
    """After each migration: the groups exist and hold what `role_permissions` says."""
    from django.contrib.auth.models import Group, Permission

    using = kwargs["using"]
    for label in ["admin", "editorial", *CONTENT_APPS]:
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    by_name = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.using(using).select_related("content_type")
    }
    for role, names in role_permissions().items():
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set(by_name[name] for name in names if name in by_name)


def _models(labels: list[str]) -> Any:
    return [model for label in labels for model in apps.get_app_config(label).get_models()]
