"""What goes with every answer: request ids, CORS, ETags, and the rate limit's headers."""

import re
from collections.abc import Iterator

import pytest

from reference_service.tests.api.service import BASE, Api, open_api, vendor

ORIGIN = "http://localhost:5173"


def test_a_request_id_is_echoed_or_made(api: Api) -> None:
    assert api.get("/categories", {"X-Request-Id": "abc-1.2_3"}).headers["X-Request-Id"] == "abc-1.2_3"
    made = api.get("/categories").headers["X-Request-Id"]
    assert re.fullmatch("[0-9a-f]{32}", made)
    assert api.get("/categories", {"X-Request-Id": "a b\tc"}).headers["X-Request-Id"] != "a b\tc"


def test_cors_for_a_configured_origin_and_errors_too(api: Api) -> None:
    for path in ("/categories", "/nope", "/vendors?limit=x"):
        headers = api.get(path, {"Origin": ORIGIN}).headers
        assert headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "X-RateLimit-Remaining" in headers["Access-Control-Expose-Headers"]
        assert "Origin" in headers["Vary"]


def test_no_cors_for_another_origin(api: Api) -> None:
    headers = api.get("/categories", {"Origin": "http://evil.example"}).headers
    assert not [name for name in headers if name.lower().startswith("access-control")]


def test_a_preflight_allows_what_is_served(api: Api) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    headers = api.client.options(f"{BASE}/search", headers=asked).headers
    assert "POST" in headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "path",
    ["/vendors", "/vendors/1", "/vendors/1/health", "/vendors/featured", "/categories", "/quick-search?q=ve"],
)
def test_the_same_bytes_are_not_sent_again(api: Api, path: str) -> None:
    api.load(vendor(1, featuredOrder=1))
    first = api.get(path)
    tag = first.headers["ETag"]
    for candidates in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = api.get(path, {"If-None-Match": candidates})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert api.get(path, {"If-None-Match": '"other"'}).content == first.content
    api.load(vendor(1, featuredOrder=1, serviceName="Vendor one", category="changed", healthChecks=[
        {"status": "up", "checkedAt": "2026-03-04T00:00:00Z"}
    ]))  # fmt: skip
    assert api.get(path, {"If-None-Match": tag}).status_code == 200


def test_errors_are_not_kept(api: Api) -> None:
    answer = api.get("/vendors/nobody")
    assert (answer.headers["Cache-Control"], answer.headers.get("ETag")) == ("no-store", None)


@pytest.fixture
def narrow(shared_database: str) -> Iterator[Api]:
    """The API with three requests a minute, a trusted proxy, and no Redis."""
    with open_api(shared_database, rate_limit_requests=3, trusted_proxies="10.0.0.0/8") as opened:
        yield opened


def test_the_fourth_request_is_refused_whatever_the_others_were(narrow: Api) -> None:
    answers = [narrow.get(path) for path in ("/categories", "/nope", "/vendors?limit=x", "/categories")]
    assert [answer.status_code for answer in answers] == [200, 404, 400, 429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    refused = answers[-1]
    assert refused.json()["error"] == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_operations_are_not_limited(narrow: Api) -> None:
    for _ in range(5):
        answer = narrow.client.get("/health/live")
        assert answer.status_code == 200
        assert "X-RateLimit-Limit" not in answer.headers


def test_a_client_is_its_peer_unless_a_trusted_proxy_speaks(narrow: Api) -> None:
    def remaining(peer: str, forwarded: str) -> str:
        with narrow.as_client(peer) as client:
            answer = client.get("/categories", headers={"X-Forwarded-For": forwarded})
            return answer.headers["X-RateLimit-Remaining"]

    assert [remaining("192.0.2.1", f"198.51.100.{n}") for n in range(3)] == ["2", "1", "0"]
    assert [remaining("10.0.0.1", f"198.51.100.{n}") for n in range(3)] == ["2", "2", "2"]
    assert [remaining(f"2001:db8:0:1::{n}", "") for n in (1, 2)] == ["2", "1"]
