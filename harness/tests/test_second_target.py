"""The second target is a means of proof, so what it stands on is tested itself."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run
from urllib.request import Request, urlopen

import pytest

from harness.fixtures.build import build_dataset
from harness.fixtures.dataset import encode_dataset
from harness.target import Target, read_target
from harness.tests.second_target.guard import BlockedError, choose
from harness.tests.second_target.limiter import Limiter
from harness.tests.second_target.process import second_target
from harness.tests.second_target.words import lexemes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Forecasts", ["forecast"]),
        ("generously running", ["generous", "run"]),
        ("ties happily hopping", ["tie", "happili", "hop"]),
        ("dying skies", ["die", "sky"]),
        ("relational conditional", ["relat", "condit"]),
        ("50% off_by, one2s", ["50", "one2s"]),
        ("café", ["café"]),
    ],
)
def test_words_become_the_stems_that_postgresql_makes(text: str, expected: list[str]) -> None:
    assert lexemes(text) == expected


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "::ffff:10.0.0.1", "64:ff9b::1", "2002:7f00:1::", "fe80::1"]
)
def test_the_guard_knows_every_spelling(host: str) -> None:
    with pytest.raises(BlockedError, match="blocked_address"):
        choose(host, 80, ())


def test_a_limit_is_one_clients_own() -> None:
    limiter = Limiter(2, 60)
    assert [limiter.admit("10.0.0.1").admitted for _ in range(3)] == [True, True, False]
    assert limiter.admit("10.0.0.2").admitted
    assert limiter.admit("2001:db8::1").remaining == 1
    assert limiter.admit("2001:db8::2").remaining == 0


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("second")
    with second_target(folder) as profile:
        target = read_target(profile)
        data = folder / "data.json"
        data.write_bytes(encode_dataset(build_dataset(1, datetime.now(UTC))))
        _run(target, data)
        yield target


def _run(target: Target, file: Path) -> None:
    assert target.fixtures
    assert target.fixtures.load
    run(target.fixtures.load.filled(file=str(file)), check=True)


def _get(target: Target, path: str) -> dict[str, object]:
    with urlopen(Request(target.base_url + path)) as answer:  # noqa: S310 (our own address)
        document = json.loads(answer.read())
    assert isinstance(document, dict)
    return document


def test_it_serves_what_was_loaded(target: Target) -> None:
    answer = _get(target, "/v1/marketplace/vendors?limit=3")
    vendors = answer["vendors"]
    assert isinstance(vendors, list)
    assert len(vendors) == 3
    assert answer["hasMore"] is True


def test_the_aggregators_command_shows_in_the_workers_health(target: Target) -> None:
    assert target.workers
    assert target.workers.aggregate_metrics
    run(target.workers.aggregate_metrics.filled(), check=True)
    workers = _get(target, "/health/workers")["workers"]
    assert isinstance(workers, dict)
    assert workers["metricsAggregator"]["running"] is True
