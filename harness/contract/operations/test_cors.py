"""Browsers of the configured origins may read the answers, others may not."""

import pytest

from harness.contract.client import Client, Response
from harness.contract.diagnosis import NotTestable
from harness.contract.operations.asking import ASKINGS, Asking
from harness.contract.paths import CATEGORIES, SEARCH
from harness.target import Cors, Target

pytestmark = [pytest.mark.capability("cors"), pytest.mark.requirement("CHK-13")]

EXPOSED = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


@pytest.fixture
def cors(target: Target) -> Cors:
    if target.cors is None:
        raise NotTestable("the profile declares cors, but says no `cors: {allowed, denied}`")
    return target.cors


def _allowed_for(answer: Response) -> str | None:
    return answer.headers.get("Access-Control-Allow-Origin")


def _words(answer: Response, header: str) -> set[str]:
    values = answer.headers.get_all(header) or []
    return {word.strip().lower() for value in values for word in str(value).split(",")}


def _preflight(client: Client, origin: str) -> Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    return client.request("OPTIONS", SEARCH, headers=headers)


@pytest.mark.parametrize("asking", [pytest.param(a, id=a.name.replace(" ", "-")) for a in ASKINGS])
def test_an_allowed_origin_may_read_every_answer(client: Client, cors: Cors, asking: Asking) -> None:
    answer = asking.by(client, Origin=cors.allowed)
    assert answer.status == asking.status
    assert _allowed_for(answer) in (cors.allowed, "*"), (
        f"HTTP {answer.status} cannot be read by {cors.allowed}"
    )


def test_a_denied_origin_may_read_nothing(client: Client, cors: Cors) -> None:
    answer = client.get(CATEGORIES, headers={"Origin": cors.denied})
    assert _allowed_for(answer) not in (cors.denied, "*")


def test_the_rate_limit_headers_are_exposed(client: Client, cors: Cors) -> None:
    answer = client.get(CATEGORIES, headers={"Origin": cors.allowed})
    exposed = _words(answer, "Access-Control-Expose-Headers")
    missing = [name for name in EXPOSED if name not in exposed]
    assert not missing or "*" in exposed, f"not exposed: {', '.join(missing)}"


def test_a_preflight_allows_a_search_by_post(client: Client, cors: Cors) -> None:
    answer = _preflight(client, cors.allowed)
    assert 200 <= answer.status < 300, f"the preflight answered HTTP {answer.status}"
    assert _allowed_for(answer) in (cors.allowed, "*")
    assert _words(answer, "Access-Control-Allow-Methods") & {"post", "*"}
    assert _words(answer, "Access-Control-Allow-Headers") & {"content-type", "*"}


def test_only_options_is_a_preflight(client: Client, cors: Cors) -> None:
    headers = {"Origin": cors.allowed, "Access-Control-Request-Method": "GET"}
    answer = client.get(CATEGORIES, headers=headers)
    assert answer.status == 200, f"a GET was taken for a preflight: HTTP {answer.status}"
    assert answer.json()["categories"] is not None


def test_a_preflight_of_a_denied_origin_allows_nothing(client: Client, cors: Cors) -> None:
    assert _allowed_for(_preflight(client, cors.denied)) not in (cors.denied, "*")


def test_an_origin_is_compared_whole(client: Client, cors: Cors) -> None:
    for origin in (cors.allowed + ".evil.example", cors.allowed.replace("://", "://evil."), "null"):
        answer = client.get(CATEGORIES, headers={"Origin": origin})
        assert _allowed_for(answer) not in (origin, "*"), f"{origin} may read what {cors.allowed} may"


@pytest.mark.should
def test_caches_are_told_that_the_answer_depends_on_the_origin(client: Client, cors: Cors) -> None:
    answer = client.get(CATEGORIES, headers={"Origin": cors.allowed})
    assert _allowed_for(answer) == "*" or _words(answer, "Vary") & {"origin", "*"}
