"""What the contract settles about a request, and what it leaves to the target."""

import pytest

from harness.contract.generated.asked import Asked, asked, in_one_segment

V, Q, F, S = (f"/v1/marketplace/{path}" for path in ("vendors", "quick-search", "vendors/featured", "search"))
JSON = {"content-type": "application/json; charset=utf-8"}


@pytest.mark.parametrize(
    "url",
    [
        V,
        f"{V}?",
        f"{V}?q=&category=&tags=",
        f"{V}?q=%20&limit=100&offset=99999999999999999999999",
        f"{V}?min_uptime=100.0&min_rating=0&max_latency=0&verified=false&sort=recent",
        f"{V}?unknown=%00&LIMIT=0",
        f"{V}?tags=a,b%20c",
        f"{V}?q={'%F0%9F%9A%80' * 200}",
        f"{F}?limit=20",
        f"{Q}?q=ab&limit=10",
        f"{V}/no-such/health?limit=100",
        f"{V}/1",
        "/v1/marketplace/categories?limit=0",
    ],
)
def test_these_are_served(url: str) -> None:
    assert asked("GET", url, {}, None) is Asked.SERVED


@pytest.mark.parametrize(
    "url",
    [
        f"{V}?limit=0",
        f"{V}?limit=101",
        f"{V}?limit=",
        f"{V}?limit=abc",
        f"{V}?limit=5&limit=5",
        f"{V}?offset=-1",
        f"{V}?min_uptime=100.01",
        f"{V}?min_rating=NaN",
        f"{V}?max_latency=-1",
        f"{V}?max_latency=-0.5",
        f"{V}?verified=",
        f"{V}?verified=maybe",
        f"{V}?sort=bogus",
        f"{V}?q=%00",
        f"{V}?q={'x' * 201}",
        f"{V}?category=a%00",
        f"{F}?limit=21",
        Q,
        f"{Q}?q=a",
        f"{Q}?q=%20a%20",
        f"{Q}?q={'x' * 101}",
        f"{V}/1/health?limit=0",
    ],
)
def test_these_are_refused(url: str) -> None:
    assert asked("GET", url, {}, None) is Asked.REFUSED


@pytest.mark.parametrize(
    "url",
    [
        f"{V}?tags=a,,b",
        f"{V}?tags=,",
        f"{V}?tags=a&tags=b",
        f"{V}?limit=10.0",
        f"{V}?limit=010",
        f"{V}?limit=%2B5",
        f"{V}?limit=1e1",
        f"{V}?limit=0x10",
        f"{V}?min_rating=.5",
        f"{V}?min_rating=-0",
        f"{V}?min_rating=5.0000000000000000001",
        f"{V}?max_latency=0.5",
        f"{V}?verified=1",
        f"{V}?verified=TRUE",
        f"{V}?sort=RATING",
        f"{V}?q=%ff",
        f"{Q}?q=%C2%A0ab%C2%A0{'x' * 97}",
        f"{V}/a%2Fb",
        f"{V}/..",
        "/v1/marketplace/nope",
    ],
)
def test_these_are_left_open(url: str) -> None:
    assert asked("GET", url, {}, None) is Asked.OPEN


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{}", Asked.SERVED),
        (b'{"query": "", "categories": [], "tags": ["a"], "offset": 1000000000000000000000}', Asked.SERVED),
        (b'{"minRating": 4.5, "minUptime": 99.99, "maxLatency": 100, "verifiedOnly": false}', Asked.SERVED),
        (b"", Asked.REFUSED),
        (b"[]", Asked.REFUSED),
        (b'{"limit": 1, "limit": 1}', Asked.REFUSED),
        (b'{"q": "storm"}', Asked.REFUSED),
        (b'{"query": null}', Asked.REFUSED),
        (b'{"query": "\\ud800"}', Asked.REFUSED),
        (b'{"limit": true}', Asked.REFUSED),
        (b'{"limit": "5"}', Asked.REFUSED),
        (b'{"limit": 1.5}', Asked.REFUSED),
        (b'{"minRating": NaN}', Asked.REFUSED),
        (b'{"minRating": 1e400}', Asked.REFUSED),
        (b'{"tags": ["a", 1]}', Asked.REFUSED),
        (b'{"sortBy": ""}', Asked.REFUSED),
        (b'{"limit": 10.0}', Asked.OPEN),
        (b'{"tags": [""]}', Asked.OPEN),
        (b'{"maxLatency": 0.5}', Asked.OPEN),
        (b'{"minRating": -0.0}', Asked.OPEN),
        (b'{"maxLatency": 1e300}', Asked.OPEN),
    ],
)
def test_documents(body: bytes, said: Asked) -> None:
    assert asked("POST", S, JSON, body) is said


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text/plain", Asked.REFUSED),
        ("", Asked.REFUSED),
        ("application/merge-patch+json", Asked.OPEN),
        ("application/json; charset=utf-16", Asked.OPEN),
    ],
)
def test_content_types(kind: str, said: Asked) -> None:
    assert asked("POST", S, {"Content-Type": kind}, b"{}") is said


@pytest.mark.parametrize("text", ["", ".", "..", "a/b", "a\\b", "%", "a;b", "\0", "\n", "x" * 600])
def test_what_a_front_server_may_take_itself_is_not_drawn(text: str) -> None:
    assert not in_one_segment(text)
