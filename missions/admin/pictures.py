"""Uploading pictures in the form of an edition.

What was uploaded is kept at once, and the form remembers it by a signed name: a form that is refused for another reason
is shown again with the picture in it, and rows that move change nothing.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from editorial.admin import RowInline
from editorial.admin.access import WRITE
from missions.models import Illustration
from missions.pictures import BadPicture, Picture, PictureFile, keeping
from missions.pictures.names import MEDIA_TYPES

SALT = "missions.pictures"
KEPT = "_kept"  # behind the name of the field: the signed name of what was uploaded with it
_UPLOAD = re.compile(rf"{Illustration.plural}-\d{{1,4}}-picture", re.ASCII)
ACCEPTED = ",".join(MEDIA_TYPES.values())
GONE = "The picture that was chosen before is no longer at hand: choose it again."


class KeptPicture(str):
    """The name of a picture that is kept and stands in no row yet."""

    __slots__ = ()


def keep_uploads(request: HttpRequest) -> None:
    """Keep the pictures that came with a form, and put their signed names into what was typed.

    One that cannot be taken stays where it is: the form says why.
    """
    found = [name for name in request.FILES if _UPLOAD.fullmatch(name)]
    if not found or not request.user.has_perm(WRITE):
        return
    data = request.POST.copy()
    for name in found:
        try:
            data[f"{name}{KEPT}"] = signing.dumps(_keep(request.FILES[name]), salt=SALT)
        except BadPicture:
            continue
        del request.FILES[name]
    request.POST = data  # type: ignore[assignment]


def _keep(upload: Any) -> str:
    upload.seek(0)
    return str(keeping.keep_upload(upload, upload.size or 0))


def shown(name: str, description: str) -> SafeString:
    """A picture beside its field, and where the whole of it is seen."""
    kept = Picture.named(name)
    small = kept.files[0]
    height = round(kept.height * small.width / kept.width)
    return format_html(
        '<a class="kept-picture" href="{}"><img src="{}" width="{}" height="{}" alt="{}"></a>'
        ' <span class="quiet">{} × {} pixels</span>',
        reverse("editors-picture", args=[PictureFile(kept)]),
        reverse("editors-picture", args=[small]),
        small.width,
        height,
        description or "The picture as it is kept",
        kept.width,
        kept.height,
    )


class PictureInput(forms.FileInput):
    """Chooses a file; shows what is kept already."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name) or data.get(f"{name}{KEPT}") or None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}{KEPT}" not in data

    def format_value(self, value: Any) -> Any:
        return value

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chooser = super().render(name, None, {"accept": ACCEPTED, **(attrs or {})}, renderer)
        if not value:
            return format_html('<div class="picture-input"><p>{}</p></div>', chooser)
        kept = SafeString("")
        if isinstance(value, KeptPicture):
            kept = format_html(
                '<strong>Chosen just now, and saved with this form.</strong><input type="hidden" name="{}" value="{}">',
                f"{name}{KEPT}",
                signing.dumps(str(value), salt=SALT),
            )
        return format_html(
            '<div class="picture-input"><p>{} {}</p><p><span class="quiet">Another in its place:</span> {}</p></div>',
            shown(value, ""),
            kept,
            chooser,
        )


class PictureField(forms.FileField):
    """The name of a picture: of the one uploaded, else of the one that is there."""

    widget = PictureInput

    def clean(self, data: Any, initial: Any = None) -> str:
        """Raises ValidationError for what cannot be taken as a picture."""
        if not data:
            return initial or ""
        if not isinstance(data, UploadedFile):
            return self._remembered(data)
        try:
            return KeptPicture(_keep(data))
        except BadPicture as error:
            raise ValidationError(str(error)) from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        if not data or isinstance(data, UploadedFile):
            return initial
        try:
            return self._remembered(data)
        except ValidationError:
            return initial

    def has_changed(self, initial: Any, data: Any) -> bool:
        if not data or isinstance(data, UploadedFile):
            return bool(data)
        try:
            return self._remembered(data) != initial
        except ValidationError:
            return True

    def _remembered(self, token: Any) -> KeptPicture:
        try:
            name = KeptPicture(signing.loads(str(token), salt=SALT))
        except (signing.BadSignature, ValueError):
            raise ValidationError(GONE) from None
        if not keeping.is_there(name):
            raise ValidationError(GONE)
        return name


class IllustrationInline(RowInline):
    model = Illustration
    key_from = ("caption",)
    fields = (
        "picture", "alt_text", "caption", "shows", "date", "credit", "licence", "licence_note", "origin", "cites", "key",
        "rank",
    )  # fmt: skip

    class Media:
        css = {"all": ["admin/pictures.css"]}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "picture":
            kwargs |= {"form_class": PictureField, "widget": PictureInput}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where nothing can be changed the picture itself stands in place of its name."""
        names = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return names
        return ["as_kept" if name == "picture" else name for name in names]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["as_kept"]

    def as_kept(self, row: Illustration) -> SafeString:
        return shown(row.picture, row.alt_text) if row.picture else SafeString("–")

    as_kept.short_description = "picture"  # type: ignore[attr-defined]


class WithPictures:
    """For the admin class of editions: what is uploaded with its form is kept first."""

    review_parts: ClassVar[tuple[str, ...]] = ("admin/missions/_review_pictures.html",)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            keep_uploads(request)
        return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
