"""One step of a launch: another launchkit command, as a process of its own, followed through the journal."""

import contextlib
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.children.errors import StartError
from harness.children.processes import Process, Processes
from harness.evidence import Source
from harness.exit_codes import ExitCode
from harness.journal import Phase, follow

_TAIL_BYTES = 2_000
_POLL_SECONDS = 0.2
_PATIENCE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Step:
    """`arguments` are those of `launchkit`; `source` is whose observations it appends."""

    name: str
    source: Source
    arguments: tuple[str, ...]
    deadline: float  # seconds


def run_step(step: Step, folder: Path, processes: Processes, *, report: Callable[[str], None]) -> Phase:
    """Run one step to its end, or to its deadline; whatever it printed is kept in `logs/`."""
    log = folder / "logs" / f"{step.name.replace(' ', '-')}.log"
    log.parent.mkdir(exist_ok=True)
    started = time.monotonic()
    before = sum(1 for _ in follow(folder))
    argv = [sys.executable, "-m", "harness", *step.arguments, "--run", str(folder)]
    child = processes.start(step.name, argv, log=log, folder=Path.cwd())
    try:
        code = _wait(child, started + step.deadline, lambda: report(_progress(folder, before)))
    except KeyboardInterrupt:
        child.stop(signal.SIGINT, seconds=_PATIENCE_SECONDS)
        raise
    seconds = round(time.monotonic() - started, 2)
    if code is None:
        message = f"did not end within {step.deadline:g} s and was stopped; see {log}"
        return Phase(name=step.name, seconds=seconds, exit_code=int(ExitCode.UNDECIDED), message=message)
    return Phase(name=step.name, seconds=seconds, exit_code=code, message=_why(code, log))


def _wait(child: Process, deadline: float, tick: Callable[[], None]) -> int | None:
    """The child's exit code; None where the deadline came first and it had to be stopped."""
    while (code := child.exit_code()) is None:
        tick()
        if time.monotonic() > deadline:
            child.stop(signal.SIGTERM, seconds=_PATIENCE_SECONDS)
            return None
        with contextlib.suppress(StartError):  # it still runs
            child.wait(_POLL_SECONDS)
    tick()
    return code


def _progress(folder: Path, before: int) -> str:
    entries = list(follow(folder))[before:]
    counts = Counter(entry.status for entry in entries)
    return ", ".join(f"{count} {status}" for status, count in counts.most_common()) or "nothing observed"


def _why(exit_code: int, log: Path) -> str:
    """The last line that the step printed, where it could not decide or was used wrongly."""
    if exit_code in (ExitCode.PASS, ExitCode.FAIL, ExitCode.OPEN):
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
        lines = [line for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    if lines:
        return lines[-1].strip().removeprefix("launchkit: ")
    return f"ended with exit code {exit_code} and said nothing"
