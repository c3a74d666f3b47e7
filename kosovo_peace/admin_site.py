"""The editors' site at /admin/: its names, and a first page that says what waits."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


class EditorsSite(admin.AdminSite):
    """Django's admin under our name."""

    site_title = site_header = "Kosovo Peace: editors"
    index_title = "What waits"
    index_template = "admin/what_waits.html"

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        from kosovo_peace.log_in import LogInForm

        self.login_form = LogInForm
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        from editorial.admin.desk import what_waits

        piles = what_waits(cast(Any, request.user))
        return super().index(request, {**(extra_context or {}), "piles": piles})


class AdminConfig(DjangoAdminConfig):
    """Django's admin with our site."""

    default_site = "kosovo_peace.admin_site.EditorsSite"
