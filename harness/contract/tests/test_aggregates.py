"""What two rounds of an aggregator may show, judged without a target."""

from datetime import UTC, datetime

import pytest

from harness.contract.workers.aggregates import AggregateRound
from harness.contract.workers.test_aggregator import (
    test_a_second_round_updates_and_changes_no_figure as judge,
)
from harness.fixtures.dataset import Dataset

EARLIER, LATER = "2026-03-01T00:00:00Z", "2026-03-01T00:00:05Z"


def two_rounds(*updated: str | None) -> AggregateRound:
    """One vendor's details after each round, with what `updatedAt` is, or without it."""
    after, again = (
        {1: {"metrics": {"uptimePct": 99.5} | ({"updatedAt": moment} if moment else {})}}
        for moment in updated
    )
    return AggregateRound(
        dataset=Dataset(version=1, vendors=()),
        started=datetime(2026, 3, 1, tzinfo=UTC),
        before={},
        after=after,
        again=again,
        listed_before={},
        listed_after={},
        revalidated=None,
    )


@pytest.mark.parametrize("updated", [(EARLIER, LATER), (None, None)])
def test_a_date_of_the_figures_is_optional(updated: tuple[str | None, str | None]) -> None:
    judge(two_rounds(*updated))


@pytest.mark.parametrize("updated", [(EARLIER, EARLIER), (EARLIER, None), (None, LATER)])
def test_a_date_that_does_not_move_is_wrong(updated: tuple[str | None, str | None]) -> None:
    with pytest.raises(AssertionError, match="updatedAt"):
        judge(two_rounds(*updated))
