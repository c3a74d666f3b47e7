"""Hostile requests that send nothing but an address and its headers."""

from __future__ import annotations

from urllib.parse import quote

from benchmarks.hostile import strings
from benchmarks.hostile.attacks import HOST, Attacker, Request
from benchmarks.hostile.prepared import PARTS, filled, parts_of


def address(attacker: Attacker) -> Request:
    """A hostile part of an address, or a path that nobody made."""
    pattern = attacker.public()
    if (names := parts_of(pattern)) and attacker.random.random() < 0.7:
        values = {name: attacker.random.choice(PARTS.get(name, ("1",))) for name in names}
        values[attacker.random.choice(names)] = attacker.in_address(attacker.string())
        return attacker.request("GET", filled(pattern, values))
    place = attacker.random.choice(
        ("/", "/static/", "/pictures/", "/data/", "/data/latest/", "/data/releases/", "/media/")
    )
    wild = attacker.random.choice(strings.PATHS).replace(" ", "%20").replace("#", "%23")
    return attacker.request(
        "GET", attacker.random.choice((place + wild, place + attacker.in_address(attacker.string())))
    )


def parameter(attacker: Attacker) -> Request:
    """A hostile value for a parameter, of every page in turn and of every list of the API."""
    if attacker.random.random() < 0.5:
        path, names = attacker.random.choice(attacker.prepared.operations)
        for name, values in PARTS.items():
            path = path.replace(f"{{{name}}}", attacker.random.choice(values))
    else:
        pattern = attacker.public()
        path = attacker.real(pattern)
        names = sorted(attacker.random.choice(list(attacker.prepared.parameters.values())))
    chosen = attacker.random.sample(names, min(len(names), attacker.random.choice((1, 1, 1, 2, 4)))) if names else ["q"]
    if attacker.random.random() < 0.05:
        chosen = [attacker.in_address(attacker.string())[:500]]
    pairs = "&".join(f"{name}={attacker.in_address(attacker.string())}" for name in chosen)
    return attacker.request("GET", f"{path}?{pairs}"[:9500])


def search(attacker: Attacker) -> Request:
    """Words that a search would have to take apart."""
    path = attacker.random.choice(("/search/", "/api/v1/search/", "/events/", "/sources/", "/missions/", "/articles/"))
    words = " ".join(
        attacker.random.choice((*strings.SEARCHES, *strings.DATABASES)) for _ in range(attacker.random.randint(1, 3))
    )
    return attacker.request("GET", f"{path}?q={quote(words[:2000].encode('utf-8', 'surrogatepass'))}"[:7900])


def header(attacker: Attacker) -> Request:
    """A hostile header: host, scheme, address, cookie, what is accepted, what the browser has."""
    path, text = (
        attacker.real(attacker.public()),
        attacker.string().replace("\r", "").replace("\n", "").replace("\0", "")[:7000],
    )
    name = attacker.random.choice((
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "X-Original-URL",
        "X-Rewrite-URL", "X-HTTP-Method-Override", "X-Request-ID", "Accept", "Accept-Encoding", "Accept-Language",
        "If-None-Match", "If-Modified-Since", "Range", "Referer", "Origin", "User-Agent", "Content-Type", "Cookie",
        "Authorization", "Connection", "X-CSRFToken", "Access-Control-Request-Method", "Proxy", "Via", "TE", "Upgrade",
    ))  # fmt: skip
    if name == "Cookie":
        cookie = attacker.random.choice(("sessionid", "csrftoken", "messages", "known_browser", "a"))
        text = (
            f"{cookie}={attacker.random.choice((text, quote(text), 'a' * 7000, attacker.prepared.session[:-1] + 'x'))}"
        )
    if name == "Connection":
        text = attacker.random.choice(("close", "keep-alive, X-Forwarded-For", "upgrade", "cookie"))
    if name == "X-Forwarded-For":
        text = f"{text}, 198.18.255.{attacker.random.randint(1, 250)}"
    return attacker.request("GET", path, f"{name}: {text}", closes=name in {"Connection", "Upgrade", "TE"})


def host(attacker: Attacker) -> Request:
    """Another name for the site, or none, or a path that is a whole address."""
    host = attacker.random.choice((
        "evil.example", "127.0.0.1:80@evil.example", "127.0.0.1.evil.example", "localhost:99999", "[::1", "", " ", "a b",
        "127.0.0.1, evil.example", "EVIL.example.", "127.0.0.1/evil", f"<{strings.MARK}>", "a" * 5000, "\u0131.example",
    ))  # fmt: skip
    path = attacker.real(attacker.public())
    if attacker.random.random() < 0.2:
        return attacker.request("GET", f"http://evil.example{path}", host=HOST)
    return attacker.request(
        "GET", path, *(["Host: evil.example"] if attacker.random.random() < 0.1 else []), host=host, closes=True
    )


def lines(attacker: Attacker) -> Request:
    """Line ends and forged lines, in whatever is written down or given back."""
    text = attacker.random.choice(strings.LINES)
    way = attacker.random.randrange(4)
    if way == 0:
        return attacker.request("GET", f"{attacker.real(attacker.public())}{attacker.in_address(text)}")
    if way == 1:
        return attacker.request("GET", f"/accounts/login/?next={quote('/admin/' + text)}")
    if way == 2:
        name = attacker.random.choice(("X-Request-ID", "X-Forwarded-For", "User-Agent", "Referer"))
        return attacker.request("GET", "/", f"{name}: {text}", closes=True)
    return attacker.request(text.split("\r")[0].split("\n")[0] or "A", "/", closes=True)


def method(attacker: Attacker) -> Request:
    """A verb that the address does not know, or that nobody does."""
    method = attacker.random.choice((
        "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "MKCOL", "SEARCH", "DEBUG", "get", "A" * 300,
        "POST", "HEAD", "LINK", "PURGE",
    ))  # fmt: skip
    body = b"a=1" if attacker.random.random() < 0.5 else b""
    return attacker.request(method, attacker.real(attacker.public()), body=body, closes=True)


def private(attacker: Attacker) -> Request:
    """Guesses at private addresses: of a report, of a draft's preview, of a picture."""
    token = attacker.random.choice((attacker.prepared.token, attacker.prepared.preview.strip("/").split("/")[-1]))
    at = attacker.random.randrange(len(token))
    guess = attacker.random.choice(
        (token[:at], f"{token[:at]}x{token[at + 1 :]}", token.swapcase(), attacker.in_address(attacker.string()))
    )
    where = attacker.random.choice(
        ("/corrections/mine/{}/", "/preview/{}/", "/preview/{}/pictures/" + PARTS["file"][0])
    )
    return attacker.request("GET", where.format(guess or "x"))
