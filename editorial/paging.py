"""Pages of a list: counted only so far, and gone through by key beyond that.

A list of any length costs the same: its entries are counted up to `COUNTED`, numbered pages go that
far, and from the last of them on `?beyond=` names the entry that the next page follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.http import urlencode

from editorial.standing import Question, rows_of

PER_PAGE = 25
COUNTED = 1000
NO_NUMBER = "The address does not give the number of a page, so this is the first one."
BEYOND = "The list ends before the page asked for. This is its last page."
NO_ENTRY = "The entry to go on from was not found in this list, so this is its first page."


class CountedPaginator(Paginator):  # type: ignore[type-arg]  # it takes none when running
    """A paginator that stops counting at `COUNTED` entries."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)

    @cached_property
    def has_more(self) -> bool:
        """Whether there are entries beyond the numbered pages."""
        return self._counted > COUNTED

    @cached_property
    def _counted(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by().values("pk")[: COUNTED + 1].count()
        return len(self.object_list)


class Listing:
    """One page of a list as templates show it; iterate it for its entries.

    `problem` tells the reader what was wrong with the page asked for. `kept` are the filters in force,
    which every link to another page repeats.
    """

    def __init__(
        self,
        page: Page[Any],
        *,
        kept: Mapping[str, str] | None = None,
        problem: str = "",
    ) -> None:
        self.entries: list[Any] = list(page.object_list)
        self.page = page
        self.problem = problem
        self.after = ""  # the entry from which the next page goes on, where pages have no number
        self.kept = dict(kept or {})

    def __iter__(self) -> Iterator[Any]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def count_in_words(self) -> str:
        """`188`, or "more than 1,000"."""
        count = f"{self.page.paginator.count:,}"
        return f"more than {count}" if getattr(self.page.paginator, "has_more", False) else count

    @property
    def first(self) -> str:
        """The query of the first page."""
        return self._query()

    @property
    def previous(self) -> str:
        """The query of the page before, empty on the first."""
        page = self.page
        return self._query(page=page.previous_page_number()) if page.has_previous() else ""

    @property
    def next(self) -> str:
        """The query of the next page, empty on the last."""
        if self.page.has_next():
            return self._query(page=self.page.next_page_number())
        return self._query(beyond=self.after) if self.after else ""

    @property
    def numbers(self) -> list[tuple[int | None, str]]:
        """(number, query) of the pages to link; (None, "") for a gap."""
        paginator = self.page.paginator
        shown = paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [(number, self._query(page=number)) if isinstance(number, int) else (None, "") for number in shown]

    def _query(self, **more: Any) -> str:
        if more.get("page") == 1:
            del more["page"]
        return "?" + urlencode(self.kept | more)


def listing(
    request: HttpRequest,
    entries: QuerySet[Any] | Sequence[Any],
    per_page: int = PER_PAGE,
    kept: Mapping[str, str] | None = None,
) -> Listing:
    """The page that `?page=` asks for. Nonsense gives the first page, too high a number the last."""
    paginator = CountedPaginator(entries, per_page)
    asked = request.GET.get("page", "1")[:20]
    try:
        return Listing(paginator.page(asked), kept=kept)
    except PageNotAnInteger:
        return Listing(paginator.page(1), kept=kept, problem=NO_NUMBER)
    except EmptyPage:
        if int(asked) < 1:
            return Listing(paginator.page(1), kept=kept, problem=NO_NUMBER)
        return Listing(paginator.page(paginator.num_pages), kept=kept, problem=BEYOND)


def keyed_listing(
    request: HttpRequest,
    entries: Callable[[], QuerySet[Any]],
    *,
    order: Sequence[str],
    key: str,
    load: Callable[[list[int]], Mapping[int, Any]] | None = None,
    whole: Question | None = None,
    kept: Mapping[str, str] | None = None,
    per_page: int = PER_PAGE,
) -> Listing:
    """Like `listing`; beyond the numbered pages `?beyond=` goes on from the entry whose `key` it names.

    `order` are the fields the list is ordered by, ascending and together unique. Only primary keys are
    sorted; the entries of the page come by their keys, from `load` where not all of them is shown. One
    that is withdrawn at that moment is left out. `whole` asks for the primary keys of the same list in the
    same order where nothing narrows it: a question that is always the same. With it `entries` are seldom called.
    """
    found, more = _keyed_page(request, entries, order, key, per_page, whole)
    found.kept = dict(kept or {})
    found.after = (entries().filter(pk=found.entries[-1]).values_list(key, flat=True).first() or "") if more else ""
    loaded = (load or entries().in_bulk)(found.entries)
    found.entries = [loaded[pk] for pk in found.entries if pk in loaded]
    return found


def _keyed_page(
    request: HttpRequest,
    entries: Callable[[], QuerySet[Any]],
    order: Sequence[str],
    key: str,
    per_page: int,
    whole: Question | None,
) -> tuple[Listing, bool]:
    """The page asked for, as primary keys, and whether more follows that has no number."""
    asked = request.GET.get("beyond", "")[:200].replace("\0", "")
    if asked and (last := entries().filter(**{key: asked}).values(*order).first()):
        rest = list(_keys(entries, order).filter(_beyond(last, order))[: per_page + 1])
        page = Paginator(rest[:per_page], per_page).page(1)
        return Listing(page), len(rest) > per_page
    # The keys themselves, and no count of them: that would ask the database the same again.
    first = [pk for (pk,) in rows_of(whole, COUNTED + 1)] if whole else list(_keys(entries, order)[: COUNTED + 1])
    found = listing(request, first, per_page)
    if asked:
        found.problem = NO_ENTRY
    more = getattr(found.page.paginator, "has_more", False)
    return found, more and not found.page.has_next()


def _keys(entries: Callable[[], QuerySet[Any]], order: Sequence[str]) -> Any:
    return entries().order_by(*order).values_list("pk", flat=True)


def _beyond(last: Mapping[str, Any], order: Sequence[str]) -> Q:
    """What comes after `last` when ordered by these fields."""
    beyond = Q()
    for position, name in enumerate(order):
        equal = {before: last[before] for before in order[:position]}
        beyond |= Q(**equal, **{f"{name}__gt": last[name]})
    return beyond
