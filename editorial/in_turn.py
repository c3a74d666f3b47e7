"""Conditions that the database looks up row by row, instead of making a join of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.db.models.lookups import IsNull


def there_is(rows: QuerySet[Any, Any]) -> Q:
    """Whether there is one of these rows, which lead by OuterRef to the one that is asked about.

    EXISTS says the same. Databases make a join of it, for which they may read both tables whole, or from their
    beginning; this they ask of each row, and of no more than a list shows. It suits conditions that most rows meet.
    """
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))
