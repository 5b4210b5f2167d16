"""A run's leader and driver, without locust between them."""

import os
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from harness.evidence import Status
from harness.load_result import LoadVerdict
from harness.target import Target
from loadtests.console import MARK, progress_line, read_progress, summary_lines
from loadtests.driver import DONE, Driver
from loadtests.ending import Ending
from loadtests.identities import Identities
from loadtests.leader import Leader
from loadtests.options import make_job
from loadtests.summary import timeline
from loadtests.tests.conftest import StartServer
from loadtests.tests.driving import drive, drive_validly
from loadtests.tests.measured import always, measured
from loadtests.ticks import tick_of

pytestmark = pytest.mark.alone

TargetOf = Callable[..., Target]


def test_a_run_is_driven_gathered_and_judged(start_server: StartServer, target_of: TargetOf) -> None:
    target = target_of(start_server(), f"processes: [{os.getpid()}]")
    result = drive_validly(make_job(target, "search", duration=2, seed=4), workers=3)
    assert result.verdict is LoadVerdict.PASS
    whole = result.group()
    assert whole is not None
    assert (whole.asked, whole.count, whole.errors) == (200, 200, 0)
    assert [second.sent for second in result.timeline] == [100, 100]
    assert {criterion.status for criterion in result.criteria} == {Status.REHEARSED}
    assert len(result.processes) >= 2
    assert result.generator.workers == 3
    assert result.generator.connections > 0
    assert result.lateness.starts == 200
    assert (result.seed, result.seconds, result.partial) == (4, 2.0, "")


def test_a_death_is_a_failure_with_what_was_measured_before(
    start_server: StartServer, target_of: TargetOf
) -> None:
    result = drive(make_job(target_of(start_server("--die-at", "60")), "search", duration=60))
    assert result.verdict is LoadVerdict.FAIL
    assert "stopped answering" in result.partial
    assert result.seconds < 20
    assert result.timeline[0].served > 0
    assert len(result.timeline) < 20


def test_addresses_that_this_machine_has_not_are_no_fault_of_the_target(
    start_server: StartServer, target_of: TargetOf
) -> None:
    """Nothing can be sent from an address of others: that is seen before a packet leaves."""
    job = make_job(target_of(start_server()), "search", duration=1)
    foreign = Identities(job.identities.kind, ("192.0.2.1",))
    result = drive(replace(job, identities=foreign))
    whole = result.group()
    assert whole is not None
    assert set(whole.failures) == {"generator_eaddrnotavail"}
    assert result.verdict is LoadVerdict.INVALID
    assert {criterion.status for criterion in result.criteria} == {Status.INVALID}


def test_a_driver_that_breaks_ends_the_run(target_of: TargetOf) -> None:
    job = make_job(target_of("http://127.0.0.1:1"), "search", duration=1)
    broken = replace(job, plan=replace(job.plan, scenario=replace(job.plan.scenario, endpoints=())))
    leader, told = Leader(job, ()), []
    (order,) = leader.begin(["it"], 0.0)
    Driver(broken, lambda *message: told.append(message), lambda *_: None).drive(order)
    name, data = told[-1]
    assert name == DONE
    leader.done("it", msgspec.convert(data["ending"], Ending | None))
    assert leader.finished.is_set()
    result = leader.conclude()
    assert result.verdict is LoadVerdict.INVALID
    assert result.partial.startswith("the generator broke: IndexError")


def test_a_run_that_is_stopped_is_marked(target_of: TargetOf) -> None:
    leader = Leader(make_job(target_of("http://127.0.0.1:1"), "search"), ())
    leader.begin(["it"], 0.0)
    result = leader.conclude()
    assert result.partial.startswith("stopped after")
    assert result.verdict is LoadVerdict.UNDECIDED


def test_a_leader_can_begin_again(start_server: StartServer, target_of: TargetOf) -> None:
    job = make_job(target_of(start_server()), "search", duration=1)
    leader = Leader(job, ())
    for _ in range(2):
        leader.begin(["it"], 0.0)
        leader.merge(measured(job.plan, always(5.0)).to_message())
        leader.done("it", None)
        assert leader.finished.is_set()
        whole = leader.conclude().group()
        assert whole is not None
        assert whole.count == 100


def test_the_terminal_says_how_it_goes_and_how_it_ended(target_of: TargetOf) -> None:
    job = make_job(target_of("http://127.0.0.1:1"), "search", rehearsal=True)
    measurement = measured(job.plan, always(300.0))
    tick = tick_of(job.plan, measurement, range(2, 4))
    line = progress_line(tick, machine=False)
    assert "search (rehearsal)" in line
    assert "100.0 requests/s" in line
    assert "errors 0" in line
    assert read_progress(progress_line(tick, machine=True).removeprefix(MARK)) == tick
    assert "no answers yet" in str(tick_of(job.plan, measurement, range(90, 91)))
    leader = Leader(job, ())
    leader.begin(["it"], -8.0)
    leader.merge(measurement.to_message())
    leader.done("it", None)
    lines = summary_lines(leader.conclude())
    assert "search (rehearsal): FAIL: p95: p95 300.0 ms, expected p95 latency < 200 ms" in lines[0]
    assert "FAIL" in lines[1]
    assert "REHEARSED" in lines[2]
    assert lines[-1].endswith("note: A rehearsal: the rates of the full run, for seconds instead of minutes.")


def test_the_spike_is_in_the_timeline(target_of: TargetOf) -> None:
    job = make_job(target_of("http://127.0.0.1:1"), "spike", rehearsal=True)
    seconds = timeline(job.plan, measured(job.plan, always(5.0)))
    assert [second.phase for second in seconds][:1] == ["before"]
    assert max(second.asked for second in seconds) == 500
