"""Bad requests to any target: refused, in one shape."""

import pytest

from harness.contract.client import Client
from harness.contract.errors import expect_error
from harness.contract.paths import BASE, CATEGORIES, FEATURED, QUICK_SEARCH, SEARCH, VENDORS

BAD = (
    (VENDORS, "limit=0", "limit"),
    (VENDORS, "limit=101", "limit"),
    (VENDORS, "limit=abc", "limit"),
    (VENDORS, "offset=-1", "offset"),
    (VENDORS, "sort=bogus", "sort"),
    (VENDORS, "min_rating=5.01", "min_rating"),
    (VENDORS, "min_uptime=NaN", "min_uptime"),
    (VENDORS, "max_latency=-1", "max_latency"),
    (VENDORS, "verified=maybe", "verified"),
    (VENDORS, "q=" + "x" * 201, "q"),
    (VENDORS, "q=a%00b", "q"),
    (VENDORS, "limit=5&limit=5", "limit"),
    (FEATURED, "limit=21", "limit"),
    (QUICK_SEARCH, "q=a", "q"),
    (QUICK_SEARCH, "q=ab&limit=11", "limit"),
)


@pytest.mark.requirement("DOC-05")
@pytest.mark.parametrize(("path", "query", "names"), BAD, ids=[query[:30] for _, query, _ in BAD])
def test_a_bad_parameter_is_refused(client: Client, path: str, query: str, names: str) -> None:
    expect_error(client.get(f"{path}?{query}"), "invalid_request", names=names)


@pytest.mark.requirement("DOC-05", "API-10")
@pytest.mark.parametrize(
    "path", [f"{VENDORS}/no-such-vendor-zqx", f"{VENDORS}/no-such-vendor-zqx/health", f"{BASE}/nope"]
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    expect_error(client.get(path), "not_found")


@pytest.mark.requirement("DOC-05")
@pytest.mark.parametrize(("method", "path"), [("GET", SEARCH), ("DELETE", CATEGORIES)])
def test_another_method_is_not_allowed(client: Client, method: str, path: str) -> None:
    expect_error(client.request(method, path), "method_not_allowed")


@pytest.mark.requirement("DOC-05", "DOC-04")
@pytest.mark.parametrize("body", [b"{", b"[]", b'{"limit": 0}', b'{"nonsense": 1}', b'{"query": null}'])
def test_a_bad_body_is_refused(client: Client, body: bytes) -> None:
    response = client.request("POST", SEARCH, body=body, headers={"Content-Type": "application/json"})
    expect_error(response, "invalid_request")
