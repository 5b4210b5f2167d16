import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from checklists.tests.support import (
    Asked,
    Reply,
    make_executor,
    make_item,
    make_target,
    no_answer,
    serving,
)
from harness.evidence import Status

KEYS = "promql: sum(rate(errors[5m])) / sum(rate(requests[5m]))\nexpect: value < 1%"


def vector(*values: str) -> Reply:
    result: list[Any] = [{"metric": {"n": str(n)}, "value": [0, value]} for n, value in enumerate(values)]
    return success({"resultType": "vector", "result": result})


def success(data: Any) -> Reply:
    return Reply(body=json.dumps({"status": "success", "data": data}).encode())


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (vector("0.0099"), Status.PASS),
        (vector("0.0101"), Status.FAIL),
        (vector("0.001", "0.5"), Status.FAIL),
        (vector(), Status.ERROR),
        (vector("NaN"), Status.ERROR),
        (vector("0.001", "NaN"), Status.ERROR),
        (vector("0.001", "+Inf"), Status.FAIL),
        (success({"resultType": "scalar", "result": [0, "0.002"]}), Status.PASS),
        (success({"resultType": "matrix", "result": [{"values": []}]}), Status.ERROR),
        (success(None), Status.ERROR),
        (Reply(400, b'{"status": "error", "error": "parse error"}'), Status.ERROR),
        (Reply(200, b"<html>"), Status.ERROR),
    ],
)
def test_samples_are_judged_and_their_absence_never_passes(
    tmp_path: Path, reply: Reply, status: Status
) -> None:
    with serving(reply) as server:
        target = make_target(tmp_path, prometheus_url=server.url)
        assert make_executor(tmp_path, target)(make_item(tmp_path, KEYS)).status is status


def test_the_expression_is_sent_as_it_is(tmp_path: Path) -> None:
    seen: list[str] = []

    def note(asked: Asked) -> Reply:
        seen.append(parse_qs(urlsplit(asked.path).query)["query"][0])
        return vector("0")

    with serving(note) as server:
        make_executor(tmp_path, make_target(tmp_path, prometheus_url=server.url))(make_item(tmp_path, KEYS))
    assert seen == ["sum(rate(errors[5m])) / sum(rate(requests[5m]))"]


def test_without_prometheus_nothing_was_measured(tmp_path: Path) -> None:
    found = no_answer(tmp_path, make_target(tmp_path), KEYS)
    assert found.status is Status.ERROR
    assert found.settle == "add prometheus_url to the profile"


def test_a_prometheus_that_is_away_could_not_be_asked(tmp_path: Path) -> None:
    target = make_target(tmp_path, prometheus_url="http://127.0.0.1:1")
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, KEYS))
    assert outcome.status is Status.ERROR
    assert "did not answer as Prometheus does" in outcome.message
