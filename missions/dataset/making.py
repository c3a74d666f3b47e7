"""Makes a whole set of files, in constant memory, all of one moment."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from editorial.spreadsheets import BYTE_ORDER_MARK
from missions.dataset import describing
from missions.dataset.about import About, one_moment
from missions.dataset.cells import csv_cell
from missions.dataset.record_archive import write_archive
from missions.dataset.sqlite_file import SqliteFile
from missions.exports import TABLES, Table
from missions.record_files.reading import Progress, no_progress

MANIFEST = "manifest.json"
BLOCK = 256 * 1024
OLDEST_IN_ZIP = (1980, 1, 1, 0, 0, 0)
CSV, TEXT = "text/csv; charset=utf-8", "text/plain; charset=utf-8"
ARCHIVE = "-record-files.tar.gz"


@dataclass(frozen=True)
class DataFile:
    """A file of a set. `short` is its name at `/data/latest/`; `rows` of a table, else None."""

    name: str
    short: str
    title: str
    description: str
    media_type: str
    rows: int | None
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """A set as its folder has it. `about` says as of when it is; files by their short name."""

    about: About
    files: Mapping[str, DataFile]

    def write(self, folder: Path) -> None:
        """Keep what is in the folder in the folder; the last thing that is written there."""
        about = asdict(self.about) | {"at": self.about.at.isoformat()}
        data = {"about": about, "files": [asdict(file) for file in self.files.values()]}
        (folder / MANIFEST).write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Dataset | None:
        """What a folder holds; None where no set was finished."""
        try:
            data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        about = data["about"] | {"at": datetime.datetime.fromisoformat(data["about"]["at"])}
        return cls(About(**about), {file["short"]: DataFile(**file) for file in data["files"]})

    def named(self, name: str) -> DataFile | None:
        """The file of this name, in full or in short."""
        return self.files.get(name) or self.files.get(self.about.short(name))


def make(folder: Path, release: str = "", progress: Progress = no_progress) -> Dataset:
    """Write all files of what is public now into an empty folder; `release` is the name of one that is kept."""
    with one_moment():
        about = About.now(release)
        made = _Made(folder, about)
        with SqliteFile(made.path(".sqlite"), about) as database:
            for table in progress(TABLES, desc="tables"):
                made.add_table(table, database, progress)
        write_archive(made.path(ARCHIVE), about, progress)
    return made.finish()


class _Made:
    """The files made so far."""

    def __init__(self, folder: Path, about: About) -> None:
        self.folder, self.about = folder, about
        self.files: dict[str, DataFile] = {}

    def path(self, rest: str) -> Path:
        return self.folder / f"{self.about.stem}{rest}"

    def add_table(self, table: Table, database: SqliteFile, progress: Progress) -> None:
        rest, count = f"-{table.name}.csv", 0
        database.begin(table)
        with self.path(rest).open("w", encoding="utf-8", newline="") as file:
            file.write(BYTE_ORDER_MARK)
            writer = csv.writer(file)
            writer.writerow([column.name for column in table.columns])
            for row in progress(table.rows(), desc=table.name):
                values = [column.read(row) for column in table.columns]
                writer.writerow([csv_cell(value) for value in values])
                database.add(values)
                count += 1
        self.add(rest, table.title, table.description, CSV, rows=count)

    def add(self, rest: str, title: str, description: str, media_type: str, rows: int | None = None) -> None:
        path = self.path(rest)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        short = self.about.short(path.name)
        size = path.stat().st_size
        self.files[short] = DataFile(path.name, short, title, description, media_type, rows, size, sha256)

    def finish(self) -> Dataset:
        """Add what describes the tables, and all in one file."""
        tables = {table.name: self.files[f"{table.name}.csv"] for table in TABLES}
        describing.write_dictionary(self.path("-columns.csv"))
        self.add("-columns.csv", "Columns", "Every column of every table: its type, its values and what it means.", CSV)
        describing.write_codebook(self.path("-codebook.md"), self.about)
        self.add("-codebook.md", "Codebook", "What the tables hold and how to read them, for people.", TEXT)
        describing.write_data_package(self.path("-datapackage.json"), self.about, tables)
        package = "The same for programs: a Frictionless data package of the CSV files."
        self.add("-datapackage.json", "Data package", package, "application/json")
        self.add(".sqlite", "SQLite", "All tables in one database file.", "application/vnd.sqlite3")
        archive = "The record as text files, as it is kept in git; “manage.py load_record” reads them."
        self.add(ARCHIVE, "Record files", archive, "application/gzip")
        self._write_zip(self.path(".zip"))
        self.add(".zip", "Everything", "All of the other files in one.", "application/zip")
        self._write_sums(self.path("-SHA256SUMS"))
        sums = "The SHA-256 of each file: “sha256sum --check” compares them."
        self.add("-SHA256SUMS", "Checksums", sums, TEXT)
        dataset = Dataset(self.about, self.files)
        dataset.write(self.folder)
        return dataset

    def _write_zip(self, path: Path) -> None:
        at = max(self.about.at.astimezone(datetime.UTC).timetuple()[:6], OLDEST_IN_ZIP)
        sources = [*(self.folder / file.name for file in self.files.values()), settings.BASE_DIR / "LICENSE-DATA"]
        with zipfile.ZipFile(path, "w") as archive:
            for source in sources:
                info = zipfile.ZipInfo(f"{self.about.stem}/{source.name}", at)
                info.compress_type = zipfile.ZIP_STORED if source.suffix == ".gz" else zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                with source.open("rb") as content, archive.open(info, "w", force_zip64=True) as entry:
                    shutil.copyfileobj(content, entry, BLOCK)

    def _write_sums(self, path: Path) -> None:
        lines = [f"{file.sha256}  {file.name}\n" for file in self.files.values()]
        path.write_text("".join(lines), encoding="utf-8")
