"""What is asked by those who want to know whether something has changed, on the page and in the API."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from missions import changed_since


class ChangedForm(forms.Form):
    """An address of ours, and the edition or the day; once it is valid it has the `answer`."""

    address = forms.CharField(
        label="The address you cite",
        max_length=1000,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text="Of a mission, an event or an article, of one of its editions, or of a figure.",
    )
    edition = forms.CharField(
        label="Edition",
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": 6}),
        help_text="Its number, where the address does not say it.",
    )
    on = forms.DateField(
        label="Or the day",
        required=False,
        input_formats=["%Y-%m-%d", "%d %B %Y"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="On which you read it, where you did not note the edition.",
        error_messages={"invalid": "Write the day as 2024-05-01."},
    )

    answer: changed_since.Answer

    def __init__(self, *args: Any, hosts: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hosts = hosts

    def clean(self) -> dict[str, Any]:
        """Look for the answer. What cannot be told stands as an error at its field."""
        given = self.cleaned_data
        if self.errors:
            return given
        day = given["on"].isoformat() if given.get("on") else ""
        try:
            self.answer = changed_since.answer(given["address"], edition=given["edition"], on=day, hosts=self.hosts)
        except changed_since.CannotTell as reason:
            code = "not_found" if reason.is_unknown else "invalid"
            self.add_error(reason.field, forms.ValidationError(str(reason), code=code))
        return given
