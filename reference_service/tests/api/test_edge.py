from typing import NoReturn

import httpx

from reference_service.api.edge import Environ, StartResponse, at_the_edge
from reference_service.tests.api.wsgi import WsgiTransport


def broken(_: Environ, __: StartResponse) -> NoReturn:
    raise UnicodeError("the framework itself failed")


def test_even_a_failure_of_the_framework_has_the_errors_shape() -> None:
    with httpx.Client(transport=WsgiTransport(at_the_edge(broken)), base_url="http://api.test") as client:
        answer = client.get("/")
        assert (answer.status_code, answer.json()["error"]) == (500, "internal_error")
        assert "framework" not in answer.text
        assert client.head("/").content == b""
