"""What a record's page is made of, gathered in a number of queries that does not grow with the record.

`record_page` starts from one public edition. Whatever it shows of other records is of their published
editions; a record that has none is not named.
"""

from missions.pages.fact import FactPage, fact_page
from missions.pages.finding import edition_on, live_edition, numbered_edition
from missions.pages.links import Link, fact_address, public_links
from missions.pages.numbers import STRENGTH, Series, strength
from missions.pages.record import RecordPage, recall_printed_forms, record_page

__all__ = [
    "STRENGTH", "FactPage", "Link", "RecordPage", "Series", "edition_on", "fact_address", "fact_page", "live_edition",
    "numbered_edition", "public_links", "recall_printed_forms", "record_page", "strength",
]  # fmt: skip
