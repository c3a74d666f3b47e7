"""Lists of the API and of the pages: does a page cost the same however far down it is, and however long the list?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlencode

from benchmarks.bench import Bench
from benchmarks.report import Table, ms, times
from benchmarks.running_site import Site, running
from benchmarks.timing import Times, in_turns, percentile, ratio

DEEP = 1000  # the page that is compared with the first
PER_PAGE = 25
HEAD = ("", "median", "p95", "processor", "against the first page", "processor against it")
FIRST = "first page"
NOT_KEPT = "Each answer is made anew (no page cache), one request at a time."


def measure(bench: Bench) -> Iterator[Table]:
    with (
        running(bench.large, bench.folder) as site,
        running(bench.small, bench.folder) as small,
    ):
        yield _by_cursor(bench, site)
        yield _other_lists(bench, site)
        yield _pages(bench, site, small)


def _by_cursor(bench: Bench, site: Site) -> Table:
    events = "/api/v1/events/"
    first = f"{events}?cursor=*"
    deep, number = _followed(site, first, DEEP)
    filters = _filters(site, deep)
    addresses = {FIRST: first, f"page {number:,}": deep, f"page {number:,}, with evidence": f"{deep}&include=evidence"}
    addresses |= {f"filtered: {query}": f"{first}&{query}" for query in filters}
    for query in filters[:2]:
        further, number = _followed(site, f"{first}&{query}", DEEP // 10)
        addresses[f"filtered: {query}, page {number:,}"] = further
    addresses["by number, page 1"] = events
    taken = _timed(bench, site, addresses)
    note = f"`{first}` over {bench.events:,} events, {PER_PAGE} a page. {NOT_KEPT}"
    return Table("API: events by cursor", note, HEAD, _rows(taken))


def _filters(site: Site, deep: str) -> list[str]:
    """Queries that narrow the events: each names something that is there, the last two what begins far down."""
    event = site.json("/api/v1/events/?cursor=*&page_size=5")["results"][0]
    last = site.json(deep)["results"][-1]
    theme, mission = _key(event["themes"][0]), _key(event["missions"][0])
    narrowed: list[dict[str, Any]] = [
        {"theme": theme},
        {"mission": mission},
        {"has_disagreement": "true"},
        {"kind": _key(event["event_kind"])},
        {"place": _key(event["place"])},
        {"theme": theme, "mission": mission, "place": _key(event["place"])},
        {"year": "2004"},
        {"after": "2024"},
        {"q": "police training"},
        {"q": last["title"]},
        {"updated_since": last["published_at"]},
    ]
    return [urlencode(one) for one in narrowed]


def _key(thing: Any) -> str:
    """What the API names a thing by."""
    return thing if isinstance(thing, str) else str(thing.get("key") or thing.get("slug"))


def _other_lists(bench: Bench, site: Site) -> Table:
    """First page, and the one in the middle, of what there is as much of as events."""
    from editorial.models import Change, Edition
    from kosovo_peace.api_paging import cursor_at
    from missions.models import Disagreement, Figure, Statement
    from sources.models import Citation

    models: dict[str, Any] = {
        "records": Edition, "figures": Figure, "citations": Citation, "disagreements": Disagreement,
        "statements": Statement, "changes": Change,
    }  # fmt: skip
    rows = []
    for name, model in models.items():
        numbers = model.objects.order_by("pk").values_list("pk", flat=True)
        before = numbers.count() // 2
        address = f"/api/v1/{name}/?cursor="
        taken = _timed(bench, site, {FIRST: f"{address}*", "deep": f"{address}{cursor_at(numbers[before - 1])}"})
        near, far = taken[FIRST], taken["deep"]
        rows.append([
            name, f"{before:,}", *(ms(median(way.clock)) for way in (near, far)),
            times(ratio(far.clock, near.clock)), times(ratio(far.processor, near.processor)),
        ])  # fmt: skip
    head = ("", "entries before it", "first page", "deep page", "ratio", "of processor time")
    return Table("API: other lists by cursor", f"{PER_PAGE} entries a page. {NOT_KEPT}", head, rows)


def _pages(bench: Bench, site: Site, small: Site) -> Table:
    listed, _ = _followed(site, "/api/v1/events/?cursor=*&page_size=100&fields=slug,themes", DEEP // 10)
    event = site.json(listed)["results"][0]
    slug, theme = event["slug"], f"theme={_key(event['themes'][0])}"
    addresses = {
        FIRST: "/events/",
        "page 40, the last that is numbered": "/events/?page=40",
        "beyond, somewhere in the middle": f"/events/?beyond={slug}",
        f"filtered: {theme}": f"/events/?{theme}",
        f"filtered: {theme}, beyond": f"/events/?{theme}&beyond={slug}",
        "missions, first page": "/missions/",
        "sources, first page": "/sources/",
        "an event": f"/events/{slug}/",
    }
    ways = {name: partial(site.get, address) for name, address in addresses.items()}
    ways["first page, shorter list"] = partial(small.get, "/events/")
    taken = in_turns(ways, bench.rounds, bench.meter)
    note = (
        f"`/events/` over {bench.events:,} events; the shorter list has {bench.few:,}. {NOT_KEPT} "
        "Beyond the numbered pages, lists go on by the key of their last entry."
    )
    return Table("Pages: events", note, HEAD, _rows(taken))


def _followed(site: Site, address: str, page: int) -> tuple[str, int]:
    """The address of the page so far down, reached by following the cursor; at least, of the last whole one."""
    number, following = 1, site.following(address)
    while number < page and following and (further := site.following(following)):
        address, number, following = following, number + 1, further
    return address, number


def _timed(bench: Bench, site: Site, addresses: dict[str, str]) -> Times:
    return in_turns(
        {name: partial(site.get, address) for name, address in addresses.items()}, bench.rounds, bench.meter
    )


def _rows(taken: Times) -> list[list[str]]:
    first = taken[FIRST]
    return [
        [
            name,
            ms(median(way.clock)),
            ms(percentile(way.clock, 95)),
            ms(median(way.processor)),
            times(ratio(way.clock, first.clock)),
            times(ratio(way.processor, first.processor)),
        ]
        for name, way in taken.items()
    ]
