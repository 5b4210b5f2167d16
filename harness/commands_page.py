"""`python -m harness.commands_page`: all commands, exit codes and settings, from their definitions."""

import re
from collections.abc import Iterator
from pathlib import Path

from harness.cli import build_app
from harness.exit_codes import ExitCode
from harness.settings import Settings

_HEAD = """# Commands

What `launchkit` can do. `tox run -e contract -- …`, `load`, `check`, `faults` and `launch` run the commands
of these names without an installation.
"""
_CODES = """## Exit codes

The same for every command, for pytest and for locust started with our files. Fail beats error.

| code | name | meaning |
|---|---|---|"""
_SETTINGS = """## Settings

Environment variables of the toolkit. The reference service's have
[a page of their own](operations/settings.md).

| variable | default | meaning |
|---|---|---|"""
_FOOT = """This page is written by `python -m harness.commands_page > docs/commands.md`."""


def commands_page() -> str:
    return "\n".join([_HEAD, _commands(), _CODES, *_codes(), "", _SETTINGS, *_settings(), "", _FOOT, ""])


def _commands() -> str:
    written = build_app().generate_docs(output_format="markdown", recursive=True)
    _, _, each = written.partition("\n## launchkit ")
    here = str(Path(__file__).resolve().parents[1]) + "/"
    return "## launchkit " + each.replace(here, "").strip() + "\n"


def _codes() -> Iterator[str]:
    source = Path(__file__).with_name("exit_codes.py").read_text(encoding="utf-8")
    for code in ExitCode:
        meaning = re.search(rf"^    {code.name} = \d+  #: (.+)$", source, re.MULTILINE)
        yield f"| {code.value} | {code.name} | {meaning[1] if meaning else ''} |"


def _settings() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or f"LAUNCHKIT_{name.upper()}"
        yield f"| `{variable}` | `{field.default}` | {field.description or ''} |"


if __name__ == "__main__":
    print(commands_page(), end="")
