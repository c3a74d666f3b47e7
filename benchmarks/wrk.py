"""Load from wrk, a program of its own: how many requests a second are answered."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping

from benchmarks.errors import BenchmarkError

CONNECTIONS = 16


def require_wrk() -> str:
    """Where it is. Raises BenchmarkError, with how to get it, where it is not."""
    if found := shutil.which("wrk"):
        return found
    raise BenchmarkError("Not found: wrk. On Debian or Ubuntu: apt-get install wrk")


def requests_per_second(
    address: str, headers: Mapping[str, str], *, seconds: int, connections: int = CONNECTIONS
) -> float:
    """Ask for one address over and over. Raises BenchmarkError when anything is answered but 2xx or 3xx."""
    given = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    command = [require_wrk(), "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", *given, address]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^Requests/sec:\s+([\d.]+)", told.stdout, re.MULTILINE)
    # gunicorn's sync workers close each connection, which wrk counts as an error of reading when it comes late
    if told.returncode or not found or "Non-2xx" in told.stdout:
        raise BenchmarkError(f"{address}\n{told.stdout}{told.stderr}")
    return float(found[1])
