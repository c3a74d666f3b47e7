"""For the editor whom nobody else can help: the only superuser, with device and recovery codes lost."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial import people
from editorial.models import Editor
from editorial.workflow import WorkflowError


class Command(BaseCommand):
    help = "Take an editor's lost second factor away; a new one is set up at the next log-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        editor = Editor.objects.filter(username=username).first()
        if editor is None:
            raise CommandError(f"There is no editor “{username}”.")
        try:
            people.reset_second_factor(editor, by=None)
        except WorkflowError as error:
            raise CommandError(str(error)) from None
        people.log(editor, "Second factor reset from the command line.")
        self.stdout.write(f"Done: {username} sets up a new second factor at the next log-in.")
