"""A report in a folder of its own has all that it rests on with it: it can be verified and attested there."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli import run as launchkit
from harness.dashboard_result import write_dashboard
from harness.evidence import Observation, Source, Status
from harness.journal import FILE_NAME
from reports.attestation import FILE_NAME as ATTESTATION
from reports.tests.journals import check, contract, load, load_result, whole, write_load, write_run
from reports.tests.pages import parse
from reports.tests.test_attest import statement, write_keys
from reports.tests.test_panels import RESULT
from reports.verify import Finding, verify_run
from reports.write import HTML, JSON

BODIES = (b"what the contract saw", b"what the page looked like")


def kept(folder: Path, content: bytes) -> dict[str, str]:
    digest = hashlib.sha256(content).hexdigest()
    (folder / "evidence").mkdir(parents=True, exist_ok=True)
    (folder / "evidence" / f"{digest}.txt").write_bytes(content)
    return {"file": f"evidence/{digest}.txt", "sha256": digest}


def write_runs(folder: Path) -> list[Path]:
    """Contract, load and checklist of one release, each a run with something kept."""
    one, two, three = (folder / name for name in ("one", "two", "three"))
    observations = [
        *whole()[2:],
        check(name="pre-launch/page", evidence={"whole_output": kept(three, BODIES[1])}),
        check(Status.FAIL, "pre-launch/retried", evidence={"first": kept(three, b"superseded")}),
    ]
    write_load(two, load_result())
    write_dashboard(two, RESULT)
    digest = hashlib.sha256((two / "load" / "search.json").read_bytes()).hexdigest()
    whole_result = {"file": "load/search.json", "sha256": digest}
    write_run(one, [contract(evidence={"body": kept(one, BODIES[0])})], parts=(Source.CONTRACT,))
    write_run(
        two,
        [load(), load(name="search/recorded", evidence={"whole_result": whole_result})],
        parts=(Source.LOAD,),
    )
    write_run(three, observations, parts=(Source.CHECKLIST,))
    return [one, two, three]


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """Runs that are merged, and gone since."""
    runs, out = write_runs(tmp_path / "runs"), tmp_path / "merged"
    assert launchkit(["report", *map(str, runs), "--out", str(out)]) == 1
    shutil.rmtree(tmp_path / "runs")
    return out


def test_every_link_of_a_merged_report_leads_to_what_was_kept(merged: Path) -> None:
    page = parse((merged / HTML).read_text(encoding="utf-8"))
    links = {link.attributes["href"] for link in page.all("a")} - {""}
    files = {link for link in links if not link.startswith("#")}
    assert {(merged / link).read_bytes() for link in files} >= {*BODIES}
    assert {Path(link).name for link in files} >= {"search.json"}
    ids = {element.attributes.get("id") for element in page.all()}
    assert {link[1:] for link in links - files} - ids == set()


def test_a_merged_report_is_sound_and_shows_what_its_runs_showed(merged: Path) -> None:
    result = verify_run(merged)
    assert result.finding is Finding.SOUND, [c for c in result.checks if c.finding is not Finding.SOUND]
    report = json.loads((merged / JSON).read_text(encoding="utf-8"))
    assert [source["run"] for source in report["sources"]] == ["one", "two", "three"]
    assert [one["scenario"] for one in report["loads"]] == ["search"]
    assert report["dashboard"]["title"] == RESULT.title


def copy_of(merged: Path, run: str) -> Path:
    (found,) = merged.glob(f"runs/{run}-*")
    return found


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        (path,) = folder.glob(name)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return alter


def drop_a_source(folder: Path) -> None:
    report = json.loads((folder / JSON).read_text(encoding="utf-8"))
    del report["sources"][2]
    (folder / JSON).write_text(json.dumps(report), encoding="utf-8")


def swap_a_run(folder: Path) -> None:
    """Another run in the place of one, whole in itself."""
    place = copy_of(folder, "one")
    shutil.rmtree(place)
    write_run(place, [contract()], parts=(Source.CONTRACT,))


def lose_evidence(folder: Path) -> None:
    next(copy_of(folder, "three").glob("evidence/*")).unlink()


@pytest.mark.parametrize(
    "alter",
    [
        edit(f"runs/three-*/{FILE_NAME}", '"status":"fail"', '"status":"pass"'),
        edit("runs/two-*/load/search.json", "450.0", "150.0"),
        edit("runs/one-*/evidence/*", "contract", "c0ntract"),
        edit(HTML, "NO-GO", "GO"),
        edit(JSON, '"NO-GO"', '"GO"'),
        drop_a_source,
        swap_a_run,
        lose_evidence,
    ],
)
def test_an_alteration_of_a_merged_report_or_of_its_runs_is_found(
    merged: Path, alter: Callable[[Path], None]
) -> None:
    alter(merged)
    assert verify_run(merged).finding is Finding.ALTERED


def test_a_run_that_is_missing_leaves_it_undecided(merged: Path) -> None:
    shutil.rmtree(copy_of(merged, "two"))
    assert verify_run(merged).finding is Finding.UNDECIDED


def test_a_merged_report_is_attested_with_all_of_its_journals(merged: Path, tmp_path: Path) -> None:
    private, public = write_keys(tmp_path / "keys")
    assert launchkit(["attest", str(merged), "--key", private]) == 0
    assert launchkit(["verify", str(merged), "--key", public]) == 0
    names = [subject["name"] for subject in statement(merged)["subject"]]
    assert [name.partition("-")[0] for name in names[:-1]] == ["runs/one", "runs/two", "runs/three"]
    assert names[-1] == JSON
    edit("runs/one-*/evidence/*", "contract", "c0ntract")(merged)
    assert launchkit(["verify", str(merged), "--key", public]) == 1
    assert (merged / ATTESTATION).exists()


def test_a_single_run_elsewhere_and_its_baseline_are_verified_where_they_are(tmp_path: Path) -> None:
    before = write_run(tmp_path / "runs" / "before", [contract(Status.FAIL), *whole()[1:]])
    run = write_run(tmp_path / "runs" / "after", whole())
    out = tmp_path / "out"
    assert launchkit(["report", str(run), "--baseline", str(before), "--out", str(out)]) == 0
    assert launchkit(["report", str(run)]) == 0
    assert not (run / "runs").exists(), "in its own folder a report needs no copy"
    shutil.rmtree(tmp_path / "runs")
    result = verify_run(out)
    assert result.finding is Finding.SOUND, result.checks
    assert "baseline" in {one.what for one in result.checks}


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    return captured.err


def test_a_run_that_is_named_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str(write_run(tmp_path / "run", whole()))
    assert launchkit(["report", run, run, "--out", str(tmp_path / "out")]) == 2
    assert "name each run once" in one_line(capsys)


def test_two_runs_that_keep_different_files_under_one_name_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = []
    for name, body in (("a", b"one"), ("b", b"two")):
        file = tmp_path / name / "body.txt"
        file.parent.mkdir()
        file.write_bytes(body)
        proof = {"file": "body.txt", "sha256": hashlib.sha256(body).hexdigest()}
        runs.append(write_run(tmp_path / name, [contract(name=f"x/{name}", evidence=proof)]))
    assert launchkit(["report", *map(str, runs), "--out", str(tmp_path / "out")]) == 2
    assert "two runs keep different files as body.txt" in one_line(capsys)


def test_names_of_runs_and_files_lead_nowhere_else(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"secret")
    proof = {"file": "../secret.txt", "sha256": hashlib.sha256(b"secret").hexdigest()}
    observations: list[Observation] = [contract(evidence=proof)]
    runs = [write_run(tmp_path / "a", observations), write_run(tmp_path / "b", whole()[1:])]
    (tmp_path / "b" / "load").mkdir()
    (tmp_path / "b" / "load" / "x.json").symlink_to(secret)
    out = tmp_path / "deep" / "out"
    launchkit(["report", *map(str, runs), "--out", str(out)])
    assert not [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and "out" in path.parts and path.read_bytes() == b"secret"
    ]
    assert verify_run(out).finding is Finding.ALTERED
