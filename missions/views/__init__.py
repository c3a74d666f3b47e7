"""What readers see of missions, events and articles. Views translate: the rules are below them."""

from missions.views.changed import changed
from missions.views.comparing import compare
from missions.views.editions import (
    edition_citation,
    edition_difference,
    edition_json,
    record_edition,
    record_editions,
)
from missions.views.lists import (
    definitions,
    disagreement_list,
    organisation_detail,
    organisation_list,
    record_list,
)
from missions.views.pictures import picture, picture_for_editors, picture_of_preview
from missions.views.previews import shared_preview
from missions.views.records import (
    fact_citation,
    record_citation,
    record_detail,
    record_fact,
    record_figures,
)

__all__ = [
    "changed",
    "compare",
    "definitions",
    "disagreement_list",
    "edition_citation",
    "edition_difference",
    "edition_json",
    "fact_citation",
    "organisation_detail",
    "organisation_list",
    "picture",
    "picture_for_editors",
    "picture_of_preview",
    "record_citation",
    "record_detail",
    "record_edition",
    "record_editions",
    "record_fact",
    "record_figures",
    "record_list",
    "shared_preview",
]
