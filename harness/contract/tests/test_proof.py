"""The page of what is proved of the suite: from journals alone, and honest about what was not run."""

from pathlib import Path

import pytest

import harness
from harness.contract.fault_matrix import Outcome, observation
from harness.contract.levels import Level
from harness.contract.proof import NOT_RUN, main, page
from harness.contract.seeds import Seeded
from harness.contract.seeds import observation as of_seed
from harness.contract.variants import Variant
from harness.contract.witnesses import Witness
from harness.evidence import Observation, Source
from harness.journal import FILE_NAME, About, Journal, Subject

WITNESS = Witness("GET /vendors", "body.total", "3", "4")
KILLER = Witness("the test seeded/b", "", "it passes", "it fails")


def _variant(
    name: str, level: Level = Level.SEEDED, explained: str = "", *, mechanical: bool = False
) -> Variant:
    return Variant(name, name, (), level, explained=explained, mechanical=mechanical)


FAULTS = (
    Outcome(_variant("late-page"), ("seeded/a",), (), 1.0, WITNESS),
    Outcome(_variant("early-page"), ("seeded/b",), (), 1.0, first_failure=KILLER),
    Outcome(_variant("no-guard", Level.WORKERS), (), ("workers/a",), 1.0, WITNESS),
    Outcome(
        _variant("never-starts", Level.LIVE), (), (), 1.0, problem="it ended | at <once>: see /home/me/log"
    ),
)
MUTANTS = (
    Outcome(_variant("search.sql~number~1"), ("seeded/a",), (), 1.0, WITNESS),
    Outcome(_variant("search.sql~number~2", explained="never met"), (), ("seeded/a",), 1.0),
    Outcome(_variant("search.sql~number~3", explained="never met"), ("seeded/a",), (), 1.0, WITNESS),
    Outcome(
        _variant("search.py~AddNot~1", mechanical=True), (), (), 1.0, problem="see /home/me/log", runs=False
    ),
)


def _run(
    folder: Path, command: str, *found: Observation, outcome: str = "complete", commit: str | None = "abc"
) -> Path:
    subject = Subject(name="r", base_url="http://127.0.0.1:1", profile_digest="0", commit=commit)
    about = About(
        run=folder.name, command=command, environment="embedded", rehearsal=True, subject=subject,
        parts=(Source.CONTRACT,), seed=5, version="0",
    )  # fmt: skip
    journal = Journal.create(folder, about)
    for each in found:
        journal.observe(each)
    journal.finish(outcome=outcome, seconds=1.0)
    return folder


def _written(tmp_path: Path, *arguments: str) -> str:
    out = tmp_path / "proof.md"
    assert main([*arguments, "--out", str(out)]) == 0
    return out.read_text("utf-8")


def _part(text: str, title: str) -> str:
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_what_was_not_run_is_said_so(tmp_path: Path) -> None:
    text = _written(tmp_path)
    assert [NOT_RUN in _part(text, title) for title in ("Faults", "Mutants", "False alarms")] == [True] * 3


def test_faults_are_counted_by_level_and_by_how_they_were_proved(tmp_path: Path) -> None:
    run = _run(tmp_path / "one", "faults", *map(observation, FAULTS))
    part = _part(text := _written(tmp_path, "--faults", str(run)), "Faults")
    assert "Run `one` of 20" in part
    assert "UTC, commit `abc`, seed 5: **2 of 4 killed**." in part
    assert "| live | 1 | 0 | 0 | 0 | 0 | 0 | 1 | 0 | 0 |" in part
    assert "| seeded | 2 | 2 | 0 | 0 | 0 | 0 | 0 | 1 | 1 |" in part
    assert "| workers | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 1 | 0 |" in part
    assert "| operations |" not in part
    assert "| all | 4 | 2 | 0 | 1 | 0 | 0 | 1 | 2 | 1 |" in part
    assert "- `no-guard`: SURVIVED 1 tests\n" in part
    assert "- `never-starts`: it ended \\| at &lt;once&gt;\n" in part
    assert NOT_RUN in _part(text, "Mutants")


def test_mutants_are_killed_explained_or_neither(tmp_path: Path) -> None:
    run = _run(tmp_path / "one", "faults", *map(observation, MUTANTS), commit=None)
    part = _part(_written(tmp_path, "--mutants", str(run)), "Mutants")
    assert "of no known commit, seed 5: **2 of 3 killed**, 1 more do not run." in part
    assert "| all | 4 | 1 | 1 | 0 | 1 | 1 | 0 | 2 | 0 |" in part
    assert "- `search.py~AddNot~1`: does not run\n" in part
    assert "- `search.sql~number~3`: killed by seeded/a, though explained as one that survives" in part
    assert "number~2" not in part


def test_seeds_are_counted_and_the_red_ones_named(tmp_path: Path) -> None:
    seeds = (Seeded(11, 90, 1.0), Seeded(12, 89, 1.0, ("live/a/test_b",)), Seeded(13, 0, 1.0, problem="gone"))
    run = _run(tmp_path / "one", "contract-seeds", *map(of_seed, seeds))
    part = _part(_written(tmp_path, "--seeds", str(run)), "False alarms")
    assert "**1 of 3 seeds green**." in part
    assert "- `seeds/12`: RED: live/a/test_b\n" in part
    assert "- `seeds/13`: undecided\n" in part


@pytest.mark.parametrize(
    ("command", "outcome", "found", "told"),
    [
        ("contract", "complete", FAULTS, "is a run of contract; name one of faults"),
        ("faults", "interrupted", FAULTS, "was interrupted; run it again"),
        ("faults", "complete", (), "tried nothing; name another run"),
    ],
)
def test_a_run_that_shows_nothing_of_it_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    outcome: str,
    found: tuple[Outcome, ...],
    told: str,
) -> None:
    run = _run(tmp_path / "one", command, *map(observation, found), outcome=outcome)
    out = tmp_path / "proof.md"
    out.write_text("as it was")
    assert main(["--faults", str(run), "--out", str(out)]) == 2
    assert f"{run} {told}" in capsys.readouterr().err
    assert out.read_text() == "as it was"


def test_a_run_that_does_not_tell_the_level_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = _run(tmp_path / "one", "faults", of_seed(Seeded(11, 90, 1.0)))
    assert main(["--faults", str(run), "--out", str(tmp_path / "proof.md")]) == 2
    assert "seeds/11 does not tell its level and its witness" in capsys.readouterr().err


def test_a_journal_that_was_altered_decides_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = _run(tmp_path / "one", "faults", *map(observation, FAULTS)) / FILE_NAME
    journal.write_text(journal.read_text().replace("SURVIVED", "killed"))
    assert main(["--faults", str(journal.parent), "--out", str(tmp_path / "proof.md")]) == 3
    assert "chain of hashes is broken" in capsys.readouterr().err


def test_the_page_that_is_kept_is_of_this_writer() -> None:
    kept = Path(harness.__file__).parents[1] / "docs" / "proof.md"
    text = kept.read_text("utf-8")
    for part in page(faults=None, mutants=None, seeds=None).split(NOT_RUN):
        assert part.strip() in text, "write it anew: python -m harness.contract.proof"
