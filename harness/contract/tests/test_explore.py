import importlib
from pathlib import Path

import pytest
from hypothesis import strategies as st

from harness.contract.client import NoAnswer
from harness.contract.diagnosis import ContractBroken
from harness.contract.explore import SHRINK_CHECKS, explore


def asked(seed: int) -> list[int]:
    seen: list[int] = []
    explore(st.integers(), seen.append, at=seed, examples=200)
    return seen


def test_the_same_seed_asks_the_same() -> None:
    assert asked(1) == asked(1)
    assert asked(1) != asked(2)


def test_no_constant_of_loaded_code_is_drawn(tmp_path: Path) -> None:
    """A checkout and a wheel, and whatever else is imported, ask the same."""
    before = asked(1)
    (tmp_path / "somebodys_code.py").write_text(f"NUMBERS = {list(range(7_000_000, 7_000_400))}")
    with pytest.MonkeyPatch.context() as path:
        path.syspath_prepend(tmp_path)
        importlib.import_module("somebodys_code")
        assert asked(1) == before


def test_a_failure_is_shrunk_and_counted() -> None:
    def check(number: int) -> None:
        if number >= 100:
            raise ContractBroken(f"{number} is too much")

    with pytest.raises(ContractBroken, match=r"^100 is too much") as caught:
        explore(st.integers(0, 10**6), check, at=1)
    assert " of " in caught.value.evidence["wrong"]


def test_silence_ends_it_at_once() -> None:
    calls: list[int] = []

    def check(number: int) -> None:
        calls.append(number)
        raise NoAnswer("dead")

    with pytest.raises(NoAnswer):
        explore(st.integers(), check, at=1)
    assert len(calls) == 1


def test_shrinking_is_bounded() -> None:
    calls: list[str] = []

    def check(text: list[int]) -> None:
        calls.append(str(text))
        if len(text) > 3:
            raise ContractBroken("long")

    with pytest.raises(ContractBroken):
        explore(st.lists(st.integers(0, 10**9), max_size=50), check, at=1, examples=50)
    assert len(calls) < SHRINK_CHECKS + 300


def test_an_answer_that_changes_its_mind_is_a_failure() -> None:
    calls: list[int] = []

    def check(number: int) -> None:
        calls.append(number)
        if len(calls) == 3:
            raise ContractBroken("only once")

    with pytest.raises(ContractBroken, match="only once"):
        explore(st.integers(), check, at=1)


def test_our_own_errors_are_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        explore(st.integers(), lambda number: print(number // 0), at=1)
