"""What the site is about: missions, events and articles, their rows, and the data they share.

Each kind of record is an edition with rows. Reference data (organisations, places, terms) stands
once and is pointed at; records are pointed at as Records, which last, never as editions.
"""

from missions.models.article import Article
from missions.models.event import Event
from missions.models.figure import Figure
from missions.models.mission import (
    Area,
    Classification,
    Instrument,
    Leader,
    Mission,
    Objective,
    Participation,
    Phase,
    Relation,
    Responsibility,
)
from missions.models.record_file import RecordFile
from missions.models.reference import Organisation, Place, Term
from missions.models.rows import Disagreement, Illustration, Statement

KINDS: dict[str, type[Mission] | type[Event] | type[Article]] = {
    "mission": Mission,
    "event": Event,
    "article": Article,
}

__all__ = [
    "KINDS",
    "Area",
    "Article",
    "Classification",
    "Disagreement",
    "Event",
    "Figure",
    "Illustration",
    "Instrument",
    "Leader",
    "Mission",
    "Objective",
    "Organisation",
    "Participation",
    "Phase",
    "Place",
    "RecordFile",
    "Relation",
    "Responsibility",
    "Statement",
    "Term",
]
