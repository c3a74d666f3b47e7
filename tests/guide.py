"""What the tests of docs/api.md need: its code blocks, and a site that answers while a program runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from wsgiref.simple_server import WSGIRequestHandler, make_server

from kosovo_peace.wsgi import application

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
OUTPUTS = {"json", "csv", "text"}


@dataclass(frozen=True)
class Example:
    """Code of the guide, and what it is said to print. `start` and `end` are where that stands in the text."""

    name: str
    language: str
    code: str
    output: str
    form: str
    start: int
    end: int


def examples(guide: str) -> list[Example]:
    """All that is to be run. Raises ValueError for code below which nothing is said to be printed."""
    blocks = list(FENCE.finditer(guide))
    outside = FENCE.sub(lambda block: "\n" * len(block[0]), guide)  # a # there is a comment
    found = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block[1] in OUTPUTS or block[1] == "r":
            continue
        heading = HEADING.findall(outside[: block.start()])[-1]
        if following is None or following[1] not in OUTPUTS:
            raise ValueError(f"{heading}: what this prints is not told.")
        found.append(
            Example(f"{heading} ({block[1]})", block[1], block[2], following[2], following[1], *following.span(2))
        )
    return found


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


class Site:
    """The site on a port of this machine. It answers while a program runs, in the thread and transaction of the test."""

    def __enter__(self) -> Site:
        self.server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
        self.server.timeout = 0.02
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(self, *args: object) -> None:
        self.server.server_close()

    def run(self, language: str, code: str, folder: Path) -> str:
        """What the code prints. Raises AssertionError when it fails; `folder` is searched for commands first."""
        command = [sys.executable, "-c", code] if language == "python" else ["bash", "-eo", "pipefail", "-c", code]
        environment = {
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "PYTHONIOENCODING": "utf-8",
            "LANG": "C.UTF-8",
        }
        with (
            TemporaryFile() as printed,
            TemporaryFile() as complaints,
            subprocess.Popen(command, stdout=printed, stderr=complaints, env=environment) as process,
        ):
            while process.poll() is None:
                self.server.handle_request()
            printed.seek(0)
            complaints.seek(0)
            assert process.returncode == 0, complaints.read().decode()
            return printed.read().decode()


# Takes the options of curl that the guide uses.
STAND_IN = f"""\
#!{sys.executable}
import argparse, sys, urllib.error, urllib.request
options = argparse.ArgumentParser()
options.add_argument("-s", action="store_true")
options.add_argument("-G", action="store_true")
options.add_argument("-d", action="append", default=[])
options.add_argument("address")
asked = options.parse_args()
try:
    answer = urllib.request.urlopen("?".join([asked.address, *["&".join(asked.d)] * asked.G]))
except urllib.error.HTTPError as error:
    answer = error
with answer:
    sys.stdout.buffer.write(answer.read())
"""


def write_stand_in(folder: Path) -> None:
    """A `curl` of our own, for machines that have none."""
    command = folder / "curl"
    command.write_text(STAND_IN, encoding="utf-8")
    command.chmod(0o755)
