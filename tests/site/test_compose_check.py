"""What `make check` says of a docker-compose.yml in which something is wrong."""

from __future__ import annotations

import copy

import pytest
import yaml

from scripts import check_compose


@pytest.fixture(scope="module")
def as_it_is():
    return yaml.safe_load((check_compose.ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def found(compose):
    settings = "env('LOG_FORMAT')"
    schema = list(check_compose.against_schema(compose))
    return schema or [*check_compose.against_rules(compose), *check_compose.of_settings(compose, settings)]


def test_nothing_is_wrong_in_ours(as_it_is):
    assert [*found(as_it_is), *check_compose.of_front(as_it_is)] == []


@pytest.mark.parametrize(("service", "key", "value", "said"), [
    ("db", "user", "root", "would run as root"),
    ("web", "ports", ["80:80"], "readers reach nginx alone"),
    ("redis", "read_only", False, "must be read-only"),
    ("nginx", "cap_drop", ["NET_RAW"], "drop all capabilities"),
    ("nginx", "healthchek", {}, "unexpected"),
    ("certificate", "restart", "always", "restart must be no"),
    ("work", "environment", {}, "the same settings"),
    ("web", "environment", {"SECRET_KEY": "written here"}, "must come from the environment"),
    ("web", "environment", {"SITE_URL": "https://example.org"}, "LOG_FORMAT, which settings.py reads, is not handed on"),
    ("web", "volumes", ["elsewhere:/data"], "volume elsewhere is not declared"),
])  # fmt: skip
def test_what_is_wrong_is_said(as_it_is, service, key, value, said):
    compose = copy.deepcopy(as_it_is)
    compose["services"][service][key] = value
    assert any(said in problem for problem in found(compose)), found(compose)
