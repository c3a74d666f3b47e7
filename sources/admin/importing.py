"""The page that brings references into the library: paste or upload, look through what would follow, save."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from editorial.admin.access import WRITE, editor
from editorial.workflow import WorkflowError
from sources import bibliography, importing
from sources.bibliography import BadText
from sources.bibliography.reading import LARGEST
from sources.importing import CHANGED, LEAVE, NEW, SUSPECTED, UNCHANGED, Candidate, Decision, Difference, Line, Plan
from sources.models import Source

if TYPE_CHECKING:
    from sources.admin.library import SourceAdmin

SALT = "sources.import"
LONGEST_SIGNED = 2_000_000  # letters: Django takes no larger form
DAY = 24 * 3600
_TAKE = re.compile(r"take-(\d{1,6})-(\d{1,18})")


class TextForm(forms.Form):
    """Where the references come from, and what is not in them."""

    text = forms.CharField(
        required=False,
        strip=False,
        label="References",
        widget=forms.Textarea(attrs={"rows": 12, "cols": 90, "spellcheck": "false"}),
        help_text="Paste BibTeX, RIS or CSL-JSON, or choose a file below.",
    )
    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        label="Or a file",
        help_text=f"Text of at most {LARGEST // 1024 // 1024} MB; more than 2 MB only as a file.",
    )
    format = forms.ChoiceField(required=False, choices=[("", "find out"), *bibliography.NAMES.items()], label="Format")
    standing = forms.ChoiceField(
        choices=[("", "choose …"), *Source.Standing.choices],
        help_text="Of new sources that do not say theirs. It can be changed source by source afterwards.",
    )

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when there is no text, or it is none of the formats."""
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        try:
            if file and file.size > LARGEST:
                raise BadText(f"This file is too large: at most {LARGEST // 1024 // 1024} MB at a time. Divide it.")
            text = decoded(file.read()) if file else cleaned.get("text", "")
            if not text.strip():
                raise BadText("Paste references, or choose a file.")
            cleaned["text"] = bibliography.reading.prepared(text)
            cleaned["format"] = cleaned.get("format") or bibliography.detected(cleaned["text"])
        except BadText as error:
            raise ValidationError(str(error)) from None
        return cleaned


