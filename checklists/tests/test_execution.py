from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from checklists.execution import Clock
from checklists.expectations import Facts
from checklists.model import Answer, Context, Item, NoAnswer, When
from checklists.tests.support import make_executor, make_item, make_target
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target


@dataclass
class Scripted:
    """A probe that gives one prepared answer after the other, the last one for ever."""

    answers: list[Answer | NoAnswer | Exception]
    clients: list[object] = field(default_factory=list)

    def asked(self, target: Target) -> str:
        return f"scripted, of {target.name}"

    def ask(self, context: Context) -> Answer | NoAnswer:
        self.clients.append(context.client)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Time:
    """A clock that only moves when someone waits."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.pause)


def exits(code: int) -> Answer:
    return Answer(Facts(words={"exit": (code,)}))


@pytest.fixture
def item(tmp_path: Path) -> Item:
    return make_item(tmp_path, "run: [python]\nexpect: exit = 0")


@pytest.fixture
def time() -> Time:
    return Time()


Run = Callable[..., tuple[Status, list[Status], str]]


@pytest.fixture
def run(tmp_path: Path, item: Item, time: Time) -> Run:
    def ask(*answers: Answer | NoAnswer | Exception, **changes: object) -> tuple[Status, list[Status], str]:
        changed = replace(item, probe=Scripted(list(answers)), **changes)  # type: ignore[arg-type]
        outcome = make_executor(tmp_path, make_target(tmp_path), clock=time.clock())(changed)
        return outcome.status, [attempt.status for attempt in outcome.attempts], outcome.message

    return ask


def test_one_answer_that_holds_is_enough(run: Run, time: Time) -> None:
    assert run(exits(0)) == (Status.PASS, [Status.PASS], "")
    assert time.pauses == []


def test_what_does_not_hold_is_told(run: Run) -> None:
    assert run(exits(3)) == (Status.FAIL, [Status.FAIL], "expected exit = 0, but exit = 3")


def test_a_probe_that_cannot_decide_is_an_error(run: Run) -> None:
    assert run(CouldNotDecideError("nobody there"))[0] is Status.ERROR


def test_retries_stop_at_the_first_success_and_keep_every_attempt(run: Run) -> None:
    status, attempts, _ = run(exits(1), CouldNotDecideError("away"), exits(0), exits(1), retries=5)
    assert status is Status.PASS
    assert attempts == [Status.FAIL, Status.ERROR, Status.PASS]


def test_retries_end(run: Run) -> None:
    assert run(exits(1), retries=2)[1] == [Status.FAIL] * 3


def test_each_attempt_is_a_client_of_its_own(tmp_path: Path, item: Item, time: Time) -> None:
    probe = Scripted([exits(1), exits(1), exits(0)])
    executor = make_executor(tmp_path, make_target(tmp_path), clock=time.clock())
    executor(replace(item, probe=probe, retries=2))
    assert len(set(probe.clients)) == 3


def test_eventually_asks_until_it_holds(tmp_path: Path, run: Run, time: Time) -> None:
    eventually = make_item(
        tmp_path, "run: [python]\nexpect: exit = 0\neventually: {within: 10s, every: 2s}"
    ).eventually
    assert run(exits(1), exits(1), exits(0), eventually=eventually)[1] == [
        Status.FAIL,
        Status.FAIL,
        Status.PASS,
    ]
    assert time.pauses == [2.0, 2.0]


def test_eventually_is_not_for_ever(tmp_path: Path, run: Run, time: Time) -> None:
    eventually = make_item(
        tmp_path, "run: [python]\nexpect: exit = 0\neventually: {within: 10s, every: 2s}"
    ).eventually
    assert run(exits(1), eventually=eventually)[1] == [Status.FAIL] * 6
    assert time.now == 10.0


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.PENDING])
def test_nobody_is_asked_twice_for_what_only_a_person_can_settle(run: Run, status: Status) -> None:
    assert run(NoAnswer(status, "later"), retries=3) == (status, [status], "later")


def test_hold_goes_on_asking_until_the_time_is_over(run: Run, time: Time) -> None:
    status, attempts, _ = run(exits(0), hold=600.0)
    assert status is Status.PASS
    assert time.now == 600.0
    assert len(attempts) == 61


def test_hold_ends_at_the_first_sample_that_does_not_hold(run: Run, time: Time) -> None:
    status, attempts, _ = run(exits(0), exits(0), exits(1), exits(0), hold=600.0)
    assert status is Status.FAIL
    assert attempts == [Status.PASS, Status.PASS, Status.FAIL]
    assert time.now == 20.0


def test_nothing_is_held_that_never_was(run: Run, time: Time) -> None:
    assert run(exits(1), hold=600.0)[1] == [Status.FAIL]
    assert time.now == 0.0


def test_an_item_for_other_targets_is_skipped_with_its_reason(run: Run) -> None:
    status, _, message = run(exits(1), when=When("console_url", "there is no console"))
    assert status is Status.SKIPPED
    assert message == "no console_url in the profile: there is no console"


def test_a_shortened_run_is_at_most_rehearsed(run: Run) -> None:
    assert run(replace(exits(0), best=Status.REHEARSED))[0] is Status.REHEARSED
    assert run(replace(exits(1), best=Status.REHEARSED))[0] is Status.FAIL


def test_fail_beats_error(run: Run, tmp_path: Path) -> None:
    expectations = make_item(tmp_path, "run: [python]\nexpect: [exit = 0, stdout ~ x]").expectations
    assert run(exits(1), expectations=expectations)[0] is Status.FAIL
    assert run(exits(0), expectations=expectations)[0] is Status.ERROR


def test_without_expectations_nothing_passes(run: Run) -> None:
    assert run(exits(0), expectations=())[0] is Status.ERROR
