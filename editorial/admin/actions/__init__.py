"""The buttons of the editors' site that move something: one table of them, one view for all.

Each asks on a page of its own what must be given with it, and calls one function of the workflow.
Whether it may be done is the workflow's to say: `possible` only decides which buttons are shown.
"""

from editorial.admin.actions.buttons import Action, Button, Buttons, Rank, Situation, arranged
from editorial.admin.actions.forms import ActionForm, PublicReasonForm, ReasonForm
from editorial.admin.actions.reports import CORRECTION_ACTIONS
from editorial.admin.actions.table import AMENDMENT_ACTIONS, EDITION_ACTIONS, RENAME
from editorial.admin.actions.view import REFUSED, WithActions

__all__ = [
    "AMENDMENT_ACTIONS",
    "CORRECTION_ACTIONS",
    "EDITION_ACTIONS",
    "REFUSED",
    "RENAME",
    "Action",
    "ActionForm",
    "Button",
    "Buttons",
    "PublicReasonForm",
    "Rank",
    "ReasonForm",
    "Situation",
    "WithActions",
    "arranged",
]
