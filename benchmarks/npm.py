"""Tools from npm, each in a folder of its own, in one version: nothing else of the project needs node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from benchmarks.databases import ROOT
from benchmarks.errors import BenchmarkError

TOOLS = ROOT / "var" / "tools"


def installed(package: str, version: str) -> Path:
    """The folder of a package, with what it needs beside it; fetched unless it is there. No script of it is run.

    Raises BenchmarkError where npm is missing or fails.
    """
    place = TOOLS / f"{package}-{version}"
    folder = place / "node_modules" / package
    done = place / ".installed"
    if done.exists():
        return folder
    if shutil.which("npm") is None:
        raise BenchmarkError(f"{package} comes by npm, which is not here (Debian: apt-get install npm).")
    print(f"Fetching {package} {version} (once) …", flush=True)
    place.mkdir(parents=True, exist_ok=True)
    options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"]
    command = ["npm", "install", "--prefix", str(place), *options, f"{package}@{version}"]
    if subprocess.run(command, cwd=place, stdout=subprocess.DEVNULL, check=False).returncode:
        raise BenchmarkError(f"npm could not fetch {package} {version}: see above.")
    done.touch()
    return folder
