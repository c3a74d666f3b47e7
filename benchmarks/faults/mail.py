"""The mail server is away for the whole run; at its end one comes, and takes what has waited."""

from __future__ import annotations

import asyncio
import email
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.faults.outcome import Fault
from benchmarks.faults.scene import Scene
from benchmarks.load import record

SENT_WITHIN = 120.0  # seconds


class Taker:
    """A mail server that takes all, and remembers to whom it went under which Message-ID."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(0)
        message = email.message_from_bytes(envelope.content)
        self.taken += [(recipient, str(message["Message-ID"])) for recipient in envelope.rcpt_tos]
        return "250 OK"


def away_all_the_while(scene: Scene, port: int) -> Fault:
    """`port` is the one at which the site looks for the server, where nobody has listened so far."""
    fault = Fault(
        "The mail server away for the whole run",
        "Nobody listened at the port of the mail server while all of the above was done. Then a server came, and the mails"
        " that waited were made due at once instead of after their pauses.",
    )
    before = record.fresh(record.mails)
    fault.promise(
        "Nothing waited for mail: what came in and went out did so without it, and no mail is given up.",
        before["waiting"] > 0 and before["sent"] == 0 and before["given up"] == 0,
        ", ".join(f"{what}: {count}" for what, count in before.items()) + ".",
    )
    taker = Taker()
    controller = Controller(taker, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        record.fresh(record.make_mails_due)
        waited = scene.seconds_until(lambda: record.fresh(record.mails)["waiting"] == 0, within=SENT_WITHIN)
    finally:
        controller.stop()
    after = record.fresh(record.mails)
    fault.promise(
        "Each mail goes out once as soon as there is a server.",
        after["sent"] == before["waiting"] == len(set(taker.taken)) == len(taker.taken),
        f"{after['sent']} are noted as sent, {len(taker.taken)} arrived"
        + (f" within {waited:.0f} s." if waited is not None else f"; {after['waiting']} still wait."),
    )
    return fault
