"""The way of an edition, from draft to public: every change of state goes through here.

    begin_record → submit → publish          a first edition
    start_edition → submit → publish         the next one; the one before is superseded
    request_changes, take_back, schedule, unschedule, discard, withdraw, suppress

`FLOW` says which state may follow which; each function says by whose hand and asks for what must be
given with it. Errors are `WorkflowError`s whose text is a sentence for the editor.
"""

from editorial.workflow.drafts import begin_record, discard, note_work, start_edition
from editorial.workflow.flow import (
    FLOW,
    NO_SECOND_PERSON,
    OpenEditionExists,
    WorkflowError,
    lock,
    require_permission,
    require_reviewer_of,
    require_second_person,
)
from editorial.workflow.leaving import rename, suppress, withdraw
from editorial.workflow.publication import publish, publish_checked, publish_due, publish_imported
from editorial.workflow.review import request_changes, schedule, submit, take_back, unschedule

__all__ = [
    "FLOW",
    "NO_SECOND_PERSON",
    "OpenEditionExists",
    "WorkflowError",
    "begin_record",
    "discard",
    "lock",
    "note_work",
    "publish",
    "publish_checked",
    "publish_due",
    "publish_imported",
    "rename",
    "request_changes",
    "require_permission",
    "require_reviewer_of",
    "require_second_person",
    "schedule",
    "start_edition",
    "submit",
    "suppress",
    "take_back",
    "unschedule",
    "withdraw",
]
