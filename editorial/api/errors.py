"""Answers of the API that are no success, besides those the framework has, and what is wrong in a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from rest_framework import exceptions, status
from rest_framework.settings import api_settings

Details = dict[str, list[exceptions.ErrorDetail]]


class Gone(exceptions.APIException):
    """What was here was removed for legal cause."""

    status_code = status.HTTP_410_GONE
    default_code = "gone"
    default_detail = "This was removed for legal cause."


class TooLarge(exceptions.APIException):
    """More was sent than is taken in at once."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "This is more than is taken in at once: shorten it, or send it in parts."


def details_of(form: forms.BaseForm) -> Details:
    """What is wrong in a form, by field; what concerns the whole of it stands under the framework's name for that."""
    problems: dict[str, Any] = form.errors.as_data()
    return {
        name if name != NON_FIELD_ERRORS else api_settings.NON_FIELD_ERRORS_KEY: [
            exceptions.ErrorDetail(message, error.code or "invalid") for error in errors for message in error.messages
        ]
        for name, errors in problems.items()
    }


def printable(name: Any) -> str:
    """A name somebody sent, short, and such that it can be sent back."""
    return str(name)[:60].encode(errors="replace").decode()
