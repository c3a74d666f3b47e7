"""The forms of a page with what stands in their fields, as a browser would send them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]
NOT_SENT = {"submit", "button", "image", "reset", "file"}


@dataclass
class Form:
    """`fields` in the order of the page; `buttons` are the names of those that would be pressed."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return any(name == one for one, _ in self.fields)

    def __getitem__(self, name: str) -> str:
        """The first value of a field. Raises KeyError where there is none of that name."""
        for one, value in self.fields:
            if one == name:
                return value
        raise KeyError(name)

    def filled(self, typed: Mapping[str, str]) -> list[tuple[str, str]]:
        """The fields as they are sent with something else typed into some of them."""
        kept = [(name, value) for name, value in self.fields if name not in typed]
        return [*kept, *typed.items()]


def forms(html: str) -> list[Form]:
    """All forms of a page, in their order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area: tuple[str, list[str]] | None = None
        self._choice = ""
        self._first_option: str | None = None
        self._is_chosen = self._takes_many = False

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in given}
        if tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and "disabled" not in said:
            self._field(self._form, tag, said)

    def _field(self, form: Form, tag: str, said: Attributes) -> None:
        name = said.get("name", "")
        if tag == "option" and self._choice:
            if "selected" in said:
                form.fields.append((self._choice, said.get("value", "")))
                self._is_chosen = True
            elif self._first_option is None:
                self._first_option = said.get("value", "")
        elif not name:
            return
        elif tag == "input":
            kind = said.get("type", "text").lower()
            if kind == "submit":
                form.buttons.append((name, said.get("value", "")))
            elif kind not in NOT_SENT and (kind not in {"checkbox", "radio"} or "checked" in said):
                form.fields.append((name, said.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "button":
            form.buttons.append((name, said.get("value", "")))
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._choice, self._is_chosen, self._first_option = name, False, None
            self._takes_many = "multiple" in said

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None and self._form is not None:
            text = "".join(self._area[1]).removeprefix("\r\n").removeprefix("\n")
            self._form.fields.append((self._area[0], text.replace("\r\n", "\n").replace("\n", "\r\n")))
            self._area = None
        elif tag == "select" and self._choice and self._form is not None:
            if not self._is_chosen and not self._takes_many and self._first_option is not None:
                self._form.fields.append((self._choice, self._first_option))
            self._choice = ""
        elif tag == "form":
            self._form = None
