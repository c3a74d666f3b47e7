"""A word that stands only in what is not public, looked for at every address of the site, twice.

The addresses come from the site's own list, so a page added later is looked at as well. Each is
asked for with the slugs and keys of public things and of hidden ones, and once more when the answer
may come from a cache: only pages that are there are kept.
"""

from __future__ import annotations

import itertools
import re

import pytest
from django.urls import get_resolver

from editorial import amendments, workflow
from missions.models import Area, Classification, Disagreement, Illustration, Leader, Participation
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    StatementFactory,
    TermFactory,
    author,
    next_edition,
    published,
    reviewer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]

WORD = "zanzibarquux"

# What stands in addresses: a public value first, then values of things that are not public.
VALUES = {
    "slug": ["public", "hidden"],
    "key": ["public", "hidden", "proposed"],
    "fact": ["public-fact", "hidden-fact"],
    "number": ["1", "2"],
    "older": ["1"],
    "newer": ["2", "3"],
    "format": ["bib", "ris", "json", "txt", "csv", "api"],
    "section": ["records", "sources", "organisations", "pages"],
    "pk": ["1", "public", "hidden"],
    "vocabulary": ["theme", "measure"],
    "token": ["nothing"],
    "path": ["nothing"],
    "file": [f"{'0' * 64}-600x400.jpg"],  # what is asked for by guessing: see test_pictures
}
# What the page cache keeps: the answers of these.
KEPT = (200, 301)
# The editors' rooms ask for a password, which their own tests see to.
NOT_PUBLIC = ("admin/", "accounts/")


def hide_in(edition):
    """Put the word into every kind of thing a draft can hold or point at."""
    source = SourceFactory(key=f"hidden-{edition.pk}", title=f"Source {WORD}", note=WORD, publisher=WORD)
    CitationFactory(edition=edition, key="hidden", source=source, locator=WORD, quote=WORD, note=WORD)
    measure = TermFactory(vocabulary="measure", key=f"hidden-{edition.pk}", name=WORD, definition=WORD)
    FigureFactory(edition=edition, fact="hidden-fact", measure=measure, note=WORD, source=source, group=WORD)
    FigureFactory(edition=edition, fact="hidden-fact", measure=measure, value=7, counted_by=WORD)
    StatementFactory(edition=edition, holder=WORD, text=WORD)
    Disagreement(
        edition=edition,
        key="hidden",
        about="hidden-fact",
        question=f"How many {WORD}?",
        positions=[{"holder": WORD, "text": WORD}, {"holder": "Another", "text": WORD}],
        note=WORD,
    ).save()
    return edition


def hide_in_mission(mission):
    hide_in(mission)
    organisation = OrganisationFactory(key=f"hidden-{mission.pk}", name=f"Organisation {WORD}", note=WORD)
    Participation(edition=mission, key="hidden", organisation=organisation, role="lead", note=WORD).save()
    term = TermFactory(vocabulary="initiative-type", key=f"hidden-{mission.pk}", name=WORD, definition=WORD)
    Classification(edition=mission, key="hidden", term=term, basis="ours", reason=WORD).save()
    Leader(edition=mission, key="hidden", person=WORD, role=WORD).save()
    Area(edition=mission, key="hidden", name=WORD, position="north", led_by=WORD, note=WORD).save()
    Illustration(edition=mission, key="hidden", alt_text=WORD, caption=WORD, shows=WORD, credit=WORD).save()
    return mission


def texts():
    return {
        "title": f"Title {WORD}",
        "summary": f"Standfirst {WORD}.[^a]",
        "body": f"Body {WORD}.[^a]",
    }


