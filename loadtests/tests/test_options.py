"""What stands on locust's command line."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import LaunchkitError, NotAllowedError
from harness.load_result import Mode
from harness.target import Target
from loadtests.criteria import FILE
from loadtests.options import Job, add_options, make_job, read_job
from loadtests.tests.conftest import MakeProfile


def _read(*arguments: object, **locusts_own: object) -> Job:
    parser = argparse.ArgumentParser()
    add_options(parser)
    options = parser.parse_args([str(argument) for argument in arguments])
    for name, value in {"num_users": None, "spawn_rate": None, "run_time": None, **locusts_own}.items():
        setattr(options, name, value)
    return read_job(options)


def test_a_job_is_read_whole(make_profile: MakeProfile, tmp_path: Path) -> None:
    profile, out = make_profile("http://127.0.0.1:1"), tmp_path / "out.json"
    job = _read("--target", profile, "--scenario", "spike", "--rehearsal", "--seed", 7, "--out", out)
    assert (job.plan.scenario.name, job.plan.mode, job.plan.seed) == ("spike", Mode.REHEARSAL, 7)
    assert (job.out, job.target.base_url) == (out, "http://127.0.0.1:1")
    assert {criterion.id for criterion in job.criteria} == {"recovery", "errors-after", "no-out-of-memory"}


def test_each_run_has_other_client_addresses_unless_told(make_profile: MakeProfile) -> None:
    needed = ("--target", make_profile("http://127.0.0.1:1"), "--scenario", "search")
    one, two, same = _read(*needed), _read(*needed), _read(*needed, "--offset", 5)
    assert one.identities != two.identities
    assert same.identities == _read(*needed, "--offset", 5).identities


def test_only_limits_that_differ_are_ones_own(make_profile: MakeProfile, tmp_path: Path) -> None:
    needed = ("--target", make_profile("http://127.0.0.1:1"), "--scenario", "search")
    same, wider = tmp_path / "same.yaml", tmp_path / "wider.yaml"
    same.write_text(FILE.read_text())
    wider.write_text(FILE.read_text().replace("below_ms: 200", "below_ms: 2000"))
    assert _read(*needed, "--criteria", same).plan.mode is Mode.FULL
    assert _read(*needed, "--criteria", wider).plan.mode is Mode.CUSTOM


@pytest.mark.parametrize(
    ("arguments", "locusts_own", "message"),
    [
        ([], {"num_users": 5}, "-u and -r have no meaning"),
        ([], {"spawn_rate": 5.0}, "-u and -r have no meaning"),
        ([], {"run_time": 5}, "use --duration"),
        (["--arrivals", "bursts"], {}, "constant or poisson"),
        (["--rehearsal", "--rate", "1"], {}, "--rehearsal has the rates of the full run"),
        (["--rate", "-3"], {}, "--rate -3 makes no sense"),
    ],
)
def test_what_makes_no_sense_is_refused(
    make_profile: MakeProfile, arguments: list[str], locusts_own: dict[str, object], message: str
) -> None:
    needed = ("--target", make_profile("http://127.0.0.1:1"), "--scenario", "search")
    with pytest.raises(LaunchkitError, match=message):
        _read(*needed, *arguments, **locusts_own)


def test_target_and_scenario_are_needed(make_profile: MakeProfile) -> None:
    for arguments in (["--scenario", "search"], ["--target", make_profile("http://127.0.0.1:1")]):
        with pytest.raises(LaunchkitError, match="are needed; known: search, featured, spike"):
            _read(*arguments)


def test_a_target_off_loopback_needs_permission(target_of: Callable[..., Target]) -> None:
    with pytest.raises(NotAllowedError, match=r"allow: \[load_test\]"):
        make_job(target_of("http://192.0.2.1", "client_identity: forwarded"), "search")
    allowed = target_of("http://192.0.2.1", "client_identity: forwarded", "allow: [load_test]")
    assert make_job(allowed, "search").identities.headers(0)
