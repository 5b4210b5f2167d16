"""The one sentence of a verdict."""

from pathlib import Path
from typing import Any

import pytest

from harness.evidence import Observation, Status
from harness.requirements import Requirement
from reports.policy import Policy
from reports.tests.journals import check, contract, load, read_run
from reports.verdict import decide

FAIL = check(Status.FAIL, "x/y", evidence={"title": "Rollback tested"})
SKIPPED = check(Status.SKIPPED, "x/y")


def parts(requirements: tuple[Requirement, ...]) -> list[Observation]:
    everything = tuple(requirement.id for requirement in requirements)
    return [contract(requirements=everything), load(), check()]


@pytest.mark.parametrize(
    ("more", "run", "said"),
    [
        ([FAIL], {}, "1 finding stops the launch; first: Rollback tested."),
        ([FAIL, contract(Status.FAIL, "a/b/c")], {}, "2 findings stop the launch; first: Rollback tested."),
        ([], {}, "All 3 observations support the launch and nothing is open."),
        ([SKIPPED], {}, "Nothing stops the launch; 1 condition goes with it."),
        (
            [],
            {"rehearsal": True},
            "All that could be decided on this machine held; nothing stayed open before a release.",
        ),
        (
            [SKIPPED],
            {"rehearsal": True},
            "All that could be decided on this machine held; 1 item stays open before a release.",
        ),
        ([], {"outcome": "interrupted"}, "There is no decision: the run was cut short."),
        ([check(Status.ERROR, "X/y")], {}, "There is no decision: X/y."),
    ],
)
def test_it_says_what_was_decided_and_why(
    tmp_path: Path,
    policy: Policy,
    requirements: tuple[Requirement, ...],
    more: list[Observation],
    run: dict[str, Any],
    said: str,
) -> None:
    record = read_run(tmp_path / "run", [*parts(requirements), *more], **run)
    assert decide(record, policy, requirements).sentence == said


def test_what_held_ends_the_reasons(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    observations = [contract(), load(Status.REHEARSED), check(), check(Status.ERROR, "x/y")]
    record = read_run(tmp_path / "run", observations, rehearsal=True)
    assert [reason.title for reason in decide(record, policy, requirements).reasons][-3:] == [
        "The contract suite: 1 of 1 held",
        "The load run: 1 of 1 held, 1 of them only rehearsed",
        "The checklist: 1 of 2 held",
    ]
