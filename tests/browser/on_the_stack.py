"""The browser tests before nginx and two web processes: `make test-browser STACK=1`.

The processes are begun once, on the tests' database, and have memories of their own; between two tests all rows go.
So that nothing of one test is known in the next, each begins with a higher serial, and with content types under the
numbers they had. And so that a browser sees what is public now, it waits until what nginx may still have is too old.
"""

from __future__ import annotations

import functools
import itertools
import time

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test.utils import modify_settings
from playwright.sync_api import APIRequestContext, Browser, Page

from benchmarks.stack import running_stack
from editorial.models import PublicSerial
from tests.other_processes import database_url

KEPT_BY_NGINX = 2.1  # seconds
# What tests of these files set in their own process, the web processes must be told.
SETTINGS = {"test_log_in": {"SECOND_FACTOR": "1"}}


class OnceHashed(PBKDF2PasswordHasher):
    """Passwords that the web processes know how to check, made quickly."""

    iterations = 1


class Server:
    """In the live server's place."""

    def __init__(self, stack):
        self.stack, self.url = stack, stack.url
        self._live_server_modified_settings = modify_settings(ALLOWED_HOSTS={"append": "127.0.0.1"})

    def __str__(self):
        return self.url

    def set(self, **settings):
        """Begin the web processes anew, with these variables in their environment."""
        for web in self.stack.web:
            web.environment = {**web.environment, **settings}
            web.restart()


@pytest.fixture(scope="session")
def live_server(django_db_setup, tmp_path_factory):
    from django.conf import settings

    folder = tmp_path_factory.mktemp("stack")
    with running_stack(
        folder, database_url=database_url(), as_it_is=True, SECRET_KEY=settings.SECRET_KEY, LOG_REQUESTS="0"
    ) as stack:
        yield Server(stack)


@pytest.fixture(autouse=True, scope="module")
def as_the_tests_set_it(request, live_server):
    given = SETTINGS.get(request.module.__name__.rpartition(".")[2], {})
    if given:
        live_server.set(**given)
    yield
    if given:
        live_server.set(**dict.fromkeys(given, ""))


@pytest.fixture(autouse=True)
def passwords_hashed_quickly(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.OnceHashed"]


@pytest.fixture(autouse=True, scope="session")
def browsers_wait():
    """Contexts take a certificate that nobody has signed, and what they ask for is not older than the record."""
    patch = pytest.MonkeyPatch()
    patch.setattr(Browser, "new_context", functools.partialmethod(Browser.new_context, ignore_https_errors=True))
    for owner, name in ((Page, "goto"), (Page, "reload"), (APIRequestContext, "get")):
        patch.setattr(owner, name, _once_settled(getattr(owner, name)))
    yield
    patch.undo()


def _once_settled(ask):
    @functools.wraps(ask)
    def asking(*args, **kwargs):
        _wait_until_settled()
        return ask(*args, **kwargs)

    return asking


_seen = {"serial": -1}


def _wait_until_settled():
    serial = PublicSerial.now()
    if serial != _seen["serial"]:
        time.sleep(KEPT_BY_NGINX)
        _seen["serial"] = serial


_serials = itertools.count(1000, 1000)
_numbers: dict[tuple[str, str], int] = {}


@pytest.fixture(autouse=True)
def nothing_is_known_from_before(transactional_db):
    PublicSerial.objects.update_or_create(pk=1, defaults={"value": next(_serials)})
    ContentType.objects.clear_cache()
    with transaction.atomic(), connection.cursor() as cursor:
        for found in ContentType.objects.all():
            name = (found.app_label, found.model)
            before = _numbers.setdefault(name, found.pk)
            if before != found.pk:
                for model, column in ((Permission, "content_type_id"), (ContentType, "id")):
                    table = connection.ops.quote_name(model._meta.db_table)
                    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [before, found.pk])  # noqa: S608
    ContentType.objects.clear_cache()
