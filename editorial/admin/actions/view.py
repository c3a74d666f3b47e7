"""The page that asks before something is done, and then does it: one view for all buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from editorial import workflow
from editorial.admin.access import edition_address, editor, not_there
from editorial.admin.actions.buttons import Action, Button, Situation, arranged
from editorial.admin.forms import is_id
from editorial.models import Edition

# How the log says that something was tried in vain, after its name; it is looked for there.
REFUSED = ": refused."


class WithActions(admin.ModelAdmin):
    """An admin class with buttons from the table: each leads to a page that asks, and then does it."""

    workflow_actions: ClassVar[Sequence[Action]] = ()
    action_template: ClassVar[str] = "admin/editorial/action.html"

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_do"
        view = self.admin_site.admin_view(self.action_view)
        return [path("<path:object_id>/do/<slug:action>/", view, name=name), *super().get_urls()]

    def action_address(self, obj: Any, action: Action) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_do"
        return reverse(name, args=[obj.pk, action.name])

    def buttons(self, request: HttpRequest, obj: Any) -> list[Button]:
        """What this editor can do now."""
        situation = Situation(obj, editor(request))
        return [
            Button(self.action_address(obj, action), action.label, action.rank)
            for action in self.workflow_actions
            if action.possible(situation)
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        response = super().change_view(request, object_id, form_url, extra_context)
        context = getattr(response, "context_data", None)
        if context and context.get("original"):
            context["buttons"] = arranged(self.buttons(request, context["original"]))
        return response

    def action_view(self, request: HttpRequest, object_id: str, action: str) -> HttpResponse:
        """Ask, and on POST do it. A refusal is shown in the workflow's words, with what was typed."""
        chosen = next((one for one in self.workflow_actions if one.name == action), None)
        if chosen is None:
            raise Http404
        number = unquote(object_id)
        obj = admin.ModelAdmin.get_object(self, request, number) if is_id(number) else None
        if obj is None:
            return not_there(request, str(self.opts.verbose_name))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        form = chosen.form(request.POST if request.method == "POST" else None, obj=obj, asked=request.GET)
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                next_one = chosen.run(obj, by=request.user, **form.cleaned_data)
            except workflow.OpenEditionExists as error:
                messages.warning(request, str(error))
                return HttpResponseRedirect(edition_address(error.edition))
            except (workflow.WorkflowError, ValidationError) as error:
                reasons = getattr(error, "messages", [str(error)])
                form.add_error(None, reasons)
                self.log_change(request, obj, f"{chosen.label}{REFUSED} {' '.join(reasons)}")
                status = 409
            else:
                messages.success(request, next_one if isinstance(next_one, str) else chosen.done)
                self.log_change(request, obj, f"{chosen.label}.")
                return HttpResponseRedirect(self._after(obj, next_one))
        context = {
            **self.admin_site.each_context(request),
            "title": chosen.label,
            "subtitle": str(obj),
            "action": chosen,
            "form": form,
            "media": self.media + form.media,
            "object": obj,
            "problems": chosen.problems(getattr(obj, "typed", obj)) if status == 200 else [],
            "warnings": chosen.warnings(getattr(obj, "typed", obj)),
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk]),
            "opts": self.opts,
        }
        return TemplateResponse(request, self.action_template, context, status=status)

    def _after(self, obj: Any, next_one: Any) -> str:
        if isinstance(next_one, Edition):
            return edition_address(next_one)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if type(obj)._default_manager.filter(pk=obj.pk).exists():
            return reverse(f"{name}_change", args=[obj.pk])
        return reverse(f"{name}_changelist")