@pytest.fixture
def site():
    """Public records that refer to hidden ones, and drafts in every state that is not public."""
    nato = OrganisationFactory(key="public", name="Public organisation")
    source = SourceFactory(key="public", title="Public source")
    mission = MissionFactory(slug="public")
    Participation(edition=mission, key="lead", organisation=nato, role="lead").save()
    CitationFactory(edition=mission, key="public", source=source)
    FigureFactory(edition=mission, fact="public-fact", source=source)
    FigureFactory(edition=mission, fact="public-fact", value=3)
    published(mission)
    second = published(next_edition(mission.record))
    published(MissionFactory(slug="also-public"))

    # A third edition in work, of the same record; one in review; one sent back; one given up.
    open_edition = next_edition(second.record, **texts(), acronym=WORD, mandate=f"{WORD}[^a]")
    hide_in_mission(open_edition)

    theme = TermFactory(vocabulary="theme", key="hidden", name=WORD, definition=WORD)
    place = PlaceFactory(key="hidden", name=f"Place {WORD}", note=WORD)
    kind = TermFactory(vocabulary="event-kind", key="hidden", name=WORD)
    hidden_mission = hide_in_mission(MissionFactory(slug="hidden", **texts(), acronym=WORD))
    event = hide_in(EventFactory(slug="hidden", **texts(), place=place, event_kind=kind, actors=WORD))
    event.themes.set([theme])
    event.missions.set([mission.record])
    worker = event.contributors.first()
    workflow.submit(event, by=worker)
    article = hide_in(ArticleFactory(slug="hidden", **texts(), perspective=WORD))
    article.missions.set([mission.record])
    workflow.submit(article, by=article.contributors.first())
    workflow.request_changes(article, by=reviewer(), reason=f"Too much {WORD}.")
    given_up = EventFactory(slug="given-up", **texts())
    workflow.discard(given_up, by=given_up.contributors.first())

    # Public records that point at hidden ones.
    public_event = EventFactory(slug="public")
    public_event.missions.set([mission.record, hidden_mission.record])
    published(public_event)
    public_article = ArticleFactory(slug="public")
    public_article.missions.set([mission.record, hidden_mission.record])
    public_article.events.set([public_event.record, event.record])
    published(public_article)
    published(next_edition(public_event.record))
    hide_in(next_edition(public_article.record, **texts()))

    # Things in public use whose parents and origins are not, and a change that waits for a second editor.
    nato.parent = OrganisationFactory(key="hidden", name=f"Parent {WORD}")
    nato.save()
    source.origin = SourceFactory(key="hidden", title=f"Origin {WORD}")
    source.save()
    SourceFactory(key="proposed", title=f"Unused {WORD}", origin=source)
    changed = type(source).objects.get(pk=source.pk)
    changed.title = f"Proposed {WORD}"
    amendments.propose(source, changed, by=author(), reason=WORD)


def fillings(parameters):
    """All values with each other; but the formats, all of one text, of what is wholly public or wholly hidden."""
    values = {name: VALUES.get(re.sub(r"^_.*", "path", name), ["1", "nothing"]) for name in parameters}
    formats = values.pop("format", None)
    for chosen in itertools.product(*values.values()):
        filled = dict(zip(values, chosen, strict=True))
        if formats is None:
            yield filled
            continue
        whole = chosen in [tuple(each[:place][-1] for each in values.values()) for place in (1, 2)]
        for format in formats if whole else formats[:1]:
            yield filled | {"format": format}


def addresses(resolver=None, before=""):
    """Every address of the site, its parameters filled in."""
    resolver = resolver or get_resolver()
    found = {
        before + form: parameters
        for possibilities, *_ in resolver.reverse_dict.values()
        for form, parameters in possibilities
    }
    for form, parameters in found.items():
        if form.startswith(NOT_PUBLIC):
            continue
        for chosen in fillings(parameters):
            yield "/" + form % chosen
    for prefix, inner in resolver.namespace_dict.values():
        if not (before + prefix).startswith(NOT_PUBLIC):
            yield from addresses(inner, before + prefix)


LISTED = [
    "/missions/?q=title",
    "/missions/?has_disagreement=true",
    "/missions/compare/?m=public&m=also-public&m=hidden",
    "/events/?kind=hidden",
    "/events/?place=hidden",
    "/articles/?mission=hidden",
    "/sources/?q=source",
    "/sources/export.json?q=origin",
    "/missions/public/?on=2099-01-01",
    "/search/?q=title",
    "/search/?q=zanzibarquu",
    "/search/?q=zanzibar*",
    "/api/v1/search/?q=zanzibarquu",
    "/api/v1/search/?q=zanzibar*",
    "/corrections/new/?record=mission/hidden",
    "/corrections/new/?subject=/sources/hidden/",
]


def test_no_public_address_says_a_word_of_what_is_not_public(client, site):
    asked = sorted({*addresses(), *LISTED})
    there = [address for address in asked if answer(client, address)[0] in KEPT]
    assert len(there) > 60
    for address in there:
        answer(client, address)


def answer(client, address):
    """The status and the text at an address, which is no accident and does not hold the word."""
    response = client.get(address)
    text = b"".join(response).decode(errors="replace").lower()
    assert response.status_code < 500, address
    assert WORD not in text, address
    assert WORD not in str(response.headers).lower(), address
    return response.status_code, text


def test_every_kind_of_page_is_among_the_addresses():
    found = set(addresses())
    for address in (
        "/", "/missions/", "/missions/compare/", "/missions/public/", "/missions/hidden/", "/events/hidden/editions/1/",
        "/missions/public/figures/hidden-fact/", "/missions/public/editions/1..3/", "/organisations/hidden/",
        "/sources/hidden/", "/sources/export.bib", "/sitemap.xml", "/changes/feed/", "/about/quality/", "/about/editors/", "/about/licence/",
    ):  # fmt: skip
        assert address in found


def test_the_word_would_be_found_if_it_were_public(client, site):
    published(MissionFactory(slug="found", title=f"Title {WORD}"))
    assert WORD in client.get("/missions/").content.decode()
