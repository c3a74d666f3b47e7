"""What the site's own pages say of themselves to programs: home, lists, data, and what is about the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from editorial.api.links import absolute, api_address
from editorial.describing import Alternate, Description, page_within, publisher
from missions.dataset import LICENCE, Dataset

# Title and text by the name of the address; no page of these shows anything particular.
PAGES = {
    "home": (
        "The international missions in Kosovo since 1989",
        "Who was in Kosovo, on whose mandate, with how many people, what happened, and how we know, each fact with its source.",
    ),
    "mission-list": ("Missions", "The international missions in Kosovo since 1989, and related operations and bodies."),
    "mission-compare": ("Compare missions", "Two to four missions in Kosovo side by side: mandate, dates, strength and tasks."),
    "event-list": ("Events", "What happened in and around Kosovo since 1989, in the order of the dates, each with sources."),
    "article-list": ("Articles", "Longer texts that draw missions and events together, each claim with its source."),
    "organisation-list": ("Organisations", "The organisations that took part in missions in Kosovo."),
    "source-list": ("Sources", "Every source that the public record cites, with its standing and where it is cited."),
    "disagreement-list": ("Disagreements", "Where sources differ: all that they say, side by side, and why."),
    "definitions": ("Definitions", "The words by which missions, events and figures are classified, each defined."),
    "correction-list": ("Reports and answers", "Readers’ reports of mistakes and our answers, the declined ones too."),
    "changes": ("What changed", "Everything that became public, was changed, withdrawn or answered, newest first."),
    "changed": ("Has it changed since I cited it?", "Whether a page or figure of ours has changed since you cited it."),
    "search": ("Search", "Search missions, events, articles, organisations, places and sources."),
    "data": ("Data", "The published record as CSV, SQLite and text files, with a data dictionary and checksums."),
    "api-docs": ("API", "The documentation of the API: everything public, read without a key."),
    "api-guide": ("Guide to the API", "How programs read the record: paging, filters, citing, ten worked examples, what is promised."),
    "about": ("About", "What this site is, who makes it, and for whom."),
    "about-method": ("How we work", "How texts come to be public, and what the small print beside them means."),
    "about-wording": ("Wording", "The rules by which this site chooses its words."),
    "about-corrections": ("How corrections work", "What happens with a report of a mistake, from receipt to answer."),
    "about-accessibility": ("Accessibility", "How this site can be used, and where it falls short."),
    "about-privacy": ("Privacy", "What this site keeps of its readers, and for how long."),
    "about-quality": ("Quality", "How much of the record is checked, sourced and up to date, counted afresh."),
    "about-editors": ("Who edits", "Who writes and checks the texts, and who has a say in them."),
    "about-founding": ("How the first texts were made", "From which copies, with what help, and what was not checked."),
    "about-licence": ("Licence, and how to cite", "What may be done with the record, and how its editions are cited."),
}  # fmt: skip
LISTS = {
    "mission-list": "mission", "event-list": "event", "article-list": "article", "organisation-list": "organisation",
    "source-list": "source", "disagreement-list": "disagreement", "definitions": "term", "changes": "change",
    "correction-list": "correction",
}  # fmt: skip


def describe_page(name: str) -> Description | None:
    """A page of the site by the name of its address; None for one that is not listed here."""
    if name not in PAGES:
        return None
    title, text = PAGES[name]
    alternates = []
    if name == "home":
        alternates.append(Alternate("application/atom+xml", "Changes", reverse("changes-feed")))
    if name in LISTS:
        alternates.append(Alternate("application/json", "The same in the API", api_address(f"{LISTS[name]}-list")))
    return Description(title, text, alternates=tuple(alternates), linked_data=_site() if name == "home" else None)


def _site() -> dict[str, Any]:
    return {
        "@type": "WebSite",
        "@id": f"{absolute(reverse('home'))}#site",
        "name": settings.SITE_NAME,
        "url": absolute(reverse("home")),
        "description": PAGES["home"][1],
        "inLanguage": "en-GB",
        "publisher": publisher(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{absolute(reverse('search'))}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def describe_dataset(dataset: Dataset, *, release: str = "") -> Description:
    """The files of a set as schema.org's Dataset: those of the newest, or of a release."""
    about = dataset.about
    path = reverse("data-release", args=[release]) if release else reverse("data")
    title = f"Data, release {release}" if release else PAGES["data"][0]
    return Description(
        title=title,
        text=PAGES["data"][1],
        linked_data={
            "@type": "Dataset",
            "@id": f"{about.address}#dataset",
            "name": about.title,
            "description": f"{PAGES['home'][1]} {PAGES['data'][1]}",
            "url": about.address,
            "version": about.version,
            "dateModified": about.at.isoformat(timespec="seconds"),
            "license": LICENCE["path"],
            "isAccessibleForFree": True,
            "inLanguage": "en-GB",
            "creditText": about.cite_as,
            "temporalCoverage": "1989/..",
            "spatialCoverage": {"@type": "Place", "name": "Kosovo"},
            "creator": publisher(),
            "publisher": publisher(),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": file.name,
                    "contentUrl": absolute(
                        reverse("data-release-file", args=[release, file.name])
                        if release
                        else reverse("data-latest", args=[short])
                    ),
                    "encodingFormat": file.media_type,
                    "contentSize": f"{file.bytes} B",
                    "sha256": file.sha256,
                }
                for short, file in dataset.files.items()
            ],
            "mainEntityOfPage": page_within(path, *([("Data", reverse("data"))] if release else [])),
        },
    )
