"""Pictures by their addresses: for readers, once an edition that holds them is public; before that, for editors.

Nobody finds out by guessing what a draft holds: what is in no public edition answers as if it had never been. A picture
stays as long as any public edition holds it, superseded ones too, and goes with the last that is removed for legal cause.
"""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from editorial import previews
from editorial.models import PUBLIC, Edition
from missions.models import Illustration
from missions.pictures import PictureFile, keeping
from missions.views.previews import unseen
from missions.views.records import gone

# A name stands for one content for ever, so browsers may keep it. Caches between us and them ask again each minute:
# a picture that must go is gone from them.
LASTING = "public, max-age=31536000, s-maxage=60, stale-while-revalidate=60, immutable"


@require_safe
def picture(request: HttpRequest, file: PictureFile) -> HttpResponse:
    """A picture of a public edition, or a copy of it. 410 where the editions that held it were removed."""
    rows = Illustration.objects.filter(picture=str(file.picture))
    if rows.of_public().exists():
        return _given(request, file, LASTING)
    removed = Edition.objects.filter(pk__in=rows.values("edition"), state__in=PUBLIC).light().order_by("-pk").first()
    if removed is None:
        raise Http404("There is no such picture.")
    return gone(request, removed)


@require_safe
def picture_for_editors(request: HttpRequest, file: PictureFile) -> HttpResponse:
    """Any picture that is kept, for those who see drafts; a removed one for those who can remove. Never kept.

    Raises PermissionDenied. The editors' site has asked who it is.
    """
    editions = Edition.objects.filter(pk__in=Illustration.objects.filter(picture=str(file.picture)).values("edition"))
    is_removed = editions.exists() and not editions.filter(suppressed_at=None).exists()
    needed = "editorial.manage_edition" if is_removed else "missions.view_illustration"
    if not request.user.has_perm(needed):
        raise PermissionDenied
    return unseen(_given(request, file, "no-store"))


@require_safe
def picture_of_preview(request: HttpRequest, token: str, file: PictureFile) -> HttpResponse:
    """A picture of the edition that a link shows, as long as the link does."""
    try:
        edition, _ = previews.shared(token)
    except previews.NoSuchPreview:
        raise Http404("There is no such preview.") from None
    except previews.PreviewOver:
        return unseen(HttpResponse(status=HTTPStatus.GONE))
    if not Illustration.objects.filter(edition=edition.pk, picture=str(file.picture)).exists():
        raise Http404("There is no such picture.")
    return unseen(_given(request, file, "no-store"))


def _given(request: HttpRequest, file: PictureFile, caching: str) -> HttpResponse:
    """The file, or that the browser has it already. Raises Http404 where it is gone from the store."""
    etag = f'"{file}"'
    response = HttpResponse(headers={
        "Content-Type": file.media_type,
        "Content-Disposition": f'inline; filename="{file.picture.sha256[:12]}.{file.picture.extension}"',
        "Cache-Control": caching,
        "ETag": etag,
    })  # fmt: skip
    unneeded = get_conditional_response(request, etag, None, response)
    if unneeded is not None and unneeded is not response:
        return unneeded
    try:
        response.content = keeping.contents(file)
    except FileNotFoundError:
        raise Http404("The file of this picture is gone.") from None
    return response
