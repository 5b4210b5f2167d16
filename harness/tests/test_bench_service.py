"""The bench's requests and arrivals, against a toy catalogue."""

import itertools
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from harness.commands.bench_arrivals import Sample, offer, timing
from harness.commands.bench_requests import Request, Vocabulary, read_vocabulary, requests
from harness.commands.bench_service import ServiceBench, ServiceFigure, _growth, _missed, service_table

VENDOR = {"serviceName": "Weather and data", "description": "Data.", "tags": ["free"], "category": "data"}


class Catalogue(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    total = 1

    def do_GET(self) -> None:
        (offset,) = parse_qs(urlsplit(self.path).query).get("offset", ["0"])
        vendor = VENDOR if self.total == 1 else VENDOR | {"tags": [f"at {offset}"]}
        body = json.dumps({"vendors": [vendor], "total": self.total}).encode()
        self.send_response(503 if self.path == "/busy" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class LargeCatalogue(Catalogue):
    total = 5000


@contextmanager
def served(catalogue: type[Catalogue]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), catalogue) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def url() -> Iterator[str]:
    with served(Catalogue) as found:
        yield found


def test_words_are_the_catalogues_own(url: str) -> None:
    vocabulary = read_vocabulary(url)
    assert set(vocabulary.words) == {"weather", "data", "free"}
    assert (vocabulary.categories, vocabulary.tags) == (("data",), ("free",))


def test_words_come_from_all_of_a_large_catalogue() -> None:
    with served(LargeCatalogue) as url:
        tags = read_vocabulary(url).tags
    assert set(tags) == {f"at {offset}" for offset in range(0, 5000, 500)}


def test_figures_are_numbers() -> None:
    vocabulary = Vocabulary(("most",), ("data",), ("free",))
    drawn = (request for request in requests(vocabulary, seed=3) if request.kind == "word and figures")
    asked = {
        name for request in itertools.islice(drawn, 100) for name in parse_qs(urlsplit(request.path).query)
    }
    assert asked == {"q", "sort", "offset", "min_rating", "min_uptime", "max_latency"}


def test_requests_follow_the_mix_and_zipfs_law() -> None:
    vocabulary = Vocabulary(("most", "second", "third"), ("data",), ("free",))
    drawn = list(itertools.islice(requests(vocabulary, seed=3), 4000))
    assert drawn == list(itertools.islice(requests(vocabulary, seed=3), 4000))
    kinds = Counter(request.kind for request in drawn)
    assert kinds["one word"] == pytest.approx(2400, rel=0.1)
    assert kinds["word and figures"] == pytest.approx(400, rel=0.2)
    words = Counter(parse_qs(urlsplit(item.path).query)["q"][0] for item in drawn if item.kind == "one word")
    assert words["most"] / words["second"] == pytest.approx(2, rel=0.2)


def test_every_arrival_is_a_sample_and_what_is_not_served_an_error(url: str) -> None:
    asked = [Request("a", "/"), Request("b", "/busy")] * 5
    samples = offer(url, asked, rate=200, seconds=60)
    assert Counter((sample.kind, sample.status) for sample in samples) == {("a", 200): 5, ("b", 503): 5}
    assert timing(samples).errors == 5


def test_no_server_is_an_error_and_no_crash() -> None:
    samples = offer("http://127.0.0.1:1", [Request("a", "/")] * 3, rate=200, seconds=60)
    assert [sample.status for sample in samples] == [0, 0, 0]


def test_percentiles_are_in_milliseconds() -> None:
    seen = timing(Sample("a", number / 1000, 200) for number in range(101))
    assert (seen.requests, seen.errors, round(seen.p50), round(seen.p95)) == (101, 0, 50, 95)


def figure(vendors: int, kind: str, p95: float, errors: int = 0) -> ServiceFigure:
    return ServiceFigure(
        vendors=vendors, kind=kind, requests=9, errors=errors, p50=2.5, p95=p95, p50_ratio=3.1, p95_ratio=4.2
    )


def test_a_class_that_misses_a_limit_is_named_with_its_figure() -> None:
    figures = [
        figure(10, "a", 5),
        figure(100, "b", 60),
        figure(100, "a", 20.6, errors=2),
        figure(10, "b", 20),
    ]
    growth = tuple(_growth(figures))
    assert [(item.kind, item.since, item.vendors, item.p95) for item in growth] == [
        ("a", 10, 100, 4.1),
        ("b", 10, 100, 3.0),
    ]
    assert list(_missed(figures, growth)) == [
        "b at 100 vendors: p95 60.0 ms, limit 50",
        "a at 100 vendors: 2 errors, limit 0",
        "a from 10 to 100 vendors: p95 grows 4.1 times, limit 4",
    ]


def test_the_table_shows_each_figure_beside_its_ratio() -> None:
    figures = (figure(1000, "all", 7.25, errors=1),)
    result = ServiceBench(
        format=1, subject="service", rate=100, unit="milliseconds", figures=figures, missed=("all: late",)
    )
    lines = service_table(result).splitlines()
    assert lines[1].split() == ["1000", "all", "9", "1", "2.50", "3.1", "7.25", "4.2"]
    assert lines[-1] == "missed: all: late"
