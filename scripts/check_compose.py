#!/usr/bin/env python3
"""Check docker-compose.yml, deploy/nginx.conf, the Dockerfile and .env.example against each other and our own rules.

    python -m scripts.check_compose

It needs no Docker: the part of the Compose format we use is written down below as a schema, and
what is not in it is reported, so that a mistyped key is. Beyond that: every service has a health
check and restarts, or runs once and is waited for; none is root, writes beside its volumes or keeps a capability; images
have a version; what a service names exists; readers reach nginx alone; no secret stands in a file; the web service is
asked at /livez; the image does not run as root and installs with hashes; every variable is explained in .env.example, and
every setting handed on; deploy/nginx.conf is what nginx is given, with all it asks for, and nginx, where it is installed,
reads it without complaint.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from kosovo_peace.management.commands.make_certificate import CERTIFICATE, KEY, self_signed
from scripts import front

ROOT = Path(__file__).resolve().parent.parent

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
DURATION = {"type": "string", "pattern": r"^(\d+(ms|s|m|h))+$"}
ENVIRONMENT = {
    "type": "object",
    "propertyNames": {"pattern": "^[A-Z][A-Z0-9_]*$"},
    "additionalProperties": {"type": ["string", "number", "null"]},
}
HEALTHCHECK = {
    "type": "object",
    "additionalProperties": False,
    "required": ["test", "interval", "timeout", "retries"],
    "properties": {
        "test": {
            "type": "array",
            "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}],
            "items": TEXT,
            "minItems": 2,
        },
        "interval": DURATION,
        "timeout": DURATION,
        "start_period": DURATION,
        "retries": {"type": "integer", "minimum": 1},
    },
}
DEPENDS_ON = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": False,
        "required": ["condition"],
        "properties": {"condition": {"enum": ["service_started", "service_healthy", "service_completed_successfully"]}},
    },
}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "oneOf": [{"required": ["image"]}, {"required": ["build"]}],
    "properties": {
        "image": {"type": "string", "pattern": r"^[a-z0-9./_-]+:(?!latest$)[A-Za-z0-9._-]+$"},
        "build": TEXT,
        "command": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "user": TEXT,
        "stop_grace_period": DURATION,
        "depends_on": DEPENDS_ON,
        "environment": ENVIRONMENT,
        "networks": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"ipv4_address": TEXT},
            },
        },
        "ports": TEXTS,
        "volumes": TEXTS,
        "tmpfs": TEXTS,
        "cap_drop": TEXTS,
        "cap_add": TEXTS,
        "security_opt": TEXTS,
        "healthcheck": HEALTHCHECK,
    },
}
COMPOSE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["services"],
    "properties": {
        "services": {"type": "object", "minProperties": 1, "additionalProperties": SERVICE},
        "volumes": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
        "networks": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"internal": {"type": "boolean"}, "ipam": {"type": "object", "required": ["config"]}},
            },
        },
    },
    "patternProperties": {"^x-": {"type": "object"}},
}
SERVICES = {"web", "work", "db", "redis", "nginx"}
REACHED = "nginx"  # by readers
TEMPLATE = "./deploy/nginx.conf:/etc/nginx/templates/nginx.conf.template:ro"
# Set by compose itself, or not for a server.
NOT_HANDED_ON = {"DATA_DIR", "DEBUG", "DEMO", "HOST", "PORT"}

VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)")
SETTING = re.compile(r"\benv(?:\.\w+)?\(\s*[\"']([A-Z][A-Z0-9_]*)[\"']")
SECRET_NAME = re.compile(r"SECRET|PASSWORD|TOKEN|KEY$")
CREDENTIALS = re.compile(r"://[^/@\s]*:(?!\$\{)[^/@\s]+@")


def against_schema(compose: Any) -> Iterator[str]:
    for error in Draft202012Validator(COMPOSE).iter_errors(compose):
        place = ".".join(str(part) for part in error.absolute_path) or "the file"
        yield f"docker-compose.yml: {place}: {error.message}"


def against_rules(compose: dict[str, Any]) -> Iterator[str]:
    services: dict[str, Any] = compose["services"]
    declared = {"volume": compose.get("volumes") or {}, "network": compose.get("networks") or {}}
    for missing in sorted(SERVICES - set(services)):
        yield f"docker-compose.yml: no service {missing}"
    waited_for = {
        other
        for service in services.values()
        for other, dependency in service.get("depends_on", {}).items()
        if dependency["condition"] == "service_completed_successfully"
    }
    for name, service in services.items():
        problem = f"docker-compose.yml: {name}: "
        yield from (problem + found for found in _of_service(name, service, runs_once=name in waited_for))
        for other, dependency in service.get("depends_on", {}).items():
            if other not in services:
                yield f"{problem}depends on {other}, which is no service"
            elif dependency["condition"] == "service_healthy" and not services[other].get("healthcheck"):
                yield f"{problem}waits for the health of {other}, which has no healthcheck"
        for what, names in {"volume": service.get("volumes", []), "network": service.get("networks", {})}.items():
            for one in names:
                source = re.sub(r"^\$\{\w+:-(.*?)\}", r"\1", one).partition(":")[0]
                if not source.startswith((".", "/")) and source not in declared[what]:
                    yield f"{problem}{what} {source} is not declared"
    if "/livez" not in " ".join(services.get("web", {}).get("healthcheck", {}).get("test", [])):
        yield "docker-compose.yml: web: its healthcheck must ask /livez"
    if services.get("web", {}).get("environment") != services.get("work", {}).get("environment"):
        yield "docker-compose.yml: web and work must have the same settings"


def _of_service(name: str, service: dict[str, Any], *, runs_once: bool) -> Iterator[str]:
    """What is wrong in one service by itself."""
    if runs_once and service.get("restart") != "no":
        yield "it is waited for to end: restart must be no"
    if not runs_once:
        yield from (f"no {needed}" for needed in ("healthcheck", "restart") if needed not in service)
    if service.get("user", "root" if "image" in service else "").partition(":")[0] in {"root", "0"}:
        yield "it would run as root: name a user"
    if not service.get("read_only"):
        yield "its file system must be read-only"
    if service.get("cap_drop") != ["ALL"] or "no-new-privileges:true" not in service.get("security_opt", []):
        yield "it must drop all capabilities, and gain none"
    if service.get("ports") and name != REACHED:
        yield f"it has ports of its own: readers reach {REACHED} alone"
    for key, value in service.get("environment", {}).items():
        if value is None:
            continue  # handed on from the environment
        if SECRET_NAME.search(key) and not str(value).startswith("${"):
            yield f"{key} must come from the environment"
        if CREDENTIALS.search(str(value)):
            yield f"{key} holds a password"


def of_front(compose: dict[str, Any]) -> Iterator[str]:
    """Whether nginx is given deploy/nginx.conf and all it asks for, and can read it."""
    nginx = compose["services"].get(REACHED, {})
    if TEMPLATE not in nginx.get("volumes", []):
        yield f"docker-compose.yml: {REACHED}: mount {TEMPLATE}"
    given = {key for key in nginx.get("environment", {}) if key.startswith("FRONT_")}
    for variable in sorted(front.variables() ^ given):
        yield f"deploy/nginx.conf and docker-compose.yml must both name {variable}"
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not program:
        return
    with tempfile.TemporaryDirectory(prefix="kp-front-") as name:
        folder = Path(name)
        _self_signed_into(folder)
        values = dict.fromkeys(front.variables(), name) | {
            "FRONT_SITE": "https://example.org",
            "FRONT_HTTP": "127.0.0.1:8080",
            "FRONT_HTTPS": "127.0.0.1:8443",
            "FRONT_WEB": "server 127.0.0.1:8000;",
            "FRONT_LOG": f"{name}/access.log",
            "FRONT_ERRORS": "stderr",
        }
        (folder / "nginx.conf").write_text(front.filled(values), encoding="utf-8")
        command = [program, "-t", "-q", "-e", "stderr", "-p", name, "-c", f"{name}/nginx.conf"]
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
        if tried.returncode:
            yield f"deploy/nginx.conf: {tried.stderr.strip()}"


def _self_signed_into(folder: Path) -> None:
    certificate, key = self_signed("example.org")
    (folder / CERTIFICATE).write_bytes(certificate)
    (folder / KEY).write_bytes(key)


def of_settings(compose: dict[str, Any], settings: str) -> Iterator[str]:
    """Settings that a server's .env could give in vain."""
    given = set(compose["services"].get("web", {}).get("environment", {}))
    for name in sorted(set(SETTING.findall(settings)) - given - NOT_HANDED_ON):
        yield f"docker-compose.yml: web: {name}, which settings.py reads, is not handed on"


