"""`python -m harness.commands.schemas`: writes the JSON Schemas of what launchkit prints and keeps."""

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from harness.commands.bench import Bench
from harness.commands.bench_console import ConsoleBench
from harness.commands.bench_report import ReportBench
from harness.commands.bench_service import ServiceBench
from harness.commands.bench_workers import WorkersBench
from harness.commands.requirements import Trace
from harness.journal import Line
from harness.load_result import LoadResult
from harness.results import Result, write_text
from loadtests.baselines import Baseline
from loadtests.bench.figures import LoadBench
from reports.verify import Verification

FOLDER = Path(__file__).parents[2] / "docs" / "schemas"
DOCUMENTS = MappingProxyType(
    {
        "journal-line": Line,  # a line of journal.jsonl
        "result": Result,  # contract, load and check with --json
        "load-baseline": Baseline,  # baselines/<name>/<scenario>.json of load --save-baseline
        "load-result": LoadResult,  # load/<scenario>.json of a run
        "requirements": Trace,  # requirements --json
        "verification": Verification,  # verify --json
        "bench": Bench,  # bench stack --json
        "bench-console": ConsoleBench,  # bench console --json
        "bench-load": LoadBench,  # bench load --json
        "bench-report": ReportBench,  # bench report --json
        "bench-service": ServiceBench,  # bench service --json
        "bench-workers": WorkersBench,  # bench workers --json
    }
)


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each document, by the name of its file."""
    return {
        f"{name}.schema.json": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"launchkit {name}",
            **msgspec.json.schema(kind),
        }
        for name, kind in DOCUMENTS.items()
    }


def main() -> None:
    for name, schema in schemas().items():
        write_text(FOLDER / name, json.dumps(schema, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
