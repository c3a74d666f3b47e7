"""Memory of two web processes beside that of the bare site, and after many requests beside few; and the largest page."""

from __future__ import annotations

import http.client
import itertools
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree

from benchmarks import memory
from benchmarks.bare import running_bare_site
from benchmarks.bench import Bench
from benchmarks.report import Table, mib
from benchmarks.running_site import Site, running
from benchmarks.targets import Measured, table
from benchmarks.targets.founding import EVENT, LARGEST, answer_at, loaded

FEW, MANY = 1_000, 100_000
CONNECTIONS = 9  # no divisor of the number of addresses, or each would ask for the same ones again and again
TO_BARE, GROWTH, LARGEST_PAGE = 2.0, 1.3, 40_000


def measure(bench: Bench) -> Iterator[Table]:
    database = loaded(bench.folder)
    with running(database, bench.folder, workers=2, PAGE_CACHE_MB="16") as site:
        addresses = _addresses(site)
        with running_bare_site(bench.folder, {"page": answer_at(f"http://127.0.0.1:{site.port}{EVENT}")}) as bare:
            _ask(bare.port, ["/page"], FEW)
            reference = memory.share(bare.pid)
        _ask(site.port, addresses, FEW)
        after_few = memory.share(site.pid)
        _ask(site.port, addresses, MANY)
        after_many = memory.share(site.pid)
        largest = len(answer_at(f"http://127.0.0.1:{site.port}{LARGEST}").body)
    yield table(
        "Memory",
        f"Of all processes together, what they share counted once (PSS), two workers each. The pages: all {len(addresses)} "
        "in the sitemap, again and again.",
        [
            Measured(
                f"after {FEW:,} requests", mib(reference), mib(after_few), after_few / reference, TO_BARE, at_most=True
            ),
            Measured(
                f"after {MANY:,}, beside {FEW:,}",
                mib(after_few),
                mib(after_many),
                after_many / after_few,
                GROWTH,
                at_most=True,
            ),
        ],
    )
    weight = Measured(
        "KFOR, compressed", "40.0 kB", f"{largest / 1000:.1f} kB", largest / LARGEST_PAGE, 1.0, at_most=True
    )
    yield table("The largest page", "Bytes of its HTML as it is sent to a browser, beside what is meant.", [weight])


def _addresses(site: Site) -> list[str]:
    """All addresses in the sitemap."""
    sitemap = site.get("/sitemap.xml")
    if b"<sitemapindex" not in sitemap:
        return _locations(sitemap)
    return [address for part in _locations(sitemap) for address in _locations(site.get(part))]


def _locations(xml: bytes) -> list[str]:
    return [urlsplit(one.text or "").path for one in ElementTree.fromstring(xml).iter() if one.tag.endswith("}loc")]  # noqa: S314


def _ask(port: int, addresses: list[str], times: int) -> None:
    """So many requests, address after address, over connections in turn: both web processes get their part."""
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(CONNECTIONS)]
    for address, connection in itertools.islice(
        zip(itertools.cycle(addresses), itertools.cycle(connections), strict=False), times
    ):
        connection.request("GET", address, headers={"Accept-Encoding": "br"})
        connection.getresponse().read()
    for connection in connections:
        connection.close()
