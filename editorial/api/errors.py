"""Answers of the API that are no success, besides those the framework has."""

from __future__ import annotations

from rest_framework import exceptions, status


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
