"""Hypothesis draws requests; what it finds is shrunk to the smallest request that goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from harness.contract.client import NoAnswer
from harness.contract.constants import without_local_constants
from harness.contract.diagnosis import ContractBroken

EXAMPLES = 60
EXAMPLES_OF_A_SINGLE_CLIENT = 4  # it has to wait for its allowance
SHRINK_CHECKS = 250

_T = TypeVar("_T")


@dataclass
class _Tally:
    """`failures` are by drawn value, as text; the last one found is the smallest."""

    checks: int = 0
    wrong: int = 0
    after_first: int = 0
    smallest: ContractBroken | None = None
    silent: NoAnswer | None = None


@dataclass(frozen=True, slots=True)
class Exploring:
    """Asks `examples` drawn questions, or a part of them, the same ones for the same seed."""

    seed: int
    examples: int

    def __call__(
        self, strategy: SearchStrategy[_T], check: Callable[[_T], None], *, share: float = 1.0
    ) -> None:
        explore(strategy, check, at=self.seed, examples=max(2, round(self.examples * share)))


def explore(
    strategy: SearchStrategy[_T], check: Callable[[_T], None], *, at: int, examples: int = EXAMPLES
) -> None:
    """Check drawn values, the same ones for the same seed `at`. Raises the smallest failure's diagnosis."""
    tally, failing = _Tally(), set[str]()

    def once(drawn: _T) -> None:
        if tally.silent or (tally.after_first > SHRINK_CHECKS and repr(drawn) not in failing):
            return
        tally.checks += 1
        tally.after_first += tally.smallest is not None
        try:
            check(drawn)
        except NoAnswer as error:
            tally.silent = error
            raise
        except ContractBroken as error:
            tally.wrong += 1
            tally.smallest = error
            failing.add(repr(drawn))
            raise

    run = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )(given(strategy)(once))
    try:
        with without_local_constants():
            seed(at)(run)()
    except Exception:
        if tally.silent:
            raise tally.silent from None
        if tally.smallest is None:
            raise
        tally.smallest.evidence["wrong"] = f"{tally.wrong} of {tally.checks} requests"
        raise tally.smallest from None