def of_dockerfile(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.splitlines()]
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    if not users or users[-1] in {"root", "0"}:
        yield "Dockerfile: the site must not run as root"
    if "--require-hashes" not in text:
        yield "Dockerfile: install with --require-hashes"
    for line in lines:
        if line.startswith("FROM ") and (":" not in line or ":latest" in line):
            yield f"Dockerfile: name a version: {line}"
        if line.startswith("COPY ") and "--from=" not in line:
            for source in line.split()[1:-1]:
                if not (ROOT / source).exists():
                    yield f"Dockerfile: {source} does not exist"


def of_example(example: str, compose_text: str, settings: str) -> Iterator[str]:
    explained = set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE))
    for place, variables in {
        "docker-compose.yml": VARIABLE.findall(compose_text),
        "settings.py": SETTING.findall(settings),
    }.items():
        for variable in sorted(set(variables) - explained):
            yield f".env.example: {variable}, which {place} reads, is missing"


def main() -> int:
    compose_text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    compose = yaml.safe_load(compose_text)
    settings = (ROOT / "kosovo_peace" / "settings.py").read_text(encoding="utf-8")
    problems = list(against_schema(compose))
    if not problems:
        problems += [*against_rules(compose), *of_front(compose), *of_settings(compose, settings)]
    problems += of_dockerfile((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    problems += of_example((ROOT / ".env.example").read_text(encoding="utf-8"), compose_text, settings)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
