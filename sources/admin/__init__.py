"""The library in the editors' site, the citations of an edition, and citing while writing."""

from sources.admin import citations, library, rechecks, waiting
from sources.admin.citing import WithCiting

__all__ = ["WithCiting", "citations", "library", "rechecks", "waiting"]
