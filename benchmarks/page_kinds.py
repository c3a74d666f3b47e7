"""A page of each kind, with much in it, of the founding record: what `make screenshots` and its like look at.

A new kind of page is a line here.
"""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.errors import BenchmarkError

PAGE_KINDS: Mapping[str, str] = {
    "home": "/",
    "missions": "/missions/",
    "mission": "/missions/kfor/",
    "mission-short": "/missions/eu-dialogue/",
    "figures": "/missions/kfor/figures/",
    "fact": "/missions/kfor/figures/strength-on-entry-1999/",
    "editions": "/missions/kfor/editions/",
    "edition": "/missions/kfor/editions/1/",
    "compare": "/missions/compare/?m=kfor&m=unmik",
    "events": "/events/",
    "event": "/events/march-riots-2004/",
    "event-fact": "/events/march-riots-2004/figures/deaths-march-2004/",
    "event-short": "/events/applicable-law-1999/",
    "articles": "/articles/",
    "article": "/articles/preventing-relapse/",
    "organisations": "/organisations/",
    "organisation": "/organisations/nato/",
    "sources": "/sources/",
    "source": "/sources/hwsw_kosovo/",
    "disagreements": "/disagreements/",
    "definitions": "/definitions/",
    "search": "/search/",
    "search-found": "/search/?q=force",
    "search-none": "/search/?q=xqxqxq",
    "changes": "/changes/",
    "changed": "/changed/",
    "corrections": "/corrections/",
    "report": "/corrections/new/?record=mission/kfor",
    "about": "/about/",
    "method": "/about/method/",
    "wording": "/about/wording/",
    "founding": "/about/founding/",
    "editors": "/about/editors/",
    "licence": "/about/licence/",
    "how-corrections": "/about/corrections/",
    "accessibility": "/about/accessibility/",
    "quality": "/about/quality/",
    "privacy": "/about/privacy/",
    "style": "/about/style/",
    "data": "/data/",
    "api-guide": "/api/guide/",
    "log-in": "/accounts/login/",
    "not-found": "/missions/no-such-mission/",
}
# The browser talks to nobody but the site.
CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
NOT_FOUND = frozenset({"not-found"})


def chosen(names: str) -> dict[str, str]:
    """The pages with these names, divided by commas; without a name, all. Raises BenchmarkError for one unknown."""
    wanted = [name.strip() for name in names.split(",") if name.strip()] or list(PAGE_KINDS)
    if unknown := sorted(set(wanted) - set(PAGE_KINDS)):
        raise BenchmarkError(f"No page is called {', '.join(unknown)}: choose from {', '.join(PAGE_KINDS)}.")
    return {name: PAGE_KINDS[name] for name in wanted}


def expected_status(name: str) -> int:
    """The status that the page of this name answers with."""
    return 404 if name in NOT_FOUND else 200
