"""`launchkit faults` on a target whose variants are the second target, broken in one way or in none."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli import run
from harness.contract.variants import list_variants
from harness.errors import CouldNotDecideError, UsageError
from harness.exit_codes import ExitCode
from harness.target import Target, read_target
from harness.tests.second_target.process import second_target

# Each is the second target with one part replaced, as a team would keep known-bad builds of its own.
VARIANT = """
import sys
from dataclasses import replace
from harness.tests.second_target import __main__ as target, searching

right = searching.run

def counts_one_more(books, search):
    found = right(books, search)
    return replace(found, total=found.total + 1)

variants = {"counts-one-more": counts_one_more, "no-fault-at-all": right}
if len(sys.argv) == 1:
    import json
    print(json.dumps([
        {"name": name, "description": name, "requirements": ["API-05"], "level": "live"} for name in variants
    ] + [{"name": "never-starts", "description": "ends at once", "requirements": [], "level": "live"}]))
elif sys.argv[1] == "never-starts":
    sys.exit("it is broken")
else:
    searching.run = variants[sys.argv[1]]
    sys.exit(target.main(["--profile-out", sys.argv[1] + ".yaml"]))
"""


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """Gives a profile `variants`."""
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    script = tmp_path / "variant.py"
    script.write_text(VARIANT)

    def with_variants(path: Path) -> Path:
        document = json.loads(path.read_text())
        start = [sys.executable, str(script)]
        document["variants"] = {"list": start, "start": [*start, "{name}"]}
        path.write_text(json.dumps(document))
        return path

    return with_variants


def _read(path: Path, variants: str) -> Target:
    lines = [
        "name: t",
        "base_url: http://127.0.0.1:9",
        f"variants: {{list: {variants}, start: ['{{name}}']}}",
    ]
    path.write_text("\n".join(lines))
    return read_target(path)


def test_a_fault_is_killed_a_healthy_variant_survives_and_a_dead_one_is_an_error(
    tmp_path: Path, profile: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with second_target(tmp_path) as path:
        code = run(["faults", "--target", str(profile(path)), "--json", "--seed", "1"])
    said = capsys.readouterr()
    document = json.loads(said.out)
    statuses = {found["id"]: found["status"] for found in document["observations"]}
    assert statuses == {
        "faults/counts-one-more": "pass",
        "faults/no-fault-at-all": "fail",
        "faults/never-starts": "error",
    }, said.err
    assert (code, document["exit_code"]) == (ExitCode.FAIL, 1)
    assert "SURVIVED" in said.err
    witnesses = {found["id"]: found["evidence"]["witness"] for found in document["observations"]}
    assert "at body.total" in witnesses["faults/counts-one-more"]
    assert witnesses["faults/no-fault-at-all"] == ""
    (folder,) = (tmp_path / "runs").glob("*/faults.json")
    assert {found["name"] for found in json.loads(folder.read_text())} == {
        "counts-one-more",
        "no-fault-at-all",
        "never-starts",
    }


def test_a_target_without_variants_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    path = tmp_path / "target.yaml"
    path.write_text("name: t\nbase_url: http://127.0.0.1:9\n")
    assert run(["faults", "--target", str(path)]) is ExitCode.USAGE
    assert "no `variants`" in capsys.readouterr().err


def test_an_unknown_variant_gets_a_suggestion(tmp_path: Path) -> None:
    listed = '[{"name": "one", "description": "", "requirements": [], "level": "live"}]'
    target = _read(tmp_path / "target.yaml", json.dumps(["echo", listed]))
    with pytest.raises(UsageError, match="did you mean 'one'"):
        list_variants(target, ["onee"])
    assert [variant.name for variant in list_variants(target, [])] == ["one"]


def test_a_list_that_is_none_decides_nothing(tmp_path: Path) -> None:
    with pytest.raises(CouldNotDecideError, match="list of variants"):
        list_variants(_read(tmp_path / "target.yaml", "[echo, hello]"), [])
