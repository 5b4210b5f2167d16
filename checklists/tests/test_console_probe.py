"""The console's probe, on a console that is not the reference's: it passes, and its faults are found."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from checklists.console_trials import numbers_in
from checklists.tests.support import (
    Asked,
    Reply,
    answer,
    make_executor,
    make_item,
    make_target,
    no_answer,
    serving,
)
from harness.errors import DocumentError
from harness.evidence import Status
from harness.target import Target

pytestmark = pytest.mark.usefixtures("chromium")

PAGE = (Path(__file__).parent / "another_console.html").read_text(encoding="utf-8")
DESCRIBED = """
searches: "**/v1/marketplace/vendors?*"
search: {role: searchbox, name: Find}
count: {role: status, text: in all}
card: {role: listitem}
title: {role: heading}
more: {role: button, name: Next vendors}
loading: {role: status, text: Please wait}
problem: {role: alert}
retry: {role: button, name: Once more}
filters:
  - {parameter: q, role: searchbox, name: Find, choices: {"{word}": "{word}"}}
  - {parameter: category, role: button, name: "Kind: {choice}", choices: {"{category}": "{category}"}}
  - {parameter: min_uptime, role: combobox, name: Reliability, choices: {99 or better: 99}}
  - {parameter: verified, role: checkbox, name: Checked by us, choices: {checked: "true"}}
