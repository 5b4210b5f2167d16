import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from checklists.decision import decide
from checklists.model import Item, Outcome, Phase, PhaseName, Severity
from checklists.runner import run_phase
from checklists.tests.support import make_checklist
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.exit_codes import ExitCode

ITEMS = "\n".join(f"- {name}: {{http: /, expect: status = 200}}" for name in ("A", "B", "C", "D"))


@pytest.fixture
def items(tmp_path: Path) -> dict[str, Item]:
    phase = make_checklist(tmp_path, ITEMS).phases[0]
    return {item.title: item for item in phase.items}


def giving(**statuses: Status) -> Callable[[Item], Outcome]:
    """Each item has the status that is given for it, else passes."""
    return lambda item: Outcome(item, statuses.get(item.title, Status.PASS), "")


def run(items: dict[str, Item], execute: Callable[[Item], Outcome], **options: object) -> dict[str, Outcome]:
    name = PhaseName(str(options.get("phase", "pre-launch")))
    width = int(str(options.get("width", 32)))
    outcomes = run_phase(Phase(name, tuple(items.values())), execute, width=width)
    return {outcome.item.title: outcome for outcome in outcomes}


def needing(items: dict[str, Item], **needs: str) -> dict[str, Item]:
    return {
        title: replace(item, needs=(f"pre-launch/{needs[title].lower()}",)) if title in needs else item
        for title, item in items.items()
    }


def test_every_item_has_an_outcome(items: dict[str, Item]) -> None:
    assert {title: o.status for title, o in run(items, giving(B=Status.FAIL)).items()} == {
        "A": Status.PASS,
        "B": Status.FAIL,
        "C": Status.PASS,
        "D": Status.PASS,
    }


@pytest.mark.parametrize("needs", [("a", "b"), ("b", "a"), ("a", "c")])
def test_of_several_obstacles_the_failure_is_told(items: dict[str, Item], needs: tuple[str, ...]) -> None:
    waiting = needing(items, C="b")
    waiting["D"] = replace(items["D"], needs=tuple(f"pre-launch/{need}" for need in needs))
    outcomes = run(waiting, giving(A=Status.PENDING, B=Status.FAIL))
    assert "pre-launch/b" in outcomes["D"].blocked_by
    assert decide(outcomes.values(), rehearsal=False) is ExitCode.FAIL


def test_items_run_beside_each_other(items: dict[str, Item]) -> None:
    together = threading.Barrier(4)

    def meet(item: Item) -> Outcome:
        together.wait(timeout=10)
        return Outcome(item, Status.PASS, "")

    assert len(run(items, meet)) == 4


def test_no_more_than_the_width_at_once(items: dict[str, Item]) -> None:
    three, met = threading.Barrier(3), []

    def meet(item: Item) -> Outcome:
        with contextlib.suppress(threading.BrokenBarrierError):
            met.append(three.wait(timeout=0.2))
        return Outcome(item, Status.PASS, "")

    assert len(run(items, meet, width=2)) == 4
    assert met == []


def test_a_need_is_decided_before_what_needs_it(items: dict[str, Item]) -> None:
    order: list[str] = []

    def note(item: Item) -> Outcome:
        order.append(item.title)
        return Outcome(item, Status.PASS, "")

    run(needing(items, A="D", D="C"), note)
    assert order.index("C") < order.index("D") < order.index("A")


@pytest.mark.parametrize("status", [Status.FAIL, Status.ERROR, Status.PENDING, Status.SKIPPED])
def test_what_needs_something_that_did_not_pass_is_blocked(items: dict[str, Item], status: Status) -> None:
    asked: list[str] = []

    def note(item: Item) -> Outcome:
        asked.append(item.title)
        return giving(A=status)(item)

    outcomes = run(needing(items, B="A", C="B"), note)
    assert outcomes["B"].status is Status.BLOCKED
    assert outcomes["C"].status is Status.BLOCKED
    assert outcomes["B"].blocked_by == ("pre-launch/a",)
    assert outcomes["C"].blocked_by == ("pre-launch/b", "pre-launch/a")
    assert outcomes["B"].message == f"it waits for pre-launch/a, which is {status}"
    assert set(asked) == {"A", "D"}


def test_a_crash_is_its_own_items_error(items: dict[str, Item]) -> None:
    def crash(item: Item) -> Outcome:
        if item.title == "A":
            raise ZeroDivisionError("division by zero")
        if item.title == "B":
            raise CouldNotDecideError("nobody there")
        return Outcome(item, Status.PASS, "")

    outcomes = run(items, crash)
    assert outcomes["A"].status is Status.ERROR
    assert outcomes["A"].message == "the probe crashed: ZeroDivisionError: division by zero"
    assert outcomes["B"].message == "nobody there"
    assert outcomes["C"].status is Status.PASS


def test_an_item_that_never_ends_is_given_up(items: dict[str, Item]) -> None:
    released = threading.Event()

    def hang(item: Item) -> Outcome:
        if item.title == "A":
            released.wait(timeout=30)
        return Outcome(item, Status.PASS, "")

    hasty = {**items, "A": replace(items["A"], timeout=-4.9)}  # 5 s of grace
    waiting = needing(hasty, D="A")
    outcomes = run(waiting, hang)
    assert outcomes["A"].status is Status.ERROR
    assert "did not end within" in outcomes["A"].message
    assert outcomes["D"].status is Status.BLOCKED
    released.set()


def test_an_ordered_phase_keeps_its_order_and_stops_at_a_blocker(items: dict[str, Item]) -> None:
    asked: list[str] = []

    def note(item: Item) -> Outcome:
        asked.append(item.title)
        return giving(B=Status.FAIL)(item)

    outcomes = run(items, note, phase="launch-day")
    assert asked == ["A", "B"]
    assert [outcome.status for outcome in outcomes.values()] == [
        Status.PASS,
        Status.FAIL,
        Status.BLOCKED,
        Status.BLOCKED,
    ]
    assert outcomes["D"].blocked_by == ("pre-launch/b",)


@pytest.mark.parametrize("status", [Status.PENDING, Status.SKIPPED])
def test_an_ordered_phase_goes_on_after_what_is_merely_open(items: dict[str, Item], status: Status) -> None:
    assert run(items, giving(B=status), phase="launch-day")["D"].status is Status.PASS


def test_an_ordered_phase_goes_on_after_a_lesser_failure(items: dict[str, Item]) -> None:
    lesser = {**items, "B": replace(items["B"], severity=Severity.MAJOR)}
    assert run(lesser, giving(B=Status.FAIL), phase="launch-day")["D"].status is Status.PASS
