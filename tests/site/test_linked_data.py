"""What pages say of themselves to programs: JSON-LD that agrees with the page, previews, references."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from pyld import jsonld

from editorial import workflow
from missions.models import Mission, Participation
from tests.factories import (
    ArticleFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    managing_editor,
    next_edition,
    published,
    reported,
)

pytestmark = pytest.mark.django_db

SCHEMA = "http://schema.org/"
# Like schema.org's own context, which is too large to keep here: every word is its, these lead somewhere.
ADDRESSES = (
    "url", "license", "item", "contentUrl", "sameAs", "correctionsPolicy", "archivedAt", "mainEntityOfPage", "isBasedOn",
)  # fmt: skip
CONTEXT = {"@context": {"@vocab": SCHEMA} | {name: {"@type": "@id"} for name in ADDRESSES}}
# What schema.org defines of the types we use: their own properties and those of the types above them.
THING = {"name", "alternateName", "description", "url", "identifier", "sameAs", "mainEntityOfPage", "potentialAction"}
WORK = THING | {
    "headline", "abstract", "inLanguage", "version", "datePublished", "dateModified", "author", "creator", "publisher",
    "isBasedOn", "about", "citation", "correction", "isPartOf", "archivedAt", "license", "isAccessibleForFree",
    "creditText", "temporalCoverage", "spatialCoverage", "text",
}  # fmt: skip
ORGANISATION = THING | {"foundingDate", "dissolutionDate", "parentOrganization", "correctionsPolicy"}
DEFINED = {
    "Article": WORK, "ScholarlyArticle": WORK, "NewsArticle": WORK, "Report": WORK, "CreativeWork": WORK,
    "CorrectionComment": WORK, "WebSite": WORK, "WebPage": WORK | {"breadcrumb"}, "Book": WORK | {"isbn"},
    "Dataset": WORK | {"distribution"},
    "DataDownload": WORK | {"contentUrl", "encodingFormat", "contentSize", "sha256"},
    "Organization": ORGANISATION, "Person": THING | {"familyName", "givenName"},
    "Event": THING | {"startDate", "endDate", "location"},
    "Place": THING | {"geo"}, "GeoCoordinates": THING | {"latitude", "longitude"},
    "BreadcrumbList": THING | {"itemListElement"}, "ListItem": THING | {"position", "item"},
    "SearchAction": THING | {"target", "query-input"}, "EntryPoint": THING | {"urlTemplate"},
}  # fmt: skip
NEEDED = {
    "Article": {"headline", "datePublished", "dateModified", "author", "publisher", "citation"},
    "Event": {"name", "startDate"}, "Dataset": {"name", "description", "license", "distribution"},
    "ListItem": {"position", "name", "item"}, "CorrectionComment": {"text", "datePublished", "url"},
    "DataDownload": {"contentUrl", "encodingFormat"}, "SearchAction": {"target", "query-input"},
}  # fmt: skip

KFOR = "/missions/kfor/"


def linked_data(client, address):
    """The data block of a page, of which there is one."""
    (block,) = client.get(address).content.decode().split('<script type="application/ld+json">')[1:]
    return json.loads(block.split("</script>")[0])


def test_a_page_names_its_version_what_it_is_based_on_and_its_corrections(client, settings):
    site = settings.SITE_URL
    first = published(MissionFactory(slug="kfor"))
    draft = next_edition(first.record, change_kind="correction", change_note="Edition 1 gave 42,000.")
    report = reported(first.record, state="in_work", attached_to=draft)
    second = published(draft)
    published(next_edition(first.record, change_kind="correction", change_note="Edition 2 named another place."))

    data = linked_data(client, KFOR)

    assert (data["@type"], data["headline"], data["version"]) == ("Article", "Kosovo Force", 3)
    assert data["url"] == f"{site}{KFOR}"
    assert data["isBasedOn"] == f"{site}{KFOR}editions/2/"
    assert data["datePublished"] == first.published_at.isoformat(timespec="seconds")
    assert data["publisher"]["correctionsPolicy"] == f"{site}/about/corrections/"
    latest, earlier = data["correction"]
    assert (latest["text"], latest["url"]) == ("Edition 2 named another place.", f"{site}{KFOR}editions/2..3/")
    assert earlier == {
        "@type": "CorrectionComment",
        "text": "Edition 1 gave 42,000.",
        "datePublished": second.published_at.isoformat(timespec="seconds"),
        "url": f"{site}/corrections/{report.number}/",
    }
    old = linked_data(client, f"{KFOR}editions/1/")
    assert (old["version"], "isBasedOn" in old, "correction" in old) == (1, False, False)

    workflow.suppress(second, by=managing_editor(), reason="Court order.")
    data = linked_data(client, KFOR)
    assert "isBasedOn" not in data
    assert [correction["text"] for correction in data["correction"]] == ["Edition 2 named another place."]


def test_nothing_an_editor_writes_breaks_out_of_the_data(client):
    hostile = '</script><script>alert(1)</script> <!-- & \u2028 "quoted" \\u003c'
    mission = published(MissionFactory(slug="kfor", title=hostile))
    published(next_edition(mission.record, change_kind="correction", change_note=hostile))

    page = client.get(KFOR).content.decode()

    assert "<script>" not in page
    data = linked_data(client, KFOR)
    assert data["headline"] == data["correction"][0]["text"] == hostile


# As a program reads it


def things_in(data):
    """All things with a type that a JSON-LD processor finds, at any depth."""

    def load(url, options):
        assert url == "https://schema.org"
        return {"contextUrl": None, "documentUrl": url, "document": CONTEXT}

    def walk(node):
        if isinstance(node, list):
            return [thing for part in node for thing in walk(part)]
        if not isinstance(node, dict):
            return []
        return [node] * ("@type" in node and "@value" not in node) + walk(list(node.values()))

    return walk(jsonld.expand(data, {"documentLoader": load}))


@pytest.fixture
def record():
    """One record of each kind with all that linked data tells of them."""
    mission = MissionFactory(slug="kfor", acronym="KFOR", name_sq="Forca e Kosovës", end="2008-02", status="closed")
    parent = OrganisationFactory(key="un", name="United Nations")
    organisation = OrganisationFactory(key="nato", acronym="NATO", parent=parent, website="https://nato.example/")
    for key, one in (("n", organisation), ("u", parent)):
        Participation.objects.create(edition=mission, key=key, organisation=one, role="lead", cites="a")
    book = SourceFactory(
        key="book", type="book", authors=[{"family": "Đorđević", "given": "Ana"}], isbn="9781234567897", doi="10.1/x",
        url="https://example.org/book", container="A series", symbol="S/1", language="sr-Latn",
    )  # fmt: skip
    FigureFactory(edition=mission, key="f", source=book)
    published(mission)
    place = PlaceFactory(name="Peja/Peć", name_sq="Pejë", latitude="42.6593", longitude="20.2883")
    published(EventFactory(slug="entry", place=place, end_date="1999-06-13"))
    published(ArticleFactory(slug="question"))
    published(next_edition(mission.record, change_kind="correction", change_note="It was wrong."))


ADDRESSED = {
    "/": "WebSite", "/data/": "Dataset", KFOR: "Article", "/events/entry/": "Event", "/articles/question/": "Article",
    "/sources/book/": "Book", "/organisations/nato/": "Organization", f"{KFOR}editions/1/": "Organization",
}  # fmt: skip


def test_a_processor_reads_every_block_and_finds_only_what_schema_org_defines(client, record):
    found = {}
    for address, kind in ADDRESSED.items():
        found[address] = things_in(linked_data(client, address))
        types = {one for thing in found[address] for one in thing["@type"]}
        assert f"{SCHEMA}{kind}" in types, address
        for thing in found[address]:
            (what,) = [one.removeprefix(SCHEMA) for one in thing["@type"]]
            names = {name.removeprefix(SCHEMA) for name in thing if not name.startswith("@")}
            assert names <= DEFINED[what], (address, what)
            assert NEEDED.get(what, set()) <= names, (address, what)
    event = next(thing for thing in found["/events/entry/"] if thing["@type"] == [f"{SCHEMA}Event"])
    assert event[f"{SCHEMA}endDate"] == [{"@value": "1999-06-13"}]
    (place,) = event[f"{SCHEMA}location"]
    assert place[f"{SCHEMA}alternateName"] == [{"@value": "Pejë", "@language": "sq"}]
    cited = {thing["@id"] for thing in found[KFOR] if thing["@type"] == [f"{SCHEMA}CreativeWork"]}
    assert cited & {thing["@id"] for thing in found["/sources/book/"] if thing["@type"] == [f"{SCHEMA}Book"]}
    files = [thing[f"{SCHEMA}contentUrl"][0]["@id"] for thing in found["/data/"] if f"{SCHEMA}contentUrl" in thing]
    assert {client.get(urlsplit(file).path, follow=True).status_code for file in files} == {200}
    search = linked_data(client, "/")["potentialAction"]["target"]["urlTemplate"].replace(
        "{search_term_string}", "force"
    )
    assert f'href="{KFOR}"' in client.get(urlsplit(search).path, {"q": "force"}).text


# Previews, references, other forms


def tags(client, address):
    """Every name or property of a meta tag with its contents, and the links in other forms."""
    head = client.get(address).text.partition("</head>")[0]
    found = {}
    for name, content in re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', head):
        found.setdefault(name, []).append(unescape(content))
    found["alternate"] = [unescape(link) for link in re.findall(r'rel="alternate" [^>]*href="([^"]+)"', head)]
    return found


def test_a_page_tells_how_it_is_cited_and_where_it_is_in_other_forms(client, record, settings):
    site = settings.SITE_URL
    page = tags(client, KFOR)
    assert page["description"] == page["og:description"] == ["A force came."]
    assert (page["og:title"], page["og:type"]) == (["Kosovo Force (KFOR)"], ["article"])
    assert page["og:url"] == page["citation_abstract_html_url"] == [f"{site}{KFOR}"]
    assert page["citation_public_url"] == [f"{site}{KFOR}editions/2/"]
    assert page["citation_title"] == ["Kosovo Force"]
    assert len(page["citation_author"]) == 1
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", page["citation_publication_date"][0])
    assert page["article:published_time"] <= page["article:modified_time"]  # to the second
    assert tags(client, f"{KFOR}editions/1/")["citation_public_url"] == [f"{site}{KFOR}editions/1/"]
    fact = tags(client, f"{KFOR}figures/strength-on-entry-1999/")
    assert "50,000 (" in fact["citation_title"][0]
    assert fact["citation_public_url"] == [f"{site}{KFOR}figures/strength-on-entry-1999/?edition=2"]
    for other in {*page["alternate"], *fact["alternate"], *tags(client, "/sources/book/")["alternate"]}:
        assert client.get(other.removeprefix(site)).status_code == 200, other


def test_every_public_page_has_a_description_a_title_and_one_canonical_address(client, record):
    report = reported(None, subject="/sources/book/", subject_label="A book", state="declined")
    addresses = [
        *ADDRESSED, "/missions/", "/events/", "/articles/", "/organisations/", "/sources/", "/disagreements/", "/definitions/",
        f"{KFOR}figures/", f"{KFOR}figures/strength-on-entry-1999/", f"{KFOR}editions/", f"{KFOR}editions/1..2/",
        "/corrections/", f"/corrections/{report.number}/", "/changes/", "/changed/", "/search/",
        "/about/", "/about/method/", "/about/quality/",
    ]  # fmt: skip
    for address in addresses:
        text = client.get(address).text
        assert text.count('<link rel="canonical"') == 1, address
        found = tags(client, address)
        assert len(found["og:title"]) == len(found["description"]) == 1, address


def test_what_was_removed_describes_nothing(client, record):
    workflow.suppress(Mission.objects.published().get(), by=managing_editor(), reason="Court order.")
    head = client.get(KFOR).text.partition("</head>")[0]
    assert "Kosovo Force" not in head
    assert "citation_" not in head
