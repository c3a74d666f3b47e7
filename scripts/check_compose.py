#!/usr/bin/env python3
"""Check docker-compose.yml, the Dockerfile and .env.example against each other and our own rules.

    python scripts/check_compose.py

It needs no Docker: the part of the Compose format we use is written down below as a schema, and
what is not in it is reported, so that a mistyped key is. Beyond that: every service has a health
check and restarts; images have a version; what a service names exists; no secret stands in a file; the web
service is asked at /livez; the image does not run as root and installs with hashes; and every
variable is explained in .env.example.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

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
        "command": {"anyOf": [TEXT, TEXTS]},
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "user": TEXT,
        "stop_grace_period": DURATION,
        "depends_on": DEPENDS_ON,
        "environment": ENVIRONMENT,
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
    },
}

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
    named_volumes = compose.get("volumes") or {}
    for name, service in services.items():
        problem = f"docker-compose.yml: {name}: "
        for needed in ("healthcheck", "restart"):
            if needed not in service:
                yield f"{problem}no {needed}"
        for other, dependency in service.get("depends_on", {}).items():
            if other not in services:
                yield f"{problem}depends on {other}, which is no service"
            elif dependency["condition"] == "service_healthy" and not services[other].get("healthcheck"):
                yield f"{problem}waits for the health of {other}, which has no healthcheck"
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            if not source.startswith((".", "/")) and source not in named_volumes:
                yield f"{problem}volume {source} is not declared"
        for port in service.get("ports", []):
            if not port.startswith("127.0.0.1:"):
                yield f"{problem}port {port} is open to the world: name 127.0.0.1"
        for key, value in service.get("environment", {}).items():
            if value is None:
                continue  # handed on from the environment
            if SECRET_NAME.search(key) and not str(value).startswith("${"):
                yield f"{problem}{key} must come from the environment"
            if CREDENTIALS.search(str(value)):
                yield f"{problem}{key} holds a password"
    web = services.get("web")
    if web is None:
        yield "docker-compose.yml: no service web"
    elif "/livez" not in " ".join(web.get("healthcheck", {}).get("test", [])):
        yield "docker-compose.yml: web: its healthcheck must ask /livez"


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
    problems = list(against_schema(compose))
    if not problems:
        problems += against_rules(compose)
    problems += of_dockerfile((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    problems += of_example(
        (ROOT / ".env.example").read_text(encoding="utf-8"),
        compose_text,
        (ROOT / "kosovo_peace" / "settings.py").read_text(encoding="utf-8"),
    )
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