"""
IMPATIENT = "patience: 3s"
VENDORS = [
    {
        "serviceName": f"{('Sun', 'Moon')[at % 2]} {at}",
        "category": ("sky", "sea")[at % 3 > 0],
        "tags": ["light"],
        "uptimePct": 98 + at % 3,
        "isVerified": at % 5 > 0,
    }
    for at in range(70)
]


def search(asked: Asked) -> Reply:
    """The API, as far as such a console needs it; else the console."""
    parts = urlsplit(asked.path)
    if not parts.path.startswith("/v1/"):
        return Reply(body=PAGE.encode(), headers={"Content-Type": "text/html"})
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    found = [vendor for vendor in VENDORS if _matches(vendor, query)]
    start = int(query.get("offset", "0"))
    document = {
        "vendors": found[start : start + int(query["limit"])],
        "total": len(found),
        "categories": [{"category": name} for name in ("sky", "sea")],
    }
    return Reply(body=json.dumps(document).encode(), headers={"Content-Type": "application/json"})


def _matches(vendor: dict[str, Any], query: dict[str, str]) -> bool:
    return (
        query.get("q", "") in vendor["serviceName"]
        and query.get("category", vendor["category"]) == vendor["category"]
        and vendor["uptimePct"] >= float(query.get("min_uptime", 0))
        and (vendor["isVerified"] or query.get("verified") != "true")
    )


def broken(text: str, by: str) -> Callable[[Asked], Reply]:
    """The same with this in its page replaced."""
    assert text in PAGE

    def reply(asked: Asked) -> Reply:
        found = search(asked)
        return Reply(found.status, found.body.replace(text.encode(), by.encode()), found.headers)

    return reply


@contextmanager
def console(
    folder: Path, reply: Callable[[Asked], Reply] = search, described: str = DESCRIBED
) -> Iterator[Target]:
    (folder / "console.yaml").write_text(described, encoding="utf-8")
    with serving(reply) as server:
        yield make_target(
            folder, base_url=server.url, console_url=f"{server.url}/directory", console_page="console.yaml"
        )


@pytest.mark.parametrize(("tries", "passed"), [("filters", 4), ("pages", 2), ("loading", 2), ("errors", 4)])
def test_a_console_that_does_what_the_api_says_passes(tries: str, passed: int, tmp_path: Path) -> None:
    with console(tmp_path) as target:
        found = answer(tmp_path, target, f"console: {tries}\nexpect: failed = 0")
    assert found.facts.words == {"passed": (passed,), "failed": (0,), "undecided": (0,)}
    assert found.files["screenshot.png"].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("tries", "text", "by", "told"),
    [
        ("filters", 'if (of("verified").checked)', "if (false)", "verified true: shown are Sun 0, Moon 1"),
        ("filters", 'of("min_uptime").onchange = show', "", "min_uptime 99: shown are Sun 0"),
        ("filters", "${said.total} in all", "7 in all", "the API has 70 of them, and the console says '7 in"),
        ("pages", "asked(offset)", "asked(0)", "which the API does not answer so"),
        ("pages", "shown += PAGE; ", "", "20 vendors were listed, and 20 are now"),
        ("loading", '"Please wait"', '""', "nothing says that it is loading"),
        ("loading", " in all`", " in all. Please wait`", "it still says that it is loading"),
        ("errors", 'role: "alert"', 'role: "note"', "nothing says that something is wrong"),
        ("errors", "onclick: show}", "onclick: () => 0}", "no vendor is shown"),
        ("errors", '"Once more"', '"…"', "there is nothing to try again with"),
    ],
)
def test_a_fault_is_found_and_told(tries: str, text: str, by: str, told: str, tmp_path: Path) -> None:
    with console(tmp_path, broken(text, by)) as target:
        found = answer(tmp_path, target, f"console: {tries}\n{IMPATIENT}\nexpect: failed = 0")
    assert found.facts.words["failed"][0] > 0  # type: ignore[operator]  # a number
    assert told in found.output.decode()


def test_a_filter_that_is_not_there_decides_nothing(tmp_path: Path) -> None:
    described = DESCRIBED.replace("name: Checked by us", "name: Approved")
    with console(tmp_path, described=described) as target:
        found = no_answer(tmp_path, target, f"console: filters\n{IMPATIENT}\nexpect: failed = 0")
    assert found.status is Status.ERROR
    assert "verified: there is no checkbox that takes 'checked'" in found.reason
    assert "console_page" in found.settle


def test_a_filter_that_narrows_nothing_decides_nothing(tmp_path: Path) -> None:
    described = DESCRIBED.replace("{99 or better: 99}", "{whatever: 0}")
    with console(tmp_path, described=described) as target:
        found = no_answer(tmp_path, target, "console: filters\nexpect: failed = 0")
    assert "min_uptime: no choice makes a difference" in found.reason


def test_an_api_that_does_not_answer_decides_nothing(tmp_path: Path) -> None:
    def reply(asked: Asked) -> Reply:
        return Reply(status=500) if asked.path.startswith("/v1/") else search(asked)

    with console(tmp_path, reply) as target:
        outcome = make_executor(tmp_path, target)(make_item(tmp_path, "console: pages\nexpect: failed = 0"))
    assert outcome.status is Status.ERROR
    assert "does not say what there is" in outcome.message


def test_a_rate_limit_decides_nothing(tmp_path: Path) -> None:
    def reply(asked: Asked) -> Reply:
        return Reply(status=429) if "limit=20" in asked.path else search(asked)

    with console(tmp_path, reply) as target:
        outcome = make_executor(tmp_path, target)(
            make_item(tmp_path, f"console: pages\n{IMPATIENT}\nexpect: failed = 0")
        )
    assert (outcome.status, outcome.message) == (Status.ERROR, "the target's rate limit was reached")


def test_what_is_not_tried_is_a_mistake_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="'page' is not tried") as caught:
        make_item(tmp_path, "console: page\nexpect: failed = 0")
    assert caught.value.hint == "did you mean 'pages'?"


def test_without_a_console_the_item_is_skipped(tmp_path: Path) -> None:
    item = make_item(tmp_path, "console: loading\nexpect: failed = 0")
    outcome = make_executor(tmp_path, make_target(tmp_path))(item)
    assert (outcome.status, outcome.message) == (Status.SKIPPED, "no console_url in the profile")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("20 of 9,581 vendors", {20, 9581}), ("1.234.567", {1234567}), ("7 in all", {7}), ("1 2", {1, 2})],
)
def test_numbers_are_read_whatever_parts_their_thousands(text: str, numbers: set[int]) -> None:
    assert numbers_in(text) == numbers
