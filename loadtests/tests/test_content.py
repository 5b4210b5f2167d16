"""A fast wrong answer is an error."""

import json
from typing import Any

import pytest

from loadtests.content import (
    Check,
    categories_answer,
    details_answer,
    featured_answer,
    search_answer,
    slugs,
)

VENDOR = {"id": 1, "slug": "acme", "serviceName": "Acme", "category": "ai", "extra": [1]}
SEARCH = {"vendors": [VENDOR], "total": 3, "hasMore": True, "categories": []}
DETAILS = {**VENDOR, "metrics": {"uptimePct": 1}, "endpoints": []}


def _body(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (search_answer, SEARCH),
        (search_answer, {"vendors": [{"id": 1}]}),
        (featured_answer, {"vendors": [VENDOR]}),
        (categories_answer, {"categories": [{"category": "ai", "count": 1}]}),
        (details_answer, DETAILS),
    ],
)
def test_right_answers_pass(check: Check, value: Any) -> None:
    assert check(_body(value), "acme") == ""


@pytest.mark.parametrize(
    ("check", "value", "reason"),
    [
        (search_answer, {**SEARCH, "vendors": []}, "no vendors"),
        (search_answer, {**SEARCH, "total": 0}, "total is smaller"),
        (search_answer, {**SEARCH, "total": "3"}, "wrong shape"),
        (search_answer, {**SEARCH, "vendors": [{"id": "1"}]}, "wrong shape"),
        (search_answer, [], "wrong shape"),
        (featured_answer, {"vendors": []}, "no vendors"),
        (featured_answer, {}, "wrong shape"),
        (categories_answer, {"categories": []}, "no categories"),
        (categories_answer, {"categories": [{}]}, "wrong shape"),
        (details_answer, VENDOR, "wrong shape"),
        (details_answer, {**DETAILS, "slug": "other"}, "another vendor"),
    ],
)
def test_wrong_answers_say_why(check: Check, value: Any, reason: str) -> None:
    assert check(_body(value), "acme").startswith(reason)


@pytest.mark.parametrize("check", [search_answer, featured_answer, categories_answer, details_answer])
def test_what_is_no_json_is_wrong(check: Check) -> None:
    assert check(b"<html>", "acme").startswith("wrong shape")


def test_slugs_are_read_from_a_page() -> None:
    assert slugs(_body(SEARCH)) == ("acme",)
