"""The readers' form."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from editorial.models import Correction, Edition
from editorial.subjects import Subject, find_subject

NO_SUBJECT = (
    "This report names no page that is public on this site. Open the page it is about, "
    "and write from the form at its foot."
)


class CorrectionForm(forms.ModelForm):
    """What a reader sends. Only the message, and what it is about, must be there.

    `record` (as `mission/kfor`) or `subject` (an address such as `/sources/un1999res1244/`) says what
    it is about, `edition` which edition the reader saw, `figure` which figure or fact they came from.
    """

    kind = forms.ChoiceField(label="What it is", choices=Correction.Kind, required=False, widget=forms.RadioSelect)
    message = forms.CharField(label="Message", max_length=10_000, widget=forms.Textarea)
    passage = forms.CharField(
        label="The words or the figure in question",
        max_length=2_000,
        required=False,
        widget=forms.Textarea,
    )
    should_say = forms.CharField(label="What it should say", max_length=5_000, required=False, widget=forms.Textarea)
    evidence_url = forms.URLField(label="Link to evidence", max_length=1_000, required=False, assume_scheme="https")
    record = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    edition = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    homepage = forms.CharField(label="Leave this empty", max_length=500, required=False)

    class Meta:
        model = Correction
        fields = [
            "name", "email", "message", "kind", "passage", "should_say", "evidence_url", "living_person",
            "may_name", "may_quote", "figure", "citation",
        ]  # fmt: skip
        labels = {
            "name": "Your name",
            "email": "Your e-mail address",
            "living_person": "It concerns a living person",
            "may_name": "You may name me in public",
            "may_quote": "You may publish my words",
        }
        error_messages = {"email": {"invalid": "This is not an e-mail address."}}

    about: Subject | None = None

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Correction.Kind.CORRECTION

    def clean(self) -> dict[str, Any]:
        """Finds what the report is about; refuses text that no database can hold."""
        data = super().clean() or {}
        for name, value in list(data.items()):
            if isinstance(value, str) and not _can_be_stored(value):
                self.add_error(name, "This contains characters that are no text.")
        if not {"record", "subject"} & set(self.errors):
            self.about = find_subject(record=data["record"], subject=data["subject"])
            if self.about is None:
                self.add_error(None, forms.ValidationError(NO_SUBJECT, code="unknown_subject"))
        return data

    def save(self, commit: bool = True) -> Correction:
        """The report, about what it names; a filled trap puts it into the box of suspected spam."""
        correction = cast(Correction, super().save(commit=False))
        if self.about is None:
            raise ValueError("Only a valid report can be saved.")
        correction.record = self.about.record
        correction.subject = "" if self.about.record else self.about.address
        correction.subject_label = self.about.label
        correction.edition_seen = self._edition_seen()
        correction.is_spam = bool(self.cleaned_data["homepage"])
        if commit:
            correction.save()
        return correction

    def _edition_seen(self) -> Edition | None:
        number = self.cleaned_data["edition"]
        record = self.about.record if self.about else None
        if record is None or not (number.isascii() and number.isdigit() and len(number) < 9):
            return None
        return record.editions.public().light().filter(number=int(number)).first()


class FollowUpForm(forms.Form):
    """What a reader writes again, to their own report."""

    text = forms.CharField(label="Message", max_length=10_000, widget=forms.Textarea)

    def clean_text(self) -> str:
        """Raises ValidationError for text that no database can hold."""
        text: str = self.cleaned_data["text"]
        if not _can_be_stored(text):
            raise forms.ValidationError("This contains characters that are no text.")
        return text


def _can_be_stored(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, as JSON can carry it
        return False
    return "\0" not in text
