"""`make stack`: run all processes until Ctrl-C; `make stack CHECK=1`: prove what they promise together, and end."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import suppress

from benchmarks.errors import BenchmarkError
from benchmarks.stack.services import Stack, running_stack


class Stop(Exception):
    """Somebody asked us to end."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make stack", description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    print("Starting PostgreSQL, Redis, two web processes, the worker and nginx …", flush=True)
    with suppress(Stop), running_stack(port=0 if options.check else _port()) as stack:
        if options.check:
            from benchmarks.stack.proofs import run

            return run(stack)
        _show(stack)
        signal.pause()
    print("Stopping …")
    return 0


def _show(stack: Stack) -> None:
    print(f"\n{stack.url}/ (its certificate is signed by nobody: browsers ask). Ctrl-C stops it.\n")
    print(f"Editors, at {stack.url}/admin/:")
    for name, password in stack.accounts.items():
        print(f"  {name:<10} {password}")
    print("\nProcesses:")
    for service in stack.services:
        print(f"  {service.name:<10} {service.pid:>7}  {service.url}")
    print(f"\nAll they write is in {stack.folder} and gone at the end.", flush=True)


def _port() -> int:
    return int(os.environ.get("PORT") or 8443)


def _stop(number: int, frame: object) -> None:
    raise Stop


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"make stack: {error}")
