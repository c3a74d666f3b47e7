"""What the processes of a stack wrote."""

from __future__ import annotations

from pathlib import Path

from benchmarks.stack import Stack


def keep_logs(stack: Stack, folder: Path) -> None:
    """Copy the logs of all processes into a folder, before they go with the stack."""
    folder.mkdir(parents=True, exist_ok=True)
    for service in stack.services:
        (folder / service.log.name).write_bytes(service.log.read_bytes())
