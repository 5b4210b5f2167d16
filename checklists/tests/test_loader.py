"""Each file in mistakes/ has one mistake; its first line says what is told, after the file's name."""

from pathlib import Path

import pytest

from checklists.loader import load_checklist, slugify
from checklists.model import Eventually, PhaseName, Severity
from checklists.tests.support import make_checklist, make_item
from harness.errors import DocumentError
from harness.exit_codes import ExitCode

MISTAKES = sorted(Path(__file__).with_name("mistakes").glob("*.yaml"))


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_mistake_is_told_with_its_place_and_what_to_do(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    with pytest.raises(DocumentError) as caught:
        load_checklist(path)
    assert str(caught.value) == f"{path}:{expected}"
    assert caught.value.exit_code is ExitCode.USAGE


def test_there_are_many_kinds_of_mistakes() -> None:
    assert len(MISTAKES) >= 25


def test_a_file_that_is_not_there_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        load_checklist(tmp_path / "nothing.yaml")


ITEM = """
requirements: [CHK-06, NOTE-02]
run: [python, -c, "print(1)"]
expect: exit = 0
severity: major
owner: database
timeout: 5s
eventually: {within: 10s, every: 500ms}
fix: look again
"""


def test_every_key_of_an_item_is_read(tmp_path: Path) -> None:
    item = make_item(tmp_path, ITEM)
    assert item.id == "pre-launch/one"
    assert item.title == "One"
    assert item.section == "things"
    assert item.kind == "run"
    assert item.requirements == ("CHK-06", "NOTE-02")
    assert item.severity is Severity.MAJOR
    assert item.owner == "database"
    assert (item.timeout, item.eventually) == (5.0, Eventually(10.0, 0.5))
    assert item.fix == "look again"
    assert [expectation.text for expectation in item.expectations] == ["exit = 0"]


def test_what_an_item_does_not_say_has_a_default(tmp_path: Path) -> None:
    item = make_item(tmp_path, "http: /a\nexpect: status = 200")
    assert item.severity is Severity.BLOCKER
    assert (item.retries, item.eventually, item.hold, item.needs) == (0, None, 0.0, ())


def test_the_file_can_set_defaults_that_items_override(tmp_path: Path) -> None:
    checklist = make_checklist(
        tmp_path,
        """
- One: {http: /a, expect: status = 200}
- Two: {http: /a, expect: status = 200, timeout: 2s}
""",
        top="defaults: {timeout: 7s, owner: operations}\n",
    )
    one, two = checklist.phases[0].items
    assert (one.timeout, one.owner) == (7.0, "operations")
    assert (two.timeout, two.owner) == (2.0, "operations")


def test_a_default_is_left_out_where_it_would_do_nothing(tmp_path: Path) -> None:
    checklist = make_checklist(
        tmp_path,
        """
- Asked: {http: /a, expect: status = 200}
- Waited for: {http: /a, expect: status = 200, eventually: {within: 2s}}
- Changed: {run: [deploy], expect: exit = 0}
- Signed: {manual: someone looked, role: product}
""",
        phase="launch-day",
        top="defaults: {retries: 3}\n",
    )
    assert [item.retries for item in checklist.phases[0].items] == [3, 0, 0, 0]


def test_needs_are_slugs_of_the_same_phase(tmp_path: Path) -> None:
    checklist = make_checklist(
        tmp_path,
        """
- The service is up!: {http: /a, expect: status = 200}
- Two: {http: /a, expect: status = 200, needs: the-service-is-up}
""",
    )
    assert checklist.phases[0].items[1].needs == ("pre-launch/the-service-is-up",)


def test_paths_start_in_the_folder_that_the_file_names(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    checklist = make_checklist(
        tmp_path / "lists", "- One: {http: /a, expect: status = 200}", top="folder: ..\n"
    )
    assert checklist.folder == tmp_path


def test_only_the_launch_day_is_ordered(tmp_path: Path) -> None:
    item = "- One: {http: /a, expect: status = 200}"
    ordered = {name: make_checklist(tmp_path, item, phase=name).phases[0].ordered for name in PhaseName}
    assert ordered == {"pre-launch": False, "launch-day": True, "post-launch": False}


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Rollback script tested", "rollback-script-tested"),
        ("/marketplace route accessible", "marketplace-route-accessible"),
        ("Test coverage > 80 %", "test-coverage-80"),
        ("Schöne Grüße", "schone-grue"),
    ],
)
def test_slugs(title: str, slug: str) -> None:
    assert slugify(title) == slug
