"""A target that is no marketplace is told so in one line, with what to look at."""

from pathlib import Path

import pytest

from harness.contract.client import Response
from harness.contract.preflight import NotTheContractError, look
from harness.contract.tests.answers import response
from harness.target import Capability, read_target


class Always:
    """As much of a client as the look needs: every question has one answer."""

    def __init__(self, answer: Response) -> None:
        self._answer = answer

    def get(self, _: str) -> Response:
        return self._answer


def said(folder: Path, answer: Response, base_url: str = "http://127.0.0.1:1") -> str:
    profile = folder / "target.yaml"
    profile.write_text(f"name: t\nbase_url: {base_url}\n")
    with pytest.raises(NotTheContractError) as caught:
        look(
            read_target(profile),
            Always(answer),  # type: ignore[arg-type]
            judged=frozenset({Capability.SEARCH}),
            needs_vendors=True,
        )
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_redirect_to_a_login(tmp_path: Path) -> None:
    answer = response(b"", status=302)
    answer.headers["Location"] = "https://login.example/"
    text = said(tmp_path, answer)
    assert "HTTP 302, a redirect to https://login.example/" in text
    assert "login" in text.partition("gave")[2]


def test_a_closed_door(tmp_path: Path) -> None:
    assert "`headers`" in said(tmp_path, response({"error": "who are you"}, status=401))


def test_a_base_url_with_the_base_path_in_it(tmp_path: Path) -> None:
    text = said(tmp_path, response(b"not here", status=404), "http://127.0.0.1:1/v1/marketplace")
    assert "leave /v1/marketplace out of base_url" in text


def test_another_server(tmp_path: Path) -> None:
    text = said(tmp_path, response(b"<html>It works!</html>", content_type="text/html"))
    assert "It works!" in text
    assert "is base_url right?" in text
