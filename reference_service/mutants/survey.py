"""`python -m reference_service.mutants.survey [--sample N] [--seed S] [FAULTS OPTIONS …]`.

Serves the reference, declares its mutants as variants, and lets `launchkit faults` try a sample of them.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

START_SECONDS = 90.0
STOP_SECONDS = 30.0
LAUNCHKIT = [sys.executable, "-m", "harness"]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="reference_service.mutants.survey", description=__doc__)
    parser.add_argument("--sample", type=int, default=60, help="how many mutants, a third of them in SQL")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    options, others = parser.parse_known_args(argv)
    with tempfile.TemporaryDirectory(prefix="reference-mutants-") as folder:
        served = Path(folder) / "served.yaml"
        serving = subprocess.Popen(
            [*LAUNCHKIT, "serve", "--no-workers", "--port", "0", "--profile-out", str(served)]
        )
        try:
            _wait_for(served, serving)
            profile = Path(folder) / "mutants.yaml"
            profile.write_text(
                _with_mutants(served.read_text("utf-8"), options.sample, options.seed), "utf-8"
            )
            profile.chmod(0o600)  # it names a database with its password
            tried = [*LAUNCHKIT, "faults", "--target", str(profile), "--stop-early", *others]
            return subprocess.run(tried, check=False).returncode
        finally:
            serving.terminate()
            serving.wait(STOP_SECONDS)


def _wait_for(profile: Path, serving: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while not profile.exists():
        if serving.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("reference_service.mutants: the reference did not start")
        time.sleep(0.1)


def _with_mutants(profile: str, size: int, seed: int) -> str:
    """The profile with the mutants in the place of the faults."""
    document = yaml.safe_load(profile)
    for name, command in document["variants"].items():
        document["variants"][name] = [
            "reference_service.mutants" if word == "reference_service.faults" else word for word in command
        ]
    document["variants"]["list"] += ["--sample", str(size), "--seed", str(seed)]
    return yaml.safe_dump(document)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
