"""The library in the editors' site, and the citations of an edition."""

from sources.admin import library
from sources.admin.citations import CitationInline

__all__ = ["CitationInline", "library"]
