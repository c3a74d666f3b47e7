"""What an app for one-time codes does, for the tests (RFC 6238)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time


def code(secret: str, *, later: int = 0) -> str:
    """The code of now, or of so many half minutes later."""
    step = struct.pack(">Q", int(time.time()) // 30 + later)
    digest = hmac.new(base64.b32decode(secret), step, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def secret_on(page: str) -> str:
    """The key as it stands on the page that sets the second factor up."""
    return re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")


def recovery_codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code></li>", page)
