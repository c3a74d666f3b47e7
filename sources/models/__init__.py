"""Where facts come from: the library of sources, and citations, which tie a claim to a place in one.

A Source is a document, once. A Citation is a row of an edition: its key is the marker `[^key]` in the
edition's Markdown. `CitedEdition` is what every kind of record extends: an edition that may not be
published while a marker, a row or a figure lacks its evidence.
"""

from sources.models.checks import EvidenceCheck, Recheck
from sources.models.editions import CitedEdition
from sources.models.evidence import Citation, CitedRow, Evidence
from sources.models.library import Source, SourceQuerySet, cited_by, evidence_models

__all__ = [
    "Citation",
    "CitedEdition",
    "CitedRow",
    "Evidence",
    "EvidenceCheck",
    "Recheck",
    "Source",
    "SourceQuerySet",
    "cited_by",
    "evidence_models",
]
