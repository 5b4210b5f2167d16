from datetime import date
from pathlib import Path

import pytest

from harness.contract import verdicts
from harness.contract.diagnosis import ContractBroken, NotTestable, Traffic
from harness.contract.known import KnownFailure, read_known_failures
from harness.contract.levels import Level, choose, judged, level_of, possible
from harness.contract.verdicts import About, Executed
from harness.errors import CouldNotDecideError, DocumentError, NotAllowedError, UsageError
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.target import Capability, Target, read_target

TEST = About("seeded/search/test_x", ("API-02",))
TODAY = date(2026, 3, 1)


def profile(folder: Path, more: str = "", url: str = "http://127.0.0.1:1") -> Target:
    file = folder / "target.yaml"
    file.write_text(f"name: t\nbase_url: {url}\n{more}")
    return read_target(file)


@pytest.mark.parametrize(
    ("error", "in_body", "status"),
    [
        (ContractBroken("x"), True, Status.FAIL),
        (AssertionError("x"), True, Status.FAIL),
        (KeyError("vendors"), True, Status.FAIL),
        (TypeError("x"), True, Status.FAIL),
        (KeyError("vendors"), False, Status.ERROR),
        (NotTestable("x"), False, Status.NOT_TESTABLE),
        (CouldNotDecideError("x"), True, Status.ERROR),
        (OSError("x"), True, Status.ERROR),
    ],
)
def test_what_an_exception_means(error: Exception, in_body: bool, status: Status) -> None:
    assert verdicts.failed(TEST, error, in_body=in_body).status is status


def test_a_should_is_a_warning() -> None:
    about = About("x", (), should=True)
    assert verdicts.failed(about, ContractBroken("x"), in_body=True).status is Status.WARNING


def test_a_diagnosis_is_kept() -> None:
    error = ContractBroken("m", expected="e", observed="o", asked="curl x", reason="r")
    found = verdicts.failed(TEST, error, in_body=True)
    assert (found.message, found.expected, found.observed) == ("m", "e", "o")
    assert found.evidence == {"curl": "curl x", "reason": "r"}
    assert found.requirements == ("API-02",)


@pytest.mark.parametrize(
    ("passes", "expires", "status"),
    [
        (False, TODAY, Status.EXPECTED),
        (True, TODAY, Status.STALE),
        (False, date(2026, 2, 28), Status.FAIL),
        (True, date(2026, 2, 28), Status.STALE),
    ],
)
def test_known_failures(passes: bool, expires: date, status: Status) -> None:
    found = verdicts.passed(TEST, 0.1) if passes else verdicts.failed(TEST, ContractBroken("x"), in_body=True)
    known = KnownFailure(TEST.id, "being fixed", expires)
    restated = verdicts.against_known(found, known, TODAY)
    assert restated.status is status
    assert "being fixed" in restated.message


def test_a_known_failure_of_no_test_is_stale() -> None:
    known = [KnownFailure("seeded/a", "r", TODAY), KnownFailure("seeded/b", "r", TODAY)]
    assert [o.id for o in verdicts.unknown_entries(known, ["seeded/a"])] == ["run/known[seeded/b]"]


@pytest.mark.parametrize(
    ("statuses", "executed", "code"),
    [
        ([Status.PASS], 1, ExitCode.PASS),
        ([Status.PASS, Status.WARNING, Status.EXPECTED, Status.NOT_APPLICABLE], 1, ExitCode.PASS),
        ([], 0, ExitCode.UNDECIDED),
        ([Status.NOT_APPLICABLE], 0, ExitCode.UNDECIDED),
        ([Status.PASS, Status.ERROR], 1, ExitCode.UNDECIDED),
        ([Status.PASS, Status.ERROR, Status.FAIL], 1, ExitCode.FAIL),
        ([Status.PASS, Status.STALE], 1, ExitCode.FAIL),
        ([Status.PASS, Status.NOT_TESTABLE], 1, ExitCode.FAIL),
    ],
)
def test_exit_codes(statuses: list[Status], executed: int, code: ExitCode) -> None:
    found = [Observation(source=Source.CONTRACT, id=str(i), status=s) for i, s in enumerate(statuses)]
    assert verdicts.exit_code(found, executed=executed) is code


def test_a_declared_capability_without_a_test_is_not_testable(tmp_path: Path) -> None:
    target = profile(tmp_path, "capabilities: [search, cors, metrics]")
    executed = Executed(frozenset({Capability.CORS}), frozenset({Level.LIVE}), 5)
    found = verdicts.of_the_run(target, (Level.LIVE, Level.OPERATIONS), Traffic(), executed)
    assert {o.id for o in found} == {"run/capability[metrics]", "run/capability[search]"}
    only_live = verdicts.of_the_run(target, (Level.LIVE,), Traffic(), executed)
    assert {o.id for o in only_live} == {"run/capability[search]"}


def test_workers_without_a_test_are_not_testable(tmp_path: Path) -> None:
    executed = Executed(frozenset({Capability.SEARCH}), frozenset({Level.LIVE}), 5)
    found = verdicts.of_the_run(profile(tmp_path), (Level.WORKERS,), Traffic(), executed)
    assert [o.id for o in found] == ["run/workers"]


