"""Makes of an upload what is kept: pixels, encoded anew, and nothing else that the file carried.

Only JPEG, PNG and WebP, told by decoding and never by name. Where and with what the picture was taken (EXIF, GPS),
thumbnails, comments and whatever else stands in the file beside the pixels is gone; the orientation and the colours
that were said there are applied. No SVG: it is a program, and a page of ours would run it.
"""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

from missions.pictures.names import BadPicture, Picture, PictureFile

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MOST_BYTES = 20 * 1024 * 1024  # of an upload
MOST_PIXELS = 40_000_000  # decoded, some 150 MB of memory
MOST_KEPT = 8 * 1024 * 1024  # bytes of what is kept, each of which a reader may download
LONGEST_SIDE = 2400
LEAST_SIDE = 200  # pixels of the longer side
QUALITY = 85
ACCEPTED = "JPEG, PNG or WebP"

# What Pillow's decoders are known to raise for files that are damaged, or made to damage.
_DAMAGED = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, ArithmeticError, LookupError, TypeError, RuntimeError,
    MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


@dataclass(frozen=True)
class Encoded:
    """A picture with the bytes of its files, the picture itself among them."""

    picture: Picture
    files: dict[PictureFile, bytes]


def encoded_anew(upload: BinaryIO, size: int) -> Encoded:
    """What is kept of an upload of `size` bytes. Raises BadPicture."""
    if size > MOST_BYTES:
        raise BadPicture(f"The file is larger than {MOST_BYTES // 1024**2} MB: save it smaller, or as a JPEG.")
    extension, image = _decoded(upload)
    if max(image.size) < LEAST_SIDE:
        raise BadPicture(
            f"The picture is {image.width} × {image.height} pixels: it must have {LEAST_SIDE} on its longer side."
        )
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    data = _encoded(image, extension)
    if len(data) > MOST_KEPT:
        raise BadPicture("The picture takes too much room as it is: save it as a JPEG, and upload that.")
    picture = Picture(hashlib.sha256(data).hexdigest(), image.width, image.height, extension)
    return Encoded(picture, _files(picture, image, data))


def as_it_is(name: str, data: bytes) -> Encoded:
    """A picture that was kept before, such as one of the record files. Raises BadPicture where it is not what it says."""
    try:
        picture = Picture.named(name)
    except ValueError as error:
        raise BadPicture(str(error)) from None
    if hashlib.sha256(data).hexdigest() != picture.sha256:
        raise BadPicture("the file is not the one that its name was made of.")
    extension, image = _decoded(io.BytesIO(data))
    if (extension, *image.size) != (picture.extension, picture.width, picture.height):
        raise BadPicture("the file is of another size or format than its name says.")
    return Encoded(picture, _files(picture, image, data))


def _decoded(upload: BinaryIO) -> tuple[str, Image.Image]:
    """(extension, pixels) of a file: upright, in the colours of screens. Raises BadPicture."""
    try:
        with Image.open(upload, formats=list(FORMATS)) as file:
            if file.width * file.height > MOST_PIXELS:
                raise BadPicture(
                    f"The picture has {file.width} × {file.height} pixels, more than can be taken: "
                    f"save it smaller ({LONGEST_SIDE} pixels on the longer side are enough)."
                )
            if getattr(file, "n_frames", 1) > 1:
                raise BadPicture("This is a moving picture: upload a still one.")
            extension = FORMATS[str(file.format)]
            file.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded smaller at once
            file.load()
            return extension, _in_screen_colours(ImageOps.exif_transpose(file))
    except BadPicture:
        raise
    except _DAMAGED:
        raise BadPicture(f"This is no {ACCEPTED} picture, or the file is damaged.") from None


def _in_screen_colours(image: Image.Image) -> Image.Image:
    """The pixels in sRGB, without anything beside them. One that can be seen through stays so, but for a JPEG."""
    if image.mode.startswith("I"):  # greys of 16 bits
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    profile = image.info.get("icc_profile")
    clear = image.has_transparency_data
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            image = converted or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # colours a little off are no reason to refuse a picture
    image = image.convert("RGBA" if clear else "RGB")
    return Image.frombytes(image.mode, image.size, image.tobytes())


def _encoded(image: Image.Image, extension: str) -> bytes:
    into = io.BytesIO()
    if extension == "jpg":
        image.save(into, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    elif extension == "png":
        image.save(into, "PNG")
    else:
        image.save(into, "WEBP", quality=QUALITY, method=4)
    return into.getvalue()


def _files(picture: Picture, image: Image.Image, data: bytes) -> dict[PictureFile, bytes]:
    files = {PictureFile(picture): data}
    for copy in picture.copies:
        height = max(1, round(picture.height * copy.at / picture.width))
        files[copy] = _encoded(image.resize((copy.at, height), Image.Resampling.LANCZOS), picture.extension)
    return files
