"""What pictures are called: `<SHA-256 of the file>-<width>x<height>.<jpg|png|webp>`.

The name is all that an edition keeps of a picture, in its row and in its frozen text: it tells the content apart from
any other, and how much room the page must leave for it. A copy of smaller size has the name of its picture and its own
width: `<SHA-256>-2400x1600-at960.jpg`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError

WIDTHS = (480, 960, 1600)  # of the copies, as far as the picture is wider
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
FILE_NAME = r"[0-9a-f]{64}-[1-9][0-9]{0,4}x[1-9][0-9]{0,4}(?:-at[1-9][0-9]{0,4})?\.(?:jpg|png|webp)"
_PARTS = re.compile(
    r"([0-9a-f]{64})-([1-9][0-9]{0,4})x([1-9][0-9]{0,4})(?:-at([1-9][0-9]{0,4}))?\.(jpg|png|webp)", re.ASCII
)


class BadPicture(Exception):
    """What cannot be taken as a picture: a sentence for the editor that says why, and what to do."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept; as text it is its name."""

    sha256: str
    width: int
    height: int
    extension: str

    @classmethod
    def named(cls, name: str) -> Picture:
        """Raises ValueError for what is no name of a picture."""
        file = PictureFile.named(name)
        if file.at:
            raise ValueError(f"“{name}” is a copy of a picture, not the picture.")
        return file.picture

    def __str__(self) -> str:
        return f"{self.sha256}-{self.width}x{self.height}.{self.extension}"

    @property
    def in_words(self) -> str:
        """What tells it from another where it cannot be shown."""
        return f"{self.width} × {self.height} pixels, {self.extension.upper()}, SHA-256 {self.sha256[:12]}…"

    @property
    def copies(self) -> list[PictureFile]:
        """Its smaller copies, the narrowest first."""
        return [PictureFile(self, width) for width in WIDTHS if width < self.width]

    @property
    def files(self) -> list[PictureFile]:
        """All that is kept of it: the copies and, last, the picture."""
        return [*self.copies, PictureFile(self)]


@dataclass(frozen=True)
class PictureFile:
    """A picture, or the copy of it that is `at` so many pixels wide; as text the name of the file."""

    picture: Picture
    at: int = 0

    @classmethod
    def named(cls, name: str) -> PictureFile:
        """Raises ValueError for what is no name of a picture, or of one of its copies."""
        match = _PARTS.fullmatch(name)
        if not match:
            raise ValueError(f"“{name[:100]}” is no name of a picture.")
        sha256, width, height, at, extension = match.groups()
        picture = Picture(sha256, int(width), int(height), extension)
        file = cls(picture, int(at or 0))
        if file.at and file not in picture.copies:
            raise ValueError(f"There is no copy of {picture} of that width.")
        return file

    def __str__(self) -> str:
        whole = str(self.picture)
        return (
            f"{whole.removesuffix('.' + self.picture.extension)}-at{self.at}.{self.picture.extension}"
            if self.at
            else whole
        )

    @property
    def width(self) -> int:
        return self.at or self.picture.width

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.picture.extension]


class PictureFileConverter:
    """The name of a file in an address; anything else is no address of this site."""

    regex = FILE_NAME

    def to_python(self, value: str) -> PictureFile:
        return PictureFile.named(value)

    def to_url(self, value: PictureFile | str) -> str:
        return str(value)


def is_picture(name: str) -> None:
    """Validator of the column. Raises ValidationError for what is no name of a picture."""
    try:
        Picture.named(name)
    except ValueError:
        raise ValidationError("This is no picture that was uploaded here: choose it again.") from None
