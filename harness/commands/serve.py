"""`launchkit serve`: keep the reference stack up for a person, and say how to reach it."""

import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from harness.environment import Environment, EnvironmentKind, open_environment
from harness.environment.ports import reserved_port
from harness.environment.secret_files import write_secret
from harness.errors import UsageError
from harness.judging import Progress, interruptible
from harness.runs import RunFolder
from harness.settings import read_settings
from harness.target import Target

_WATCH_SECONDS = 0.5
_CONSOLE_SECONDS = 180.0


def serve(
    *,
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65535))] = 8080,
    vendors: Annotated[int, Parameter(validator=Number(gte=0, lte=1_000_000))] = 0,
    rate_limit: Annotated[int, Parameter(validator=Number(gte=1, lte=1_000_000_000))] = 100,
    workers: bool | None = None,
    profile_out: Path | None = None,
    environment: EnvironmentKind = EnvironmentKind.EMBEDDED,
    seed: int | None = None,
) -> None:
    """Keep the reference marketplace up until Ctrl-C, and write a profile of it for the other commands.

    Parameters
    ----------
    port
        Where the API listens on 127.0.0.1; 0 for any free port.
    vendors
        Generate a catalogue of this many realistic vendors; 0 leaves the marketplace empty.
    rate_limit
        Requests that one client gets in 60 seconds.
    workers
        Run the scheduled workers. Default: with --vendors only. They stand aside while a suite loads
        data of its own and for five minutes after.
    profile_out
        Write the target profile here (mode 0600) instead of into the run folder.
    environment
        embedded, or containers for PostgreSQL and Valkey.
    seed
        Repeat the draws of an earlier catalogue.
    """
    if environment is EnvironmentKind.EXISTING:
        raise UsageError("an existing target is served by somebody else", hint="use embedded or containers")
    settings, progress = read_settings(), Progress()
    wanted = _Wanted(vendors, secrets.randbits(32) if seed is None else seed, workers)
    with interruptible():
        with reserved_port(port):
            _prepare(profile_out)  # what cannot work is told before anything is started
        with RunFolder.create(settings.runs_dir, keep=settings.keep_runs) as folder, ExitStack() as stack:
            with progress.phase("environment"):
                opened = stack.enter_context(
                    open_environment(environment, folder.path, settings, port=port, rate_limit=rate_limit)
                )
            opened.begin_console(build=settings.build_console)
            _fill(opened, wanted, progress)
            _await_console(opened, progress)
            profile = _publish(opened.target, profile_out)
            print("\n".join(_announcement(opened.target, profile)), flush=True)
            while True:
                opened.require_alive()
                time.sleep(_WATCH_SECONDS)


@dataclass(frozen=True, slots=True)
class _Wanted:
    vendors: int
    seed: int
    workers: bool | None

    @property
    def with_workers(self) -> bool:
        return self.vendors > 0 if self.workers is None else self.workers


def _prepare(profile_out: Path | None) -> None:
    """Remove an old profile: a script that waits for the new one must not find it."""
    if profile_out is None:
        return
    try:
        profile_out.unlink(missing_ok=True)
        write_secret(profile_out, "")
        profile_out.unlink()
    except OSError as error:
        raise UsageError(f"{profile_out} cannot be written ({error.strerror})") from None


def _fill(environment: Environment, wanted: _Wanted, progress: Progress) -> None:
    if wanted.vendors:
        with progress.phase(f"catalogue of {wanted.vendors} vendors, seed {wanted.seed}"):
            environment.populate(vendors=wanted.vendors, seed=wanted.seed)
    if wanted.with_workers:
        with progress.phase("workers"):
            environment.start_workers()
        with progress.phase("monitoring") as running:
            if problem := environment.start_monitoring():
                running.undecided()
                running.tell(problem)


def _await_console(environment: Environment, progress: Progress) -> None:
    """The API is of use without its page: what stands in the way is told, and no more."""
    with progress.phase("console") as running:
        if problem := environment.finish_console(seconds=_CONSOLE_SECONDS, tell=running.tell):
            running.undecided()
            running.tell(problem)


def _publish(target: Target, profile_out: Path | None) -> Path:
    if profile_out is None:
        return target.path
    write_secret(profile_out, target.path.read_text(encoding="utf-8"))
    return profile_out.absolute()


def _announcement(target: Target, profile: Path) -> Iterator[str]:
    yield f"marketplace  {target.base_url}/v1/marketplace/vendors"
    if target.console_url:
        yield f"console      {target.console_url}"
    yield f"health       {target.base_url}/health/ready"
    for url in target.metrics_urls:
        yield f"metrics      {url}"
    if target.prometheus_url:
        yield f"prometheus   {target.prometheus_url}"
    yield f"profile      {profile}"
    yield f"logs         {target.logs[0].parent}" if target.logs else ""
    yield f"Test it from another terminal with `launchkit contract --target {profile}`; Ctrl-C stops it."
