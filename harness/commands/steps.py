"""One step of a launch: another launchkit command, as a process of its own, followed through the journal."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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


def run_step(step: Step, folder: Path, *, report: Callable[[str], None]) -> Phase:
    """Run one step to its end, or to its deadline; whatever it printed is kept in `logs/`."""
    log = folder / "logs" / f"{step.name}.log"
    log.parent.mkdir(exist_ok=True)
    started = time.monotonic()
    before = sum(1 for _ in follow(folder))
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "harness.cli", *step.arguments, "--run", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            overdue = _wait(child, started + step.deadline, lambda: report(_progress(folder, before)))
        except KeyboardInterrupt:
            _stop(child, signal.SIGINT)
            raise
    report(_progress(folder, before))
    seconds = round(time.monotonic() - started, 2)
    if overdue:
        message = f"did not end within {step.deadline:g} s and was stopped; see {log}"
        return Phase(name=step.name, seconds=seconds, exit_code=int(ExitCode.UNDECIDED), message=message)
    return Phase(
        name=step.name, seconds=seconds, exit_code=child.returncode, message=_why(child.returncode, log)
    )


def _wait(child: "subprocess.Popen[bytes]", deadline: float, tick: Callable[[], None]) -> bool:
    """Wait for the child; true where the deadline came first and it had to be stopped."""
    while True:
        try:
            child.wait(_POLL_SECONDS)
            return False
        except subprocess.TimeoutExpired:
            tick()
        if time.monotonic() > deadline:
            _stop(child, signal.SIGTERM)
            return True


def _stop(child: "subprocess.Popen[bytes]", number: int) -> None:
    child.send_signal(number)
    try:
        child.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


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
