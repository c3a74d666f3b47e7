"""One process of the stack, with all below it: started, asked whether it is up, stopped, killed, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import ROOT
from benchmarks.errors import BenchmarkError
from benchmarks.memory import processes

UP_WITHIN = 600.0  # seconds; the first web process loads the founding record, and machines are busy
END_WITHIN = 30.0


@dataclass
class Service:
    """A command that runs until it is stopped.

    `is_up` says whether it answers. `port` and `url` are of the address where it does, 0 and "" where it has none.
    `log` grows over all starts.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    is_up: Callable[[], bool] = lambda: True
    port: int = 0
    url: str = ""
    account: Mapping[str, object] = field(default_factory=dict)  # who runs it, as subprocess names that
    end_with: int = signal.SIGTERM
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process at the head. Raises BenchmarkError while there is none."""
        if self._process is None:
            raise BenchmarkError(f"{self.name} is not running.")
        return self._process.pid

    def pids(self) -> list[int]:
        """It and all below it."""
        return processes(self.pid)

    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, *, wait: bool = True) -> None:
        """Start it, and wait until it answers. Raises BenchmarkError, with the end of its log, when it does not."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT if not self.account else "/",
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the stack, which ends its processes in their order
                **self.account,  # type: ignore[call-overload]
            )
        if wait:
            self.wait()

    def wait(self, seconds: float = UP_WITHIN) -> None:
        """Wait until it answers. Raises BenchmarkError when it ends before, or takes too long."""
        until = time.monotonic() + seconds
        while self.runs() and time.monotonic() < until:
            with suppress(OSError):
                if self.is_up():
                    return
            time.sleep(0.05)
        raise BenchmarkError(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def stop(self) -> None:
        """Ask it to end, and wait until it and all below it have; those that do not are killed."""
        if not self._process:
            return
        tree = self.pids() if self.runs() else []
        if self.runs():
            self._process.send_signal(self.end_with)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_WITHIN)
        self._end(tree)

    def kill(self) -> None:
        """End it and all below it at this moment, as a machine that loses its power does (-9)."""
        if self._process:
            self._end(self.pids() if self.runs() else [])

    def restart(self) -> None:
        self.stop()
        self.start()

    def _end(self, tree: Sequence[int]) -> None:
        for pid in tree:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._process:
            self._process.wait(END_WITHIN)
        until = time.monotonic() + END_WITHIN
        while any(Path(f"/proc/{pid}/exe").exists() for pid in tree) and time.monotonic() < until:
            time.sleep(0.02)
        self._process = None
