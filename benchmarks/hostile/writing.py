"""Hostile requests with a body: reports, log-ins, editors' forms, and what is no form at all."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

from benchmarks.hostile.attacks import FORM, Attacker, Request
from benchmarks.hostile.prepared import filled, parts_of

REPORTED = (
    "record", "subject", "edition", "figure", "citation", "passage", "kind", "name", "email", "message", "suggestion",
    "evidence", "may_name", "may_publish", "homepage", "do",
)  # fmt: skip
TYPED = (
    "title", "summary", "body", "lock_version", "change_note", "_save", "action", "_selected_action", "reason", "slug", "based_on",
    "citations-TOTAL_FORMS", "citations-INITIAL_FORMS", "citations-0-key", "citations-0-source", "citations-0-id", "key", "file", "url",
    "issued", "publish_at", "password1", "is_superuser", "select_across", "text", "passage", "bibliography", "note", "q",
)  # fmt: skip


def report(attacker: Attacker) -> Request:
    """The readers' form and its like in the API, every field in turn."""
    fields = {"record": "mission/kfor", "message": "A hostile message."}
    for name in attacker.random.sample(REPORTED, attacker.random.randint(1, 4)):
        fields[name] = attacker.string()
    from_elsewhere = [
        f"Origin: {attacker.random.choice(('https://evil.example', 'null', attacker.string()[:50].strip()))}"
    ]
    headers = [line.replace("\r", "").replace("\n", "") for line in from_elsewhere if attacker.random.random() < 0.1]
    if attacker.random.random() < 0.4:
        value: object = fields
        if attacker.random.random() < 0.3:
            value = attacker.random.choice(
                ([], [fields], "text", None, 1, {**fields, "message": [1]}, {**fields, "record": {}})
            )
        sent = json.dumps(value).encode()
        return attacker.request("POST", "/api/v1/corrections/", "Content-Type: application/json", *headers, body=sent)
    sent = urlencode({name: text.encode("utf-8", "surrogatepass") for name, text in fields.items()}).encode()
    where = attacker.random.choice(
        ("/corrections/new/", "/corrections/new/", f"/corrections/mine/{attacker.prepared.token}/")
    )
    return attacker.request("POST", where, f"Content-Type: {FORM}", *headers, body=sent)


def log_in(attacker: Attacker) -> Request:
    """Passwords, codes and where to go afterwards."""
    fields = {"login": "author", "password": attacker.string(), "next": "/admin/", "csrfmiddlewaretoken": "c" * 32}
    fields[attacker.random.choice(list(fields))] = attacker.string()
    sent = urlencode({name: text.encode("utf-8", "surrogatepass") for name, text in fields.items()}).encode()
    where = attacker.random.choice((
        "/accounts/login/", "/accounts/second-factor/code/", "/accounts/password/", "/admin/login/", "/admin/password_change/",
    ))  # fmt: skip
    return attacker.request("POST", where, f"Content-Type: {FORM}", f"Cookie: csrftoken={'c' * 32}", body=sent)


def body(attacker: Attacker) -> Request:
    """Bodies that are too large, too short, of two lengths, or not what they are called."""
    where = attacker.random.choice(
        ("/corrections/new/", "/api/v1/corrections/", "/accounts/login/", "/admin/", "/", "/search/")
    )
    way = attacker.random.randrange(8)
    boundary = "multipart/form-data; boundary=x"
    if way == 0:
        return attacker.request(
            "POST",
            where,
            f"Content-Type: {FORM}",
            body=b"message=" + b"a" * attacker.random.choice((299_000, 2_600_000)),
            closes=True,
        )
    if way == 1:
        return attacker.request(
            "POST",
            where,
            f"Content-Type: {FORM}",
            body=b"m=1",
            length=str(10 ** attacker.random.randint(7, 20)),
            closes=True,
        )
    if way == 2:
        return attacker.request(
            "POST", where, "Transfer-Encoding: chunked", body=b"5\r\na=b&c\r\n0\r\n\r\n", length="", closes=True
        )
    if way == 3:
        many = "&".join(f"f{number}=1" for number in range(25_000)).encode()
        return attacker.request("POST", where, f"Content-Type: {FORM}", body=many)
    if way == 4:
        part = f'--x\r\nContent-Disposition: form-data; name="message"; filename="{quote(attacker.string()[:300])}"\r\n\r\na\r\n'
        return attacker.request(
            "POST",
            where,
            f"Content-Type: {boundary}",
            body=part.encode() * attacker.random.choice((1, 50, 3000)) + b"--x--",
        )
    if way == 5:
        deep = attacker.random.choice(
            (
                b"[" * 100_000,
                b'{"a":' * 50_000,
                b"1" * 100_000,
                b"\xff\xfe{}",
                b'{"message": "\\ud800"}',
                b'{"a":1,' * 9999,
            )
        )
        return attacker.request("POST", "/api/v1/corrections/", "Content-Type: application/json", body=deep)
    if way == 6:
        kind = attacker.random.choice(
            (
                boundary,
                "multipart/form-data",
                f"{FORM}; charset=utf-16",
                "text/xml",
                "application/xml",
                "",
                "a" * 500,
                "image/svg+xml",
            )
        )
        broken = attacker.random.choice(
            (
                b"",
                b"--x",
                b"--x\r\n\r\n",
                b"%ff=%fe",
                b"&" * 20_000,
                b"=" * 900,
                b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            )
        )
        return attacker.request("POST", where, f"Content-Type: {kind}", body=broken)
    return attacker.request(
        "POST", where, f"Content-Type: {FORM}", "Content-Encoding: gzip", body=b"\x1f\x8b" + bytes(200)
    )


def desk(attacker: Attacker) -> Request:
    """The editors' addresses: without a log-in, and from an editor who types what should not be typed."""
    pattern = attacker.random.choice([one for one in attacker.prepared.patterns if one[0].startswith("/admin/")])
    values = {name: str(attacker.prepared.draft) for name in parts_of(pattern)}
    if values and attacker.random.random() < 0.6:
        values[attacker.random.choice(list(values))] = attacker.in_address(attacker.string())
    session, path = attacker.random.random() < 0.7, filled(pattern, values)
    if attacker.random.random() < 0.5:
        names = (
            "q",
            "o",
            "p",
            "e",
            "all",
            "_changelist_filters",
            "state__exact",
            "record__slug",
            "term",
            "next",
            "_popup",
            "field_name",
        )
        return attacker.request(
            "GET", f"{path}?{attacker.random.choice(names)}={attacker.in_address(attacker.string())}", session=session
        )
    fields = {name: attacker.string() for name in attacker.random.sample(TYPED, 3)} | {"csrfmiddlewaretoken": "c" * 32}
    sent = urlencode({name: text.encode("utf-8", "surrogatepass") for name, text in fields.items()}).encode()
    path = path if "logout" not in path else "/admin/"
    return attacker.request("POST", path, f"Content-Type: {FORM}", body=sent, session=session)
