"""What every judging command shares: its options, its target, its journal, its last words."""

import secrets
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from harness.environment import Environment, EnvironmentKind, open_environment
from harness.environment.release import current_version
from harness.errors import UsageError
from harness.evidence import Source, Status
from harness.exit_codes import ExitCode
from harness.journal import About, Entry, Journal, Phase, Plan, follow, subject_of
from harness.progress import Progress
from harness.results import junit_xml, machine, make_result, to_json, write_text
from harness.runs import RunFolder
from harness.settings import Settings, read_settings
from harness.target import Permission, Target, read_target

__all__ = ["Judging", "OpenRun", "Progress", "Stage", "interruptible", "open_run"]

CATALOGUE_VENDORS = 2000
_FAILURES_SHOWN = 10
_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


class Stage(StrEnum):
    """What an environment of ours holds when judging begins; an existing target has what it has."""

    BARE = "bare"  # no data and no worker
    POPULATED = "populated"  # the realistic catalogue, and the workers running


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Judging:
    """The options of every command that judges.

    Parameters
    ----------
    target
        The profile of a target that runs already.
    environment
        Where the target comes from when no profile is given.
    json
        Print the result document on stdout, and nothing else there.
    junit
        Also write JUnit XML to this file.
    seed
        Repeat the draws of an earlier run.
    run
        Append to this open run instead of starting one.
    """

    target: Path | None = None
    environment: EnvironmentKind = EnvironmentKind.EMBEDDED
    json: Annotated[bool, Parameter(negative=())] = False
    junit: Path | None = None
    seed: int | None = None
    run: Annotated[Path | None, Parameter(show=False)] = None


