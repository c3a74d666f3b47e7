"""The readers' forms."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms

from editorial.models import Correction, Edition
from editorial.subjects import Subject, find_subject

NO_SUBJECT = (
    "This report names no page that is public on this site. Open the page it is about, "
    "and write from the form at its foot."
)
LINKS_OF_SPAM = 24  # in one message, by which it is suspected: editors look it through all the same


class Words(forms.CharField):
    """A text of several lines. Browsers send each line end as two characters; the text keeps its one."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class ReadersForm(forms.Form):
    """What all forms of readers share: text of any script, nothing cut off, and a trap.

    The trap, `homepage`, is hidden from people; programs that fill in all there is fill it too.
    """

    homepage = forms.CharField(
        label="Leave this empty",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # With it browsers silently cut off what is pasted; we say what is too long.
            field.widget.attrs.pop("maxlength", None)
            if isinstance(field.widget, (forms.Textarea, forms.TextInput)) and not field.widget.is_hidden:
                field.widget.attrs.setdefault("dir", "auto")

    def clean(self) -> dict[str, Any]:
        """Refuses text that no database can hold."""
        data = super().clean() or self.cleaned_data
        for name, value in list(data.items()):
            if isinstance(value, str) and not _can_be_stored(value):
                self.add_error(name, "This contains characters that are no text.")
        return data


class CorrectionForm(ReadersForm, forms.ModelForm):
    """What a reader sends. Only the message, and what it is about, must be there.

    `record` (as `mission/kfor`) or `subject` (an address such as `/sources/un1999res1244/`) says what
    it is about, `edition` which edition the reader saw, `figure` or `citation` which figure, fact or
    note they came from.
    """

    kind = forms.ChoiceField(
        label="What it is",
        choices=Correction.Kind,
        initial=Correction.Kind.CORRECTION,
        required=False,
        widget=forms.RadioSelect,
    )
    message = Words(
        label="Message",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write your message: it is all we need."},
    )
    passage = Words(
        label="The words or the figure in question",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    should_say = Words(
        label="What it should say", max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence_url = forms.URLField(
        label="Link to evidence",
        help_text="The address of a page or document, such as https://example.org/report.pdf.",
        max_length=1_000,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        error_messages={"invalid": "This is no address of a page: it should look like https://example.org/report.pdf."},
    )
    record = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    edition = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Correction
        fields = [
            "message", "name", "email", "kind", "passage", "should_say", "evidence_url", "living_person",
            "may_quote", "may_name", "figure", "citation",
        ]  # fmt: skip
        labels = {
            "name": "Your name",
            "email": "Your e-mail address",
            "living_person": "It concerns a living person",
            "may_quote": "You may publish my words",
            "may_name": "You may name me in public",
        }
        help_texts = {
            "name": "Not needed. Not published, unless you allow it below.",
            "email": "Not needed. Never published: we write to it when there is an answer.",
            "living_person": "Such reports are dealt with first.",
            "may_quote": "With our answer, if we think it helps others. You can take this back.",
            "may_name": "As the one who reported it, if you have given a name. You can take this back.",
        }
        error_messages = {
            "email": {"invalid": "This is no e-mail address: it should look like name@example.org."},
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
            "figure": forms.HiddenInput,
            "citation": forms.HiddenInput,
        }

    about: Subject | None = None

    def clean_name(self) -> str:
        """In one line, whatever came."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Correction.Kind.CORRECTION

    def clean(self) -> dict[str, Any]:
        """Finds what the report is about."""
        data = super().clean()
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
        correction.is_spam = bool(self.cleaned_data["homepage"]) or _has_links_by_the_dozen(correction)
        if commit:
            correction.save()
        return correction

    def _edition_seen(self) -> Edition | None:
        return self.about.public_edition(self.cleaned_data["edition"]) if self.about else None


class FollowUpForm(ReadersForm):
    """What a reader writes again, to their own report."""

    text = Words(
        label="Message",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write your message first."},
    )


def _has_links_by_the_dozen(correction: Correction) -> bool:
    words = f"{correction.message} {correction.passage} {correction.should_say}"
    return len(re.findall(r"\bhttps?://", words, re.IGNORECASE)) >= LINKS_OF_SPAM


def _can_be_stored(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, as JSON can carry it
        return False
    return "\0" not in text
