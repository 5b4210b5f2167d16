import json
from pathlib import Path

import pytest

from checklists.expectations import judge
from checklists.tests.support import Asked, Reply, answer, ask, make_executor, make_item, make_target, serving
from harness.errors import CouldNotDecideError
from harness.evidence import Status

VENDORS = Reply(
    body=json.dumps({"vendors": [{"id": 1}], "total": 1}).encode(),
    headers={"Content-Type": "application/json"},
)


def test_status_headers_and_body_become_facts(tmp_path: Path) -> None:
    with serving(VENDORS) as server:
        target = make_target(tmp_path, base_url=server.url)
        found = answer(tmp_path, target, "http: /v1/marketplace/vendors\nexpect: status = 200")
    assert found.facts.words["status"] == (200,)
    assert found.facts.headers[0]["content-type"] == "application/json"
    assert found.facts.documents == ({"vendors": [{"id": 1}], "total": 1},)
    assert server.asked[0].path == "/v1/marketplace/vendors"


def test_a_body_headers_and_method_are_sent(tmp_path: Path) -> None:
    keys = """
http: {post: /search, json: {query: weather, limit: 5}, headers: {Origin: "http://a.example"}}
expect: status = 200
"""
    with serving(VENDORS) as server:
        answer(tmp_path, make_target(tmp_path, base_url=server.url), keys)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/search")
    assert json.loads(asked.body) == {"query": "weather", "limit": 5}
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["origin"] == "http://a.example"


def test_each_item_comes_from_an_address_of_its_own(tmp_path: Path) -> None:
    with serving(VENDORS) as server:
        target = make_target(tmp_path, base_url=server.url)
        for _ in range(5):
            answer(tmp_path, target, "http: {get: /a, repeat: 3}\nexpect: status = 200")
    addresses = [asked.client for asked in server.asked]
    assert len(addresses) == 15
    assert len(set(addresses)) == 5
    assert all(address.startswith("127.") for address in addresses)


def test_past_limit_is_one_request_more_than_the_limit(tmp_path: Path) -> None:
    served: list[int] = []

    def limited(asked: Asked) -> Reply:
        served.append(1)
        return Reply(200) if len(served) <= 7 else Reply(429, headers={"Retry-After": "60"})

    with serving(limited) as server:
        target = make_target(tmp_path, base_url=server.url, rate_limit={"requests": 7, "per_seconds": 60})
        item = make_item(
            tmp_path,
            "http: {get: /a, repeat: past_limit}\n"
            "expect: [first status = 200, last status = 429, last header Retry-After present]",
        )
        found = answer(tmp_path, target, "http: {get: /a, repeat: past_limit}\nexpect: status = 200")
    assert len(server.asked) == 8
    assert all(judge(expectation, found.facts).held for expectation in item.expectations)


def test_a_service_without_a_limit_does_not_pass_for_one_that_has(tmp_path: Path) -> None:
    keys = "http: {get: /a, repeat: past_limit}\nexpect: [last status = 429]"
    with serving(VENDORS) as server:
        target = make_target(tmp_path, base_url=server.url, rate_limit={"requests": 3, "per_seconds": 60})
        outcome = make_executor(tmp_path, target)(make_item(tmp_path, keys))
    assert outcome.status is Status.FAIL
    assert outcome.message == "expected last status = 429, but last status = 200"


def test_credentials_go_to_the_target_only(tmp_path: Path) -> None:
    with serving(VENDORS) as ours, serving(VENDORS) as other:
        target = make_target(tmp_path, base_url=ours.url, headers={"Authorization": "Bearer token"})
        answer(tmp_path, target, "http: /a\nexpect: status = 200")
        answer(tmp_path, target, f'http: "{other.url}/a"\nexpect: status = 200')
    assert ours.asked[0].headers["authorization"] == "Bearer token"
    assert "authorization" not in other.asked[0].headers


def test_forwarded_clients_say_who_they_are(tmp_path: Path) -> None:
    with serving(VENDORS) as server:
        target = make_target(tmp_path, base_url=server.url, client_identity="forwarded")
        for _ in range(3):
            answer(tmp_path, target, "http: /a\nexpect: status = 200")
    clients = {asked.headers["x-forwarded-for"] for asked in server.asked}
    assert len(clients) == 3
    assert all(client.startswith(("198.18.", "198.19.")) for client in clients)


def test_a_redirect_is_an_answer_and_is_not_followed(tmp_path: Path) -> None:
    with serving(Reply(302, headers={"Location": "/elsewhere"})) as server:
        found = answer(tmp_path, make_target(tmp_path, base_url=server.url), "http: /a\nexpect: status = 302")
    assert found.facts.words["status"] == (302,)
    assert len(server.asked) == 1


def test_a_target_that_does_not_answer_could_not_be_judged(tmp_path: Path) -> None:
    with serving(VENDORS) as server:
        pass
    target = make_target(tmp_path, base_url=server.url)
    with pytest.raises(CouldNotDecideError, match="did not answer"):
        ask(tmp_path, target, "http: /a\nexpect: status = 200")


def test_a_shared_client_that_is_refused_says_so_instead_of_failing(tmp_path: Path) -> None:
    with serving(Reply(429)) as server:
        target = make_target(tmp_path, base_url=server.url, client_identity="single")
        with pytest.raises(CouldNotDecideError, match="used the allowance up"):
            ask(tmp_path, target, "http: /a\nexpect: status = 200")


def test_values_of_the_profile_fill_headers_and_expectations(tmp_path: Path) -> None:
    keys = """
http: {get: /a, headers: {Origin: "${cors.allowed}"}}
expect: ["header Access-Control-Allow-Origin = ${cors.allowed}"]
"""

    def allow(asked: Asked) -> Reply:
        return Reply(headers={"Access-Control-Allow-Origin": asked.headers["origin"]})

    with serving(allow) as server:
        cors = {"allowed": "http://console.example", "denied": "http://evil.example"}
        with_cors = make_target(tmp_path, base_url=server.url, cors=cors)
        passed = make_executor(tmp_path, with_cors)(make_item(tmp_path, keys))
        skipped = make_executor(tmp_path, make_target(tmp_path, base_url=server.url))(
            make_item(tmp_path, keys)
        )
    assert passed.status is Status.PASS
    assert skipped.status is Status.SKIPPED
    assert skipped.message == "no cors.allowed in the profile"


def test_a_body_that_is_no_json_has_no_values(tmp_path: Path) -> None:
    with serving(Reply(body=b"<html>")) as server:
        target = make_target(tmp_path, base_url=server.url)
        outcome = make_executor(tmp_path, target)(
            make_item(tmp_path, "http: /a\nexpect: json $.status = healthy")
        )
    assert outcome.status is Status.FAIL
    assert "the body is not JSON" in outcome.message


def test_the_request_is_told(tmp_path: Path) -> None:
    target = make_target(tmp_path)
    item = make_item(
        tmp_path, "http: {post: /search, json: {q: x}, headers: {A: b}, repeat: 3}\nexpect: status = 200"
    )
    assert item.probe.asked(target) == 'POST http://127.0.0.1:9/search -H \'A: b\' {"q": "x"} × 3'
