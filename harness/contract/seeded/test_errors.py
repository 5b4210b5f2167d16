"""Bad requests: refused, in one shape, and by name."""

import pytest

from harness.contract.bad_input import (
    BAD_BODIES,
    BAD_HEALTH_LIMITS,
    BAD_QUERIES,
    WRONG_TYPES,
    BadBody,
    BadQuery,
)
from harness.contract.client import Client
from harness.contract.compare import shorten
from harness.contract.diagnosis import ContractBroken
from harness.contract.errors import expect_error
from harness.contract.expect import expect_status
from harness.contract.paths import BASE, CATEGORIES, FEATURED, QUICK_SEARCH, SEARCH, VENDORS
from harness.fixtures.model import Model

JSON = {"Content-Type": "application/json"}
MEGABYTE = 1024 * 1024


@pytest.mark.requirement("DOC-05", "CHK-41", "CHK-11")
@pytest.mark.parametrize("bad", BAD_QUERIES, ids=str)
def test_a_bad_parameter_is_refused_by_name(client: Client, model: Model, bad: BadQuery) -> None:
    expect_error(client.get(f"{bad.path}?{bad.query}"), "invalid_request", names=bad.names)


@pytest.mark.requirement("DOC-05", "API-11")
@pytest.mark.parametrize("value", BAD_HEALTH_LIMITS)
def test_a_bad_limit_of_health_checks_is_refused(client: Client, model: Model, value: str) -> None:
    path = f"{VENDORS}/{model.visible[0].id}/health?limit={value}"
    expect_error(client.get(path), "invalid_request", names="limit")


@pytest.mark.requirement("DOC-05", "DOC-04", "CHK-41")
@pytest.mark.parametrize("bad", BAD_BODIES, ids=str)
def test_a_bad_body_is_refused(client: Client, model: Model, bad: BadBody) -> None:
    response = client.request("POST", SEARCH, body=bad.body, headers=JSON)
    expect_error(response, "invalid_request", names=bad.names if bad.by_value else "")


@pytest.mark.should
@pytest.mark.requirement("DOC-04")
@pytest.mark.parametrize("bad", [bad for bad in BAD_BODIES if bad.names and not bad.by_value], ids=str)
def test_a_bad_body_is_refused_by_name(client: Client, model: Model, bad: BadBody) -> None:
    response = client.request("POST", SEARCH, body=bad.body, headers=JSON)
    expect_error(response, "invalid_request", names=bad.names)


@pytest.mark.requirement("DOC-05", "DOC-04")
@pytest.mark.parametrize("kind", WRONG_TYPES)
def test_another_content_type_is_refused(client: Client, model: Model, kind: str) -> None:
    response = client.request("POST", SEARCH, body=b"{}", headers={"Content-Type": kind})
    expect_error(response, "unsupported_media_type")


@pytest.mark.requirement("DOC-05", "DOC-04")
def test_no_content_type_is_refused(client: Client, model: Model) -> None:
    expect_error(client.request("POST", SEARCH, body=b"{}"), "unsupported_media_type")


@pytest.mark.requirement("DOC-05", "CHK-41")
@pytest.mark.parametrize("size", [MEGABYTE + 1, 3 * MEGABYTE])
def test_a_body_over_one_megabyte_is_refused(client: Client, model: Model, size: int) -> None:
    body = b"{}" + b" " * (size - 2)
    expect_error(client.request("POST", SEARCH, body=body, headers=JSON), "payload_too_large")


@pytest.mark.requirement("DOC-05", "API-10")
@pytest.mark.parametrize(
    "path", [f"{BASE}/nope", "/nope", f"{BASE}/vendors/1/nope", f"{BASE}/search/x", BASE]
)
def test_an_unknown_route_is_not_found(client: Client, model: Model, path: str) -> None:
    expect_error(client.get(path), "not_found")


@pytest.mark.requirement("DOC-05")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [VENDORS, FEATURED, CATEGORIES, QUICK_SEARCH, f"{VENDORS}/1"])
def test_another_method_is_not_allowed(client: Client, model: Model, method: str, path: str) -> None:
    refuses(client, method, path, allowed="GET")


@pytest.mark.requirement("DOC-05")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_search_by_post_only(client: Client, model: Model, method: str) -> None:
    refuses(client, method, SEARCH, allowed="POST")


def refuses(client: Client, method: str, path: str, *, allowed: str) -> None:
    response = client.request(method, path)
    expect_error(response, "method_not_allowed")
    offered = {word.strip().upper() for word in str(response.headers.get("Allow", "")).split(",")}
    if allowed not in offered or method in offered:
        raise ContractBroken(
            "`Allow` does not name the methods that are allowed",
            expected=f"Allow: {allowed}, without {method}",
            observed=f"Allow: {shorten(response.headers.get('Allow'))}",
            asked=response.curl,
        )


@pytest.mark.requirement("API-02", "API-13")
def test_the_longest_texts_are_fine(client: Client, model: Model) -> None:
    """Lengths count code points, not bytes."""
    for text in ("x" * 200, "é" * 200, "🚀" * 200):
        expect_status(client.get(VENDORS, {"q": text}), 200, reason="q may have 200 characters")
        expect_status(client.post(SEARCH, {"query": text}), 200, reason="query may have 200 characters")
    for text in ("x" * 100, "é" * 100, "🚀" * 100, "🚀🚀"):
        expect_status(client.get(QUICK_SEARCH, {"q": text}), 200, reason="q may have 2 to 100 characters")