def test_an_operation_that_never_succeeds_fails_the_run(tmp_path: Path) -> None:
    traffic = Traffic()
    for operation, status in (
        ("GET /categories", 500),
        ("POST /search", 400),
        ("POST /search", 200),
        ("other", 404),
    ):
        traffic.note(operation, status)
    executed = Executed(frozenset({Capability.SEARCH}), frozenset(), 5)
    found = verdicts.of_the_run(profile(tmp_path), (Level.LIVE,), traffic, executed)
    assert [o.id for o in found] == ["run/operation[GET /categories]"]


@pytest.mark.parametrize(("limited", "fails"), [(1, False), (2, True)])
def test_more_than_one_answer_in_a_hundred_limited_fails_the_run(
    limited: int, fails: bool, tmp_path: Path
) -> None:
    traffic = Traffic()
    for number in range(100):
        traffic.note("GET /categories", 429 if number < limited else 200)
    executed = Executed(frozenset({Capability.SEARCH}), frozenset(), 5)
    found = verdicts.of_the_run(profile(tmp_path), (Level.LIVE,), traffic, executed)
    assert bool(found) is fails


def test_levels_follow_from_the_profile(tmp_path: Path) -> None:
    assert possible(profile(tmp_path)) == (Level.LIVE,)
    fixtures = "fixtures: {load: [cp, '{file}', x]}\n"
    assert possible(profile(tmp_path, fixtures)) == (Level.LIVE, Level.SEEDED)
    everything = fixtures + "workers: {aggregate_metrics: [x]}\ncapabilities: [search, cors]"
    assert possible(profile(tmp_path, everything)) == tuple(Level)


def test_levels_that_cannot_be_had_are_refused(tmp_path: Path) -> None:
    assert choose(profile(tmp_path), ["live"]) == (Level.LIVE,)
    with pytest.raises(UsageError, match="needs `fixtures`"):
        choose(profile(tmp_path), ["seeded"])
    with pytest.raises(UsageError, match="no level 'liv'"):
        choose(profile(tmp_path), ["liv"])


def test_data_off_loopback_is_replaced_only_where_that_is_allowed(tmp_path: Path) -> None:
    more = "fixtures: {load: [cp, '{file}', x]}\n"
    remote = profile(tmp_path, more, "http://staging.example")
    assert choose(remote, ["live"]) == (Level.LIVE,)
    for names in ([], ["seeded"]):
        with pytest.raises(NotAllowedError, match="load_data"):
            choose(remote, names)
    allowed = profile(tmp_path, more + "allow: [load_data]\n", "http://staging.example")
    assert Level.SEEDED in choose(allowed, [])


def test_of_chosen_tests_only_the_limiter_is_judged(tmp_path: Path) -> None:
    traffic = Traffic()
    traffic.note("GET /categories", 404)
    executed = Executed(frozenset({Capability.SEARCH}), frozenset({Level.LIVE}), 1)
    assert verdicts.of_the_run(profile(tmp_path), (Level.LIVE,), traffic, executed, whole=False) == []
    assert len(verdicts.of_the_run(profile(tmp_path), (Level.LIVE,), traffic, executed)) == 1


def test_where_search_is_not_tested_no_operation_has_to_succeed(tmp_path: Path) -> None:
    traffic = Traffic()
    traffic.note("GET /quick-search", 400)
    target = profile(tmp_path, "capabilities: [search, cors]")
    executed = Executed(frozenset({Capability.CORS}), frozenset({Level.OPERATIONS}), 5)
    assert verdicts.of_the_run(target, (Level.OPERATIONS,), traffic, executed) == []


def test_a_profile_without_capabilities_is_judged_by_search(tmp_path: Path) -> None:
    assert judged(profile(tmp_path)) == {Capability.SEARCH}
    assert judged(profile(tmp_path, "capabilities: [cors]")) == {Capability.CORS}


def test_levels_of_files() -> None:
    assert level_of(Level.SEEDED.folder / "test_search.py") is Level.SEEDED
    assert level_of(Path(__file__)) is None


def test_known_failures_are_read(tmp_path: Path) -> None:
    file = tmp_path / "known.yaml"
    file.write_text("- {test: seeded/a, reason: later, expires: 2026-12-31}\n")
    assert read_known_failures(file)["seeded/a"].expires == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1", "must be a list"),
        ("- a", "must be {test"),
        ("- {test: a, reason: b}", "'expires' is missing"),
        ("- {test: a, reason: b, expires: soon}", "must be a day"),
        ("- {test: a, reason: '', expires: 2026-12-31}", "must be text"),
        ("- {test: a, reason: b, until: 2026-12-31}", "did you mean|known"),
        ("- {test: a, reason: b, expires: 2026-12-31}\n- {test: a, reason: b, expires: 2026-12-31}", "twice"),
    ],
)
def test_wrong_files_of_known_failures(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "known.yaml"
    file.write_text(text)
    with pytest.raises(DocumentError, match=says):
        read_known_failures(file)
