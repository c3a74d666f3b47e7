"""The editors' site at /admin/: its names, and a first page that says what waits."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify

from kosovo_peace.not_let_in import keeps_what_was_typed

ROWS = "Rows of editions"  # added from their edition, not from a list of them all
# The models as editors think of them; what is listed nowhere comes last, for those who look after the site.
SECTIONS: list[tuple[str, list[str]]] = [
    ("Records", ["missions.mission", "missions.event", "missions.article", "editorial.record"]),
    (ROWS, ["missions.figure", "sources.citation"]),
    ("Evidence and names", ["sources.source", "missions.organisation", "missions.place", "missions.term"]),
    ("What waits", ["editorial.reviewqueue", "editorial.correction", "editorial.amendment", "sources.recheck"]),
    ("Answers to readers", ["editorial.answertemplate"]),
    ("What was done", ["admin.logentry", "editorial.transition", "editorial.change", "editorial.mail"]),
    ("People", ["editorial.editor", "auth.group"]),
]
NAMES = {
    "editorial.record": "All records",
    "editorial.reviewqueue": "Review queue",
    "editorial.correction": "Readers’ reports",
    "editorial.amendment": "Changes to sources and names",
    "editorial.answertemplate": "Templates for answers",
    "sources.recheck": "Sources to look at again",
    "admin.logentry": "Who did what",
    "editorial.transition": "Changes of state",
    "editorial.change": "What readers saw change",
    "editorial.mail": "Mails to readers",
    "auth.group": "Roles",
}
TECHNICAL = "Technical"
# What the search looks through, in the order of its answer.
SEARCHED = {
    "missions.mission": "Missions",
    "missions.event": "Events",
    "missions.article": "Articles",
    "sources.source": "Sources",
    "missions.organisation": "Organisations",
    "missions.place": "Places",
    "missions.term": "Terms",
    "editorial.correction": NAMES["editorial.correction"],
}


class EditorsSite(admin.AdminSite):
    """Django's admin under our name."""

    site_title = site_header = "Kosovo Peace: editors"
    index_title = "What waits"
    index_template = "admin/what_waits.html"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's, which would lead a form from somebody no longer logged in to the log-in page, and lose it."""
        return keeps_what_was_typed(self, super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """On to /accounts/login/, whatever the method: the admin's own log-in knows no second factor.

        Raises PermissionDenied for who is logged in and may not be here.
        """
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            wanted = reverse("admin:index")
        return HttpResponseRedirect(reverse("account_login", query={"next": wanted}))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return HttpResponseRedirect(reverse("account_change_password"))

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        from editorial.admin.desk import what_waits

        desk = what_waits(cast(Any, request.user))
        return super().index(request, {**(extra_context or {}), "desk": desk})

    def get_urls(self) -> list[Any]:
        from editorial.admin.desk import put_away

        return [
            path("search/", self.admin_view(self.search), name="search"),
            path("quality/", self.admin_view(self.quality), name="quality"),
            path("notices/<int:number>/put-away/", self.admin_view(put_away), name="put_away"),
            *super().get_urls(),
        ]

    def search(self, request: HttpRequest) -> HttpResponse:
        """Records of every kind, drafts too, and what goes with them, by the words of `q`."""
        from editorial.admin.search import find

        query = request.GET.get("q", "").strip()
        context = {
            **self.each_context(request),
            "title": "Search",
            "query": query,
            "groups": find(self, request, query, SEARCHED),
        }
        return TemplateResponse(request, "admin/search.html", context)

    def quality(self, request: HttpRequest) -> HttpResponse:
        """The published records, the weakest first, or in the order of one column (`by`)."""
        from kosovo_peace.weakest import weakest_records

        context = {**self.each_context(request), "title": "The weakest records", **weakest_records(request)}
        return TemplateResponse(request, "admin/quality.html", context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        from editorial.admin.desk import overdue_banner

        return {**super().each_context(request), "overdue": overdue_banner(request)}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models in our sections; those of one app alone as Django has them."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {
            f"{app['app_label']}.{model['object_name'].lower()}": model for app in apps for model in app["models"]
        }
        sections = []
        for title, labels in SECTIONS:
            listed = [(label, models.pop(label)) for label in labels if label in models]
            changes = {"add_url": None} if title == ROWS else {}
            named = [{**model, "name": NAMES.get(label, model["name"]), **changes} for label, model in listed]
            sections.append((title, named))
        if request.user.has_perm("editorial.manage_edition"):
            sections.append((TECHNICAL, list(models.values())))
        return [
            {"name": title, "app_label": slugify(title), "app_url": "", "has_module_perms": True, "models": listed}
            for title, listed in sections
            if listed
        ]


class AdminConfig(DjangoAdminConfig):
    """Django's admin with our site."""

    default_site = "kosovo_peace.admin_site.EditorsSite"

    def ready(self) -> None:
        """Find all admin classes, and leave out those of packages whose rows are nobody's to see."""
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator

        admin.site.unregister([EmailAddress, Authenticator])