class OpenRun:
    """A run that is being judged. Append to `journal`, then say what was decided."""

    def __init__(
        self,
        judging: Judging,
        *,
        command: str,
        parts: tuple[Source, ...],
        target: Target,
        journal: Journal,
        progress: Progress,
        seed: int,
    ) -> None:
        self.target = target
        self.journal = journal
        self.folder = journal.folder
        self.progress = progress
        self.seed = seed
        self.concluded = False
        self._judging, self._command, self._parts = judging, command, parts
        self._started = time.monotonic()
        self._after = max((entry.seq for entry in follow(journal.folder)), default=-1)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What this command has observed so far."""
        return tuple(entry for entry in follow(self.folder, after=self._after) if entry.source in self._parts)

    def conclude(self, exit_code: ExitCode, verdict: str) -> ExitCode:
        """Finish the journal where it is ours; print and write what was asked for. Raises UsageError."""
        seconds, entries = time.monotonic() - self._started, self.entries
        if self._judging.run is None:
            self._finish("complete", exit_code)
        self.concluded = True
        if self._judging.junit is not None:
            write_text(self._judging.junit, junit_xml(f"launchkit.{self._command}", entries))
        if self._judging.json:
            result = make_result(
                command=self._command,
                run=self.folder.name,
                target=subject_of(self.target),
                exit_code=exit_code,
                verdict=verdict,
                seed=self.seed,
                seconds=seconds,
                entries=entries,
            )
            print(to_json(result))
        else:
            print("\n".join(self._summary(verdict, entries)))
        sys.stdout.flush()
        return exit_code

    def break_off(self) -> None:
        """Finish a journal of ours without a verdict."""
        if self._judging.run is None and not self.concluded:
            self._finish("interrupted", ExitCode.INTERRUPTED)

    def _finish(self, outcome: str, exit_code: ExitCode) -> None:
        seconds = round(time.monotonic() - self._started, 2)
        own = Phase(name=self._command, seconds=seconds, exit_code=int(exit_code))
        before = tuple(
            Phase(name=name, seconds=round(took, 2), exit_code=0) for name, took in self.progress.phases
        )
        self.journal.finish(outcome=outcome, seconds=seconds, phases=(*before, own))

    def _summary(self, verdict: str, entries: tuple[Entry, ...]) -> Iterator[str]:
        counts = Counter(str(entry.status) for entry in entries)
        said = ", ".join(f"{count} {status}" for status, count in counts.most_common()) or "nothing observed"
        yield f"{self._command}: {verdict} ({said}; seed {self.seed})"
        telling = [entry for entry in entries if entry.status.failed or entry.status is Status.ERROR]
        for entry in telling[:_FAILURES_SHOWN]:
            first = entry.message.strip().partition("\n")[0]
            yield f"  {entry.status} {entry.id}" + (f": {first}" if first else "")
        if len(telling) > _FAILURES_SHOWN:
            yield f"  … and {len(telling) - _FAILURES_SHOWN} more"
        if self._judging.run is None:
            yield f"  evidence: {self.folder / 'journal.jsonl'}"


@contextmanager
def open_run(
    judging: Judging,
    *,
    command: str,
    parts: tuple[Source, ...],
    stage: Stage,
    needs: tuple[Permission, ...] = (),
    plans: tuple[Plan, ...] = (),
) -> Iterator[OpenRun]:
    """Yield a target with a journal to write to; leaving without a conclusion marks the run interrupted.

    `plans` go into the header of a journal that is begun here. `needs` is what the profile of a target off
    loopback has to allow: nothing is dialled before that is known. Raises UsageError, NotAllowedError,
    TargetUnreachableError, StartError.
    """
    if judging.target is not None:
        named = read_target(judging.target)  # a wrong profile is told before a run folder is made
        for permission in needs:
            named.require(permission)
    settings, progress = read_settings(), Progress()
    seed = secrets.randbits(32) if judging.seed is None else judging.seed
    if judging.junit is not None:
        write_text(judging.junit, "")  # better refused now than after an hour; and an old one is not kept
    with ExitStack() as stack:
        stack.enter_context(interruptible())
        if judging.run is not None:
            target, journal = _join(judging, judging.run)
        else:
            target, journal = _begin(judging, stack, settings, progress, command, parts, plans, stage, seed)
        run = OpenRun(
            judging,
            command=command,
            parts=parts,
            target=target,
            journal=journal,
            progress=progress,
            seed=seed,
        )
        stack.callback(run.break_off)
        yield run


@contextmanager
def interruptible() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C, so that everything is put away in order; only in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # SIGINT too: a shell starts its background jobs with it ignored.
    before = {number: signal.signal(number, signal.default_int_handler) for number in _INTERRUPTS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _join(judging: Judging, folder: Path) -> tuple[Target, Journal]:
    if judging.target is None:
        raise UsageError("--run needs a target", hint="add --target FILE")
    return read_target(judging.target), Journal.join(folder)


def _begin(
    judging: Judging,
    stack: ExitStack,
    settings: Settings,
    progress: Progress,
    command: str,
    parts: tuple[Source, ...],
    plans: tuple[Plan, ...],
    stage: Stage,
    seed: int,
) -> tuple[Target, Journal]:
    if judging.target is None and judging.environment is EnvironmentKind.EXISTING:
        raise UsageError("an existing environment needs a profile", hint="add --target FILE")
    folder = stack.enter_context(RunFolder.create(settings.runs_dir, keep=settings.keep_runs))
    with progress.phase("environment"):
        environment = stack.enter_context(
            open_environment(judging.environment, folder.path, settings, profile=judging.target)
        )
    if stage is Stage.POPULATED and judging.target is None:
        _populate(environment, progress, seed)
    about = About(
        run=folder.id,
        command=command,
        environment=(EnvironmentKind.EXISTING if judging.target else judging.environment).value,
        rehearsal=judging.target is None,
        subject=subject_of(environment.target),
        parts=parts,
        seed=seed,
        version=current_version(),
        machine=machine(),
        plans=plans,
    )
    return environment.target, Journal.create(folder.path, about)


def _populate(environment: Environment, progress: Progress, seed: int) -> None:
    with progress.phase("catalogue and workers"):
        environment.populate(vendors=CATALOGUE_VENDORS, seed=seed)
        environment.start_workers()
