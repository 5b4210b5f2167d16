"""Runs locust in a process of its own: it patches the standard library, which must not happen here."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from harness.errors import CouldNotDecideError, LaunchkitError, UsageError
from harness.exit_codes import ExitCode
from harness.load_result import FOLDER, LoadResult, read_load_result
from harness.results import to_json, write_text
from loadtests.arrivals import ArrivalKind
from loadtests.console import MARK, read_progress
from loadtests.criteria import FILE
from loadtests.drafts import drafted_issues, summary_page
from loadtests.tables import timeline_csv
from loadtests.ticks import Tick

Tell: TypeAlias = Callable[[str | Tick], None]
_LOCUSTFILE = Path(__file__).with_name("locustfile.py")
_PATIENCE_SECONDS = 15.0  # for a generator that was asked to stop to write what it has


@dataclass(frozen=True, slots=True)
class Order:
    """What the generator is told; `criteria` and `profile` are files."""

    scenario: str
    profile: Path
    criteria: Path
    seed: int
    arrivals: str
    rehearsal: bool = False
    rate: float | None = None
    duration: float | None = None
    connections: int | None = None
    metrics_port: int = 0

    def arguments(self) -> list[str]:
        words = ["--target", str(self.profile), "--scenario", self.scenario, "--seed", str(self.seed)]
        words += ["--criteria", str(self.criteria), "--arrivals", self.arrivals]
        return [*words, "--metrics-port", str(self.metrics_port), *self._shape()]

    def repeated(self, seed: int) -> str:
        """The command that makes the same run of another target's profile, with the seed that was used."""
        words = ["launchkit", "load", self.scenario, "--target", "PROFILE", "--seed", str(seed)]
        words += ["--arrivals", self.arrivals] if self.arrivals != ArrivalKind.CONSTANT else []
        words += ["--criteria", str(self.criteria)] if self.criteria != FILE else []
        return shlex.join([*words, *self._shape()])

    def _shape(self) -> list[str]:
        words = ["--rehearsal"] if self.rehearsal else []
        words += ["--rate", repr(self.rate)] if self.rate is not None else []
        words += ["--duration", repr(self.duration)] if self.duration is not None else []
        words += ["--connections", str(self.connections)] if self.connections is not None else []
        return words


def generate(order: Order, run: Path, tell: Tell) -> LoadResult:
    """Run the load, `tell` each line of progress, leave `load/<scenario>.json` and `.log` in the run folder.

    Raises the error that the generator ended with; a result that it wrote, however partial, is no error.
    """
    folder = run / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    out, log = folder / f"{order.scenario}.json", folder / f"{order.scenario}.log"
    out.unlink(missing_ok=True)
    with log.open("w", encoding="utf-8") as file, _started(order, out, file.fileno()) as process:
        for line in process.stdout or ():
            if line.startswith(MARK):
                tell(read_progress(line.removeprefix(MARK).rstrip("\n")))
            else:
                file.write(line)
        code = process.wait()
    if code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if not out.exists():
        raise _error(code, log)
    return read_load_result(out)


def write_companions(result: LoadResult, order: Order, run: Path) -> tuple[str, ...]:
    """Beside the result: its timeline, where the time went, a drafted issue for each missed limit.

    Returns the names of all that is kept, relative to the run folder.
    """
    drafts = drafted_issues(result, order.repeated(result.seed))
    texts = {
        f"{result.scenario}.json": to_json(result) + "\n",
        f"{result.scenario}.csv": timeline_csv(result),
        f"{result.scenario}.md": summary_page(result),
        **{f"{result.scenario}-{name}.md": text for name, text in drafts.items()},
    }
    for name, text in texts.items():
        write_text(run / FOLDER / name, text)
    return tuple(f"{FOLDER}/{name}" for name in texts)


@contextmanager
def _started(order: Order, out: Path, log: int) -> Iterator["subprocess.Popen[str]"]:
    """In a session of its own, so that Ctrl-C reaches it once, through us; it dies with us in any case."""
    command = [sys.executable, "-P", "-m", "locust", "-f", str(_LOCUSTFILE), "--headless", "--only-summary"]
    command += ["--loglevel", "WARNING", "--ticks", "--die-with", str(os.getpid()), "--out", str(out)]
    process = subprocess.Popen(
        [*command, *order.arguments()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            # What it still says is read, or it could not finish writing.
            process.communicate(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _error(code: int, log: Path) -> LaunchkitError:
    """The generator's own last word, as the kind of error that its exit code names."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    own = [line.removeprefix("launchkit: ") for line in lines if line.startswith("launchkit: ")]
    if not own:
        return CouldNotDecideError(f"the load generator ended with exit code {code}", hint=f"see {log}")
    return (UsageError if code == ExitCode.USAGE else CouldNotDecideError)(own[-1])
