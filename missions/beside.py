"""What a record's page shows of other records: published editions, in lists with what a link to each needs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from missions.models import Article, Event, Mission, Participation, Relation

MORE = 6  # entries of "More posts"


def missions_of(edition: Any) -> Any:
    """The missions that an event or an article is about."""
    return (
        _titles(Mission, "acronym", "status", "end")
        .filter(record__in=edition.missions.all())
        .order_by("start", "title")
    )


def events_of(edition: Any) -> Any:
    """The events of a mission, or those an article is about."""
    events = _titles(Event, "end_date").order_by("date", "title")
    if edition.record.kind == "mission":
        return events.filter(missions=edition.record_id)
    return events.filter(record__in=edition.events.all())


def articles_of(edition: Any) -> Any:
    """The articles about a mission or an event."""
    about = {"mission": Q(missions=edition.record_id), "event": Q(events=edition.record_id)}[edition.record.kind]
    return _titles(Article).filter(about).order_by("title")


def more_missions(edition: Any) -> Any:
    """Missions related to one, or led by the same, that its own rows do not name."""
    leads = edition.participations.filter(role=Participation.Role.LEAD, organisation__isnull=False)
    related = Q(relations__record=edition.record_id) | Q(
        participations__role=Participation.Role.LEAD, participations__organisation__in=leads.values("organisation")
    )
    return (
        _titles(Mission)
        .filter(related)
        .exclude(record=edition.record_id)
        .exclude(record__in=Relation.objects.filter(edition=edition.pk).values("record"))
        .distinct()
        .order_by("start", "title")[:MORE]
    )


def more_events(edition: Any) -> tuple[Any, Any]:
    """Events of the same missions: those next before it, the latest first, and those next after it."""
    beside = _titles(Event).filter(missions__in=edition.missions.all()).exclude(record=edition.record_id).distinct()
    before = beside.filter(date__lt=edition.date).order_by("-date", "title")
    after = beside.filter(date__gte=edition.date).order_by("date", "title")
    return before[: MORE // 2], after[: MORE // 2]


def more_articles(edition: Any) -> Any:
    """Articles of the same themes or about the same missions."""
    return (
        _titles(Article)
        .filter(Q(themes__in=edition.themes.all()) | Q(missions__in=edition.missions.all()))
        .exclude(record=edition.record_id)
        .distinct()
        .order_by("title")[:MORE]
    )


def _titles(model: Any, *fields: str) -> Any:
    dates = {Mission: ["start"], Event: ["date"], Article: []}[model]
    return (
        model.objects.published()
        .select_related("record")
        .only("title", "record__kind", "record__slug", *dates, *fields)
    )
