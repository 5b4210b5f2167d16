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

KEYS = "rules: alerts.yml\nexpect: [rules = 2, missing = 0, different = 0, broken = 0]"
FILE = """
groups:
  - name: one
    rules:
      - {record: "a:b", expr: "sum(rate(a[5m]))"}
      - {alert: Slow, expr: "a  >  (1)", for: 5m}
      - {alert: Always, expr: vector(1)}
"""
SLOW = {"type": "alerting", "name": "Slow", "query": "a > (1)", "duration": 300, "health": "ok"}
ALWAYS = {"type": "alerting", "name": "Always", "query": "vector(1)", "duration": 0, "health": "ok"}


def judged(folder: Path, *loaded: Any, text: str = FILE) -> Status:
    (folder / "alerts.yml").write_text(text)

    def answer(asked: Asked) -> Reply:
        url = urlsplit(asked.path)
        if url.path == "/api/v1/format_query":
            data: Any = "".join(parse_qs(url.query)["query"][0].split())
        else:
            assert url.path == "/api/v1/rules"
            data = {"groups": [{"name": "one", "rules": list(loaded)}]}
        return Reply(body=json.dumps({"status": "success", "data": data}).encode())

    with serving(answer) as server:
        target = make_target(folder, prometheus_url=server.url)
        return make_executor(folder, target)(make_item(folder, KEYS)).status


def test_rules_that_are_loaded_and_evaluated_pass_however_they_are_printed(tmp_path: Path) -> None:
    assert judged(tmp_path, SLOW, ALWAYS) is Status.PASS
    assert judged(tmp_path, SLOW, ALWAYS, {**ALWAYS, "name": "Another"}) is Status.PASS


@pytest.mark.parametrize(
    "slow",
    [
        {"name": "Slower"},
        {"query": "a > (2)"},
        {"duration": 60},
        {"health": "err"},
        {"health": "unknown"},
    ],
    ids=str,
)
def test_a_rule_that_is_not_what_is_written_fails(tmp_path: Path, slow: dict[str, Any]) -> None:
    assert judged(tmp_path, SLOW | slow, ALWAYS) is Status.FAIL


def test_what_is_no_rule_file_or_no_list_of_rules_decides_nothing(tmp_path: Path) -> None:
    assert judged(tmp_path, SLOW, ALWAYS, text="groups: 3\n") is Status.ERROR
    assert judged(tmp_path, SLOW, ALWAYS, text="- a\n") is Status.ERROR
    assert judged(tmp_path, "Slow") is Status.ERROR


def test_without_prometheus_or_file_nothing_was_seen(tmp_path: Path) -> None:
    found = no_answer(tmp_path, make_target(tmp_path), KEYS)
    assert found.settle == "add prometheus_url to the profile"
    target = make_target(tmp_path, prometheus_url="http://127.0.0.1:1")
    assert make_executor(tmp_path, target)(make_item(tmp_path, KEYS)).status is Status.ERROR
