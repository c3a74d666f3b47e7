"""Serves a demonstration: what `make demo` calls. The site itself is `serve`'s, its story `demonstration.story`'s."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from kosovo_peace.management.commands import serve


class Command(serve.Command):
    help = "Serve a demonstration of the whole workflow, in a database of its own, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:  # the settings decide by it where everything stands
            serve.begin_anew({"DEMO": "1"})
        super().handle(*args, **options)
