"""Stored runs, by name and scenario, that later ones are compared with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from harness.errors import UsageError
from harness.load_result import LoadResult, LoadVerdict, Stage
from harness.results import to_json, write_text
from loadtests.identities import MOST_CONNECTIONS

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")


@dataclass(frozen=True, slots=True)
class Load:
    """What two runs have to have in common to be compared."""

    stages: tuple[Stage, ...]
    arrivals: str
    connections: int


class StoredRun(msgspec.Struct, frozen=True, kw_only=True):
    """`p95` in ms from the intended start, over the whole run."""

    at: datetime
    target: str
    commit: str | None
    stages: tuple[Stage, ...]
    arrivals: str = "constant"
    connections: int = MOST_CONNECTIONS  # at a time
    p50: float
    p95: float
    p99: float

    @property
    def load(self) -> Load:
        return Load(self.stages, self.arrivals, self.connections)


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    format: int = 1
    scenario: str
    runs: tuple[StoredRun, ...] = ()


def checked_name(name: str) -> str:
    """Raises UsageError where it could not be a file's."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a baseline", hint="letters, digits, '.', '_' and '-'")
    return name


def save_runs(folder: Path, name: str, results: Sequence[LoadResult]) -> str:
    """Add runs that are whole and valid; returns what became of the file, which is left alone without any."""
    path = _path(folder, name, results[0].scenario)
    new = [stored(result) for result in results if comparable(result)]
    if not new:
        return f"nothing was added to {path}: no run was whole and valid"
    runs = (*(_read(path).runs if path.exists() else ()), *new)
    write_text(path, to_json(Baseline(scenario=results[0].scenario, runs=runs)) + "\n")
    return f"{path} holds {len(runs)} runs now"


def read_baseline(folder: Path, name: str, scenario: str) -> Baseline:
    """Raises UsageError where there is none of that name, or no run in it."""
    path = _path(folder, name, scenario)
    baseline = _read(path) if path.exists() else None
    if baseline is None or not baseline.runs:
        raise UsageError(
            f"there is no baseline {name!r} of {scenario} ({path})",
            hint=f"make one with --save-baseline {name}",
        )
    return baseline


def require_place(folder: Path, name: str, scenario: str, load: Load) -> None:
    """Raises UsageError where runs of that load could not be stored under that name."""
    path = _path(folder, name, scenario)
    if path.exists():
        require_same_load(_read(path), load)


def require_same_load(baseline: Baseline, load: Load) -> None:
    """Raises UsageError where the stored runs asked for something else."""
    if any(run.load != load for run in baseline.runs):
        raise UsageError(
            f"the stored runs of {baseline.scenario} were made at another rate or length, with other "
            "arrivals or another number of connections",
            hint="give the same --rate, --duration, --rehearsal, --arrivals and --connections",
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
        arrivals=result.arrivals,
        connections=result.generator.most_connections,
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
