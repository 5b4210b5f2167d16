"""Several runs of one release and target are one; of two they are refused."""

from pathlib import Path

import msgspec
import pytest

from harness.errors import UsageError
from harness.evidence import Source, Status
from harness.requirements import Requirement
from reports.merge import merge
from reports.policy import Policy
from reports.tests.journals import SUBJECT, check, contract, load, plans_of, read_run, step
from reports.verdict import decide


def test_one_run_is_itself(tmp_path: Path) -> None:
    record = read_run(tmp_path / "a", [contract()])
    assert merge([record]) is record


def test_parts_and_observations_are_joined_oldest_first(tmp_path: Path) -> None:
    first = read_run(tmp_path / "a", [contract()], parts=(Source.CONTRACT,), phases=(step("contract", 0),))
    second = read_run(tmp_path / "b", [load()], parts=(Source.LOAD,), phases=(step("load", 3),))
    merged = merge([second, first])
    assert merged.header.about.run == "a+b"
    assert merged.header.about.parts == (Source.CONTRACT, Source.LOAD)
    assert [entry.source for entry in merged.entries] == [Source.CONTRACT, Source.LOAD]
    assert merged.footer.observations == 2
    assert merged.footer.seconds == 25.0
    assert [phase.name for phase in merged.footer.phases] == ["contract", "load (b)"]
    assert merged.digest not in (first.digest, second.digest)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (Status.REHEARSED, Status.PASS, Status.PASS),
        (Status.ERROR, Status.PASS, Status.PASS),
        (Status.PASS, Status.FAIL, Status.FAIL),
        (Status.FAIL, Status.PASS, Status.FAIL),
        (Status.STALE, Status.PASS, Status.STALE),
        (Status.PASS, Status.ERROR, Status.ERROR),
    ],
)
def test_a_failure_stays_and_the_rest_gives_way_to_the_newer(
    tmp_path: Path, before: Status, after: Status, kept: Status
) -> None:
    records = [read_run(tmp_path / "a", [load(before)]), read_run(tmp_path / "b", [load(after)])]
    (entry,) = merge(records).entries
    assert entry.status is kept


def test_one_rehearsal_or_interruption_colours_the_whole(tmp_path: Path) -> None:
    first = read_run(tmp_path / "a", [check()], rehearsal=True, outcome="interrupted")
    second = read_run(tmp_path / "b", [load()])
    merged = merge([first, second])
    assert merged.header.about.rehearsal
    assert merged.footer.outcome == "interrupted"


@pytest.mark.parametrize("field", ["name", "base_url", "release", "commit", "profile_digest"])
def test_different_subjects_are_refused(tmp_path: Path, field: str) -> None:
    other = msgspec.structs.replace(SUBJECT, **{field: "other"})
    records = [read_run(tmp_path / "a", [check()]), read_run(tmp_path / "b", [check()], subject=other)]
    with pytest.raises(UsageError, match=f"judge different things: {field} .* against {field} 'other'"):
        merge(records)


def test_a_missing_release_is_named(tmp_path: Path) -> None:
    other = msgspec.structs.replace(SUBJECT, release=None)
    records = [read_run(tmp_path / "a", [check()]), read_run(tmp_path / "b", [check()], subject=other)]
    with pytest.raises(UsageError, match="against no release"):
        merge(records)


def test_a_run_without_a_target_is_not_merged(tmp_path: Path) -> None:
    records = [read_run(tmp_path / "a", [check()]), read_run(tmp_path / "b", [check()], subject=None)]
    with pytest.raises(UsageError, match="names no target"):
        merge(records)


def test_a_step_that_its_observations_explain_is_no_finding_of_its_own(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    one = read_run(tmp_path / "one", [contract(), load()], command="contract")
    two = read_run(
        tmp_path / "two",
        [check(Status.ERROR, "pre-launch/page")],
        command="check",
        phases=(step("check", 3),),
    )
    verdict = decide(merge([one, two]), policy, requirements)
    assert not [finding.title for finding in verdict.open_items if "step" in finding.title]


@pytest.mark.parametrize("field", ["digest", "items"])
def test_runs_of_different_checklists_are_refused(tmp_path: Path, field: str) -> None:
    (plan,) = plans_of([check()])
    changed = {"digest": "d" * 64, "items": ()}[field]
    other = msgspec.structs.replace(plan, **{field: changed})
    records = [
        read_run(tmp_path / "a", [check()], plans=(plan,)),
        read_run(tmp_path / "b", [check()], plans=(other,)),
    ]
    with pytest.raises(
        UsageError, match=r"asked different checklists of pre-launch: c{12} against"
    ) as caught:
        merge(records)
    assert "\n" not in str(caught.value)


def test_one_checklist_asked_in_two_runs_and_another_phase_are_one_record(tmp_path: Path) -> None:
    observations = [check(), check(name="launch-day/x")]
    day, before = plans_of(observations)
    records = [
        read_run(tmp_path / "a", observations[:1], plans=(before,)),
        read_run(tmp_path / "b", observations[:1], plans=(before,)),
        read_run(tmp_path / "c", observations[1:], plans=(day,)),
        read_run(tmp_path / "d", [contract()]),
    ]
    assert merge(records).header.about.plans == (before, day)
