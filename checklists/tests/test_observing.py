import hashlib
from pathlib import Path

from checklists.keeping import MAX_KEPT, Keeper
from checklists.model import Checklist, Outcome
from checklists.observing import observe
from checklists.probes.command import MAX_OUTPUT
from checklists.tests.support import make_checklist, make_executor, make_target
from harness.evidence import Observation, Source, Status
from harness.target import Target

SECRET = "hunter2hunter2"


def observed(folder: Path, keys: str, target: Target) -> Observation:
    indented = "".join(f"    {line}\n" for line in keys.strip("\n").splitlines())
    checklist: Checklist = make_checklist(folder, f"- The one:\n{indented}")
    outcome = make_executor(folder, target)(checklist.phases[0].items[0])
    return observe(outcome, checklist, Keeper(folder, target))


def test_what_reports_read_by_name_is_there(tmp_path: Path) -> None:
    keys = """
requirements: CHK-06
run: [python, -c, "print(3); exit(3)"]
expect: [exit = 0, stdout ~ 3]
severity: major
owner: database
fix: look again
"""
    observation = observed(tmp_path, keys, make_target(tmp_path))
    assert (observation.source, observation.id) == (Source.CHECKLIST, "pre-launch/the-one")
    assert observation.status is Status.FAIL
    assert observation.requirements == ("CHK-06",)
    assert observation.expected == "exit = 0; stdout ~ 3"
    assert observation.observed == 'exit = 3; stdout = "3"'
    assert observation.message == "expected exit = 0, but exit = 3"
    evidence = observation.evidence
    assert {key: evidence[key] for key in ("title", "section", "severity", "owner", "fix", "settles")} == {
        "title": "The one",
        "section": "things",
        "severity": "major",
        "owner": "database",
        "fix": "look again",
        "settles": "look again",
    }
    assert evidence["asked"].startswith("python -c")
    assert evidence["checklist"] == "checklist.yaml:6"
    assert evidence["output"] == "3\n"
    assert evidence["attempts"][0]["judgements"][0] == {
        "expectation": "exit = 0",
        "held": False,
        "observed": "exit = 3",
    }
    assert evidence["attempts"][0]["started"].endswith("Z")


def test_a_passed_item_has_nothing_to_settle(tmp_path: Path) -> None:
    keys = "run: [python, -c, pass]\nexpect: exit = 0\nfix: look again"
    assert "settles" not in observed(tmp_path, keys, make_target(tmp_path)).evidence


def test_no_secret_is_kept_anywhere(tmp_path: Path) -> None:
    target = make_target(tmp_path, database_url=f"postgresql://user:{SECRET}@127.0.0.1/db")
    keys = """
run: [python, -c, "import sys; print(sys.argv[1] * 100); sys.exit(sys.argv[1])", "${database_url}"]
expect: [exit = 0, stdout = "nothing"]
"""
    observation = observed(tmp_path, keys, target)
    assert SECRET not in str(observation)
    assert "***" in str(observation)
    kept = list((tmp_path / "evidence").iterdir())
    assert kept
    assert all(SECRET.encode() not in path.read_bytes() for path in kept)


def test_a_secret_is_taken_out_before_what_was_observed_is_shortened(tmp_path: Path) -> None:
    target = make_target(tmp_path, database_url=f"postgresql://user:{SECRET}@127.0.0.1/db")
    for before in range(60, 80):
        keys = (
            f"run: [python, -c, \"print('x' * {before} + '{SECRET}' + 'y' * 200)\"]\nexpect: stdout = nothing"
        )
        observation = observed(tmp_path, keys, target)
        assert "hun" not in observation.observed + observation.message


def test_when_an_item_was_asked_and_how_long_it_took_is_told(tmp_path: Path) -> None:
    once = observed(tmp_path, "run: [python, -c, pass]\nexpect: exit = 0", make_target(tmp_path)).evidence
    assert once["started"] == once["attempts"][0]["started"]
    assert once["seconds"] == once["attempts"][0]["seconds"]
    marker = tmp_path / "asked"
    second_time = f"import os, sys; seen = os.path.exists('{marker}'); open('{marker}', 'w'); exit(not seen)"
    keys = f'run: [python, -c, "{second_time}"]\nexpect: exit = 0\neventually: {{within: 60s, every: 100ms}}'
    evidence = observed(tmp_path, keys, make_target(tmp_path)).evidence
    assert len(evidence["attempts"]) == 2
    assert evidence["started"] == evidence["attempts"][0]["started"]
    assert evidence["seconds"] > sum(attempt["seconds"] for attempt in evidence["attempts"])


def test_output_that_is_not_whole_has_no_digest_of_the_whole(tmp_path: Path) -> None:
    keys = f"run: [python, -c, \"print('x' * {MAX_OUTPUT})\"]\nexpect: exit = 0"
    evidence = observed(tmp_path, keys, make_target(tmp_path)).evidence
    assert evidence["output_cut"] is True
    assert "output_sha256" not in evidence
    assert evidence["stdout"]["bytes"] == MAX_OUTPUT + 1


def test_long_output_is_kept_in_a_file_named_by_its_digest(tmp_path: Path) -> None:
    keys = "run: [python, -c, \"print('x' * 200_000)\"]\nexpect: exit = 0"
    evidence = observed(tmp_path, keys, make_target(tmp_path)).evidence
    kept = evidence["whole_output"]
    content = (tmp_path / kept["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == kept["sha256"]
    assert len(content) == MAX_KEPT
    assert evidence["output_bytes"] == 200_001
    assert evidence["output_sha256"] == hashlib.sha256(b"x" * 200_000 + b"\n").hexdigest()
    assert len(evidence["output"]) < 1000


def test_files_of_an_answer_are_kept_once(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, make_target(tmp_path))
    assert keeper.exactly(b"PNG", "png") == keeper.exactly(b"PNG", "png")
    assert len(list((tmp_path / "evidence").iterdir())) == 1


def test_what_blocked_an_item_is_named(tmp_path: Path) -> None:
    checklist = make_checklist(tmp_path, "- One: {http: /, expect: status = 200}")
    outcome = Outcome(
        checklist.phases[0].items[0], Status.BLOCKED, "it waits", blocked_by=("pre-launch/other",)
    )
    observation = observe(outcome, checklist, Keeper(tmp_path, make_target(tmp_path)))
    assert observation.evidence["blocked_by"] == ["pre-launch/other"]
    assert observation.observed == ""


def test_what_the_profile_lacks_is_told_instead_of_the_question(tmp_path: Path) -> None:
    keys = 'http: "${console_url}"\nexpect: status = 200'
    observation = observed(tmp_path, keys, make_target(tmp_path))
    assert observation.status is Status.SKIPPED
    assert observation.evidence["asked"] == "no console_url in the profile"
