"""`python -m reference_service [--settings FILE] COMMAND …`."""

import importlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from reference_service.settings import Settings, SettingsError, read_settings

Command = Callable[[Settings, list[str]], int]

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "serve": "reference_service.commands.serve:serve",
        "migrate": "reference_service.commands.migrate:migrate",
        "rehearse-rollback": "reference_service.commands.rehearse_rollback:rehearse_rollback",
        "load-fixtures": "reference_service.commands.load_fixtures:load_fixtures",
        "load-catalogue": "reference_service.catalogue.command:load_catalogue",
        "stub-vendors": "reference_service.catalogue.stub_vendors:stub_vendors",
        "work": "reference_service.worker:work",
    }
)
# What needs no settings: no database is asked.
STANDALONE: Mapping[str, str] = MappingProxyType(
    {
        "build-console": "reference_service.commands.build_console:build_console",
        "monitor": "reference_service.commands.monitor:monitor",
        "record-dashboard": "reference_service.commands.record_dashboard:record_dashboard",
    }
)
USAGE_ERROR = 2


def main(argv: list[str]) -> int:
    """Run one command; 2 and one line on stderr where the call or a setting is wrong."""
    file, rest = _settings_file(argv)
    if rest and rest[0] in STANDALONE:
        return cast(Callable[[list[str]], int], _named(STANDALONE[rest[0]]))(rest[1:])
    if not rest or rest[0] not in COMMANDS:
        return _usage(f"unknown command {rest[0]!r}" if rest else "no command")
    try:
        settings = read_settings(file)
    except SettingsError as error:
        return _usage(str(error))
    return cast(Command, _named(COMMANDS[rest[0]]))(settings, rest[1:])


def _settings_file(argv: list[str]) -> tuple[Path | None, list[str]]:
    if argv[:1] == ["--settings"] and len(argv) > 1:
        return Path(argv[1]), argv[2:]
    return None, argv


def _named(reference: str) -> object:
    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)


def _usage(problem: str) -> int:
    print(
        f"reference_service: {problem}; usage: [--settings FILE] {{{','.join([*COMMANDS, *STANDALONE])}}} …",
        file=sys.stderr,
    )
    return USAGE_ERROR


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
