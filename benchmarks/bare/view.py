"""The bare site itself, as a WSGI application; BARE_FOLDER names the folder with what it returns."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="for-measurements-only-50-characters-of-no-secrecy-at-all",  # noqa: S106
    MIDDLEWARE=[],
)
FOLDER = Path(os.environ["BARE_FOLDER"])
HEADERS = json.loads((FOLDER / "headers.json").read_text())
BODIES = {name: (FOLDER / name).read_bytes() for name in HEADERS}


def answer(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(BODIES[name], headers=HEADERS[name])


urlpatterns = [path("<str:name>", answer)]
application = get_wsgi_application()
