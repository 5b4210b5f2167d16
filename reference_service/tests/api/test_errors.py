"""Every failure has one shape, whatever the caller sends or accepts."""

import httpx
import pytest

from reference_service.tests.api.service import BASE, Api, vendor


def code(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"error", "message"}
    return answer.status_code, body["error"]


@pytest.mark.parametrize(
    "path",
    ["/", "/nope", BASE, f"{BASE}/", f"{BASE}/vendors/", f"{BASE}/categories/", f"{BASE}/vendors/1/x", "//"],
)
@pytest.mark.parametrize("accept", ["*/*", "application/xml", "text/html", "text/csv;q=0", "garbage"])
def test_unknown_routes(api: Api, path: str, accept: str) -> None:
    answer = api.client.get(path, headers={"Accept": accept})
    assert code(answer) == (404, "not_found")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PURGE", "WEBSOCKET"]
)
def test_methods_that_are_not_served(api: Api, method: str) -> None:
    answer = api.client.request(method, f"{BASE}/vendors")
    assert code(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_search_takes_only_post(api: Api) -> None:
    answer = api.client.get(f"{BASE}/search")
    assert code(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "OPTIONS, POST"
    assert api.client.head(f"{BASE}/search").status_code == 405


def test_options_says_what_is_served(api: Api) -> None:
    assert api.client.options(f"{BASE}/vendors").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_is_get_without_a_body(api: Api) -> None:
    api.load(vendor(1))
    for path in ("/vendors", "/vendors/1", "/categories", "/vendors/nobody"):
        full, head = api.get(path), api.client.head(BASE + path)
        assert (head.status_code, head.content) == (full.status_code, b"")
        assert head.headers["Content-Length"] == str(len(full.content))
        assert head.headers.get("ETag") == full.headers.get("ETag")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/xml",
        "application/json; charset=latin-1",
        "application/jsonx",
        ";",
    ],
)
def test_a_body_that_is_not_said_to_be_json(api: Api, content_type: str | None) -> None:
    assert code(api.search(b"{}", content_type)) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON", 'application/json; charset="UTF-8"']
)
def test_json_by_any_spelling(api: Api, content_type: str) -> None:
    assert api.search(b"{}", content_type).status_code == 200


def test_a_compressed_body_is_not_read(api: Api) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = api.client.post(f"{BASE}/search", content=b"{}", headers=headers)
    assert code(answer) == (415, "unsupported_media_type")


def test_a_body_of_a_mebibyte_is_the_largest(api: Api) -> None:
    assert api.search(b"{}" + b" " * (2**20 - 2)).status_code == 200
    assert code(api.search(b"{}" + b" " * (2**20 - 1))) == (413, "payload_too_large")


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b'{"query": "\\ud800"}', b'{"limit": "1"}'])
def test_a_wrong_body(api: Api, body: bytes) -> None:
    assert code(api.search(body)) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("q=%00", "q"),
        ("q=" + "a" * 201, "q"),
        ("category=a&category=a", "category"),
        ("category=%00", "category"),
        ("tags=a,,b", "tags"),
        ("tags=%ED%A0%80", "tags"),
        ("sort=", "sort"),
        ("sort=RATING", "sort"),
        ("min_uptime=100.1", "min_uptime"),
        ("min_rating=nan", "min_rating"),
        ("max_latency=-1", "max_latency"),
        ("verified=1", "verified"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("offset=1_0", "offset"),
    ],
)
def test_a_wrong_parameter_is_named(api: Api, query: str, named: str) -> None:
    answer = api.get(f"/vendors?{query}")
    assert code(answer) == (400, "invalid_request")
    assert answer.json()["message"].split()[0] == named


@pytest.mark.parametrize(
    "query", ["q=", "category=&tags=&q=", "q&category&tags", "x=1&x=2&y=%00", "verified=false"]
)
def test_what_filters_nothing(api: Api, query: str) -> None:
    api.load(vendor(1))
    assert api.get(f"/vendors?{query}").json() == api.get("/vendors").json()
