"""What is known of a requirement: green by evidence and a fault, or unproved; none loses its last test."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.cli import run
from harness.commands.requirements import speakers_of
from harness.commands.requirements_evidence import Evidence, Reddening, Speaker, Word, evidence_of, word
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.journal import About, Entry, Footer, Header, Journal, Record
from harness.requirements import read_requirements

# A requirement here has no test yet; whoever adds one may take its id out, and nobody may add to these.
MUTE = frozenset(
    {
        *(f"CP-{number:02}" for number in range(1, 11)),
        *(f"VC-{number:02}" for number in range(1, 7)),
        *("PRF-04", "PRF-05", "LOAD-05"),
    }
)
CONTRACT_PART = (
    "API-",
    "HC-",
    "MA-",
    "DOC-",
    "PRF-01",
    "PRF-02",
    "PRF-06",
    "MON-01",
    "MON-02",
    "MON-03",
    "MON-06",
)
TEST = "seeded/search/test_any_search"


def test_no_requirement_has_lost_its_last_test() -> None:
    speakers = speakers_of()
    mute = {known.id for known in read_requirements() if not speakers.get(known.id)}
    assert mute - MUTE == set()
    assert not [name for name in MUTE if name.startswith(CONTRACT_PART)]


def test_what_speaks_speaks_for_a_requirement_that_there_is() -> None:
    assert speakers_of().keys() - {known.id for known in read_requirements()} == set()


def entry(name: str, status: Status, requirements: Iterable[str] = (), **evidence: object) -> Entry:
    return Entry(
        seq=1,
        at=datetime.now(UTC),
        prev="",
        source=Source.CONTRACT,
        id=name,
        status=status,
        requirements=tuple(requirements),
        evidence=evidence,
    )


def evidence(*entries: Entry) -> Evidence:
    about = About(
        run="r",
        command="contract",
        environment="existing",
        rehearsal=False,
        subject=None,
        parts=(),
        seed=1,
        version="",
    )
    at = datetime.now(UTC)
    header = Header(seq=0, at=at, prev="", format=1, about=about)
    footer = Footer(seq=9, at=at, prev="", observations=len(entries), outcome="complete", seconds=1.0)
    return evidence_of([Record(folder=Path("r"), header=header, entries=entries, footer=footer, digest="")])


def test_one_failed_case_fails_a_test_and_one_that_did_not_apply_says_nothing() -> None:
    found = evidence(
        entry(f"{TEST}[1]", Status.PASS), entry(f"{TEST}[2]", Status.FAIL), entry("x", Status.PASS)
    )
    assert found.of(Source.CONTRACT, TEST) == "fail"
    assert found.of(Source.CONTRACT, "x") == "pass"
    assert evidence(entry("x", Status.NOT_APPLICABLE)).of(Source.CONTRACT, "x") == ""
    assert evidence(entry("x", Status.PASS), entry("x", Status.ERROR)).of(Source.CONTRACT, "x") == "error"


def test_a_fault_reddens_a_requirement_by_its_tests_only() -> None:
    killers = [f"{TEST}[a]", f"{TEST}[b]", "seeded/other/test_else"]
    found = evidence(entry("faults/late-page", Status.PASS, ["API-05"], killers=killers))
    assert found.reddening("API-05", [TEST]) == (Reddening(name="late-page", status="pass", tests=(TEST,)),)
    assert found.reddening("API-05", ["seeded/facets/test_x"])[0].tests == ()
    assert found.reddening("API-04", [TEST]) == ()


PASSED, FAILED, UNASKED = (
    Speaker(source=Source.CONTRACT, id=TEST, status=status) for status in ("pass", "fail", "")
)
REDDENED = Reddening(name="late-page", status="pass", tests=(TEST,))
ELSEWHERE = Reddening(name="late-page", status="pass", tests=())


@pytest.mark.parametrize(
    ("speakers", "faults", "expected", "why"),
    [
        ([PASSED], [REDDENED], Word.GREEN, ""),
        ([PASSED], [ELSEWHERE], Word.UNPROVED, "no fault"),
        ([PASSED], [], Word.UNPROVED, "no fault"),
        ([UNASKED], [REDDENED], Word.UNPROVED, "no run"),
        ([], [REDDENED], Word.UNPROVED, "nothing speaks"),
        ([PASSED, FAILED], [REDDENED], Word.FAILED, "fails"),
    ],
)
def test_green_needs_evidence_and_a_fault(
    speakers: list[Speaker], faults: list[Reddening], expected: Word, why: str
) -> None:
    said, reason = word(speakers, faults)
    assert said is expected
    assert why in reason


def test_the_newest_finished_runs_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path))
    for name, command, status in (("one", "contract", Status.PASS), ("two", "faults", Status.PASS)):
        about = About(
            run=name, command=command, environment="existing", rehearsal=False, subject=None,
            parts=(Source.CONTRACT,), seed=1, version="0",
        )  # fmt: skip
        journal = Journal.create(tmp_path / name, about)
        killed = {"killers": ["workers/aggregator/test_rating[x]"]} if command == "faults" else {}
        found = "faults/cheap-disputes" if command == "faults" else "workers/aggregator/test_rating[y]"
        journal.observe(
            Observation(
                source=Source.CONTRACT,
                id=found,
                status=status,
                requirements=("MA-06",),
                evidence=dict(killed),
            )
        )
        journal.finish(outcome="complete", seconds=1.0)
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "journal.jsonl").write_text("{")
    assert run(["requirements"]) is ExitCode.PASS
    said = capsys.readouterr().out
    assert "MA-06  green  " in said
    assert "fault: cheap-disputes  reddens workers/aggregator/test_rating" in said
    assert said.endswith("by contract one, faults two\n")
