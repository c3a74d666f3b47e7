"""Readers' reports in the editors' site.

    inbox               the list: its boxes, the most urgent first
    reports             a report's page, where what editors say of it is set, and its buttons
    report_page         what that page shows around the form
    answer_templates    words that answer many reports

What is decided goes through `editorial.corrections`; the buttons stand in `editorial.admin.actions.reports`.
"""

from editorial.admin.corrections.answer_templates import AnswerTemplateAdmin
from editorial.admin.corrections.reports import CorrectionAdmin

__all__ = ["AnswerTemplateAdmin", "CorrectionAdmin"]
