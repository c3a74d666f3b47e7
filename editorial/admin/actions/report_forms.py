"""What is asked before a decision on a reader's report is taken."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import QueryDict

from editorial.admin.actions.forms import ActionForm
from editorial.admin.forms import LongText, is_id
from editorial.models import Amendment, AnswerTemplate, Correction, CorrectionEntry, Edition

LONGEST_ANSWER = 5_000
_NUMBER = re.compile(r"(?:report\s*)?(?:no\.?\s*)?#?\s*([0-9]{1,18})")


def report_number(text: str) -> int | None:
    """The number of a report as editors type it: 41, #41, report 41. None where it is none."""
    found = _NUMBER.fullmatch(text.strip().lower()) if text.isascii() else None
    return int(found[1]) if found else None


class AnswerText(LongText):
    """Words for readers. No maxlength in the page, which would cut what is pasted."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 8, "cols": 80}), **kwargs)
        self.validators.append(MaxLengthValidator(LONGEST_ANSWER))


class ReportNumber(forms.CharField):
    """A report, by its number."""

    def clean(self, value: Any) -> Any:
        number = report_number(super().clean(value))
        report = Correction.objects.filter(pk=number).first() if number is not None else None
        if report is None:
            raise ValidationError("There is no report with this number.")
        return report


class DecisionForm(ActionForm):
    """Refuses once where the reader has written again since the page was opened: a decision answers that too."""

    read_to = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values_at_first(self) -> dict[str, Any]:
        return {"read_to": self._last_written()}

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError; once what was written has been shown the same form may be sent again."""
        cleaned = super().clean() or self.cleaned_data
        last = self._last_written()
        if (cleaned.pop("read_to", None) or 0) < last:
            data = cast(QueryDict, self.data).copy()
            data["read_to"] = str(last)
            self.data = data
            raise ValidationError("The reader has written again since you opened this page. Read it below first.")
        return cleaned

    @cached_property
    def conversation(self) -> list[CorrectionEntry]:
        """What the reader was asked and wrote again."""
        kinds = [CorrectionEntry.Kind.QUESTION, CorrectionEntry.Kind.FOLLOW_UP]
        return list(self.obj.entries.filter(kind__in=kinds).select_related("by"))

    def _last_written(self) -> int:
        written = (entry.pk for entry in self.conversation if entry.kind == CorrectionEntry.Kind.FOLLOW_UP)
        return max(written, default=0)


class WithTemplates(DecisionForm):
    """A form with a text that may begin with one of the templates: `?template=` in the link says with which."""

    template_field: ClassVar[str] = "answer"

    def values_at_first(self) -> dict[str, Any]:
        chosen = self.asked.get("template", "")
        template = AnswerTemplate.objects.filter(pk=chosen).first() if is_id(chosen) else None
        return super().values_at_first() | ({self.template_field: template.text} if template else {})

    @cached_property
    def answer_templates(self) -> list[AnswerTemplate]:
        return list(AnswerTemplate.objects.all())


class ConfirmForm(WithTemplates):
    answer = AnswerText(
        label="Answer to readers",
        required=False,
        help_text="Everybody can read it. It may be left empty: the report's page says that it is being corrected.",
    )


class DeclineForm(WithTemplates):
    answer = AnswerText(
        label="Reason",
        help_text="Everybody can read it, for good: say what the sources say, and do not name the reader.",
    )


class CloseForm(WithTemplates):
    answer = AnswerText(label="Answer to readers", required=False, help_text="Everybody can read it. It may be empty.")


class AskForm(WithTemplates):
    template_field = "question"
    question = AnswerText(label="Question", help_text="Only the reader sees it, on the private page.")


class SameAsForm(WithTemplates):
    original = ReportNumber(
        label="The report that came first", max_length=40, help_text="Its number, such as 41. Readers are led there."
    )
    answer = AnswerText(label="Answer to readers", required=False, help_text="Everybody can read it. It may be empty.")

    def values_at_first(self) -> dict[str, Any]:
        original = self.asked.get("original", "")
        return super().values_at_first() | ({"original": original} if is_id(original) else {})


class ReopenForm(DecisionForm):
    reason = AnswerText(label="Reason", help_text="For editors only: it stands in the report's file.")


class DetachForm(ActionForm):
    reason = AnswerText(
        label="Reason", required=False, help_text="For editors only: it stands in the report's file. It may be empty."
    )


class ReleaseForm(ActionForm):
    """What may stand in public of what the reader sent: only what the reader has allowed is asked."""

    words = forms.BooleanField(label="The reader's words stand in the public report", required=False)
    name = forms.BooleanField(label="The reader's name stands in the public report", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, is_allowed in (("words", self.obj.may_quote), ("name", self.obj.may_name and self.obj.name)):
            if not is_allowed:
                del self.fields[field]

    def values_at_first(self) -> dict[str, Any]:
        return {"words": self.obj.words_public, "name": self.obj.name_public}


class OpenEdition(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.record.kind}, {obj.get_state_display()})"


class AttachForm(ActionForm):
    edition = OpenEdition(
        Edition.objects.open().light().select_related("record").order_by("title", "pk"),
        label="Open edition",
        help_text="Publishing it makes the report “corrected in” that edition, without a further step.",
    )

    def values_at_first(self) -> dict[str, Any]:
        """The open edition of the record the report is about."""
        return {
            "edition": Edition.objects.open().filter(record=self.obj.record_id).values_list("pk", flat=True).first()
        }


class AttachToAmendmentForm(ActionForm):
    amendment = forms.ModelChoiceField(
        Amendment.objects.open().prefetch_related("target"),
        label="Proposed change",
        help_text="Confirming it makes the report “corrected by” that change, without a further step.",
    )
