"""What `make axe` tells; what it walks through is not tested."""

from __future__ import annotations

from benchmarks.accessibility import Finding, told
from benchmarks.page_kinds import chosen


def test_a_fault_is_told_once_with_all_places_where_it_is():
    small = "target-size: Targets must be large"
    findings = [
        Finding(small, "home", "light-360", 2, "<a>1</a>"),
        Finding("asks https://elsewhere.example/", "home", "light-360"),
        Finding(small, "home", "dark-360", 1, "<a>2</a>"),
    ]

    said = told(findings)

    assert said.count(small) == 1
    assert "on home light-360 (2 ×), home dark-360 (1 ×)\n  <a>1</a>" in said
    assert said.startswith("asks https://elsewhere.example/")
    assert told([]) == ""
    assert list(chosen("mission, home")) == ["mission", "home"]
