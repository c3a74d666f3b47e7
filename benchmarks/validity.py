"""`make validate`: the HTML and SVG of a page of each kind, read by the Nu HTML Checker, which is the W3C's.

It is a Java program that comes by npm (`vnu-jar`) and asks nobody. Ends with 1 where it finds an error; what it only
warns of is told too.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.founding_site import arguments, founding_site
from benchmarks.npm import installed
from benchmarks.page_kinds import chosen, expected_status

VERSION = "26.9.27"
EXTRACT = 140  # characters of a page that are shown for a fault


def main() -> int:
    given = arguments("make validate", __doc__).parse_args()
    try:
        pages = chosen(given.pages)
        if shutil.which("java") is None:
            raise BenchmarkError("The checker needs Java 17 or newer (Debian: apt-get install default-jre-headless).")
        jar = installed("vnu-jar", VERSION) / "build" / "dist" / "vnu.jar"
        with tempfile.TemporaryDirectory(prefix="kp-valid-") as folder:
            with founding_site(given.site) as site:
                _fetch(site, pages, Path(folder))
            messages = _check(jar, Path(folder))
    except BenchmarkError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    errors = sum(message["type"] != "info" for message in messages)
    _tell(messages)
    print(f"{len(pages)} pages: {errors} errors, {len(messages) - errors} warnings.")
    return 1 if errors else 0


def _fetch(site: str, pages: Mapping[str, str], folder: Path) -> None:
    """Write each page to a file of its name. Raises BenchmarkError for another status than is expected."""
    for name, path in pages.items():
        try:
            with urllib.request.urlopen(site + path, timeout=60) as answer:  # noqa: S310  a site of ours
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        except OSError as error:
            raise BenchmarkError(f"{site}{path}: {error}") from None
        if status != expected_status(name):
            raise BenchmarkError(f"{path}: {status}")
        (folder / f"{name}.html").write_bytes(body)


def _check(jar: Path, folder: Path) -> list[dict[str, Any]]:
    """What the checker says, message by message."""
    command = ["java", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError):
        raise BenchmarkError(f"The checker failed:\n{done.stdout[-500:]}{done.stderr[-2000:]}") from None
    return messages


def _tell(messages: list[dict[str, Any]]) -> None:
    """Each fault once: its words, where it stands first, and on which pages it stands how often."""
    alike: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for message in messages:
        alike[message.get("subType", message["type"]), message["message"]].append(message)
    for (kind, text), same in sorted(alike.items()):
        pages: dict[str, int] = defaultdict(int)
        for message in same:
            pages[Path(message.get("url", "")).stem] += 1
        print(f"{kind}: {text}")
        print("  on " + ", ".join(f"{page} ({count} ×)" for page, count in pages.items()))
        print(f"  line {same[0].get('lastLine', '?')}: {' '.join(same[0].get('extract', '').split())[:EXTRACT]}\n")


if __name__ == "__main__":
    sys.exit(main())
