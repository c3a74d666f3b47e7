"""Whether a site that is backed up and restored, from SQLite into PostgreSQL and back, answers the same bytes.

    make moved            the founding record
    make moved DEMO=1     the demonstration: drafts, reports, corrections beside it
    make moved SHARE=0.1  of what is not in the sitemap, a tenth: always the same one

Every address that links lead to from the home page, the sitemap and the API is asked of all three; the search is left
out, whose order within texts is the database's own. No page is kept meanwhile. Ends with 1 where two answers differ.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import http.client
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from benchmarks.databases import environment, manage
from benchmarks.errors import BenchmarkError
from benchmarks.running_site import collect_static, running
from scripts.with_postgres import NoServerError, temporary_server

ADDRESS = "http://127.0.0.1:8000"  # that all three sites call themselves, whatever port they listen on
BEGINNING = ("/", "/sitemap.xml", "/api/v1/", "/data/", "/robots.txt", "/sources/export.bib", "/sources/export.json")
# Editors' pages, the search, what is made for one reader, and static files, which no database holds.
NOT_ASKED = re.compile(r"/(admin|accounts|search|static|corrections/new|api/v1/search)(/|\?|$)|.*[?&](q|search)=")
LINK = re.compile(rb"""(?:href|src)="([^"]+)"|<loc>([^<]+)</loc>|"(http://127\.0\.0\.1:8000/[^"\\]+)\"""")
MOST = 40_000  # addresses
SETTINGS_MODULE = "kosovo_peace.settings"
TELL = """
from editorial.models import Editor
from kosovo_peace import demonstration
from kosovo_peace.demonstration import story
from kosovo_peace.management.commands import serve

demonstration.mark()
serve.make_accounts(serve.accounts_file())
story.tell(author=Editor.objects.get(username="author"), reviewer=Editor.objects.get(username="reviewer"))
"""

Answers = dict[str, tuple[int, str]]  # status and SHA-256 of the body by address


def answers(port: int, share: float) -> Answers:
    """Ask what there is to be reached. Raises BenchmarkError where something goes wrong in the site."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    found: Answers = {}
    waiting = list(BEGINNING)
    seen = set(waiting)
    while waiting:
        address = waiting.pop()
        connection.request("GET", address, headers={"Host": "127.0.0.1:8000"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status >= 500 or len(seen) > MOST:
            raise BenchmarkError(f"{address}: {answer.status}, {len(seen)} addresses")
        if not len(found) % 500:
            print(f"  {len(found):,} of {len(seen):,}", end="\r", file=sys.stderr, flush=True)
        found[address] = answer.status, hashlib.sha256(body).hexdigest()
        if (answer.getheader("Content-Type") or "").startswith(("text/html", "application/xml", "application/json")):
            for link in _links(body):
                if link not in seen and ("sitemap" in address or _is_among(link, share)):
                    seen.add(link)
                    waiting.append(link)
    return found


def _is_among(address: str, share: float) -> bool:
    return int.from_bytes(hashlib.sha256(address.encode()).digest()[:4]) < share * 2**32


def _links(body: bytes) -> Iterator[str]:
    for groups in LINK.findall(body):
        text = html.unescape(next(filter(None, groups)).decode())
        parts = urlsplit(urldefrag(text).url)
        is_ours = (not parts.netloc and text.startswith("/")) or text.startswith(f"{ADDRESS}/")
        address = parts._replace(scheme="", netloc="").geturl()
        # One parameter shows all that a list can do; their combinations would have no end.
        if is_ours and address and not NOT_ASKED.match(address) and parts.query.count("=") < 2:
            yield address


def different(one: Answers, other: Answers) -> list[str]:
    """The addresses that answer otherwise, or in one of them alone."""
    return sorted(address for address in one.keys() | other.keys() if one.get(address) != other.get(address))


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left running
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--demo", action="store_true", help="With the demonstration's drafts, reports and corrections.")
    parser.add_argument("--share", type=float, default=1, help="Of what is not in the sitemap, so much is asked.")
    given = parser.parse_args()
    demo = "1" if given.demo else "0"
    with tempfile.TemporaryDirectory(prefix="kp-moved-") as name, temporary_server() as server:
        folder = Path(name)
        sites = {
            "SQLite, as loaded": f"sqlite:///{folder / 'one.sqlite3'}",
            "PostgreSQL, restored": server,
            "SQLite, restored from that": f"sqlite:///{folder / 'two.sqlite3'}",
        }
        first: Answers = {}
        wrong = 0
        backup: Path | None = None
        for number, (title, database) in enumerate(sites.items()):
            place = folder / str(number)
            surroundings = environment(database, place) | {"DEMO": demo}
            if backup:
                manage("restore", str(backup), "--verbosity", "0", environment=surroundings)
            else:
                manage("migrate", "--verbosity", "0", environment=surroundings)
                manage("load_record", "--verbosity", "0", environment=surroundings)
                if given.demo:
                    manage("shell", "--verbosity", "0", "--command", TELL, environment=surroundings)
            manage("check_record", "--verbosity", "0", environment=surroundings)
            collect_static(place, database)
            backup = folder / f"{number}.zip"
            manage("backup", str(backup), environment=surroundings)
            with running(
                database, place, SITE_URL=ADDRESS, LOG_REQUESTS="0", DEMO=demo, DJANGO_SETTINGS_MODULE=SETTINGS_MODULE
            ) as site:
                found = answers(site.port, given.share)
            first = first or found
            differ = different(first, found)
            wrong += len(differ)
            print(f"{title}: {len(found):,} addresses, {len(differ)} other than at first", flush=True)
            for address in differ[:20]:
                print(f"  {address}: {first.get(address)} {found.get(address)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BenchmarkError, NoServerError) as error:
        sys.exit(str(error))
