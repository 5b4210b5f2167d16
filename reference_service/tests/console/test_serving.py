"""The console's bundle over the wire: what is served, how, and what is not."""

import os
from collections.abc import Iterator
from pathlib import Path

import falcon
import httpx
import pytest
import structlog

from reference_service.api.bundle import Bundle
from reference_service.api.console import route_console
from reference_service.api.edge import at_the_edge
from reference_service.api.errors import ErrorAnswers
from reference_service.api.middleware import Cors, Journal
from reference_service.api.routing import ExactRouter
from reference_service.app import WsgiApp
from reference_service.telemetry.api_metrics import ApiMetrics
from reference_service.tests.api.wsgi import WsgiTransport

PAGE = "<!doctype html><title>Marketplace</title>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle, with a secret beside it."""
    (tmp_path / "secret.js").write_text("secret")
    bundle = tmp_path / "dist"
    (bundle / "assets").mkdir(parents=True)
    (bundle / "index.html").write_text(PAGE)
    (bundle / "assets/index-abc.js").write_text("run()")
    (bundle / "assets/index-abc.css").write_text("body{}")
    (bundle / "assets/logo.svg").write_text("<svg/>")
    (bundle / "assets/notes.txt").write_text("not for serving")
    (bundle / "assets/link.js").symlink_to(tmp_path / "secret.js")
    (bundle / "built-from").write_text("digest")
    return bundle


@pytest.fixture
def client(folder: Path) -> Iterator[httpx.Client]:
    log = structlog.get_logger("test")
    router = ExactRouter()
    journal = Journal(ApiMetrics(None), log, router.endpoint_of)
    app: WsgiApp = falcon.App(router=router, middleware=[journal, Cors(())])
    ErrorAnswers(log).install(app)
    route_console(app, Bundle(folder))
    with httpx.Client(transport=WsgiTransport(at_the_edge(app)), base_url="http://api.test") as opened:
        yield opened


@pytest.mark.parametrize(
    "path", ["/marketplace", "/marketplace/", "/marketplace/open-weather", "/marketplace/42"]
)
def test_the_page_answers_at_its_root_and_under_every_slug(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_policy_lets_nothing_run_that_is_not_ours(client: httpx.Client) -> None:
    policy = dict(
        part.split(" ", 1)
        for part in client.get("/marketplace").headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    for kind in ("script-src", "style-src", "connect-src", "img-src"):
        assert policy[kind] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


def test_the_page_is_not_sent_again_to_who_has_it(client: httpx.Client) -> None:
    tag = client.get("/marketplace").headers["ETag"]
    again = client.get("/marketplace", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("name", "content_type", "text"),
    [
        ("index-abc.js", "text/javascript; charset=utf-8", "run()"),
        ("index-abc.css", "text/css; charset=utf-8", "body{}"),
        ("logo.svg", "image/svg+xml", "<svg/>"),
    ],
)
def test_assets_have_their_types_and_stay(
    client: httpx.Client, name: str, content_type: str, text: str
) -> None:
    answer = client.get(f"/marketplace/assets/{name}")
    assert (answer.status_code, answer.text) == (200, text)
    assert answer.headers["Content-Type"] == content_type
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "/marketplace/assets/nothing.js",
        "/marketplace/assets/notes.txt",
        "/marketplace/assets/link.js",
        "/marketplace/assets/..%2f..%2fsecret.js",
        "/marketplace/assets/%2e%2e",
        "/marketplace/assets/%00",
        "/marketplace/assets/a/b.js",
        "/marketplace/x/y",
        "/marketplaces",
    ],
)
def test_nothing_else_is_served(client: httpx.Client, path: str) -> None:
    request = httpx.Request("GET", httpx.URL("http://api.test").copy_with(raw_path=path.encode()))
    answer = client.send(request)
    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip, br", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("identity", False),
        ("", False),
    ],
)
def test_it_is_compressed_for_whom_it_suits(client: httpx.Client, accepted: str, compressed: bool) -> None:
    answer = client.get("/marketplace", headers={"Accept-Encoding": accepted})
    assert ("gzip" in answer.headers.get("Content-Encoding", "")) is compressed
    assert answer.text == PAGE
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_another_build_is_served_without_a_restart(client: httpx.Client, folder: Path) -> None:
    client.get("/marketplace")
    (folder / "index.html").write_text("another")
    os.utime(folder / "index.html", ns=(1, 1))
    assert client.get("/marketplace").text == "another"


def test_without_a_build_it_says_how_to_make_one(client: httpx.Client, folder: Path) -> None:
    (folder / "index.html").unlink()
    answer = client.get("/marketplace")
    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
    assert "build-console" in answer.json()["message"]


def test_it_only_reads(client: httpx.Client) -> None:
    assert client.head("/marketplace").status_code == 200
    refused = client.post("/marketplace", json={})
    assert (refused.status_code, refused.json()["error"]) == (405, "method_not_allowed")