def decoded(content: bytes) -> str:
    """The text of a file. What is no UTF is taken for the Windows text that old programs write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


@dataclass(frozen=True)
class Tick:
    """A value that can be taken over, and whether it is to be."""

    difference: Difference
    is_on: bool


@dataclass(frozen=True)
class ShownCandidate:
    candidate: Candidate
    name: str  # of its ticks
    ticks: list[Tick]
    is_chosen: bool


@dataclass(frozen=True)
class ShownLine:
    """An entry on the page, with what the editor chose for it so far."""

    line: Line
    choice: str
    candidates: list[ShownCandidate]


def import_view(model_admin: SourceAdmin, request: HttpRequest) -> HttpResponse:
    """Ask for references, show what they would change, and on confirmation save exactly that."""
    if not (model_admin.has_add_permission(request) and request.user.has_perm(WRITE)):
        raise PermissionDenied
    if request.method == "POST" and "signed" in request.POST:
        try:
            return _save(model_admin, request)
        except BadText as error:  # the library has grown since, so that the text is too much for it now
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
    form = TextForm(request.POST, request.FILES) if request.method == "POST" else TextForm()
    if form.is_valid():
        given = [form.cleaned_data[name] for name in ("text", "format", "standing")]
        try:
            return _shown(model_admin, request, given)
        except BadText as error:
            form.add_error(None, str(error))
    context = _context(model_admin, request) | {"form": form}
    return TemplateResponse(request, "admin/sources/import.html", context)


def _context(model_admin: SourceAdmin, request: HttpRequest) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "title": "Import references",
        "opts": model_admin.opts,
        "list_address": reverse("admin:sources_source_changelist"),
    }


def _shown(
    model_admin: SourceAdmin, request: HttpRequest, given: list[str], *, error: str = "", typed: QueryDict | None = None
) -> HttpResponse:
    """The page of what would follow. Raises BadText."""
    text, format, standing = given
    planned = importing.plan(text, format, standing=standing)
    signed = signing.dumps(given, salt=_salt(request), compress=True)
    if len(signed) > LONGEST_SIGNED:
        raise BadText("This is too large to look through at once: divide it.")
    typed = typed or QueryDict()
    context = _context(model_admin, request) | {
        "title": "Import references: what would follow",
        "planned": planned,
        "signed": signed,
        "digest": planned.digest,
        "format": bibliography.NAMES[format],
        "standing": Source.Standing(standing).label,
        "error": error,
        "reason": typed.get("reason", ""),
        "asks_reason": any(it.is_public for line in planned.lines for it in line.candidates if it.differences),
        **{name: list(_lines(planned, name, typed)) for name in (NEW, CHANGED, SUSPECTED, UNCHANGED)},
    }
    return TemplateResponse(request, "admin/sources/import_look.html", context, status=409 if error else 200)


def _salt(request: HttpRequest) -> str:
    return f"{SALT}.{request.user.pk}"


def _lines(planned: Plan, outcome: str, typed: QueryDict) -> Iterator[ShownLine]:
    for line in planned.of(outcome):
        choice = typed.get(f"do-{line.number}", line.default)
        candidates = []
        for it in line.candidates:
            name = f"take-{line.number}-{it.source.pk}"
            on = set(typed.getlist(name))
            ticks = [Tick(difference, difference.field in on) for difference in it.differences]
            candidates.append(ShownCandidate(it, name, ticks, choice == str(it.source.pk)))
        yield ShownLine(line, choice, candidates)


def _save(model_admin: SourceAdmin, request: HttpRequest) -> HttpResponse:
    try:
        given = signing.loads(request.POST["signed"], salt=_salt(request), max_age=DAY)
    except signing.BadSignature:
        messages.error(request, "What was looked through is older than a day, or not yours: please import again.")
        return HttpResponseRedirect(request.path)
    text, format, standing = given
    try:
        with transaction.atomic():
            planned = importing.plan(text, format, standing=standing)
            if planned.digest != request.POST.get("digest"):
                raise WorkflowError(
                    "The library has changed since you looked through this, so nothing was saved. "
                    "Look through it once more; what you chose is still chosen."
                )
            report = importing.carry_out(
                planned, _decisions(planned, request.POST), by=editor(request), reason=request.POST.get("reason", "")
            )
    except WorkflowError as error:
        return _shown(model_admin, request, given, error=str(error), typed=request.POST)
    _log(request, report)
    return HttpResponseRedirect(reverse("admin:sources_source_changelist"))


def _decisions(planned: Plan, posted: QueryDict) -> dict[int, Decision]:
    """What was chosen, by the number of the line. Nonsense counts as nothing chosen."""
    ticked: dict[tuple[int, str], frozenset[str]] = {
        (int(found[1]), found[2]): frozenset(posted.getlist(name))
        for name in posted
        if (found := _TAKE.fullmatch(name))
    }
    decisions = {}
    for line in planned.lines:
        choice = posted.get(f"do-{line.number}", line.default)
        if line.outcome == CHANGED:
            choice = str(line.candidates[0].source.pk)
        if line.outcome == NEW and choice != LEAVE:
            choice = NEW
        decisions[line.number] = Decision(choice, ticked.get((line.number, choice), frozenset()))
    return decisions


def _log(request: HttpRequest, report: importing.Report) -> None:
    """Say what was done, to the editor and in the log of the editors' site."""
    user = request.user.pk
    proposed = [amendment.target for amendment in report.proposed]
    for things, flag, message in (
        (report.created, ADDITION, "Imported."),
        (report.changed, CHANGE, "Changed by an import."),
        (proposed, CHANGE, "Proposed a change by an import."),
    ):
        if things:
            LogEntry.objects.log_actions(user, things, flag, message)  # type: ignore[arg-type]
    parts = [
        f"{len(report.created)} new",
        f"{len(report.changed)} changed",
        f"{len(report.proposed)} proposed, to be confirmed by a second editor",
    ]
    messages.success(request, f"Imported: {'; '.join(parts)}.")
