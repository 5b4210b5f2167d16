"""The same target judged again and again, each time with another seed: a right one passes every time."""

import queue
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.children.processes import Processes
from harness.contract.apart import judge_apart
from harness.contract.fault_matrix import Verdict
from harness.contract.levels import Level, choose
from harness.environment import open_environment
from harness.errors import LaunchkitError
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.judging import Judging, OpenRun, Stage, open_run
from harness.settings import read_settings

COMMAND = "contract-seeds"
OWN_STACKS = 3  # on two cores: much of a run is waiting
_SEEDS = 1 << 31


@dataclass(frozen=True, slots=True)
class Seeded:
    """What one seed gave. `failed` are tests, or what failed of the run; `problem` why it decided nothing."""

    seed: int
    tests: int
    seconds: float
    failed: tuple[str, ...] = ()
    problem: str = ""

    @property
    def status(self) -> Status:
        if self.failed:
            return Status.FAIL
        return Status.ERROR if self.problem else Status.PASS

    @property
    def sentence(self) -> str:
        if self.failed:
            more = f" and {len(self.failed) - 1} more" if len(self.failed) > 1 else ""
            return f"RED: {self.failed[0]}{more}"
        return f"undecided: {self.problem}" if self.problem else f"green, {self.tests} tests"


def judge_seeds(judging: Judging, names: list[str], count: int, *, fail_fast: bool) -> ExitCode:
    """So many runs of the suite, with seeds drawn from the run's own."""
    with open_run(judging, command=COMMAND, parts=(Source.CONTRACT,), stage=Stage.BARE) as run:
        levels = choose(run.target, names)
        seeds = drawn(run.seed, count)
        found: list[Seeded] = []
        with _stacks(run, judging, count) as stacks, Processes() as processes:
            trials = _Trials(run, processes, levels, fail_fast)
            with run.progress.phase(f"{count} seeds drawn from {run.seed}, {len(stacks)} at a time"):
                for one in trials.all(seeds, stacks):
                    found.append(one)
                    run.journal.observe(observation(one))
                    took = f"{one.seconds:.0f} s"
                    run.progress.line(f"{len(found)}/{count} seed {one.seed}: {one.sentence} ({took})")
        green = sum(one.status is Status.PASS for one in found)
        return run.conclude(exit_code(found), f"{green} of {count} green")


def drawn(seed: int, count: int) -> tuple[int, ...]:
    """The same seed draws the same, each another."""
    return tuple(random.Random(seed).sample(range(_SEEDS), count))


def seeded(seed: int, verdict: Verdict, seconds: float) -> Seeded:
    """What the suite's verdict says of this seed."""
    ran = sum(e.status is Status.PASS and not e.id.startswith("run/") for e in verdict.entries)
    failed = tuple(entry.id for entry in verdict.entries if entry.status.failed)
    if verdict.code == ExitCode.PASS or failed:
        return Seeded(seed, ran, seconds, failed)
    said = [e for e in verdict.entries if e.status not in (Status.PASS, Status.NOT_APPLICABLE)]
    problem = f"{said[0].id}: {said[0].message}" if said else f"the suite ended with {verdict.code}"
    return Seeded(seed, ran, seconds, problem=problem)


def observation(one: Seeded) -> Observation:
    return Observation(
        source=Source.CONTRACT,
        id=f"seeds/{one.seed}",
        status=one.status,
        expected="the contract is kept",
        observed=one.sentence,
        message="" if one.status is Status.PASS else f"{one.sentence}; --seed {one.seed} asks the same again",
        evidence={"tests": one.tests, "failed": list(one.failed), "seconds": round(one.seconds, 2)},
    )


def exit_code(found: Sequence[Seeded]) -> ExitCode:
    """A red seed beats an undecided one."""
    statuses = {one.status for one in found}
    if Status.FAIL in statuses:
        return ExitCode.FAIL
    return ExitCode.PASS if statuses == {Status.PASS} else ExitCode.UNDECIDED


@contextmanager
def _stacks(run: OpenRun, judging: Judging, count: int) -> Iterator[tuple[Path, ...]]:
    """Whom to judge side by side: stacks of ours, each with data of its own, or one existing target."""
    with ExitStack() as stack:
        others = 0 if judging.target is not None else min(OWN_STACKS, count) - 1
        opened = []
        for number in range(2, others + 2):
            with run.progress.phase(f"environment {number}"):
                folder = run.folder / f"environment-{number}"
                environment = open_environment(judging.environment, folder, read_settings())
                opened.append(stack.enter_context(environment))
        yield (run.target.path, *(environment.target.path for environment in opened))


@dataclass(frozen=True)
class _Trials:
    run: OpenRun
    processes: Processes
    levels: tuple[Level, ...]
    fail_fast: bool

    def all(self, seeds: Sequence[int], stacks: Sequence[Path]) -> Iterator[Seeded]:
        """As they end."""
        free: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for profile in stacks:
            free.put(profile)
        pool = ThreadPoolExecutor(len(stacks))
        try:
            # What must outlast a rate-limit window draws nothing: it is asked with the first seed only.
            waiting: list[Future[Seeded]] = [
                pool.submit(self._try, seed, free, whole=seed == seeds[0]) for seed in seeds
            ]
            for future in as_completed(waiting):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _try(self, seed: int, free: "queue.SimpleQueue[Path]", *, whole: bool) -> Seeded:
        profile, started = free.get(), time.monotonic()
        try:
            verdict = judge_apart(
                self.processes,
                profile,
                self.run.folder / "seeds" / str(seed),
                seed=seed,
                levels=self.levels,
                whole=whole,
                fail_fast=self.fail_fast,
            )
        except LaunchkitError as error:
            problem = self.run.target.redact(str(error))
            return Seeded(seed, 0, time.monotonic() - started, problem=problem)
        finally:
            free.put(profile)
        return seeded(seed, verdict, time.monotonic() - started)
