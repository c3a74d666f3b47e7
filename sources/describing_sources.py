"""What the page of a source says of itself to programs, and how pages that rest on it name it."""

from __future__ import annotations

from django.urls import reverse

from editorial.api.links import absolute, api_address
from editorial.describing import Alternate, Description, page_within
from sources import citing
from sources.bibliography import MEDIA_TYPES, NAMES
from sources.models import Source

# What schema.org calls the kinds of documents; the others are creative works.
TYPES = {
    "book": "Book", "chapter": "Chapter", "report": "Report", "article-journal": "ScholarlyArticle",
    "article-newspaper": "NewsArticle", "webpage": "WebPage", "post-weblog": "BlogPosting",
    "legislation": "Legislation", "thesis": "Thesis", "dataset": "Dataset",
}  # fmt: skip


def reference(source: Source) -> dict[str, str]:
    """A source as pages that rest on it name it, of which there may be hundreds: `@id` leads to all that is known."""
    return {"@type": "CreativeWork", "@id": absolute(source.get_absolute_url())}


def describe_source(source: Source) -> Description:
    """The page of a source."""
    here = source.get_absolute_url()
    document = reference(source) | {
        "@type": TYPES.get(source.type, "CreativeWork"),
        "name": source.title,
        "datePublished": str(source.issued),
        "author": [_author(author) for author in source.authors],
        "publisher": {"@type": "Organization", "name": source.publisher} if source.publisher else None,
        "isPartOf": {"@type": "CreativeWork", "name": source.container} if source.container else None,
        "inLanguage": source.language,
        "url": source.url,
        "archivedAt": source.archived_url,
        "sameAs": f"https://doi.org/{source.doi}" if source.doi else None,
        "identifier": source.symbol,
        "isbn": source.isbn if source.type == "book" else None,
        "mainEntityOfPage": page_within(f"{here}#page", ("Sources", reverse("source-list"))),
    }
    return Description(
        title=source.title,
        text=f"{citing.plain(source)}. Standing: {source.get_standing_display()}. Where the record cites it, and for what.",
        alternates=(
            Alternate("application/json", "This source in the API", api_address("source-detail", source.key)),
            *(
                Alternate(MEDIA_TYPES[name], name, reverse("source-cite", args=[source.key, format]))
                for format, name in NAMES.items()
            ),
        ),
        linked_data=document,
    )


def _author(author: dict[str, str]) -> dict[str, str]:
    if "literal" in author:
        return {"@type": "Organization", "name": author["literal"]}
    family, given = author.get("family", ""), author.get("given", "")
    return {"@type": "Person", "name": f"{given} {family}".strip(), "familyName": family, "givenName": given}
