"""A set of data files, read as its readers would read it."""

from __future__ import annotations

import csv
import sqlite3
import tarfile
import zipfile
from pathlib import Path

from missions import dataset


class Files:
    """A new set in a folder, of what is public now."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.set = folder, dataset.make(folder)

    def path(self, short: str) -> Path:
        return self.folder / self.set.files[short].name

    def csv(self, table: str) -> list[dict[str, str]]:
        with self.path(f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def sqlite(self, query: str, *values: str) -> list[sqlite3.Row]:
        with sqlite3.connect(self.path("kosovo-peace.sqlite")) as file:
            file.row_factory = sqlite3.Row
            found = file.execute(query, values).fetchall()
        file.close()
        return found

    def record_files(self) -> tarfile.TarFile:
        return tarfile.open(self.path("record-files.tar.gz"))

    def everything(self) -> bytes:
        """All that any of the files says, unpacked."""
        said = [path.read_bytes() for path in self.folder.iterdir()]
        with zipfile.ZipFile(self.path("kosovo-peace.zip")) as archive, self.record_files() as records:
            said += [archive.read(name) for name in archive.namelist()]
            said += [records.extractfile(member).read() for member in records]
        return b"\n".join(said)
