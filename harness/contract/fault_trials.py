"""Tries variants, several at a time: each is started, proved active, and judged by all tests of its level."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from harness.children.errors import StartError
from harness.children.processes import Processes
from harness.contract.apart import judge_apart
from harness.contract.diagnosis import NotTestable
from harness.contract.fault_matrix import Outcome, Verdict, killers, outcome
from harness.contract.levels import Level
from harness.contract.suite import Suite
from harness.contract.variants import Variant, serving
from harness.contract.witnesses import Healthy, Witness, find_witness
from harness.errors import CouldNotDecideError, LaunchkitError
from harness.judging import OpenRun
from harness.target import Target, read_target

_LOOK_SECONDS = 5.0
LIMITER = "PRF-06"  # whose tests are the only ones that must outlast a rate-limit window


@dataclass(frozen=True)
class Trials:
    """Everything that the trials of one run share."""

    run: OpenRun
    processes: Processes
    stop_early: bool

    def healthy(self, levels: Sequence[Level]) -> Healthy:
        """Looks at the target without a fault, before anything else happens there."""
        healthy = Healthy(self._suite(self.run.target, levels, "healthy"))
        try:
            healthy.look(levels)
        except NotTestable as error:
            raise CouldNotDecideError(str(error)) from None
        return healthy

    def all(
        self, variants: Sequence[Variant], levels: Sequence[Level], healthy: Healthy, *, jobs: int
    ) -> Iterator[Outcome]:
        """The outcomes as they come. Raises CouldNotDecideError where the target fails without a fault."""
        pool = ThreadPoolExecutor(jobs)
        try:
            first = pool.submit(self._see_it_healthy, levels)
            waiting: set[Future[Outcome]] = {pool.submit(self._try, variant, healthy) for variant in variants}
            while waiting:
                done = wait(waiting, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED).done
                if first.done():
                    first.result()
                yield from (future.result() for future in done)
                waiting -= done
            first.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _see_it_healthy(self, levels: Sequence[Level]) -> None:
        """A test that fails without a fault proves nothing when it fails with one."""
        verdict = self._judge(self.run.target.path, "healthy", levels, whole=True)
        if verdict.code != 0:
            failed = killers(verdict)
            said = f"{failed[0]} fails" if failed else f"the suite ends with {verdict.code}"
            raise CouldNotDecideError(
                f"the target is not healthy without a fault: {said}", hint="see `launchkit contract`"
            )

    def _try(self, variant: Variant, healthy: Healthy) -> Outcome:
        started = time.monotonic()
        witness: Witness | None = None
        name = f"variant-{variant.name}"
        try:
            log = self.run.folder / "logs" / f"{name}.log"
            log.parent.mkdir(exist_ok=True)
            with serving(self.run.target, variant, self.processes, log) as profile:
                target = read_target(profile)
                suite = self._suite(target, [variant.level], name)
                if (data := healthy.dataset) is not None:
                    suite.loader.build = lambda: data  # the very same, to the second
                witness = find_witness(variant, suite, healthy)
                whole = LIMITER in variant.requirements
                verdict = self._judge(profile, name, [variant.level], whole=whole)
        except (LaunchkitError, NotTestable) as error:
            problem = self.run.target.redact(str(error))
            runs = not isinstance(error, StartError | NotTestable)
            return Outcome(variant, (), (), time.monotonic() - started, witness, problem, runs)
        return outcome(variant, verdict, witness, time.monotonic() - started)

    def _judge(self, profile: Path, name: str, levels: Sequence[Level], *, whole: bool) -> Verdict:
        return judge_apart(
            self.processes,
            profile,
            self.run.folder / "variants" / name,
            seed=self.run.seed,
            levels=levels,
            whole=whole,
            fail_fast=self.stop_early,
        )

    def _suite(self, target: Target, levels: Sequence[Level], name: str) -> Suite:
        folder = self.run.folder / "variants" / f"{name}-witness"
        return Suite.of(target, seed=self.run.seed, levels=tuple(levels), folder=folder, journal=None)
