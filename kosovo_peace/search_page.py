"""The page of the search over all that is public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from editorial import search
from editorial.paging import listing
from editorial.standing import rows_of
from kosovo_peace.search_form import KINDS, SearchForm
from missions.filters import OFFERED

PER_PAGE = 20


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """What was found; what was found for the words probably meant, where there is nothing; else what to try."""
    form = SearchForm(request.GET)
    chosen, narrowed = form.chosen, form.narrowed
    answer = search.ask(chosen.get("q", ""), narrowed)
    shown = search.ask(answer.suggestion, narrowed) if answer.suggestion else answer
    page = listing(request, shown.entries, PER_PAGE, kept=chosen)
    return render(
        request,
        "search.html",
        {
            "form": form,
            "chosen": chosen,
            "narrowed": bool(narrowed),
            "answer": answer,
            "shown": shown,
            "listing": page,
            "named": search.show(shown, shown.named) if page.page.number == 1 else [],
            "hits": [(KINDS[hit.entry.kind][0], hit) for hit in search.show(shown, page.entries)],
            "facets": facets(shown.facets, chosen, form),
            "everywhere": "?" + urlencode({"q": chosen.get("q", "")}),
            "instead": "?" + urlencode(chosen | {"q": answer.suggestion}),
            "most": search.MOST,
            "canonical": reverse("search"),
            "noindex": True,
        },
    )


@dataclass(frozen=True)
class Choice:
    """One way to narrow what was found: its query, and how many hits it leaves, in words."""

    label: str
    count: str
    query: str
    current: bool


def facets(found: search.Facets, chosen: dict[str, str], form: SearchForm) -> list[tuple[str, list[Choice]]]:
    """(title, choices) by kind, theme and years; none where there is nothing to choose."""
    themes: Any = form.fields["theme"]
    names: dict[str, str] = dict(rows_of(themes.options, OFFERED)) if found.themes else {}
    groups = [
        ("Kind", [({"kind": kind}, many, found.kinds[kind]) for kind, (_, many) in KINDS.items()]),
        ("Theme", [({"theme": theme}, names[theme], count) for theme, count in found.themes.most_common() if theme in names]),
        ("Years", [(_years(first), "–".join(_years(first).values()), found.years[first]) for first in sorted(found.years)]),
    ]  # fmt: skip
    choices = [
        (title, [_choice(label, count, given, chosen, found) for given, label, count in group if count])
        for title, group in groups
    ]
    return [(title, group) for title, group in choices if len(group) > 1 or any(one.current for one in group)]


def _years(first: int) -> dict[str, str]:
    return {"from": str(first), "to": str(first + search.YEARS_TOGETHER - 1)}


def _choice(label: str, count: int, given: dict[str, str], chosen: dict[str, str], found: search.Facets) -> Choice:
    current = all(chosen.get(name) == value for name, value in given.items())
    others = {name: value for name, value in chosen.items() if name not in given}
    query = "?" + urlencode(others if current else others | given)
    return Choice(label, count_in_words(count, at_least=found.at_least), query, current)


def count_in_words(count: int, *, at_least: bool) -> str:
    """`188`, "at least 188" where not all were counted, or "more than 1,000"."""
    if count > search.MOST:
        return f"more than {search.MOST:,}"
    return f"at least {count:,}" if at_least else f"{count:,}"
