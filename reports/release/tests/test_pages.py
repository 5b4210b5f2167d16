"""The page in a real browser: no state and no theme breaks the standard, and everything is printed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from harness.cli import run as launchkit
from harness.dashboard_result import write_dashboard
from harness.evidence import Observation, Source, Status
from harness.journal import Phase
from harness.requirements import read_requirements
from reports import write_reports
from reports.release.tests.pages import printed, violations
from reports.tests.journals import (
    check,
    contract,
    load,
    load_result,
    plans_of,
    seen,
    whole,
    write_load,
    write_run,
)
from reports.tests.test_panels import RESULT
from reports.write import HTML

WAIVER = {
    "state": "used",
    "why": "",
    "reason": "mended in 1.0.1",
    "accept": "violations <= 3",
    "requested_by": "Kim",
    "approved_by": "Robin",
    "expires": "2999-01-01T00:00:00Z",
    "written": "w.yaml:2",
}
EVERYTHING = [
    seen(Source.LAUNCH, "phase/start", Status.PASS),
    *(contract(status, f"seeded/search/test_{status}", requirements=("API-04",)) for status in Status),
    *(
        check(status, f"pre-launch/{status}", expected="status = 200", observed="status = 500", message="no")
        for status in Status
    ),
    check(Status.WAIVED, "pre-launch/waiver", evidence={"title": "Waived", "waiver": WAIVER}),
    check(Status.PENDING, "pre-launch/pager", evidence={"role": "on-call", "section": "people"}),
    load(Status.REHEARSED, requirements=("LOAD-01",)),
]
REFUSED = {
    "by": "Grace",
    "role": "on-call",
    "signed_at": "2026-01-02T03:04:05Z",
    "expires": "2026-02-02T03:04:05Z",
    "refused": "the test alert never arrived",
    "note": "",
}
SIGNED = {**REFUSED, "by": "Ada", "refused": "", "note": "seen to resolve"}
ISSUES = {"kind": "file", "output": "# Known issues\n\n- The footer's contrast.\n"}
PLAN = {"kind": "file", "output": "# Rollback plan\n\nWho decides: operations.\n"}
DECIDED = [
    check(evidence={"title": "Pager", "signoff": SIGNED}),
    check(Status.FAIL, "pre-launch/slack", evidence={"title": "Slack", "signoff": REFUSED}),
    check(name="pre-launch/issues", requirements=("NOTE-01",), evidence=ISSUES),
    check(name="pre-launch/plan", requirements=("NOTE-02",), evidence=PLAN),
]
ITEMS = 400


@dataclass(frozen=True)
class State:
    """What a report can be like, and the word that it has then."""

    name: str
    word: str
    observations: list[Observation]
    run: dict[str, Any] = field(default_factory=dict)


STATES = (
    State("everything at once", "NO-GO", EVERYTHING),
    State("everything at once, rehearsed", "REHEARSAL FAILED", EVERYTHING, {"rehearsal": True}),
    State("a plain go", "GO", whole()),
    State(
        "a waiver", "GO WITH CONDITIONS", [*whole(), check(Status.WAIVED, "x/y", evidence={"waiver": WAIVER})]
    ),
    State(
        "a rehearsal that passed",
        "REHEARSAL PASSED",
        [*whole(), load(Status.REHEARSED, "soak/p95")],
        {"rehearsal": True},
    ),
    State("a rehearsal without a decision", "UNDECIDED", [contract(), check()], {"rehearsal": True}),
    State("nothing", "UNDECIDED", []),
    State(
        "a blocker that was never asked",
        "UNDECIDED",
        whole(),
        {"plans": plans_of(whole(), *(f"pre-launch/unasked-{n}" for n in range(9)))},
    ),
    State("signed, refused, and with notes", "NO-GO", [*whole()[:2], *DECIDED]),
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_no_state_and_no_theme_breaks_the_standard(tmp_path: Path, state: State) -> None:
    folder = tmp_path / "run"
    write_load(folder, load_result())
    write_dashboard(folder, RESULT)
    write_run(folder, state.observations, **state.run)
    assert write_reports(folder).word == state.word
    assert violations(folder / HTML) == []


def test_what_changed_and_broken_steps_break_it_neither(tmp_path: Path) -> None:
    before = [
        contract(name="seeded/search/test_fail"),
        check(Status.FAIL, "pre-launch/pass"),
        check(name="pre-launch/gone"),
        check(Status.PENDING, "pre-launch/error"),
        load(Status.FAIL, observed="p95 = 30 ms"),
        load(name="soak/p95", observed="p95 = 30 ms"),
    ]
    steps = tuple(Phase(name=f"step {code}", seconds=1.0, exit_code=code) for code in (0, 1, 3, 130))
    baseline = write_run(tmp_path / "before", before)
    after = [*EVERYTHING, load(name="soak/p95", observed="p95 = 60 ms")]
    run = write_run(tmp_path / "after", after, phases=steps)
    assert launchkit(["report", str(run), "--baseline", str(baseline)]) == 1
    page = (run / HTML).read_text(encoding="utf-8")
    for title in ("Newly failing", "Fixed", "Otherwise changed", "No longer observed", "Numbers moved"):
        assert title in page
    assert violations(run / HTML) == []


def test_every_item_is_printed(tmp_path: Path) -> None:
    def item(number: int) -> Observation:
        status = tuple(Status)[number % len(Status)]
        return check(status, f"pre-launch/{number}", evidence={"title": f"Item {number:04} of many"})

    never_asked = [f"pre-launch/unasked-{number}" for number in range(20)]
    observations = [contract(), load(), *map(item, range(ITEMS))]
    folder = write_run(tmp_path / "run", observations, plans=plans_of(observations, *never_asked))
    write_reports(folder)
    sheets = printed(folder / HTML)
    assert len(sheets) > 8
    evidence = " ".join(sheets[_evidence(sheets) :])
    names = [f"Item {number:04} of many" for number in range(ITEMS)]
    assert [name for name in names if name not in evidence] == []
    assert [name for name in never_asked if name.removeprefix("pre-launch/") not in evidence] == []
    assert [known.id for known in read_requirements() if known.text[:40] not in evidence] == []


def _evidence(sheets: tuple[str, ...]) -> int:
    """The first sheet that is no longer the decision."""
    return next(number for number, sheet in enumerate(sheets) if "Phases and items" in sheet)


LONG = "a text that somebody wrote at length, with no end to it and little to say, " * 12


def _much(count: int) -> list[Observation]:
    """So many of each kind, each with a cause of its own and long texts."""
    told = {"owner": "backend", "section": "things"}
    found = []
    for n in range(count):
        text = {"expected": LONG, "observed": f"{n}: {LONG}", "message": f"{n}: {LONG}"}
        for status in (Status.FAIL, Status.ERROR, Status.PENDING, Status.SKIPPED):
            evidence = {
                **told,
                "title": f"{status} {n}: {LONG}",
                "settles": f"{n}: {LONG}",
                "fix": LONG,
                "role": f"role {n}",
            }
            found.append(check(status, f"pre-launch/{status}-{n}", evidence=evidence, **text))
        waiver = {**WAIVER, "reason": LONG, "requested_by": LONG}
        found.append(check(Status.WAIVED, f"pre-launch/waived-{n}", evidence={**told, "waiver": waiver}))
        signoff = {**(SIGNED if n % 2 else REFUSED), "note": LONG}
        found.append(
            check(name=f"pre-launch/signed-{n}", evidence={**told, "title": LONG, "signoff": signoff})
        )
    return found


@pytest.mark.parametrize("count", [0, 1, 4, 17, 51])
def test_the_first_two_pages_are_the_decision(tmp_path: Path, count: int) -> None:
    baseline = write_run(
        tmp_path / "before", [check(Status.FAIL, f"pre-launch/signed-{n}") for n in range(count)]
    )
    steps = tuple(
        Phase(name=f"step {n}", seconds=1.0, exit_code=1, message=LONG) for n in range(min(count, 4))
    )
    run = write_run(tmp_path / "run", [*whole(), *_much(count)], phases=steps)
    launchkit(["report", str(run), "--baseline", str(baseline)])
    sheets = printed(run / HTML)
    first = _evidence(sheets)
    assert 1 <= first <= 2
    decision = " ".join(sheets[:first])
    for said in ("What stops the launch", "Open items", "What was observed", "What changed"):
        assert said in decision
    if count > 4:
        assert "more, a row each on the pages that follow" in decision
        assert first == 2


def test_seventeen_causes_of_open_items_alone_leave_room(tmp_path: Path) -> None:
    causes = [
        check(
            Status.ERROR,
            f"pre-launch/{n}-{m}",
            evidence={"title": f"Item {n}-{m} of some words", "settles": f"way {n}"},
        )
        for n in range(17)
        for m in range(3)
    ]
    run = write_run(tmp_path / "run", [*whole(), *causes])
    write_reports(run)
    sheets = printed(run / HTML)
    first = _evidence(sheets)
    assert first <= 2
    decision = " ".join(sheets[:first])
    told = [entry for entry in causes if str(entry.evidence["title"]) in decision]
    assert 0 < len(told) < len(causes)
    assert f"And {len(causes) - len(told)} more, a row each on the pages that follow." in decision
