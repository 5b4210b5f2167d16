"""`python -m reference_service.mutants [--settings FILE] [--sample N --seed S | NAME [-- COMMAND …]]`.

Without a name: a sample of the mutants as JSON, in the form of `variants.list`. With one: serve that mutant.
With a command of the service after `--`: run it as that mutant.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from reference_service.__main__ import main as run_service
from reference_service.commands.lifeline import die_with_parent
from reference_service.faults import variant
from reference_service.faults.fault import Fault, Level
from reference_service.mutants.mutant import PACKAGE, Mutant, sample
from reference_service.settings import read_settings

USAGE_ERROR = 2
INSIDE = "REFERENCE_MUTANT_ROOT"  # in the environment of a process that is the mutant already
_NOT_RUN = shutil.ignore_patterns("tests", "node_modules", "__pycache__", "sdk", "ops", "src")


def main(argv: list[str]) -> int:
    own, _, command = (argv, "", []) if "--" not in argv else _split(argv)
    options = _parser().parse_args(own)
    if options.name is None:
        print(json.dumps([_described(mutant) for mutant in _drawn(options.sample, options.seed)], indent=1))
        return 0
    settings_arguments = ["--settings", str(options.settings)] if options.settings else []
    if command[:1] == ["load-fixtures"]:  # the data is no mutant's
        variant.nothing_prepared()
        return run_service([*settings_arguments, *command])
    if INSIDE in os.environ:
        variant.nothing_prepared()
        if command:
            return run_service([*settings_arguments, *command])
        healthy = Fault(options.name, "", (), Mutant.named(options.name).level or Level.SEEDED, lambda: None)
        return variant.serve(
            healthy, read_settings(options.settings), options.settings, module="reference_service.mutants"
        )
    return _as_mutant(Mutant.named(options.name), argv)


def _split(argv: list[str]) -> tuple[list[str], str, list[str]]:
    place = argv.index("--")
    return argv[:place], "--", argv[place + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reference_service.mutants", description=__doc__)
    parser.add_argument("--settings", type=Path)
    parser.add_argument("--sample", type=int, default=60, help="how many are listed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("name", nargs="?")
    return parser


def _drawn(size: int, seed: int) -> list[Mutant]:
    """A third of them in SQL."""
    from reference_service.mutants.of_python import all_of_python  # noqa: PLC0415 - cosmic-ray is there to draw
    from reference_service.mutants.of_sql import all_of_sql  # noqa: PLC0415

    return sample(all_of_python(), size - size // 3, seed) + sample(all_of_sql(), size // 3, seed)


def _described(mutant: Mutant) -> dict[str, object]:
    return {
        "name": mutant.name,
        "description": f"{mutant.change}, place {mutant.number} of {mutant.file}",
        "requirements": [],
        "level": mutant.level,
    }


def _as_mutant(mutant: Mutant, argv: list[str]) -> int:
    """The same call, in a process whose package is a copy with the change."""
    die_with_parent()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the copy goes with the process
    with tempfile.TemporaryDirectory(prefix="reference-mutant-") as root:
        shutil.copytree(PACKAGE, Path(root) / PACKAGE.name, ignore=_NOT_RUN)
        file = Path(root) / PACKAGE.name / mutant.file
        changed = _mutated(file.read_text("utf-8"), mutant)
        if changed is None:
            print(f"reference_service.mutants: no such mutant {mutant.name}", file=sys.stderr)
            return USAGE_ERROR
        file.write_text(changed, "utf-8")
        environment = {**os.environ, "PYTHONPATH": root, INSIDE: root}
        # -P: the current folder, which may hold the package too, comes not before the copy
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "reference_service.mutants", *argv], env=environment
        )
        try:
            return process.wait()
        except KeyboardInterrupt:
            return 130
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(20)


def _mutated(source: str, mutant: Mutant) -> str | None:
    if mutant.file.endswith(".sql"):
        from reference_service.mutants.of_sql import mutated as of_sql  # noqa: PLC0415

        return of_sql(source, mutant)
    from reference_service.mutants.of_python import mutated as of_python  # noqa: PLC0415

    return of_python(source, mutant)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
