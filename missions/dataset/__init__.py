"""The record as files to download: each table as CSV, all of them in one SQLite file, and what describes them.

`make` writes a whole set into a folder, all of one moment; what the tables hold is said in `missions.exports`.
Where sets are kept and how they are given out is the business of the project above.
"""

from missions.dataset.about import LICENCE, About, one_moment
from missions.dataset.making import DataFile, Dataset, make

__all__ = ["LICENCE", "About", "DataFile", "Dataset", "make", "one_moment"]
