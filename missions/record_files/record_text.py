"""A record, and an entry of a list, as plain data: what their files say, wherever it was read from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from editorial.freezing import plain_number
from editorial.models import ReferenceData
from missions.record_files import yaml_text
from missions.record_files.shape import Plain

FOLDER = "missions/record"
PICTURES = f"{FOLDER}/pictures"
# What stands in the place of a text removed for legal cause, so that references to it still lead somewhere.
REMOVED = "Removed for legal cause"


@dataclass
class Entry:
    """One thing of a list of reference data; `rank` is its place, where places matter (terms)."""

    model: type[ReferenceData]
    name: str
    plain: Plain
    rank: int | None = None

    @property
    def sha256(self) -> str:
        return _sha256([self.plain, self.rank])


@dataclass
class RecordText:
    """A record's file and its file of figures. Without `published` it is a draft."""

    kind: str
    slug: str
    published: str
    front: Plain
    body: str
    figures: list[Plain]
    lines: dict[str, int] = field(default_factory=dict, compare=False)  # of top-level keys, if read from a file

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.slug}"

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.kind}s/{self.slug}.md"

    @property
    def figures_path(self) -> str:
        return f"{FOLDER}/{self.kind}s/{self.slug}.figures.yaml"

    @property
    def pictures(self) -> dict[str, str]:
        """The names of its pictures by the paths of their files."""
        rows = self.front.get("illustrations", [])
        return {f"{PICTURES}/{row['picture']}": row["picture"] for row in rows if row.get("picture")}

    @property
    def sha256(self) -> str:
        return _sha256([self.published, self.front, self.body, self.figures])

    def files(self) -> dict[str, str]:
        """The text of its files by path."""
        front = {"published": self.published, **self.front} if self.published else self.front
        text = f"---\n{yaml_text.write(front)}---\n" + (f"\n{self.body}\n" if self.body else "")
        return {self.path: text} | ({self.figures_path: yaml_text.write(self.figures)} if self.figures else {})


def _sha256(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, default=plain_number)
    return hashlib.sha256(text.encode()).hexdigest()
