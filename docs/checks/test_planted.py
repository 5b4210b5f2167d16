"""What is planted is found: the checks of the documents fail on a stale example, parameter, link, metric …"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from .markdown import ROOT


@dataclass(frozen=True)
class Plant:
    """One change of a document, and the checks that must notice it."""

    document: str
    before: str
    after: str
    checks: str


OF_THE_API = "reference_service/sdk/tests/documents/test_documents.py::test_an_endpoint"
EXAMPLE = "reference_service/sdk/tests/documents/test_examples.py::test_it_runs_and_prints_what_is_shown[{}]"
LINK = "docs/checks/test_links.py::test_every_link_leads_somewhere[{}]"
INVENTORY = "docs/checks/test_inventory.py::{}"

PLANTS = {
    "stale example": Plant(
        "docs/sdk.md", "Storm Watch 0.005", "Storm Watch 0.006", EXAMPLE.format("sdk.md:13")
    ),
    "broken example": Plant("docs/sdk.md", "page.cheapest(2)", "page.cheap(2)", EXAMPLE.format("sdk.md:13")),
    "parameter that is not there": Plant(
        "docs/api/marketplace.md",
        "| `verified` | boolean |",
        "| `checked` | boolean | `false` | | |\n| `verified` | boolean |",
        OF_THE_API,
    ),
    "default that is another": Plant(
        "docs/api/marketplace.md", "| `5` | 1 to 10 |", "| `6` | 1 to 10 |", OF_THE_API
    ),
    "broken link": Plant(
        "docs/sdk.md", "](api/marketplace.md)", "](api/market.md)", LINK.format("docs/sdk.md")
    ),
    "broken anchor": Plant(
        "docs/api/marketplace.md", "](#sorting)", "](#sort-orders)", LINK.format("docs/api/marketplace.md")
    ),
    "metric that is not there": Plant(
        "docs/operations/metrics.md",
        "| `discovery_requests_total` |",
        "| `discovery_calls_total` |",
        INVENTORY.format("test_every_metric_is_documented"),
    ),
    "option that is not there": Plant(
        "README.md",
        "launchkit launch --target staging.yaml --release",
        "launchkit launch --real",
        INVENTORY.format("test_commands_are_called_with_options_that_they_have"),
    ),
    "command that is not there": Plant(
        "README.md",
        "launchkit verify .runs",
        "launchkit prove .runs",
        INVENTORY.format("test_commands_are_called_with_options_that_they_have"),
    ),
    "exit code that is another": Plant(
        "README.md", "| 130 | Ctrl-C |", "| 131 | Ctrl-C |", INVENTORY.format("test_the_exit_codes")
    ),
    "setting that is not there": Plant(
        "README.md",
        "`LAUNCHKIT_KEEP_RUNS`",
        "`LAUNCHKIT_HOLD_RUNS`",
        INVENTORY.format("test_settings_are_there"),
    ),
    "key that is not there": Plant(
        "docs/keys.md", "| `retries` |", "| `attempts` |", INVENTORY.format("test_the_keys_of_an_item")
    ),
    "error code that is not there": Plant(
        "docs/api/marketplace.md",
        "| `rate_limited` |",
        "| `slow_down` |",
        INVENTORY.format("test_every_error_code_is_documented"),
    ),
    "endpoint that is not there": Plant(
        "docs/guides/operate.md",
        "/v1/marketplace/categories",
        "/v1/marketplace/kinds",
        INVENTORY.format("test_endpoints_are_there"),
    ),
}


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_what_is_planted_is_found(plant: Plant, tmp_path: Path) -> None:
    _copy(tmp_path)
    document = tmp_path / plant.document
    text = document.read_text(encoding="utf-8")
    assert plant.before in text, "what is to be replaced is no longer there"
    document.write_text(text.replace(plant.before, plant.after, 1), encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "--tb=line", "-c", str(tmp_path / "pyproject.toml"), "-rf"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, plant.checks],
        cwd=tmp_path,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAILED" in done.stdout


def _copy(folder: Path) -> None:
    """A checkout whose documents, and the checks of them, are files of its own."""
    kept = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    for entry in ROOT.iterdir():
        if entry.is_file():
            shutil.copy(entry, folder)
        elif entry.name == "docs":
            shutil.copytree(entry, folder / "docs", ignore=kept)
        elif entry.name in ("harness", "checklists", "loadtests", "reports"):
            (folder / entry.name).symlink_to(entry)
    (folder / "reference_service").mkdir()
    for entry in (ROOT / "reference_service").iterdir():
        if entry.name == "sdk":
            shutil.copytree(entry, folder / "reference_service/sdk", ignore=kept)
        else:
            (folder / "reference_service" / entry.name).symlink_to(entry)
