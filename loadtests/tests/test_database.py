"""What the target's database did while it was loaded."""

from collections.abc import Callable, Iterator

import pytest

from harness.errors import CouldNotDecideError
from harness.load_result import DatabaseUse, Statement
from harness.statements import Counted, Statements
from harness.target import Target
from loadtests.database import DatabaseWatch

TargetOf = Callable[..., Target]
URL = "postgresql://user:much-secret@127.0.0.1:1/shop"


@pytest.fixture
def target(target_of: TargetOf) -> Target:
    return target_of("http://127.0.0.1:1", f"database_url: {URL}")


def watched(target: Target, *readings: Statements) -> DatabaseUse | None:
    ready: Iterator[Statements] = iter(readings)
    watch = DatabaseWatch(target, lambda _: next(ready))
    watch.start()
    return watch.settle()


def test_the_difference_is_told_the_longest_first(target: Target) -> None:
    before = {1: Counted("SELECT a", 100, 5.0), 2: Counted("SELECT b", 7, 1.0)}
    after = {**before, 1: Counted("SELECT a", 150, 6.0), 3: Counted("insert into\n  c", 1, 2.0)}
    assert watched(target, before, after) == DatabaseUse(
        seconds=3.0,
        calls=51,
        statements=(
            Statement(text="insert into c", calls=1, seconds=2.0),
            Statement(text="SELECT a", calls=50, seconds=1.0),
        ),
    )


def test_what_was_set_back_meanwhile_counts_from_zero(target: Target) -> None:
    used = watched(target, {1: Counted("SELECT a", 100, 5.0)}, {1: Counted("SELECT a", 10, 0.5)})
    assert used is not None
    assert (used.calls, used.seconds) == (10, 0.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ALTER ROLE shop PASSWORD 'much-secret'", "ALTER …"),
        ("<insufficient privilege>", "<insufficient privilege>"),
        ("/* it */ CREATE ROLE shop PASSWORD 'much-secret'", "another statement"),
        ("", "another statement"),
    ],
)
def test_only_texts_that_the_database_keeps_without_values_are_told(
    target: Target, text: str, told: str
) -> None:
    used = watched(target, {}, {1: Counted(text, 1, 1.0)})
    assert used is not None
    assert [statement.text for statement in used.statements] == [told]


def test_five_are_told_and_none_that_did_not_run(target: Target) -> None:
    before = {9: Counted("SELECT 9", 5, 9.0)}
    many = {n: Counted(f"SELECT {n}", 1, float(n)) for n in range(1, 9)}
    used = watched(target, before, before | many)
    assert used is not None
    assert [statement.text[-1] for statement in used.statements] == ["8", "7", "6", "5", "4"]


def test_a_profile_without_a_database_has_nothing(target_of: TargetOf) -> None:
    assert watched(target_of("http://127.0.0.1:1")) is None


def test_why_it_cannot_be_read_is_told_without_its_password(target: Target) -> None:
    def refuse(url: str) -> Statements:
        raise CouldNotDecideError(f"{url} is away", hint="start it")

    watch = DatabaseWatch(target, refuse)
    watch.start()
    used = watch.settle()
    assert used is not None
    assert "is away (start it)" in used.missing
    assert "much-secret" not in used.missing
