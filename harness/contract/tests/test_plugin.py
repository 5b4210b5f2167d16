"""The suite as its users call it, against toy targets that are each wrong in one way, or not."""

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from harness.cli import run as command
from harness.contract.levels import FOLDER
from harness.contract.paths import FEATURED, VENDORS
from harness.contract.tests.toy import Document, Twist, straight, toy
from harness.evidence import Source, Status
from harness.exit_codes import ExitCode
from harness.journal import About, Entry, Journal, follow

FEATURED_TESTS = "seeded/test_featured.py"
ORDER_TESTS = "seeded/test_sort.py"


@dataclass(frozen=True)
class Outcome:
    code: int
    said: str
    found: tuple[Entry, ...]

    def statuses(self) -> dict[str, Status]:
        return {entry.id: entry.status for entry in self.found}


def judge(folder: Path, profile: Path, *arguments: str, tests: tuple[str, ...] = ()) -> Outcome:
    run = folder / f"run-{len(list(folder.iterdir()))}"
    about = About(
        run="r",
        command="contract",
        environment="existing",
        rehearsal=False,
        subject=None,
        parts=(Source.CONTRACT,),
        seed=1,
        version="0",
    )
    Journal.create(run, about)
    said = StringIO()
    call = [
        *("-q", "-p", "no:cacheprovider", f"--config-file={os.devnull}", f"--rootdir={FOLDER}"),
        *("--import-mode=importlib", "--target", str(profile), "--seed", "1", "--run", str(run)),
        *arguments,
        *[str(FOLDER / test) for test in tests],
    ]
    with redirect_stdout(said), redirect_stderr(said):
        code = int(pytest.main(call))
    return Outcome(code, said.getvalue(), tuple(follow(run)))


def with_toy(folder: Path, twist: Twist, *arguments: str, tests: tuple[str, ...], more: str = "") -> Outcome:
    with toy(folder / "toy", twist) as profile:
        profile.write_text(profile.read_text() + more)
        return judge(folder, profile, *arguments, tests=tests)


def reversed_featured(path: str, document: Document) -> tuple[int, Any] | None:
    if path.endswith("/featured"):
        document["vendors"] = document["vendors"][::-1]
    return None


def test_a_right_target_passes(tmp_path: Path) -> None:
    tests = (FEATURED_TESTS, ORDER_TESTS, "seeded/test_quick_search.py", "live/test_order.py")
    outcome = with_toy(tmp_path, straight, tests=tests)
    assert outcome.code == 0, outcome.said
    assert set(outcome.statuses().values()) == {Status.PASS}
    assert "seeded/sort/test_order_of_all[popular-all]" in outcome.statuses()
    order = [entry.id.partition("/")[0] for entry in outcome.found]
    assert order == sorted(order)  # live before seeded
    entry = next(entry for entry in outcome.found if entry.id.startswith("seeded/featured"))
    assert entry.requirements == ("API-07",)


def test_a_wrong_target_fails_with_a_diagnosis(tmp_path: Path) -> None:
    outcome = with_toy(tmp_path, reversed_featured, tests=(FEATURED_TESTS,))
    assert outcome.code == 1
    assert outcome.statuses()["seeded/featured/test_order_and_limit[1]"] is Status.PASS
    failed = next(entry for entry in outcome.found if entry.id.endswith("[20]"))
    assert failed.status is Status.FAIL
    assert failed.expected != failed.observed
    assert "curl" in failed.evidence["curl"]
    assert "API-07: featured vendors come ordered by featured_order and respect limit" in outcome.said
    assert "Traceback" not in outcome.said


def test_a_bare_assertion_and_an_odd_shape_tell_their_request(tmp_path: Path) -> None:
    def shapeless(path: str, document: Document) -> tuple[int, Any] | None:
        return (200, {"vendors": None}) if path == FEATURED else None

    more = "capabilities: [search, conditional_requests]\n"
    outcome = with_toy(
        tmp_path,
        shapeless,
        "-k",
        "an_error_is_never_304 or whoever_is_listed",
        tests=("operations/test_conditional.py", "live/test_relations.py"),
        more=more,
    )
    failed = {found.id: found for found in outcome.found if found.status is Status.FAIL}
    bare = failed["operations/conditional/test_an_error_is_never_304"]
    odd = failed["live/relations/test_whoever_is_listed_is_there"]
    assert "assert" in bare.message
    assert "TypeError" in odd.message
    assert "vendors?limit=0" in bare.evidence["curl"]
    assert "last of all HTTP 200" in odd.observed
    assert odd.evidence["curl"].startswith("curl ")


