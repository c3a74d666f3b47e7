#!/usr/bin/env python3
"""Print the path of a Chromium for the browser tests, installing Debian's if none is there.

    CHROMIUM=$(python scripts/chromium.py) pytest -m browser

It looks at CHROMIUM, at the usual commands, at the usual place on a Mac, and at the browser
that `playwright install chromium` fetches. Where there is none it asks apt, as root or through
`sudo -n`. If that cannot be, it says in one line what to install, and fails.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGES = ("chromium", "fonts-dejavu-core")  # the fonts hold Albanian and Serbian letters
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=600", "-q")
HINT = (
    "Browser tests need Chromium. Install it (Debian: apt-get install chromium;"
    " elsewhere: .venv/bin/playwright install chromium) or set CHROMIUM to its path."
)


def candidates() -> Iterator[Path]:
    for command in COMMANDS:
        if path := shutil.which(command):
            yield Path(path)
    yield MAC
    with contextlib.suppress(Exception):  # Playwright missing, or without a driver here
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            yield Path(playwright.chromium.executable_path)


def find() -> Path | None:
    if given := os.environ.get("CHROMIUM"):
        return Path(given) if works(Path(given)) else None
    return next((path for path in candidates() if works(path)), None)


def works(path: Path) -> bool:
    """Whether it starts: Ubuntu's `chromium-browser` may be an empty shell around a snap."""
    if not path.is_file():
        return False
    try:
        tried = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def install() -> None:
    """Ask apt for Debian's package, if we may. What it says goes to standard error."""
    if shutil.which("apt-get") is None:
        return
    rights: tuple[str, ...] = ()
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            return
        if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode != 0:
            return
        rights = ("sudo", "-n")
    print("Browser tests: installing chromium through apt (once) …", file=sys.stderr, flush=True)
    for step in (("update",), ("install", "--yes", "--no-install-recommends", *PACKAGES)):
        done = subprocess.run(
            [*rights, "env", "DEBIAN_FRONTEND=noninteractive", *APT, *step],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:  # an update may fail for one archive of many: go on and see
            print(f"apt-get {step[0]} failed:\n{done.stdout[-2000:]}", file=sys.stderr)


def main() -> int:
    found = find()
    if found is None and not os.environ.get("CHROMIUM"):
        install()
        found = find()
    if found is None:
        print(HINT, file=sys.stderr)
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
