"""Editors and their roles. Nobody is ever deleted: who has left is deactivated."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from editorial import people
from editorial.admin.access import editor, not_there
from editorial.admin.actions import Action, ActionForm, WithActions
from editorial.admin.forms import is_id
from editorial.models import Editor
from editorial.roles import ROLES

FOR_SUPERUSERS = {"is_superuser", "user_permissions"}

RESET_SECOND_FACTOR = Action(
    name="reset-second-factor",
    label="Reset the second factor",
    explanation="For an editor who has lost the device and the recovery codes. Make sure that it is really this person "
    "who asks. He or she is logged out everywhere, and sets up a new second factor at the next log-in. "
    "It is logged, and the editor and all managing editors are told.",
    done="The second factor is reset.",
    form=ActionForm,
    possible=lambda it: people.may_manage(it.obj, it.editor) and people.has_second_factor(it.obj),
    run=people.reset_second_factor,
)


class RoleField(forms.ModelChoiceField):
    """One of the three roles: each includes those before."""

    def __init__(self) -> None:
        super().__init__(
            Group.objects.filter(name__in=ROLES),
            required=False,
            empty_label="No role: cannot log in",
            help_text="Author: writes and submits. Reviewer: also checks and publishes what others wrote. "
            "Managing editor: also withdraws, keeps the vocabularies and manages people. "
            "Without a role an account opens no page.",
        )


class WithRole(forms.ModelForm):
    """Gives the account its role, and lets those with one log in."""

    role: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields and self.instance.pk:
            held = people.role_of(self.instance)
            self.initial["role"] = Group.objects.filter(name=held).values_list("pk", flat=True).first()

    def save(self, commit: bool = True) -> Any:
        if "role" in self.cleaned_data:
            self.instance.is_staff = bool(self.cleaned_data["role"]) or self.instance.is_superuser
        return super().save(commit)

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if "role" in self.cleaned_data:
            role = self.cleaned_data["role"]
            self.instance.groups.remove(*self.instance.groups.filter(name__in=ROLES))
            if role:
                self.instance.groups.add(role)


class ChangeForm(WithRole, UserChangeForm):
    role = RoleField()


class AddForm(WithRole, AdminUserCreationForm):
    """A new account. The password is good for the first log-in, at which the editor chooses another."""

    role = RoleField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)  # there is no other way to log in
        self.fields["role"].required = True
        self.fields["password1"].label = "First password"
        self.fields["password2"].label = "First password again"

    def save(self, commit: bool = True) -> Any:
        self.instance.must_choose_password = True
        return super().save(commit)


class SetPasswordForm(AdminPasswordChangeForm):
    """A new password for somebody else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)  # there is no other way to log in
        self.fields["password1"].label = "New password"
        self.fields["password2"].label = "New password again"


@admin.register(Editor)
class EditorAdmin(WithActions, UserAdmin):
    """Accounts, their public names and roles. Only superusers change superusers, or make them."""

    workflow_actions: ClassVar[list[Action]] = [RESET_SECOND_FACTOR]
    form = ChangeForm
    add_form = AddForm
    add_form_template = "admin/change_form.html"
    change_form_template = "admin/editorial/with_buttons.html"
    change_password_form = SetPasswordForm
    change_user_password_template = "admin/editorial/set_password.html"  # noqa: S105  a file
    list_display = ("username", "public_name", "role", "second_factor", "last_login", "is_active")
    search_fields = ("username", "public_name", "first_name", "last_name", "email")
    list_filter = ("is_active", "groups")
    actions = None
    filter_horizontal = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("username", "password", "public_name")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        (
            "Role",
            {
                "fields": ("role", "is_active", "is_superuser", "user_permissions"),
                "description": "Who has left is made inactive, and is logged out at once. "
                "The texts keep their names, and open drafts stay.",
            },
        ),
        ("Log-in", {"fields": ("second_factor", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "public_name", "role", "password1", "password2")}),)
    readonly_fields = ("second_factor", "last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request).prefetch_related("groups")
        return found.annotate(has_second_factor=people.second_factor_of_each())

    @admin.display(description="role")
    def role(self, editor: Editor) -> str:
        return people.role_of(editor) or ("superuser" if editor.is_superuser else "none")

    @admin.display(description="second factor", boolean=True, ordering="has_second_factor")
    def second_factor(self, editor: Any) -> bool:
        return bool(editor.has_second_factor)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (title, {**options, "fields": [f for f in options["fields"] if f not in FOR_SUPERUSERS]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody locks themselves out."""
        own = ("is_active",) if obj is not None and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """When somebody logged in, or could not, is for themselves and for managing editors."""
        own = unquote(object_id) == str(request.user.pk)
        if not own and not self.has_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Says what a role or an account was changed to: that is asked later."""
        if isinstance(form, SetPasswordForm):
            return "Set the password; the editor changes it at the next log-in."
        changed = set(form.changed_data)
        said = []
        if "role" in changed:
            said.append(f"Role: {form.cleaned_data['role'] or 'none'}.")
        if "is_active" in changed and not add:
            said.append("Activated." if form.cleaned_data["is_active"] else "Deactivated.")
        if others := changed - {"role", "is_active", "password1", "password2"}:
            said.append(f"{'Given' if add else 'Changed'}: {', '.join(sorted(others))}.")
        return " ".join(said)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            people.end_sessions(obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Another's password; one's own is changed where the old one is asked for."""
        number = unquote(id)
        chosen = self.get_object(request, number) if is_id(number) else None
        if chosen is None:
            return not_there(request, str(self.opts.verbose_name))
        if chosen.pk == request.user.pk:  # however it is spelled: 7, 07, _37
            return HttpResponseRedirect(reverse("account_change_password"))
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if response.status_code == 302:
                people.password_was_set(chosen, by=editor(request))
        return response
