import sys
from pathlib import Path

import pytest

from checklists.tests.support import Reply, answer, make_executor, make_item, make_target, no_answer, serving
from harness.evidence import Status

PAGE = (
    "<html><head><title>Marketplace</title><style>p {}</style></head><body><p>142 vendors</p></body></html>"
)
KEYS = 'browser: /marketplace\nexpect: [status = 200, title = Marketplace, text ~ "142 vendors"]'


@pytest.fixture
def chromium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of that name that notes how it was called and shows a page with a mistake in it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "chromium"
    program.write_text(
        f"""#!{sys.executable}
import sys
from pathlib import Path
Path({str(tmp_path / "argv")!r}).write_text("\\n".join(sys.argv[1:]))
shot = next(a for a in sys.argv if a.startswith("--screenshot="))
Path(shot.partition("=")[2]).write_bytes(b"PNG")
print({PAGE!r})
print('[1:1:ERROR:CONSOLE(3)] "Uncaught TypeError: x is null", source: app.js (3)', file=sys.stderr)
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return program


def test_the_page_is_loaded_and_looked_at(tmp_path: Path, chromium: Path) -> None:
    with serving(Reply(body=PAGE.encode())) as server:
        target = make_target(tmp_path, base_url=server.url, console_url=f"{server.url}/marketplace")
        found = answer(tmp_path, target, KEYS + "\nwidth: 390")
    words = found.facts.words
    assert (words["status"], words["title"], words["text"]) == ((200,), ("Marketplace",), ("142 vendors",))
    assert words["console_errors"] == (1,)
    assert found.files == {"screenshot.png": b"PNG"}
    argv = (tmp_path / "argv").read_text().splitlines()
    assert argv[-1] == f"{server.url}/marketplace"
    assert "--window-size=390,900" in argv


def test_an_error_in_the_console_fails(tmp_path: Path, chromium: Path) -> None:
    with serving(Reply(body=PAGE.encode())) as server:
        target = make_target(tmp_path, base_url=server.url, console_url=server.url)
        outcome = make_executor(tmp_path, target)(
            make_item(tmp_path, "browser: /\nexpect: console_errors = 0")
        )
    assert outcome.status is Status.FAIL


def test_without_a_browser_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with serving(Reply(body=PAGE.encode())) as server:
        target = make_target(tmp_path, base_url=server.url, console_url=server.url)
        found = no_answer(tmp_path, target, KEYS)
    assert found.status is Status.ERROR
    assert found.reason == "no Chromium on PATH"
    assert "install" in found.settle


def test_an_audit_that_cannot_be_made_never_passes(tmp_path: Path, chromium: Path) -> None:
    with serving(Reply(body=PAGE.encode())) as server:
        target = make_target(tmp_path, base_url=server.url, console_url=server.url)
        found = no_answer(tmp_path, target, "browser: /\naxe: wcag22aa\nexpect: violations = 0")
    assert found.status is Status.ERROR
    assert "axe-core" in found.reason


def test_what_a_browser_does_not_tell_is_undecided(tmp_path: Path, chromium: Path) -> None:
    with serving(Reply(body=PAGE.encode())) as server:
        target = make_target(tmp_path, base_url=server.url, console_url=server.url)
        outcome = make_executor(tmp_path, target)(make_item(tmp_path, "browser: /\nexpect: overflow = 0"))
    assert outcome.status is Status.ERROR


def test_a_console_that_is_away_could_not_be_judged(tmp_path: Path, chromium: Path) -> None:
    target = make_target(tmp_path, console_url="http://127.0.0.1:1/marketplace")
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, KEYS))
    assert outcome.status is Status.ERROR
    assert "is the console running?" in outcome.settle


def test_without_a_console_the_item_is_skipped(tmp_path: Path) -> None:
    outcome = make_executor(tmp_path, make_target(tmp_path))(make_item(tmp_path, KEYS))
    assert (outcome.status, outcome.message) == (Status.SKIPPED, "no console_url in the profile")
