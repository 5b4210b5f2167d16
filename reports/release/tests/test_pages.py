"""The page in a real browser: no state and no theme breaks the standard, and everything is printed."""

from pathlib import Path

import pytest

from harness.dashboard_result import write_dashboard
from harness.evidence import Observation, Source, Status
from harness.journal import Phase
from reports import write_reports
from reports.release.tests.pages import printed, violations
from reports.tests.journals import check, contract, load, load_result, seen, write_load, write_run
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
ITEMS = 400


@pytest.mark.parametrize("rehearsal", [True, False])
def test_no_state_and_no_theme_breaks_the_standard(tmp_path: Path, rehearsal: bool) -> None:
    folder = tmp_path / "run"
    write_load(folder, load_result())
    write_dashboard(folder, RESULT)
    steps = tuple(Phase(name=f"step {code}", seconds=1.0, exit_code=code) for code in (0, 1, 3, 130))
    write_run(folder, EVERYTHING, rehearsal=rehearsal, phases=steps)
    write_reports(folder)
    assert violations(folder / HTML) == []


def test_a_plain_go_breaks_it_neither(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [contract(), load(), check()])
    write_reports(folder)
    assert violations(folder / HTML) == []


def test_every_item_is_printed(tmp_path: Path) -> None:
    def item(number: int) -> Observation:
        return check(name=f"pre-launch/{number}", evidence={"title": f"Item {number:04} of many"})

    folder = write_run(tmp_path / "run", [contract(), load(), *map(item, range(ITEMS))])
    write_reports(folder)
    pages, text = printed(folder / HTML)
    assert pages > 8
    assert [number for number in range(ITEMS) if f"Item {number:04} of many" not in text] == []
