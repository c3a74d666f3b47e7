"""Through nginx, as on a server: requests a second, beside a file that nginx has on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.bare import Answer
from benchmarks.bench import Bench
from benchmarks.ports import free_port, listens
from benchmarks.report import Table
from benchmarks.stack import Stack, running_stack
from benchmarks.stack.processes import Service
from benchmarks.stack.services import program
from benchmarks.targets import table
from benchmarks.targets.founding import API_LIST, ENCODING, EVENT, MISSION
from benchmarks.targets.rates import SECONDS, in_between
from benchmarks.wrk import CONNECTIONS

TARGET = 0.8
PLAIN = """daemon off; worker_processes auto; pid {folder}/plain.pid; error_log stderr alert;
events {{ worker_connections 1024; }}
http {{
    types {{ }} default_type text/html; access_log off; sendfile on; keepalive_timeout 65s;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port} ssl http2;
        ssl_certificate {tls}/certificate.pem; ssl_certificate_key {tls}/key.pem;
        root {folder}; add_header Content-Encoding br; add_header Cache-Control "public, max-age=0";
    }}
}}
"""


def measure(bench: Bench) -> Iterator[Table]:
    with running_stack() as stack:
        asked = {"an event": EVENT, "a large mission": MISSION, "a list of the API": API_LIST}
        answers = {str(number): _answer(stack, path) for number, path in enumerate(asked.values())}
        plain = _plain(bench.folder / "plain", stack, answers)
        plain.start()
        try:
            found = [
                in_between(what, f"{plain.url}/{name}", f"{stack.url}{path}", rounds=bench.rounds, target=TARGET)
                for name, (what, path) in zip(answers, asked.items(), strict=True)
            ]
        finally:
            plain.stop()
    note = (
        f"Requests a second (wrk, {CONNECTIONS} connections, TLS, {SECONDS} s each, in turns: file, site, file). The file is "
        "the same compressed bytes on disk, sent by another nginx. For each request the site writes a line of its log."
    )
    yield table("Through the proxy: 1.0 is a file of nginx", note, found)


def _answer(stack: Stack, path: str) -> Answer:
    with urlopen(Request(f"{stack.url}{path}", headers=ENCODING), context=stack.tls, timeout=60) as answer:  # noqa: S310
        return Answer(answer.read(), {})


def _plain(folder: Path, stack: Stack, answers: dict[str, Answer]) -> Service:
    folder.mkdir()
    for name, answer in answers.items():
        (folder / name).write_bytes(answer.body)
    port = free_port()
    configuration = folder / "plain.conf"
    configuration.write_text(PLAIN.format(folder=folder, port=port, tls=stack.certificate.parent))
    as_root = ["-g", "user root;"] if os.geteuid() == 0 else []
    return Service(
        "plain",
        [program("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(configuration), *as_root],
        folder / "plain.log",
        is_up=lambda: listens(port),
        port=port,
        url=f"https://127.0.0.1:{port}",
    )
