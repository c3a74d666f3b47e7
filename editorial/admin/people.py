"""Editors and their roles. Nobody is ever deleted: who has left is deactivated."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from editorial.models import Editor

FOR_SUPERUSERS = {"is_superuser", "user_permissions"}


@admin.register(Editor)
class EditorAdmin(UserAdmin):
    """Accounts, their public names and roles. Only superusers change superusers, or make them."""

    list_display = ("username", "public_name", "email", "is_active", "is_superuser")
    search_fields = ("username", "public_name", "first_name", "last_name", "email")
    list_filter = ("is_active", "groups")
    actions = None
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("username", "password", "public_name")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        (
            "Role",
            {
                "fields": (
                    "is_active",
                    "is_staff",
                    "groups",
                    "is_superuser",
                    "user_permissions",
                ),
                "description": "Who has left is made inactive: the texts keep their names.",
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "public_name", "usable_password", "password1", "password2"),
            },
        ),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (title, {**options, "fields": [f for f in options["fields"] if f not in FOR_SUPERUSERS]})
            for title, options in fieldsets
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
