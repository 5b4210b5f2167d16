"""Requests that schemathesis makes from openapi.yaml: every answer is one that the document describes."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case

import reference_service
from reference_service.tests.api.service import Api, vendor

DOCUMENT = Path(reference_service.__file__).with_name("openapi.yaml")
schema = schemathesis.openapi.from_path(DOCUMENT)


@pytest.fixture(scope="module")
def loaded(shared_api: Api) -> Api:
    shared_api.load(*(vendor(number) for number in range(1, 6)))
    return shared_api


@schema.include(path_regex="^/v1/").parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_every_answer_is_described(case: "Case[Any]", loaded: Api) -> None:
    case.call_and_validate(app=loaded.application, excluded_checks=[])
