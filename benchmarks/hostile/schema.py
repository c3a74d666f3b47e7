"""What the document of the API allows, and what it forbids: requests that schemathesis makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.hostile.attacks import Attacker, Request


def cases(attacker: Attacker, port: int, count: int) -> Iterator[Request]:
    """So many requests, of every operation about as many, the same from the same seed."""
    import schemathesis

    document = schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/api/v1/schema/?format=json")
    found: Any = document.get_all_operations()
    operations = [one.ok() for one in found]
    for operation in operations:
        yield from _of(operation, attacker, -(-count // len(operations)))


def _of(operation: Any, attacker: Attacker, count: int) -> list[Request]:
    from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
    from schemathesis import GenerationMode

    modes = [operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]
    made = []

    @seed(attacker.seed)
    @settings(
        max_examples=count, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=strategies.one_of(modes))
    def collect(case: Any) -> None:
        made.append(_request(attacker, case))

    collect()
    return made[:count]


def _request(attacker: Attacker, case: Any) -> Request:
    said = case.as_transport_kwargs(base_url="http://127.0.0.1")
    address = urlsplit(said["url"])
    query = urlencode(said.get("params") or {}, doseq=True, errors="surrogatepass")
    target = address.path + (
        f"?{'&'.join(one for one in (address.query, query) if one)}" if address.query or query else ""
    )
    headers = [
        f"{name}: {value}".replace("\r", "").replace("\n", "")
        for name, value in (said.get("headers") or {}).items()
        if name.lower() not in {"host", "content-length", "transfer-encoding"}
    ]
    body = b""
    if "json" in said:
        import json

        body = json.dumps(said["json"]).encode("utf-8", "surrogatepass")
        headers.append("Content-Type: application/json")
    elif said.get("data"):
        given = said["data"]
        body = (
            given
            if isinstance(given, bytes)
            else urlencode(given, doseq=True).encode()
            if isinstance(given, dict)
            else str(given).encode()
        )
    method = str(said["method"])
    return attacker.request(method, target.replace(" ", "%20").replace("\r", "").replace("\n", ""), *headers, body=body)
