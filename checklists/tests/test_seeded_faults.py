"""Each case holds on a healthy target; then something is broken, misspelt or dead, and it is never a pass."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from checklists.decision import decide
from checklists.tests.support import Asked, Reply, make_executor, make_item, make_target, serving
from harness.errors import DocumentError
from harness.evidence import Status
from harness.exit_codes import ExitCode

BODY: dict[str, Any] = {
    "status": "healthy",
    "total": 2,
    "vendors": [{"id": 1, "up": True}, {"id": 2, "up": True}],
}
HEADERS = {"Content-Type": "application/json", "Retry-After": "17"}
VECTOR = {"resultType": "vector", "result": [{"metric": {}, "value": [0, "0.002"]}]}
STAMP = {
    "suite": "py311",
    "commit": "3f2a" * 10,
    "dirty": False,
    "finished_at": "2030-01-01T00:00:00+00:00",
    "passed": 10,
    "failed": 0,
    "skipped": 0,
    "coverage": 91.0,
    "format": 1,
}


@dataclass(frozen=True)
class World:
    """What there is to look at; a fault changes one thing of it."""

    status: int = 200
    body: Any = None
    raw: bytes | None = None
    headers: tuple[tuple[str, str], ...] = tuple(HEADERS.items())
    prometheus: Any = None
    log: str = '{"level": "info", "event": "up"}\n'
    document: str = "# Plan\nmigrate down. Who decides: Ada.\n"
    stamp: Any = None
    script: str = "print('schema restored')"
    dead: bool = False

    def reply(self, asked: Asked) -> Reply:
        if asked.path.startswith("/api/v1/query"):
            answer = {"status": "success", "data": VECTOR} if self.prometheus is None else self.prometheus
            return Reply(body=json.dumps(answer).encode())
        raw = json.dumps(BODY if self.body is None else self.body).encode() if self.raw is None else self.raw
        return Reply(self.status, raw, dict(self.headers))


def without(name: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in HEADERS.items() if pair[0] != name)


def vector(*values: str) -> dict[str, Any]:
    found = [{"metric": {"n": str(n)}, "value": [0, value]} for n, value in enumerate(values)]
    return {"status": "success", "data": {"resultType": "vector", "result": found}}


READY = "http: /health\nexpect: [status = 200, json $.status = healthy]"
LIST = "http: /list\nexpect: [json $.total > 0, 'json $.vendors[*].up = true', json $.error absent]"
HEAD = "http: /list\nexpect: [header Content-Type ~ json, header Retry-After <= 60]"
CLEAN = "http: /list\nexpect: ['body !~ Traceback', header Set-Cookie absent, status = 2xx]"
RATE = "promql: rate\nexpect: value < 1%"
LOG = "log: all\nexpect: errors = 0"
LEVELS = "log: all\nexpect: [errors = 0, unreadable = 0, debug = 0]"
PLAN = "file: plan.md\nexpect: [text ~ migrate down, unfinished = 0, broken_links = 0]"
TESTS = "tests: py311\nexpect: [failed = 0, passed > 0, coverage > 80%]"
RUN = 'run: [python, script.py]\nexpect: [exit = 0, stdout ~ "schema restored"]\ntimeout: 20s'
STAMPS: list[Any] = [{**STAMP, "coverage": None}, {}, []]
FAULTS: list[tuple[str, World]] = [
    *((READY, World(status=status)) for status in (100 + 101, 204, 301, 401, 404, 429, 500, 503)),
    *((READY, World(raw=raw)) for raw in (b"", b"<html>healthy</html>", b'{"status": "heal', b"null", b"[]")),
    *((READY, World(body=body)) for body in ({}, {"status": None}, {"status": "Healthy"}, {"status": True})),
    (READY, World(dead=True)),
    (LIST, World(body={**BODY, "total": 0})),
    (LIST, World(body={**BODY, "total": None})),
    (LIST, World(body={**BODY, "total": "many"})),
    (LIST, World(body={**BODY, "vendors": []})),
    (LIST, World(body={**BODY, "vendors": None})),
    (LIST, World(body={**BODY, "vendors": [{"up": True}, {"up": False}]})),
    (LIST, World(body={**BODY, "vendors": [{"up": True}, {}]})),
    (LIST, World(body={**BODY, "vendors": [{"up": "yes, mostly"}]})),
    (LIST, World(body={**BODY, "error": None})),
    (LIST, World(raw=b"<html>")),
    (LIST, World(dead=True)),
    (HEAD, World(headers=without("Retry-After"))),
    (HEAD, World(headers=without("Content-Type"))),
    (HEAD, World(headers=(*without("Retry-After"), ("Retry-After", "soon")))),
    (HEAD, World(headers=(*without("Retry-After"), ("Retry-After", "61")))),
    (HEAD, World(dead=True)),
    (CLEAN, World(raw=b"Traceback (most recent call last)")),
    (CLEAN, World(headers=(*HEADERS.items(), ("set-cookie", "a=b")))),
    (CLEAN, World(status=500)),
    (CLEAN, World(dead=True)),
    *(
        (RATE, World(prometheus=vector(*values)))
        for values in (["0.01"], ["1"], ["0.001", "0.02"], [], ["NaN"])
    ),
    *((RATE, World(prometheus=vector(*values))) for values in (["0", "NaN"], ["0", "+Inf"], ["+Inf"])),
    (RATE, World(prometheus={"status": "error", "error": "parse error"})),
    (RATE, World(prometheus={"status": "success", "data": {"resultType": "matrix", "result": []}})),
    (RATE, World(prometheus=[])),
    (RATE, World(dead=True)),
    *((LOG, World(log=log)) for log in ("", "\n\n", '{"level": "error"}\n', '{"level": "CRITICAL"}\n')),
    *(
        (LEVELS, World(log=log))
        for log in ("Traceback\n", '{"level": "debug"}\n', "{}\n", '{"level": "fatal"}\n')
    ),
    *(
        (PLAN, World(document=text))
        for text in ("", "# Plan\n", "migrate down. TODO: who?", "migrate down [a](b.md)")
    ),
    *(
        (TESTS, World(stamp={**STAMP, **change}))
        for change in ({"failed": 1}, {"passed": 0}, {"coverage": 80.0})
    ),
    *(
        (TESTS, World(stamp={**STAMP, **change}))
        for change in ({"dirty": True}, {"commit": "f" * 40}, {"format": 2})
    ),
    *((TESTS, World(stamp=stamp)) for stamp in STAMPS),
    *(
        (RUN, World(script=script))
        for script in ("", "raise SystemExit('schema restored')", "import nothing")
    ),
    (RUN, World(script="print('schema restored'); import os; os.abort()")),
    (RUN, World(script="print('Schema restored')")),
]
TYPOS = [
    "htttp: /health\nexpect: status = 200",
    "http: health\nexpect: status = 200",
    "http: /health\nexpct: status = 200",
    "http: /health\nexpect: []",
    "http: /health\nexpect: staus = 200",
    "http: /health\nexpect: status == 200",
    "http: /health\nexpect: status < 600",
    "http: /health\nexpect: body ~ /.*/",
    "http: /health\nexpect: body !~ error and status = 200",
    "http: /health\nexpect: status = 200\nserverity: minor",
    "http: /health\nexpect: status = 200\nseverity: trivial",
    "http: /health\nexpect: status = 200\nneeds: nothing",
    "load: serch\nexpect: p95 < 200ms",
    "load: search\nexpect: error_rate < 1",
    "load: search\nexpect: p95 < 200",
    "tests: py311\nexpect: coverage > 80",
    "contract: {requirements: API-99}\nexpect: failed = 0",
    "contract: {}\nexpect: failed = 0",
    "file: plan.md\nexpect: text !~ /x?/",
    "manual: somebody looked",
]


@pytest.fixture
def healthy(tmp_path: Path) -> Callable[[World, str], Status]:
    """Asks one item about a world."""

    def ask(world: World, keys: str) -> Status:
        (tmp_path / "plan.md").write_text(world.document, encoding="utf-8")
        (tmp_path / "api.log").write_text(world.log, encoding="utf-8")
        (tmp_path / "script.py").write_text(world.script, encoding="utf-8")
        (tmp_path / "test-results").mkdir(exist_ok=True)
        stamp: Any = STAMP if world.stamp is None else world.stamp
        (tmp_path / "test-results" / "py311.json").write_text(json.dumps(stamp), encoding="utf-8")
        with serving(world.reply) as server:
            url = "http://127.0.0.1:1" if world.dead else server.url
            target = make_target(
                tmp_path, base_url=url, prometheus_url=url, logs=["api.log"], release={"commit": "3f2a" * 10}
            )
            outcome = make_executor(tmp_path, target)(make_item(tmp_path, keys))
        code = decide([outcome], rehearsal=False)
        assert (code is ExitCode.PASS) == (outcome.status is Status.PASS)
        return outcome.status

    return ask


@pytest.mark.parametrize("keys", [READY, LIST, HEAD, CLEAN, RATE, LOG, LEVELS, PLAN, TESTS, RUN])
def test_what_is_well_passes(healthy: Callable[[World, str], Status], keys: str) -> None:
    assert healthy(World(), keys) is Status.PASS


@pytest.mark.parametrize(("keys", "world"), FAULTS, ids=range(len(FAULTS)))
def test_what_is_broken_or_dead_never_passes(
    healthy: Callable[[World, str], Status], keys: str, world: World
) -> None:
    assert world != replace(World())
    assert healthy(world, keys) in (Status.FAIL, Status.ERROR)


@pytest.mark.parametrize("keys", TYPOS)
def test_what_is_misspelt_is_refused(tmp_path: Path, keys: str) -> None:
    with pytest.raises(DocumentError) as caught:
        make_item(tmp_path, keys)
    assert str(caught.value).startswith(f"{tmp_path / 'checklist.yaml'}:")


def test_there_are_many() -> None:
    assert len(FAULTS) >= 60
    assert len(TYPOS) >= 20
