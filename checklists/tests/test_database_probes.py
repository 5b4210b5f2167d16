from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from checklists.expectations import judge
from checklists.probes.explain import read_plan
from checklists.tests.support import answer, ask, make_executor, make_item, make_target
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target

SCHEMA = """
CREATE TABLE vendors (id int PRIMARY KEY, name text NOT NULL, born timestamptz NOT NULL DEFAULT now());
INSERT INTO vendors (id, name) SELECT n, 'vendor ' || n FROM generate_series(1, 20000) AS n;
ANALYZE vendors;
"""


@pytest.fixture
def target(tmp_path: Path, new_database: Callable[[], str]) -> Target:
    url = new_database()
    with psycopg.connect(url) as connection:
        connection.execute(SCHEMA)
    return make_target(tmp_path, database_url=url)


def test_columns_of_every_row_become_facts(tmp_path: Path, target: Target) -> None:
    found = answer(
        tmp_path, target, "sql: SELECT id, name FROM vendors ORDER BY id LIMIT 2\nexpect: rows = 2"
    )
    assert found.facts.words == {"id": (1, 2), "name": ("vendor 1", "vendor 2"), "rows": (2,)}
    assert b"id | name" in found.output


def test_intervals_are_durations_and_times_are_text(tmp_path: Path, target: Target) -> None:
    keys = """
sql: SELECT now() - max(born) AS age, date '2026-01-02' AS day FROM vendors
expect: [age < 1h, day ~ 2026]
"""
    assert make_executor(tmp_path, target)(make_item(tmp_path, keys)).status is Status.PASS


def test_no_row_is_no_evidence(tmp_path: Path, target: Target) -> None:
    keys = "sql: SELECT id FROM vendors WHERE id < 0\nexpect: id = 1"
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, keys))
    assert outcome.status is Status.ERROR
    assert "there was no answer" in outcome.message


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM vendors RETURNING id",
        "SELECT 1 AS one; DELETE FROM vendors",
        "COMMIT; DELETE FROM vendors; SELECT 1 AS one",
        "INSERT INTO vendors VALUES (0, 'new') RETURNING id",
    ],
)
def test_nothing_can_be_changed(tmp_path: Path, target: Target, statement: str) -> None:
    with pytest.raises(CouldNotDecideError):
        ask(tmp_path, target, f"sql: '{statement.replace(chr(39), chr(39) * 2)}'\nexpect: rows = 1")
    assert target.database_url is not None
    with psycopg.connect(target.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM vendors").fetchone() == (20000,)


def test_a_query_that_takes_too_long_is_given_up(tmp_path: Path, target: Target) -> None:
    keys = "sql: SELECT 1 AS one FROM pg_sleep(60)\nexpect: one = 1\ntimeout: 200ms"
    with pytest.raises(CouldNotDecideError, match="statement timeout"):
        ask(tmp_path, target, keys)


def test_a_mistake_in_the_query_is_an_error_and_no_failure(tmp_path: Path, target: Target) -> None:
    keys = "sql: SELECT missing FROM nowhere\nexpect: missing = 0"
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, keys))
    assert outcome.status is Status.ERROR
    assert 'relation "nowhere" does not exist' in outcome.message


def test_without_a_database_the_item_is_skipped(tmp_path: Path) -> None:
    keys = "sql: SELECT 1 AS one\nexpect: one = 1"
    outcome = make_executor(tmp_path, make_target(tmp_path))(make_item(tmp_path, keys))
    assert outcome.status is Status.SKIPPED
    assert outcome.message == "no database_url in the profile"


def test_a_database_that_is_away_could_not_be_judged(tmp_path: Path) -> None:
    target = make_target(tmp_path, database_url="postgresql://nobody:hunter2@127.0.0.1:1/nothing")
    keys = "sql: SELECT 1 AS one\nexpect: one = 1"
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, keys))
    assert outcome.status is Status.ERROR
    assert "the database says" in outcome.message
    assert "hunter2" not in outcome.message


def test_a_plan_with_an_index(tmp_path: Path, target: Target) -> None:
    keys = """
explain: SELECT name FROM vendors WHERE id = %(id)s
parameters: {id: "17"}
expect: [no seq_scan on vendors, uses index vendors_pkey, rows = 1, time < 10s]
"""
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, keys))
    assert outcome.status is Status.PASS, outcome.message
    last = outcome.attempts[-1].answer
    assert last is not None
    assert last.suffix == "json"
    assert b"Index Name" in last.output


def test_a_plan_without_one(tmp_path: Path, target: Target) -> None:
    keys = """
explain: SELECT id FROM vendors WHERE name = 'vendor 17'
expect: [no seq_scan on vendors, uses index vendors_name]
"""
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, keys))
    assert outcome.status is Status.FAIL
    assert "seq_scan: vendors" in outcome.message
    assert "index: none" in outcome.message


def test_a_plan_of_something_else_is_no_evidence(tmp_path: Path, target: Target) -> None:
    keys = "explain: SELECT 1 AS one\nexpect: no seq_scan on vendors"
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, keys))
    assert outcome.status is Status.ERROR


def test_a_query_can_stand_in_a_file(tmp_path: Path, target: Target) -> None:
    (tmp_path / "query.sql").write_text("-- by number\nSELECT name FROM vendors WHERE id = 3;\n")
    item = make_item(tmp_path, "explain: query.sql\nexpect: no seq_scan on vendors")
    assert "WHERE id = 3" in item.probe.asked(target)
    assert make_executor(tmp_path, target)(item).status is Status.PASS


def test_nested_plans_are_read_whole() -> None:
    scan = {"Node Type": "Seq Scan", "Relation Name": "a"}
    bitmap = {"Node Type": "Bitmap Heap Scan", "Relation Name": "b", "Plans": [{"Index Name": "b_i"}]}
    top = {"Node Type": "Hash Join", "Total Cost": 1.0, "Actual Rows": 2.0, "Plans": [scan, bitmap]}
    facts = read_plan([{"Plan": top, "Execution Time": 3.0, "Planning Time": 1.0}]).facts
    assert facts.sets == {"seq_scan": frozenset({"a"}), "index": frozenset({"b_i"})}
    assert facts.known == {"seq_scan": frozenset({"a", "b"})}
    assert facts.words["time"] == (0.003,)


@pytest.mark.parametrize("document", [None, [], [{}], "text", [{"Plan": {}}]])
def test_what_is_no_plan_is_an_error(document: object) -> None:
    with pytest.raises(CouldNotDecideError, match="gave no plan"):
        read_plan(document)


def test_an_expectation_of_a_plan_is_judged_by_its_facts(tmp_path: Path, target: Target) -> None:
    item = make_item(tmp_path, "explain: SELECT id FROM vendors\nexpect: [no seq_scan, cost > 0]")
    found = ask(tmp_path, target, "explain: SELECT id FROM vendors\nexpect: cost > 0")
    held = [judge(expectation, found.facts).held for expectation in item.expectations]  # type: ignore[union-attr]
    assert held == [False, True]
