"""The page of the files, and the files. What is given out is found in the list of a set, never by a path of the request."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from editorial.models import PublicSerial
from kosovo_peace.data_files import keeping
from kosovo_peace.data_files.serving import busy, give
from kosovo_peace.describing_site import describe_dataset
from missions.dataset import LICENCE, Dataset
from missions.exports import TABLES


@require_safe
@cache_control(no_cache=True)
def data(request: HttpRequest) -> HttpResponse:
    """What there is to download: the newest set and the releases.

    Nobody who looks at it waits for files to be made, but for the first: until the next are there it shows those before.
    """
    try:
        current = keeping.at_hand() or keeping.newest()
        being_made = current is not None and current.about.serial != PublicSerial.now()
    except keeping.BeingMade:
        current, being_made = None, True
    releases = keeping.releases()
    return _page(request, "data/data.html", current, being_made=being_made, releases=releases)


@require_safe
@cache_control(no_cache=True)
def release(request: HttpRequest, release: str) -> HttpResponse:
    """A release: its files, and how it is cited. 410 where it had to be removed for legal cause."""
    found = _release(release)
    if found.dataset is None:
        return _removed(request, found)
    return _page(request, "data/release.html", found.dataset, release=found)


def _page(
    request: HttpRequest,
    template: str,
    shown: Dataset | None,
    *,
    release: keeping.Release | None = None,
    **context: Any,
) -> HttpResponse:
    """A page with the files of a set: those of a release, or the newest, if there are any."""
    context |= {"dataset": shown, "release": release, "licence": LICENCE}
    if shown:
        tables = {f"{table.name}.csv" for table in TABLES}
        context |= {
            "tables": [file for name, file in shown.files.items() if name in tables],
            "others": [file for name, file in shown.files.items() if name not in tables],
            "description": describe_dataset(shown, release=release.name if release else ""),
        }
    return render(request, template, {**context, "canonical": request.path, "noindex": bool(request.GET)})


@require_safe
@cache_control(no_cache=True)
def latest(request: HttpRequest, name: str) -> HttpResponse:
    """To the file of this name, in short (`figures.csv`) or in full, in the set of what is public now."""
    try:
        current = keeping.newest()
    except keeping.BeingMade:
        return busy("The files are being made at this moment. Please ask again in a minute.\n")
    file = current.named(name) if current else None
    if current is None or file is None:
        raise Http404("There is no such file in the set.")
    response = HttpResponseRedirect(reverse("data-file", args=[current.about.serial, file.name]))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def file_of_set(request: HttpRequest, serial: int, name: str) -> HttpResponseBase:
    """A file of the set of a serial. 410 once that set has made room for a newer one."""
    found = keeping.set_of(serial)
    if found is None and serial > PublicSerial.now():
        raise Http404("There is no such set yet.")
    if found is None:
        return render(request, "data/gone.html", status=410)
    return _given(request, str(serial), found, name)


@require_safe
def file_of_release(request: HttpRequest, release: str, name: str) -> HttpResponseBase:
    """A file of a release."""
    found = _release(release)
    if found.dataset is None:
        return _removed(request, found)
    return _given(request, f"releases/{release}", found.dataset, name)


def _given(request: HttpRequest, folder: str, dataset: Dataset, name: str) -> HttpResponseBase:
    file = dataset.named(name)
    if file is None:
        raise Http404("There is no such file in the set.")
    try:
        return give(request, keeping.root() / folder / file.name, file, dataset.about.at)
    except FileNotFoundError:  # deleted since the set was looked up
        return render(request, "data/gone.html", status=410)


def _release(name: str) -> keeping.Release:
    found = keeping.release(name)
    if found is None:
        raise Http404("There is no release of this name.")
    return found


def _removed(request: HttpRequest, release: keeping.Release) -> HttpResponse:
    return render(request, "data/release_removed.html", {"release": release}, status=410)
