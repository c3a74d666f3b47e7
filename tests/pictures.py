"""Pictures made for the tests, and an illustration that could be published."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from missions.models import Illustration
from missions.pictures import keeping

GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def picture_bytes(size: tuple[int, int] = (600, 400), format: str = "JPEG", **options: Any) -> bytes:
    """A picture of slanting colours, as an encoder writes it."""
    into = io.BytesIO()
    image = Image.linear_gradient("L").resize(size)
    Image.merge("RGB", [image, image.rotate(180), image]).save(into, format, **options)
    return into.getvalue()


def upload(data: bytes | None = None, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if data is None else data, "image/jpeg")


def a_picture(size: tuple[int, int] = (600, 400)) -> str:
    """The name of a picture that is kept."""
    data = picture_bytes(size)
    return str(keeping.keep_upload(io.BytesIO(data), len(data)))


def IllustrationFactory(edition: Any, **fields: Any) -> Illustration:
    values = {
        "key": "bridge",
        "picture": fields.get("picture") or a_picture(),
        "alt_text": "A bridge over a river, closed with a barrier.",
        "caption": "The bridge over the Ibar",
        "credit": "Somebody",
        "licence": "CC-BY-4.0",
    }
    row = Illustration(edition=edition, **values | fields)
    row.save()
    return row
