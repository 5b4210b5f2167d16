"""Stored runs, by name and scenario, that later ones are compared with."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from harness.errors import UsageError
from harness.load_result import LoadResult, LoadVerdict, Stage
from harness.results import to_json, write_text

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")


class StoredRun(msgspec.Struct, frozen=True, kw_only=True):
    """`p95` in ms from the intended start, over the whole run."""

    at: datetime
    target: str
    commit: str | None
    stages: tuple[Stage, ...]
    p50: float
    p95: float
    p99: float


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    format: int = 1
    scenario: str
    runs: tuple[StoredRun, ...] = ()


def checked_name(name: str) -> str:
    """Raises UsageError where it could not be a file's."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a baseline", hint="letters, digits, '.', '_' and '-'")
    return name


def save_runs(folder: Path, name: str, results: Sequence[LoadResult]) -> tuple[Path, int]:
    """Add runs that are whole and valid; returns the file, and how many it holds now."""
    path = _path(folder, name, results[0].scenario)
    before = _read(path).runs if path.exists() else ()
    runs = (*before, *(stored(result) for result in results if comparable(result)))
    write_text(path, to_json(Baseline(scenario=results[0].scenario, runs=runs)) + "\n")
    return path, len(runs)


def read_baseline(folder: Path, name: str, scenario: str) -> Baseline:
    """Raises UsageError where there is none of that name."""
    path = _path(folder, name, scenario)
    if not path.exists():
        raise UsageError(
            f"there is no baseline {name!r} of {scenario} ({path})",
            hint=f"make one with --save-baseline {name}",
        )
    return _read(path)


def require_same_load(baseline: Baseline, stages: tuple[Stage, ...]) -> None:
    """Raises UsageError where the stored runs asked for something else."""
    if not baseline.runs or any(run.stages != stages for run in baseline.runs):
        raise UsageError(
            f"the stored runs of {baseline.scenario} were made at another rate or length",
            hint="give the same --rate, --duration and --rehearsal",
        )


def comparable(result: LoadResult) -> bool:
    whole = result.group()
    return (
        result.verdict is not LoadVerdict.INVALID
        and not result.partial
        and whole is not None
        and whole.latency is not None
        and whole.latency.p95 > 0
    )


def stored(result: LoadResult) -> StoredRun:
    """Of a comparable result."""
    whole = result.group()
    if whole is None or whole.latency is None:
        raise ValueError("nothing was answered")
    return StoredRun(
        at=result.started_at,
        target=result.target.name,
        commit=result.target.commit,
        stages=result.stages,
        p50=whole.latency.p50,
        p95=whole.latency.p95,
        p99=whole.latency.p99,
    )


def _path(folder: Path, name: str, scenario: str) -> Path:
    return folder / checked_name(name) / f"{scenario}.json"


def _read(path: Path) -> Baseline:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Baseline)
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{path} is not a baseline: {error}") from None
