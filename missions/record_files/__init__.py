"""The founding record as text files: Markdown with YAML front matter, and YAML lists.

`load` reads them into the site and `export` writes the live text back; load → export → load changes
nothing. `read_folder` reads and checks alone, without the database.
"""

from missions.record_files.loading import Report, load
from missions.record_files.reading import BadFile, BadRecordError, Folder, read_folder
from missions.record_files.writing import export

__all__ = ["BadFile", "BadRecordError", "Folder", "Report", "export", "load", "read_folder"]
