"""`python -m reference_service.mutants [--settings FILE] [--list NAME … | NAME [-- COMMAND …]]`.

With `--list NAME` (repeatable): these mutants as JSON, in the form of `variants.list`. With a name alone:
serve that mutant. With a command of the service after `--`: run it as that mutant.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from reference_service.__main__ import main as run_service
from reference_service.commands.lifeline import die_with_parent
from reference_service.faults import variant
from reference_service.faults.fault import Fault, Level
from reference_service.mutants.applied import applied
from reference_service.mutants.copied import INSIDE, copied
from reference_service.mutants.explained import Explained, ExplainedError, read_explained
from reference_service.mutants.mutant import Mutant
from reference_service.settings import read_settings

USAGE_ERROR = 2


def main(argv: list[str]) -> int:
    own, _, command = (argv, "", []) if "--" not in argv else _split(argv)
    options = _parser().parse_args(own)
    if options.name is None:
        return _list(options)
    mutant: Mutant = options.name
    settings_arguments = ["--settings", str(options.settings)] if options.settings else []
    loads = command[:1] == ["load-fixtures"] and not mutant.of_prepared_answers
    if INSIDE not in os.environ and not loads:  # the data is no mutant's; what is prepared of it may be
        return _as_mutant(mutant, argv)
    if not mutant.of_prepared_answers:
        variant.nothing_prepared()
    if command:
        return run_service([*settings_arguments, *command])
    healthy = Fault(mutant.name, "", (), mutant.level or Level.SEEDED, lambda: None)
    return variant.serve(
        healthy, read_settings(options.settings), options.settings, module="reference_service.mutants"
    )


def _list(options: argparse.Namespace) -> int:
    try:
        explained = read_explained()
    except ExplainedError as error:
        print(f"reference_service.mutants: {error}", file=sys.stderr)
        return USAGE_ERROR
    print(json.dumps([_described(mutant, explained) for mutant in options.list], indent=1))
    return 0


def _split(argv: list[str]) -> tuple[list[str], str, list[str]]:
    place = argv.index("--")
    return argv[:place], "--", argv[place + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reference_service.mutants", description=__doc__)
    parser.add_argument("--settings", type=Path)
    parser.add_argument("--list", type=_mutant, action="append", default=[], metavar="NAME")
    parser.add_argument("name", type=_mutant, nargs="?")
    return parser


def _mutant(name: str) -> Mutant:
    try:
        return Mutant.named(name)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{name!r} is no mutant's name: FILE~CHANGE~NUMBER") from None


def _described(mutant: Mutant, explained: Mapping[str, Explained]) -> dict[str, object]:
    known = explained.get(mutant.name)
    return {
        "name": mutant.name,
        "description": f"{mutant.change}, place {mutant.number} of {mutant.file}",
        "requirements": mutant.requirements,
        "level": mutant.level,
        "explained": known.reason if known else "",
        "mechanical": True,
    }


def _as_mutant(mutant: Mutant, argv: list[str]) -> int:
    """The same call, in a process whose package is a copy with the change."""
    die_with_parent()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the copy goes with the process
    changed = applied(mutant)
    if changed is None:
        print(f"reference_service.mutants: no such mutant {mutant.name}", file=sys.stderr)
        return USAGE_ERROR
    with copied(mutant, changed) as environment:
        return _run([sys.executable, "-P", "-m", "reference_service.mutants", *argv], environment)


def _run(argv: list[str], environment: Mapping[str, str]) -> int:
    process = subprocess.Popen(argv, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 130
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
