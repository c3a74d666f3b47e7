"""Forms: the readers' stands in correction_form.py."""

from editorial.correction_form import CorrectionForm

__all__ = ["CorrectionForm"]