def test_a_seed_gives_the_same_verdict_again(tmp_path: Path) -> None:
    def without_hyphens(path: str, document: Document) -> tuple[int, Any] | None:
        if "quick-search" in path:
            document["results"] = document["results"][:4]
        return None

    tests = ("seeded/test_quick_search.py",)
    one = with_toy(tmp_path, without_hyphens, "-k", "any_prefix", tests=tests)
    two = with_toy(tmp_path, without_hyphens, "-k", "any_prefix", tests=tests)
    assert one.code == two.code == 1
    assert [(e.message, e.expected) for e in one.found] == [(e.message, e.expected) for e in two.found]
    assert " of " in one.found[0].evidence["wrong"]


def test_known_failures_are_expected_and_stale_ones_fail(tmp_path: Path) -> None:
    known = tmp_path / "toy" / "known.yaml"
    known.parent.mkdir()
    entry = "- {{test: 'seeded/featured/test_order_and_limit[{}]', reason: later, expires: 2999-01-01}}\n"
    more = "expected_failures: known.yaml\n"
    known.write_text("".join(entry.format(n) for n in (None, 2, 9, 10, 11, 19, 20)))
    outcome = with_toy(tmp_path, reversed_featured, tests=(FEATURED_TESTS,), more=more)
    assert outcome.code == 0, outcome.said
    assert list(outcome.statuses().values()).count(Status.EXPECTED) == 7
    known.write_text(known.read_text() + entry.format(1))
    outcome = with_toy(tmp_path, reversed_featured, tests=(FEATURED_TESTS,), more=more)
    assert outcome.code == 1
    assert outcome.statuses()["seeded/featured/test_order_and_limit[1]"] is Status.STALE


def test_a_target_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with toy(tmp_path / "toy") as profile:
        pass
    outcome = judge(tmp_path, profile)
    assert outcome.code == 3
    assert outcome.said.count("does not answer") == 1
    assert [(e.id, e.status) for e in outcome.found] == [("run/target", Status.ERROR)]


def test_a_target_that_dies_midway_fails(tmp_path: Path) -> None:
    outcome = _dying(tmp_path)
    assert outcome.code == 1
    assert "the target died" in outcome.said
    assert outcome.statuses()["run/target"] is Status.FAIL
    assert Status.BLOCKED in outcome.statuses().values()


