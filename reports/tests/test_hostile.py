"""What a target says is data: it cannot act in any of the report's files, nor swell them."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest

from harness.evidence import Status
from harness.journal import Subject
from reports import write_reports
from reports.document import Report
from reports.tests.journals import check, contract, load, load_result, step, write_load, write_run
from reports.tests.pages import parse
from reports.write import HTML, JSON, JUNIT, MARKDOWN

HOSTILE = (
    "<script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title></pre></details><h1>GO</h1>",
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1)",
    "\u202egnp.exe\u202c \u2066hidden\u2069",
    "null \x00 bell \x07 escape \x1b[31m",
    "\ud800 lone surrogate",
    "a | b\n\n# GO\n\n@everyone [x](javascript:alert(1)) ![](http://evil.example/x.png) `code`",
    "x" * 1_500_000,
    "&lt;b&gt; &amp;",
    "evidence/../../secret.txt",
)


@pytest.fixture(scope="module", params=range(len(HOSTILE)))
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    bad = HOSTILE[request.param]
    folder = tmp_path_factory.mktemp("hostile") / "run"
    told = dict.fromkeys(("title", "owner", "fix", "settles", "section", "severity"), bad)
    everywhere = {"expected": bad, "observed": bad, "message": bad}
    observations = [
        contract(
            Status.FAIL, bad[:500], requirements=(bad[:300],), evidence={**told, "body": bad}, **everywhere
        ),
        check(Status.ERROR, "pre-launch/" + bad[:200], evidence={**told, bad[:200]: [bad]}, **everywhere),
        check(Status.PASS, "x/file", evidence={"kept": {"file": bad[:200], "sha256": "0" * 64}}),
        load(Status.REHEARSED, "search/p95", **everywhere),
    ]
    short = bad.encode("utf-8", "replace").decode()[:2000]
    subject = Subject(name=short, base_url=short, profile_digest=short, release=short, commit=short)
    result = load_result()
    result = msgspec.structs.replace(
        result,
        title=short,
        partial=short,
        groups=(msgspec.structs.replace(result.groups[0], endpoint=short, phase=short),),
        criteria=(msgspec.structs.replace(result.criteria[0], id=short, expected=short, observed=short),),
    )
    write_load(folder, result)
    write_run(
        folder, observations, subject=subject, phases=(step(short, 1, bad[:500].replace("\ud800", "")),)
    )
    write_reports(folder)
    return folder


def test_no_element_comes_of_it(run: Path) -> None:
    page = parse((run / HTML).read_text(encoding="utf-8"))
    assert not list(page.all("script"))
    assert not list(page.all("img"))
    assert [h1.text for h1 in page.all("h1")] == ["NO-GO"]
    assert not [e for e in page.all() for name in e.attributes if name.startswith("on")]
    hrefs = [element.attributes["href"] for element in page.all() if "href" in element.attributes]
    assert not [href for href in hrefs if ":" in href or "//" in href or ".." in href]


def test_nothing_acts_and_nothing_swells(run: Path) -> None:
    text = (run / HTML).read_text(encoding="utf-8")
    assert not set(text) & set("\u202e\u202c\u2066\u2069\x00\x07\x1b\ufeff")
    assert len(text) < 200_000


def test_inline_evidence_is_at_most_about_a_kilobyte_an_item(run: Path) -> None:
    page = parse((run / HTML).read_text(encoding="utf-8"))
    for row in page.all("details", of_class="row"):
        inline = "".join(pre.text for pre in row.all("pre"))
        assert len(inline.encode()) <= 1024 + 120


def test_markdown_makes_nothing_of_it(run: Path) -> None:
    text = (run / MARKDOWN).read_text(encoding="utf-8")
    assert len(text) < 12_000
    plain = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)  # what is escaped does nothing
    outside = "".join(part for line in plain.split("\n") for part in line.split("`")[::2])
    for sign in ("<", "](", "@everyone", "://", "\u202e"):
        assert sign not in outside
    assert next(line for line in text.splitlines() if line.startswith("#")).endswith("NO-GO")
    assert not [line for line in text.splitlines() if line.startswith("# ")]


def test_json_and_junit_stay_readable(run: Path) -> None:
    report = msgspec.json.decode((run / JSON).read_bytes(), type=Report)
    assert len((run / JSON).read_bytes()) < 250_000
    assert report.verdict.word == "NO-GO"
    root = ET.fromstring((run / JUNIT).read_text(encoding="utf-8"))  # noqa: S314 - our own file
    assert len(list(root.iter("testcase"))) == 4


def test_templates_are_not_evaluated(tmp_path: Path) -> None:
    write_run(tmp_path / "run", [check(Status.FAIL, message="{{ 7 * 7 }}")])
    write_reports(tmp_path / "run")
    assert "{{ 7 * 7 }}" in (tmp_path / "run" / HTML).read_text(encoding="utf-8")
