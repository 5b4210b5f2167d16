"""What a missed limit leaves behind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from harness.load_result import LoadResult
from harness.target import Target
from loadtests.criteria import FILE
from loadtests.drafts import drafted_issues, summary_page
from loadtests.generator import Order
from loadtests.leader import Leader
from loadtests.options import make_job
from loadtests.tables import timeline_csv
from loadtests.tests.measured import always, measured

TargetOf = Callable[..., Target]
ORDER = Order(
    scenario="search",
    profile=Path("target.yaml"),
    criteria=FILE,
    seed=7,
    arrivals="constant",
    rehearsal=True,
)


def _result(target: Target, latency: float | None) -> LoadResult:
    job = make_job(target, "search", rehearsal=True, seed=11)
    leader = Leader(job, ())
    leader.begin(["it"], -8.0)
    leader.merge(measured(job.plan, always(latency)).to_message())
    leader.done("it", None)
    return leader.conclude()


def test_a_missed_limit_is_drafted_as_an_issue_with_evidence(target_of: TargetOf) -> None:
    target = target_of("http://127.0.0.1:1", "release: {name: v9, commit: abc}")
    issues = drafted_issues(_result(target, 300.0), ORDER.repeated(11))
    assert set(issues) == {"p95"}
    text = issues["p95"]
    assert text.startswith("# search: p95 latency < 200 ms, observed p95 300.0 ms\n")
    assert "release v9, abc" in text
    assert "serving takes 150.0 ms" in text
    assert "| search | steady | 800 | 0 | 300.0 | 300.0 | 300.0 | 150.0 |" in text
    assert text.endswith("\n    launchkit load search --target PROFILE --seed 11 --rehearsal\n")


def test_what_repeats_a_run_has_all_that_the_run_was_asked_for() -> None:
    order = replace(
        ORDER,
        criteria=Path("my limits.yaml"),
        arrivals="poisson",
        rehearsal=False,
        rate=20.5,
        duration=5.0,
        connections=3,
    )
    assert order.repeated(12) == (
        "launchkit load search --target PROFILE --seed 12 --arrivals poisson --criteria 'my limits.yaml' "
        "--rate 20.5 --duration 5.0 --connections 3"
    )


def test_a_database_that_cannot_be_asked_is_said_to_be_so(target_of: TargetOf) -> None:
    target = target_of("http://127.0.0.1:1", "database_url: postgresql://shop@127.0.0.1:1/shop")
    assert "- database: pg_stat_statements cannot be read: its database says: " in summary_page(
        _result(target, 10.0)
    )


def test_the_page_has_the_runs_notes(target_of: TargetOf) -> None:
    page = summary_page(_result(target_of("http://127.0.0.1:1"), 10.0))
    assert "\n- A rehearsal: the rates of the full run" in page


def test_kept_limits_leave_nothing(target_of: TargetOf) -> None:
    assert drafted_issues(_result(target_of("http://127.0.0.1:1"), 10.0), "") == {}


def test_a_silent_target_says_why_nothing_is_known(target_of: TargetOf) -> None:
    result = _result(target_of("http://127.0.0.1:1"), None)
    text = drafted_issues(result, "")["errors"]
    assert "- failures: 800 × connection_refused\n" in text
    assert "| – |" in text


def test_the_timeline_is_a_table(target_of: TargetOf) -> None:
    lines = timeline_csv(_result(target_of("http://127.0.0.1:1"), 10.0)).splitlines()
    assert lines[0] == "t,phase,asked,sent,served,errors,p50,p95,p99,service_p95,mode"
    assert lines[1].startswith("0,steady,100,100,100,0,10.0")
    assert len(lines) == 9
    assert all(line.endswith(",rehearsal") for line in lines[1:])
    assert (
        timeline_csv(_result(target_of("http://127.0.0.1:1"), None))
        .splitlines()[1]
        .endswith(",,,,,rehearsal")
    )
