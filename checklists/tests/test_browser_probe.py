"""The browser's probe: in a real Chromium where there is one, and without."""

from pathlib import Path

import pytest

from checklists.tests.support import Reply, answer, make_executor, make_item, make_target, no_answer, serving
from harness.evidence import Status

PAGE = (
    '<!doctype html><html lang="en"><head><title>Marketplace</title>'
    '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
    "</head><body>BODY</body></html>"
)
GOOD = "<main><h1>Vendors</h1><p>142 vendors</p></main>"
LATE = f"<script>setTimeout(() => document.body.innerHTML = {GOOD!r}, 300)</script>"
BAD = (
    '<main><h1>Vendors</h1><div style="width: 600px">142 vendors</div><img src="data:,">'
    "<p style='color: #eee'>pale</p></main><script>console.error('quota'); x.y</script>"
)
AUDITED = "width: 390\naxe: wcag22aa\nexpect: violations = 0"


def page(body: str) -> Reply:
    return Reply(body=PAGE.replace("BODY", body).encode())


def look(folder: Path, body: str, keys: str) -> dict[str, object]:
    with serving(page(body)) as server:
        target = make_target(folder, base_url=server.url, console_url=f"{server.url}/marketplace")
        found = answer(folder, target, f"browser: /marketplace\n{keys}")
    assert found.files["screenshot.png"].startswith(b"\x89PNG")
    return {name: values[0] for name, values in found.facts.words.items()} | {"details": found.details}


@pytest.mark.usefixtures("chromium")
def test_a_page_is_looked_at_as_its_scripts_have_made_it(tmp_path: Path) -> None:
    words = look(tmp_path, LATE, AUDITED)
    assert (words["status"], words["title"], words["text"]) == (200, "Marketplace", "Vendors 142 vendors")
    assert (words["console_errors"], words["overflow"], words["violations"]) == (0, 0, 0)


@pytest.mark.usefixtures("chromium")
def test_complaints_overflow_and_what_breaks_the_standard_are_counted(tmp_path: Path) -> None:
    words = look(tmp_path, BAD, AUDITED)
    assert (words["console_errors"], words["overflow"], words["violations"]) == (2, 600 + 8 - 390, 2)
    for told in ("quota", "x is not defined", "image-alt", "color-contrast"):
        assert told in str(words["details"])


@pytest.mark.usefixtures("chromium")
def test_a_page_overflows_only_where_it_is_too_wide_and_no_audit_is_no_violation(tmp_path: Path) -> None:
    words = look(tmp_path, BAD, "expect: overflow = 0")
    assert words["overflow"] == 0
    assert "violations" not in words


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(
    "reply", [Reply(404, page(GOOD).body), Reply(500, b""), page(""), page("<script></script>")]
)
def test_an_error_page_or_an_empty_one_has_no_merits(tmp_path: Path, reply: Reply) -> None:
    keys = "browser: /marketplace\naxe: wcag22aa\nexpect: [violations = 0, overflow = 0]"
    with serving(reply) as server:
        target = make_target(tmp_path, base_url=server.url, console_url=f"{server.url}/marketplace")
        outcome = make_executor(tmp_path, target)(make_item(tmp_path, keys))
    assert outcome.status is Status.ERROR
    assert reply.body == b"" or "cannot tell violations = 0" in outcome.message


def test_without_a_browser_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("LAUNCHKIT_CHROMIUM", raising=False)
    with serving(page(GOOD)) as server:
        target = make_target(tmp_path, base_url=server.url, console_url=server.url)
        found = no_answer(tmp_path, target, "browser: /\naxe: wcag22aa\nexpect: violations = 0")
    assert found.status is Status.ERROR
    assert found.reason == "no Chromium on PATH"
    assert "install" in found.settle


def test_a_browser_that_is_none_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHKIT_CHROMIUM", "/bin/true")
    with serving(page(GOOD)) as server:
        target = make_target(tmp_path, base_url=server.url, console_url=server.url)
        outcome = make_executor(tmp_path, target)(make_item(tmp_path, "browser: /\nexpect: overflow = 0"))
    assert outcome.status is Status.ERROR
    # On a bare machine it is playwright's own driver that lacks a library.
    told = ("the browser could not do it", "the browser's driver does not start")
    assert outcome.message.startswith(told)


def test_a_browser_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHKIT_CHROMIUM", "/nowhere/chromium")
    with serving(page(GOOD)) as server:
        target = make_target(tmp_path, base_url=server.url, console_url=server.url)
        found = no_answer(tmp_path, target, "browser: /\nexpect: overflow = 0")
    assert (found.status, found.reason) == (
        Status.ERROR,
        "LAUNCHKIT_CHROMIUM: /nowhere/chromium is no program",
    )


def test_a_console_that_is_away_could_not_be_judged(tmp_path: Path) -> None:
    target = make_target(tmp_path, console_url="http://127.0.0.1:1/marketplace")
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, "browser: /\nexpect: overflow = 0"))
    assert outcome.status is Status.ERROR
    assert "is the console running?" in outcome.settle


def test_without_a_console_the_item_is_skipped(tmp_path: Path) -> None:
    item = make_item(tmp_path, "browser: /\nexpect: overflow = 0")
    outcome = make_executor(tmp_path, make_target(tmp_path))(item)
    assert (outcome.status, outcome.message) == (Status.SKIPPED, "no console_url in the profile")
