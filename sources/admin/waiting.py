"""What sources add to the first page of the editors' site."""

from __future__ import annotations

from editorial.admin.access import admin_address
from editorial.admin.desk import SHOWN, Line, Pile, pile_of
from editorial.admin.lines import day, long_texts
from editorial.models import Edition, Editor
from sources.models import Recheck


@pile_of
def rechecks(who: Editor) -> Pile | None:
    """Records whose public edition cites a source that went out of reach or was retracted."""
    if not who.has_perm("sources.view_recheck"):
        return None
    waiting = Recheck.objects.waiting()
    shown = waiting.select_related("record__live", "source").defer(*long_texts(Edition, "record__live__"))
    lines = [
        Line(
            admin_address(it, "change", it.pk),
            str(it.record.live or it.record),
            f"cites {it.source}, which is {it.get_status_display()} since {day(it.raised_at)}",
        )
        for it in shown.order_by("pk")[:SHOWN]
    ]
    every = admin_address(Recheck, "changelist")
    return Pile("Sources to look at again", lines, waiting.count(), "rechecks", every)
