#!/usr/bin/env python3
"""Look at the packages the site is made of: what `make audit` calls, and `make check` with --offline.

Without a network: every requirement names one version and its hashes, what runs is what work is done with, what is
installed is what is locked, the parts fit together, and every licence is one we know. With one: no locked release was
withdrawn by its makers (uv), and no hole is published in any (pip-audit, run for this and not installed). Where no
list of holes can be asked, it says so; that is no pass.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BASE, DEV = ROOT / "requirements/base.txt", ROOT / "requirements/dev.txt"
UV = str(Path(sys.executable).parent / "uv")
PIP_AUDIT = "pip-audit==2.10.1"
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)==(\S+)(?: ; (.*))?")
# Licences under which a part may be used in a site that is itself under the MIT licence, and changed by nobody here.
KNOWN = ("MIT", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "MPL", "Mozilla", "LGPL", "HPND")


def main() -> int:
    offline = "--offline" in sys.argv[1:]
    locked = {path: dict(_locked(path)) for path in (BASE, DEV)}
    problems = [
        *_unlocked(BASE),
        *_unlocked(DEV),
        *_differing(locked),
        *_not_as_installed(locked[DEV]),
        *_licences(locked[BASE]),
    ]
    if not offline:
        problems += _withdrawn()
        problems += _holes(locked[BASE])
    for problem in problems:
        print(problem)
    if not problems:
        parts = "locked, hashed, as installed, of known licences" + (
            "" if offline else ", not withdrawn, without known holes"
        )
        print(f"{len(locked[BASE])} packages to run, {len(locked[DEV])} to work with: {parts}.")
    return 1 if problems else 0


def _requirements(path: Path) -> Iterator[str]:
    """Each requirement with all that belongs to it on one line."""
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            yield " ".join(line.split())


def _locked(path: Path) -> Iterator[tuple[str, str]]:
    for line in _requirements(path):
        if found := REQUIREMENT.match(line):
            yield _name(found[1]), found[2]


def _unlocked(path: Path) -> Iterator[str]:
    for line in _requirements(path):
        if not REQUIREMENT.match(line):
            yield f"{path.name}: no single version: {line[:80]}"
        elif not HASH.search(line):
            yield f"{path.name}: no hash: {line[:80]}"


def _differing(locked: dict[Path, dict[str, str]]) -> Iterator[str]:
    for name, version in locked[BASE].items():
        if locked[DEV].get(name) != version:
            yield f"{name} is {version} where the site runs and {locked[DEV].get(name)} where work is done: run `make lock`."


def _not_as_installed(locked: dict[str, str]) -> Iterator[str]:
    for part in metadata.distributions():
        name = _name(part.metadata["Name"])
        if name in locked and part.version != locked[name]:
            yield f"{name} {part.version} is installed, and {locked[name]} is locked: remove .venv, and run make again."
    fits = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    if fits.returncode:
        yield fits.stdout.strip()


def _licences(locked: dict[str, str]) -> Iterator[str]:
    for name in locked:
        try:
            told: Any = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system, or an older Python
        classified = " ".join(one for one in told.get_all("Classifier") or [] if one.startswith("License"))
        licence = f"{told.get('License-Expression') or ''} {(told.get('License') or '')[:200]} {classified}"
        if not any(known in licence for known in KNOWN):
            yield f"{name}: its licence is not one we know: {licence.strip()[:120] or 'none given'}"


def _withdrawn() -> Iterator[str]:
    """Releases that their makers have taken back (yanked), as the package index says."""
    command = [
        UV,
        "pip",
        "install",
        "--dry-run",
        "--reinstall",
        "--require-hashes",
        "-r",
        str(BASE),
        "--python",
        sys.executable,
    ]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.returncode:
        yield f"The package index does not have what is locked, or does not answer: {asked.stderr.strip()[-300:]}"
    yield from (line for line in asked.stderr.splitlines() if "yanked" in line)


def _holes(locked: dict[str, str]) -> Iterator[str]:
    """Published holes of what is locked; a line where they cannot be asked for."""
    command = [
        UV,
        "tool",
        "run",
        PIP_AUDIT,
        "--disable-pip",
        "--require-hashes",
        "-r",
        str(BASE),
        "--format",
        "json",
    ]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        answered = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        yield f"Nobody can be asked about holes: {asked.stderr.strip()[-300:]}"
        return
    for part in answered:
        for hole in part.get("vulns", ()):
            mended = ", ".join(hole["fix_versions"]) or "no version yet"
            yield f"{part['name']} {part['version']}: {hole['id']}, mended in {mended}"
    if unknown := sum("skip_reason" in part for part in answered):
        yield f"Nothing could be learnt about holes in {unknown} of {len(locked)} packages: no list of them is in reach here."


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
