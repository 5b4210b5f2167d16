"""A sample of the reference's faults, each against the test that is there for it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.children.processes import Processes
from harness.contract.levels import FOLDER
from harness.contract.variants import list_variants, serving
from harness.evidence import Source, Status
from harness.journal import About, Journal, follow
from harness.target import read_target

FAULTS = [sys.executable, "-m", "reference_service.faults"]
SAMPLE = (
    ("featured-ties-by-name", "seeded/test_featured.py", "seeded/featured/test_order_and_limit[20]"),
    (
        "checks-in-milliseconds",
        "operations/test_worker_metrics.py",
        "operations/worker_metrics/test_a_check_takes_seconds_not_milliseconds",
    ),
    (
        "rates-cut-off",
        "workers/test_aggregator.py",
        "workers/aggregator/test_volume_and_rates[settles-two-of-three]",
    ),
)


@pytest.fixture
def variants(tmp_path: Path, postgres_server_url: str, redis_url: str) -> Path:
    """A profile that declares the reference's variants; each makes a database of its own on our server."""
    settings = tmp_path / "settings.env"
    settings.write_text(f"REFERENCE_DATABASE_URL={postgres_server_url}\nREFERENCE_REDIS_URL={redis_url}\n")
    profile = tmp_path / "target.yaml"
    command = [*FAULTS, "--settings", str(settings)]
    declared = {"list": command, "start": [*command, "{name}"]}
    profile.write_text(json.dumps({"name": "r", "base_url": "http://127.0.0.1:9", "variants": declared}))
    return profile


@pytest.mark.parametrize(("fault", "file", "killer"), SAMPLE, ids=[name for name, _, _ in SAMPLE])
def test_a_fault_is_noticed_by_its_test(
    tmp_path: Path, variants: Path, child_processes: Processes, fault: str, file: str, killer: str
) -> None:
    target = read_target(variants)
    (variant,) = list_variants(target, [fault])
    with serving(target, variant, child_processes, tmp_path / "variant.log") as profile:
        found = _judged(tmp_path / "run", profile, file)
    assert found.get(killer) is Status.FAIL, found
    assert Status.PASS in found.values()


def _judged(run: Path, profile: Path, file: str) -> dict[str, Status]:
    about = About(
        run="r", command="contract", environment="existing", rehearsal=False, subject=None,
        parts=(Source.CONTRACT,), seed=1, version="0",
    )  # fmt: skip
    Journal.create(run, about)
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"]
    argv += [f"--config-file={os.devnull}", f"--rootdir={FOLDER}", str(FOLDER / file)]
    done = subprocess.run(
        [*argv, "--target", str(profile), "--seed", "1", "--run", str(run)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-1000:]
    return {entry.id: entry.status for entry in follow(run)}
