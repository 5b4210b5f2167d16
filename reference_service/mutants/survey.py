"""`python -m reference_service.mutants.survey [--sample N] [--seed S | --mutant NAME …] [FAULTS OPTIONS …]`.

Serves the reference, declares its mutants as variants, and lets `launchkit faults` try a sample of them, or
those named. Exit code 1 where one survives that `explained.yaml` does not explain, or is
killed though it does. Mutants whose module does not even load are passed over; those that load and then do
not run (every request fails, or a worker's round does) are counted apart from the killed ones.
Its runs are kept apart, in a folder `mutants` among the others: a mutant proves no requirement.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from reference_service.mutants.copied import loads
from reference_service.mutants.explained import ExplainedError, read_explained
from reference_service.mutants.mutant import Mutant, left_out, sample
from reference_service.mutants.of_sql import all_of_sql

START_SECONDS = 90.0
STOP_SECONDS = 30.0
RUNS = "LAUNCHKIT_RUNS_DIR"
LAUNCHKIT = [sys.executable, "-m", "harness"]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="reference_service.mutants.survey", description=__doc__)
    parser.add_argument("--sample", type=int, default=60, help="how many mutants, a third of them in SQL")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--jobs", type=int, default=3, help="how many at once; each has data of its own")
    parser.add_argument("--mutant", action="append", default=[], metavar="NAME", help="this one (repeatable)")
    options, others = parser.parse_known_args(argv)
    try:
        read_explained()  # before anything starts
    except ExplainedError as error:
        parser.error(str(error))
    chosen = options.mutant or [mutant.name for mutant in _drawn(options.sample, options.seed)]
    with tempfile.TemporaryDirectory(prefix="reference-mutants-") as folder:
        served = Path(folder) / "served.yaml"
        serving = subprocess.Popen(
            [*LAUNCHKIT, "serve", "--no-workers", "--port", "0", "--profile-out", str(served)]
        )
        try:
            _wait_for(served, serving)
            profile = Path(folder) / "mutants.yaml"
            profile.write_text(_with_mutants(served.read_text("utf-8"), chosen), "utf-8")
            profile.chmod(0o600)  # it names a database with its password
            tried = [*LAUNCHKIT, "faults", "--target", str(profile), "--jobs", str(options.jobs)]
            tried += ["--stop-early", *others]
            return subprocess.run(tried, env={**os.environ, RUNS: _runs_of_mutants()}, check=False).returncode
        finally:
            serving.terminate()
            serving.wait(STOP_SECONDS)


def _drawn(size: int, seed: int) -> Iterator[Mutant]:
    """A third of them in SQL; tells what is not tried, and why."""
    from reference_service.mutants.of_python import all_of_python  # noqa: PLC0415 - cosmic-ray is there to draw

    in_python, in_sql = [*all_of_python()], [*all_of_sql()]
    untried = left_out(in_python + in_sql)
    for (file, why), count in sorted(untried.items()):
        print(f"left out: {count} mutants of {file}: {why}", file=sys.stderr)
    print(f"left out: {untried.total()} of {len(in_python + in_sql)} mutants in all", file=sys.stderr)
    for mutants, share in ((in_python, size - size // 3), (in_sql, size // 3)):
        chosen = sample(mutants, share, seed, loads)
        for mutant in chosen.passed_over:
            print(f"passed over: {mutant.name} does not load", file=sys.stderr)
        told = f"drawn: {len(chosen.drawn)} mutants, passed over: {len(chosen.passed_over)}"
        print(told, file=sys.stderr, flush=True)
        yield from chosen.drawn


def _runs_of_mutants() -> str:
    return str(Path(os.environ.get(RUNS, ".runs")) / "mutants")


def _wait_for(profile: Path, serving: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while not profile.exists():
        if serving.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("reference_service.mutants: the reference did not start")
        time.sleep(0.1)


def _with_mutants(profile: str, names: Sequence[str]) -> str:
    """The profile with these mutants in the place of the faults."""
    document = yaml.safe_load(profile)
    for name, command in document["variants"].items():
        document["variants"][name] = [
            "reference_service.mutants" if word == "reference_service.faults" else word for word in command
        ]
    document["variants"]["list"] += [f"--list={name}" for name in names]
    return yaml.safe_dump(document)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