def _dying(folder: Path) -> Outcome:
    """A toy in a process of its own, which ends itself after a few answers."""
    program = (
        "import os, sys, time\nfrom pathlib import Path\nfrom harness.contract.tests.toy import toy\n"
        "asked = []\n"
        "def twist(path, document):\n"
        "    asked.append(path)\n"
        "    if len(asked) > 20: os._exit(0)\n"
        "with toy(Path(sys.argv[1]), twist) as profile:\n"
        "    print(profile, flush=True)\n"
        "    time.sleep(60)\n"
    )
    arguments = [sys.executable, "-c", program, str(folder / "toy")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        profile = Path(process.stdout.readline().strip())
        try:
            return judge(folder, profile, tests=(ORDER_TESTS,))
        finally:
            process.kill()


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>hello</html>"), (500, b"oops"), (200, b"[1, 2]")])
def test_rubbish_is_one_line(status: int, body: bytes, tmp_path: Path) -> None:
    def rubbish(path: str, document: Document) -> tuple[int, Any]:
        return status, body

    outcome = with_toy(tmp_path, rubbish, tests=(FEATURED_TESTS,))
    assert outcome.code == 1
    assert outcome.said.count("nothing of the contract") == 1
    assert list(outcome.statuses()) == ["run/fixtures", "run/target"]


def test_an_empty_target_cannot_be_judged(tmp_path: Path) -> None:
    with toy(tmp_path / "toy") as profile:
        lines = profile.read_text().splitlines()
        profile.write_text("\n".join(line for line in lines if not line.startswith("fixtures")))
        outcome = judge(tmp_path, profile)
    assert outcome.code == 3
    assert outcome.said.count("holds no vendor") == 1


def test_a_loader_that_fails_is_said_once(tmp_path: Path) -> None:
    with toy(tmp_path / "toy") as profile:
        profile.write_text(profile.read_text().replace("cp,", "ls, /nowhere,"))
        outcome = judge(tmp_path, profile)
    assert outcome.code == 1
    assert outcome.statuses()["run/fixtures"] is Status.NOT_TESTABLE
    assert len(outcome.found) == 2


def test_a_preloaded_data_set_must_be_there(tmp_path: Path) -> None:
    with toy(tmp_path / "toy") as profile:
        text = profile.read_text().replace('load: [cp, "{file}", data.json]', "preloaded: other.json")
        profile.write_text(text)
        assert command(["dataset", "--out", str(tmp_path / "toy" / "other.json")]) is ExitCode.PASS
        absent = judge(tmp_path, profile, tests=(FEATURED_TESTS,))
        (tmp_path / "toy" / "other.json").rename(tmp_path / "toy" / "data.json")
        profile.write_text(text.replace("other.json", "data.json"))
        present = judge(tmp_path, profile, tests=(FEATURED_TESTS,))
    assert absent.code == 1
    assert "does not show it" in absent.said
    assert present.code == 0


@pytest.mark.parametrize(
    ("profile", "arguments", "code", "says"),
    [
        ("name: t\nbase_url: http://127.0.0.1:1\nbogus: 1\n", (), 2, "bogus"),
        ("name: t\nbase_url: http://127.0.0.1:1\n", ("--level", "seeded"), 2, "needs `fixtures`"),
        ("name: t\nbase_url: http://127.0.0.1:1\n", ("--level", "sedeed"), 2, "no level"),
        ("name: t\nbase_url: http://127.0.0.1:1\n", ("-k", "no_such_test"), 3, "deselected"),
    ],
)
def test_wrong_calls(profile: str, arguments: tuple[str, ...], code: int, says: str, tmp_path: Path) -> None:
    file = tmp_path / "target.yaml"
    file.write_text(profile)
    outcome = judge(tmp_path, file, *arguments)
    assert outcome.code == code
    assert says in outcome.said
    assert "Traceback" not in outcome.said


def test_a_capability_that_is_not_declared_is_not_applicable(tmp_path: Path) -> None:
    more = "capabilities: [cors]\ncors: {allowed: 'http://a.example', denied: 'http://b.example'}\n"
    outcome = with_toy(tmp_path, straight, tests=(FEATURED_TESTS,), more=more)
    assert Status.NOT_APPLICABLE in outcome.statuses().values()
    undeclared = "search, rate_limit, conditional_requests, health_endpoints, metrics"
    assert f"launchkit: not judged (not declared): {undeclared}\n" in outcome.said
    assert outcome.statuses()["run/capability[cors]"] is Status.NOT_TESTABLE
    assert outcome.code == 1


@pytest.mark.parametrize(
    ("arguments", "code"), [((), 1), (("--level=seeded",), 0), (("-k", "test_order_and_limit"), 0)]
)
def test_workers_that_cannot_be_driven_are_not_passed_over(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    with toy(tmp_path / "toy") as profile:
        assert command(["dataset", "--out", str(tmp_path / "toy" / "data.json")]) is ExitCode.PASS
        text = profile.read_text().replace('load: [cp, "{file}", data.json]', "preloaded: data.json")
        profile.write_text(text + "workers: {aggregate_metrics: ['true']}\n")
        outcome = judge(tmp_path, profile, *arguments, tests=(FEATURED_TESTS,))
    assert outcome.code == code, outcome.said
    assert (outcome.statuses().get("run/workers") is Status.NOT_TESTABLE) is bool(code)


def test_an_operation_that_never_succeeds_fails_the_run(tmp_path: Path) -> None:
    def broken(path: str, document: Document) -> tuple[int, Any] | None:
        if path.startswith(f"{VENDORS}/") and not path.endswith("featured"):
            return 404, {"error": "not_found", "message": "no"}
        return None

    outcome = with_toy(tmp_path, broken, tests=("seeded/test_health_history.py", FEATURED_TESTS))
    assert outcome.code == 1
    assert outcome.statuses()["run/fixtures"] is Status.NOT_TESTABLE or "never succeeded" in outcome.said


def test_without_a_target_the_suite_is_not_there() -> None:
    with redirect_stdout(StringIO()):
        code = pytest.main(["-q", "-p", "no:cacheprovider", str(FOLDER / "seeded")])
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED
