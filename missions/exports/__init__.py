"""The tables of the downloadable dataset: one list of columns for each, for files, command and documentation.

`TABLES` are all of them in the order in which readers are told of them. A table says what a row is, gives its
rows one by one, and reads each column of a row; nothing here knows what a file looks like. Only what readers
find on the site is in them: published editions, reference data in public use, the public log.
"""

from missions.exports.columns import Column, Precision, Reference, Table
from missions.exports.public_log import CHANGES, CORRECTIONS
from missions.exports.records import ARTICLES, EVENTS, MISSIONS
from missions.exports.reference import ORGANISATIONS, PLACES, SOURCES, TERMS
from missions.exports.rows import ROWS

TABLES: tuple[Table, ...] = (
    MISSIONS,
    EVENTS,
    ARTICLES,
    *ROWS,
    SOURCES,
    ORGANISATIONS,
    PLACES,
    TERMS,
    CORRECTIONS,
    CHANGES,
)

__all__ = ["TABLES", "Column", "Precision", "Reference", "Table"]
