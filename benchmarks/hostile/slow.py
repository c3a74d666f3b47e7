"""Senders who do not come to an end: half a head, a body by single bytes, an answer that nobody reads."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from contextlib import suppress

SENDERS = 120  # of each way
LASTS = 25.0  # seconds
EVERY = 1.0

HEAD = (
    b"POST /corrections/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 20000\r\n\r\n"
)
WAYS = {
    "half a head": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"X-A: b\r\n"),
    "a body by single bytes": (HEAD, b"a"),
    "an answer that nobody reads": (b"GET /missions/kfor/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20, b""),
}


def hold_connections(port: int) -> tuple[dict[str, int], list[float]]:
    """How many of the slow were cut off or answered, by their way; and the seconds readers waited for a page meanwhile."""
    ended = dict.fromkeys(WAYS, 0)
    over = threading.Event()
    lock = threading.Lock()

    def dawdle(way: str) -> None:
        first, again = WAYS[way]
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=LASTS) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            try:
                connection.sendall(first)
                while not over.wait(EVERY):
                    connection.sendall(again)
            except OSError:
                with lock:
                    ended[way] += 1

    threads = [threading.Thread(target=dawdle, args=[way]) for way in WAYS for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    waited: list[float] = []
    until = time.monotonic() + LASTS
    while time.monotonic() < until:
        waited.append(_seconds_for_a_page(port, f"/missions/?q=slow{len(waited)}"))
        time.sleep(EVERY / 2)
    over.set()
    for thread in threads:
        thread.join()
    return ended, waited


def _seconds_for_a_page(port: int, address: str) -> float:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", address, headers={"X-Forwarded-For": f"198.19.0.{int(began) % 250 + 1}"})
        connection.getresponse().read()
    finally:
        connection.close()
    return time.monotonic() - began
