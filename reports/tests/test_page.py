"""The HTML page: whole, ordered, self-contained, honest about what is open."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harness.evidence import Observation, Source, Status
from harness.journal import read_journal
from harness.load_result import Mode
from harness.requirements import Requirement
from reports import write_reports
from reports.shapes import GOOD, LOADS, STATES, STATUSES, WORDS
from reports.tests.journals import (
    check,
    contract,
    load,
    load_result,
    plans_of,
    seen,
    step,
    write_load,
    write_run,
)
from reports.tests.pages import Element, parse
from reports.text import anchor
from reports.verdict import Word
from reports.write import HTML, JUNIT

MIXED = [
    seen(Source.LAUNCH, "phase/start", Status.PASS),
    contract(requirements=("API-04",)),
    contract(Status.FAIL, "live/paging/test_total", requirements=("API-05",), expected="150", observed="149"),
    contract(Status.WARNING, "operations/metrics/test_help"),
    load(Status.REHEARSED, requirements=("LOAD-01",), expected="p95 < 200 ms", observed="31 ms"),
    check(Status.ERROR, "pre-launch/tests", requirements=("CHK-01",), evidence={"section": "code quality"}),
    check(Status.PENDING, "pre-launch/pager", requirements=("CHK-37",), evidence={"section": "monitoring"}),
    check(requirements=("CHK-06",), evidence={"section": "database", "asked": "migrate down"}),
]


def page_of(folder: Path, observations: list[Observation], **more: object) -> Element:
    write_run(folder, observations, **more)  # type: ignore[arg-type]  # the keywords of write_run
    write_reports(folder)
    return parse((folder / HTML).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Element:
    folder = tmp_path_factory.mktemp("runs") / "mixed"
    write_load(folder, load_result())
    return page_of(folder, MIXED, rehearsal=True, phases=(step("contract", 1), step("load search", 0)))


def test_the_sections_come_in_the_order_of_the_decision(mixed: Element) -> None:
    headings = [next(iter(h.children)) for h in mixed.all("h2")]
    assert [str(text).strip() for text in headings] == [
        "What stops the launch",
        "Open items",
        "What was observed",
        "Waivers and sign-offs",
        "Phases and items",
        "Contract",
        "Requirements",
        "Load",
        "Known issues and rollback plan",
        "Timings",
        "Provenance",
    ]


def test_the_banner_says_what_when_and_of_what(mixed: Element) -> None:
    banner = next(mixed.all("section", of_class="banner"))
    assert banner.by_id("verdict").text == "REHEARSAL FAILED"
    for said in ("1.4.0", "3f2a91c0", "reference at http://127.0.0.1:8080", "UTC", "stops the launch"):
        assert said in banner.text
    assert "Rehearsal" in banner.text


def test_what_stops_the_launch_shows_expected_against_observed(mixed: Element) -> None:
    (card,) = mixed.all("article")
    pairs = {dt.text: dd.text for dt, dd in zip(card.all("dt"), card.all("dd"), strict=True)}
    assert pairs == {"Expected": "150", "Observed": "149"}
    assert "What to do:" in card.text
    assert "owner:" in card.text


def test_open_items_say_what_would_settle_them(mixed: Element) -> None:
    groups = list(mixed.all("div", of_class="group"))
    assert all(group.text.strip() for group in groups)
    told = " ".join(group.text for group in groups)
    for said in ("Run it in full length", "pre-launch/tests", "sign", "without any evidence"):
        assert said in told


def test_all_requirements_are_there_and_only_the_proved_are_green(
    mixed: Element, requirements: tuple[Requirement, ...]
) -> None:
    states = {}
    for requirement in requirements:
        row = mixed.by_id(requirement.id)
        (tag,) = row.all("span", of_class="tag")
        states[requirement.id] = tag.text
        assert ("good" in tag.classes) == (tag.text == "proved"), requirement.id
        assert requirement.text in row.text
    assert len(states) == 128
    assert states["API-04"] == "proved"
    assert states["API-05"] == "failed"
    assert states["LOAD-01"] == "rehearsed"
    assert states["CHK-01"] == "undecided"
    assert states["CHK-37"] == "open"
    assert states["DAY-01"] == "open"
    assert "no evidence yet" in mixed.by_id("DAY-01").text


def test_nothing_but_what_holds_is_green(mixed: Element) -> None:
    green = {tag.text for tag in mixed.all("span", of_class="tag") if "good" in tag.classes}
    assert {re.sub(r"^[\d,]+ ", "", text) for text in green} <= {"pass", "proved", "held"}
    assert {name for name, look in STATUSES.items() if look == GOOD} == {Status.PASS}
    assert {name for name, look in STATES.items() if look == GOOD} == {"proved"}
    assert {name for name, look in WORDS.items() if look == GOOD} == {Word.GO}
    assert {name for name, look in LOADS.items() if look == GOOD} == {"PASS"}


def test_every_tag_has_a_word_and_a_shape_that_exists(mixed: Element) -> None:
    symbols = {"#" + symbol.attributes["id"] for symbol in mixed.all("symbol")}
    tags = list(mixed.all("span", of_class="tag"))
    assert len(tags) > 130
    for tag in tags:
        assert tag.text.strip()
        (shape,) = [use.attributes["href"] for use in tag.all("use")]
        assert shape in symbols


def test_each_look_of_a_kind_is_told_apart_by_shape_too() -> None:
    for looks in (STATUSES, STATES, WORDS):
        tones = {look.tone: look.shape for look in looks.values()}
        assert len(set(tones.values())) == len(tones)


def test_every_link_into_the_page_has_its_end_and_every_id_is_unique(mixed: Element) -> None:
    ids = [element.attributes["id"] for element in mixed.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    ends = {a.attributes["href"][1:] for a in mixed.all("a") if a.attributes["href"].startswith("#")}
    assert ends - set(ids) == set()


def test_it_is_self_contained_and_runs_nothing(mixed: Element) -> None:
    assert not list(mixed.all("script"))
    assert not list(mixed.all("link"))
    assert not list(mixed.all("img"))
    assert not list(mixed.all("iframe"))
    (policy,) = (m for m in mixed.all("meta") if m.attributes.get("http-equiv"))
    assert policy.attributes["content"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    assert not [e for e in mixed.all() for name in e.attributes if name.startswith("on") or name == "src"]
    style = next(mixed.all("style")).text
    assert "url(" not in style
    assert "@import" not in style


def test_items_are_rows_in_sections_with_their_evidence(mixed: Element) -> None:
    rows = {row.by_title: row for row in _rows(mixed)}
    assert "pre-launch/tests" not in rows  # within its group the group's own name is left out
    assert "tests" in rows
    assert "Asked: migrate down" in rows["item"].element.text
    assert [h.text for h in mixed.all("h4")][:3] == ["code quality", "monitoring", "database"]


class _Row:
    def __init__(self, element: Element) -> None:
        self.element = element
        self.by_title = next(element.all("bdi", of_class="title")).text


def _rows(page: Element) -> list[_Row]:
    return [_Row(element) for element in page.all("details", of_class="row")]


def test_the_contract_is_grouped_by_level_and_area(mixed: Element) -> None:
    areas = list(mixed.all("details", of_class="area"))
    assert [next(a.all("span", of_class="title")).text for a in areas] == [
        "live/paging",
        "operations/metrics",
        "seeded/search",
    ]
    assert ["open" in area.attributes for area in areas] == [True, True, False]


def test_load_runs_have_charts_with_the_limit_and_tables_beside_them(mixed: Element) -> None:
    charts = list(mixed.all("svg", of_class="chart"))
    assert len(charts) == 2
    assert "limit p95 200 ms" in charts[0].attributes["aria-label"]
    assert [line.attributes["class"] for line in charts[0].all("line", of_class="limit")] == ["limit"]
    cells = [cell.text for cell in mixed.all("td")]
    assert "1,199" in cells  # answered, in the table of endpoints
    assert "450.0" in cells  # the peak, in the timeline
    assert "0.0833 %" in cells  # the one that failed, of all that were asked
    assert "held, in rehearsal" in mixed.text


def test_load_runs_say_where_the_time_went(mixed: Element) -> None:
    assert "Where the time went" in [heading.text for heading in mixed.all("h4")]
    assert "failures: 1 × 500" in [said.text for said in mixed.all("li")]


def test_a_full_load_run_may_be_green_a_rehearsal_never(tmp_path: Path) -> None:
    folder = tmp_path / "full"
    write_load(folder, load_result(mode=Mode.FULL))
    page = page_of(folder, [load()])
    run = page.by_id(anchor("load-run", "search"))
    assert "good" in next(run.all("span", of_class="tag")).classes


def test_a_run_of_its_own_rate_or_length_is_no_rehearsal(tmp_path: Path) -> None:
    folder = tmp_path / "custom"
    write_load(folder, load_result(mode=Mode.CUSTOM))
    page = page_of(folder, [load(Status.REHEARSED)])
    run = page.by_id(anchor("load-run", "search"))
    tag = next(run.all("span", of_class="tag"))
    assert (tag.text.strip(), "good" in tag.classes) == ("held, in a run of its own measure", False)


def test_steps_and_provenance_are_told(mixed: Element) -> None:
    for said in ("contract", "1.50 s", "failed", "Seed", "launchkit 0.1.0", "a" * 64):
        assert said in mixed.text


def test_an_empty_run_is_shown_as_undecided(tmp_path: Path) -> None:
    page = page_of(tmp_path / "empty", [])
    assert page.by_id("verdict").text == "UNDECIDED"
    for said in ("No contract test left a result", "No load run left a result", "No step was timed"):
        assert said in page.text


@pytest.mark.parametrize(
    ("observations", "word"),
    [
        ([contract(), load(Status.REHEARSED), check()], "REHEARSAL PASSED"),
        ([contract(Status.FAIL), load(), check()], "REHEARSAL FAILED"),
        ([contract(), check()], "UNDECIDED"),
    ],
)
def test_the_tone_of_a_rehearsal_is_never_that_of_a_go(
    tmp_path: Path, observations: list[Observation], word: str
) -> None:
    page = page_of(tmp_path / "run", observations, rehearsal=True)
    banner = next(page.all("section", of_class="banner"))
    assert banner.by_id("verdict").text == word
    assert "good" not in banner.classes


def test_many_failures_are_all_reachable_but_not_all_told_twice(tmp_path: Path) -> None:
    failures = [contract(Status.FAIL, f"live/paging/test_{number}") for number in range(200)]
    page = page_of(tmp_path / "run", failures)
    assert len(list(page.all("article"))) == 60
    assert "And 140 more" in page.text
    assert len(_rows(page)) == 200


def an_attempt(status: str) -> dict[str, object]:
    judged = {"expectation": "status = 200", "observed": "status = 500", "held": False}
    told = {"started": "2026-01-02T03:04:05.678Z", "seconds": 0.512, "message": "expected status = 200"}
    return {**told, "status": status, "judgements": [judged]}


ASKED_LONG = {
    "title": "A title of some words that says what must hold",
    "section": "backend",
    "owner": "backend",
    "fix": "See the runbook.",
    "asked": "GET /v1/marketplace/vendors?limit=5",
    "kind": "http",
    "checklist": "pre_launch.yaml:123",
    "checklist_sha256": "c" * 64,
    "started": "2026-01-02T03:04:05.678Z",
    "seconds": 125.2,
    "output": "a line of a log\n" * 4000,
    "output_bytes": 64_000,
    "output_sha256": "d" * 64,
    "whole_output": {"file": f"evidence/{'e' * 64}.txt", "sha256": "e" * 64},
    "attempts": [*map(an_attempt, ("fail", "fail", "error", "pass"))],
}


@pytest.mark.parametrize("status", [Status.ERROR, Status.PASS])
def test_fifty_items_with_long_evidence_stay_a_small_page(tmp_path: Path, status: Status) -> None:
    folder = tmp_path / "run"
    told = {"expected": "status = 200; json $.x present", "observed": "status = 200; json $.x = 3"}
    items = [
        check(status, f"pre-launch/item-{n}", **told, message="it ended", evidence=ASKED_LONG)
        for n in range(50)
    ]
    write_run(folder, items, rehearsal=True)
    write_reports(folder)
    assert (folder / HTML).stat().st_size < 120_000


@pytest.mark.parametrize("status", [Status.PASS, Status.WAIVED, Status.ERROR, Status.FAIL])
def test_a_row_tells_when_how_often_and_what_came_of_it(tmp_path: Path, status: Status) -> None:
    page = page_of(tmp_path / "run", [check(status, evidence=ASKED_LONG)])
    body = _rows(page)[0].element.text
    for said in (
        "2026-01-02 03:04:05 UTC",
        "took 2 min 5 s",
        "4 attempts: fail ×2, error, pass",
        "a line of a log\na line of a log",
        "Asked: GET /v1/marketplace/vendors?limit=5",
        "eeeeeeeeeeee….txt",
    ):
        assert said in body, said


def test_a_single_attempt_is_told_too_and_where_no_start_is_told_the_journals_time(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    evidence = {"attempts": [an_attempt("pass")], "started": "soon"}
    page = page_of(folder, [check(evidence=evidence), check(name="pre-launch/b", evidence={"attempts": 3})])
    one, other = (row.element.text for row in _rows(page))
    written = read_journal(folder).entries[0].at
    assert f"{written:%Y-%m-%d %H:%M:%S} UTC · 1 attempt" in one
    assert "attempt" not in other


def test_of_many_turns_the_last_are_told(tmp_path: Path) -> None:
    attempts = [*map(an_attempt, ("fail", "error") * 500), an_attempt("pass")]
    page = page_of(tmp_path / "run", [check(evidence={"attempts": attempts})])
    assert "1,001 attempts: … error, fail, error, fail, error, pass" in _rows(page)[0].element.text


def test_what_has_one_cause_stops_the_launch_once(tmp_path: Path) -> None:
    observations = [check(Status.FAIL, f"a/{n}", message="no database answers") for n in range(70)]
    page = page_of(tmp_path / "run", observations)
    (card,) = page.all("article", of_class="stop")
    assert "The same of: a/1, a/2," in card.text
    assert "and 9 more" in card.text
    assert card.text.count("no database answers") == 1
    assert page.by_id("stops").text == "What stops the launch 70"


def test_the_checklist_is_counted_by_phase(tmp_path: Path) -> None:
    observations = [
        check(name="pre-launch/a"),
        check(Status.FAIL, "pre-launch/b"),
        check(name="launch-day/c"),
    ]
    page = page_of(tmp_path / "run", [contract(), *observations])
    table = next(page.all("table", of_class="stack"))
    rows = [
        [head.text for head in row.all("th")] + [cell.text for cell in row.all("td")]
        for row in table.all("tr")
    ]
    assert [row[:2] for row in rows[1:4]] == [
        ["contract", "1"],
        ["checklist: pre-launch", "2"],
        ["checklist: launch-day", "1"],
    ]


def test_an_item_that_was_never_asked_has_a_row_and_a_case_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    page = page_of(folder, [check()], plans=plans_of([check()], "pre-launch/never-asked"))
    (row,) = (row for row in _rows(page) if row.by_title == "pre-launch/never-asked")
    assert "undecided" in row.element.text
    assert "it was never asked" in row.element.text
    suites = ET.parse(folder / JUNIT).getroot()  # noqa: S314  our own file
    (case,) = suites.iterfind(".//testcase[@name='pre-launch/never-asked']")
    assert case.find("error") is not None
