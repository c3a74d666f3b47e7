"""Every endpoint answers as its document says, to what it allows and to what it does not: schemathesis."""

from __future__ import annotations

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis import GenerationMode

from kosovo_peace.wsgi import django_application
from tests.api_answers import publish_one_of_each

# 50 and more are asked now and then, by hand: API_EXAMPLES=50 pytest tests/site/test_api_schema.py
EXAMPLES = int(os.environ.get("API_EXAMPLES", "10"))


@pytest.mark.django_db
def test_every_operation_answers_as_its_document_says(settings, connection_stays):
    settings.SITE_URL = "http://localhost"
    publish_one_of_each(0)
    document = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", django_application)
    # What is a key of something public no document can say: a wrong one is a 400 that says what is allowed.
    document.config.checks.positive_data_acceptance.expected_statuses.append("400")
    failures = {}
    for found in document.get_all_operations():
        operation = found.ok()
        try:
            _ask(operation)
        except* Exception as group:  # noqa: BLE001  all are told at the end
            failures[operation.label] = "\n".join(str(one) for one in group.exceptions)
    assert not failures, "\n\n".join(f"{label}: {problem[:3000]}" for label, problem in failures.items())


def _ask(operation):
    modes = [operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=strategies.one_of(modes))
    def ask(case):
        case.call_and_validate()

    ask()


@pytest.fixture
def connection_stays():
    """The transaction of the test outlives each request, as with Django's own client."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)
