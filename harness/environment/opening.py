"""One way to a target, wherever it comes from."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from harness.children.processes import Processes
from harness.environment.embedded import embedded_servers
from harness.environment.existing import existing_target
from harness.environment.kinds import EnvironmentKind
from harness.environment.stack import Servers, StackFolder, StackOptions, reference_stack
from harness.errors import UsageError
from harness.settings import Settings
from harness.target import Target


class Environment(Protocol):
    """Where a target runs."""

    @property
    def target(self) -> Target:
        """The profile as of now."""

    def populate(self, *, vendors: int, seed: int) -> None:
        """Replace the data by the realistic catalogue."""

    def start_workers(self, *, aggregate_seconds: float | None = None) -> None:
        """Start the scheduled workers."""

    def begin_console(self, *, build: bool) -> None:
        """Begin to build the console where it is missing or stale, or only see whether it is there."""

    def finish_console(self, *, seconds: float, tell: Callable[[str], None]) -> str:
        """Wait for the console, and have the profile name it; why there is none, empty where there is."""

    def start_monitoring(self) -> str:
        """Have a Prometheus watch it, and the profile name it; why there is none, empty where there is."""

    def record_dashboard(self) -> str:
        """Keep what the dashboard has shown; why there is nothing to keep, empty where there is."""

    def require_alive(self) -> None:
        """Raises StartError where a process of it has ended."""


@contextmanager
def open_environment(
    kind: EnvironmentKind,
    folder: Path,
    settings: Settings,
    *,
    profile: Path | None = None,
    port: int = 0,
    rate_limit: int = 100,
) -> Iterator[Environment]:
    """Yield a target that answers; at the end nothing of it is left but its logs and profile in `folder`.

    A `profile` means an existing target, whatever the kind. Raises UsageError (a wrong profile, an
    occupied port), TargetUnreachableError, StartError.
    """
    if profile is not None:
        yield existing_target(profile)
        return
    if kind is EnvironmentKind.EXISTING:
        raise UsageError("an existing environment needs a profile", hint="add --target FILE")
    place = StackFolder(folder.absolute())
    options = StackOptions(port=port, rate_limit=rate_limit, start_seconds=settings.start_timeout)
    with (
        _data_of(place),
        Processes() as processes,
        _servers(kind, processes, place, settings) as servers,
        reference_stack(processes, place, servers, options) as stack,
    ):
        yield stack


def _servers(
    kind: EnvironmentKind, processes: Processes, folder: StackFolder, settings: Settings
) -> AbstractContextManager[Servers]:
    processes.doom(folder.data)
    if kind is EnvironmentKind.CONTAINERS:
        from harness.environment.containers import container_servers  # noqa: PLC0415  half a second

        return container_servers(folder, settings)
    return embedded_servers(processes, folder, seconds=settings.start_timeout)


@contextmanager
def _data_of(folder: StackFolder) -> Iterator[None]:
    try:
        folder.data.mkdir(mode=0o700, parents=True)
        folder.log("").parent.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder.path} cannot be used ({error.strerror})", hint="choose another --runs-dir"
        ) from None
    try:
        yield
    finally:
        shutil.rmtree(folder.data, ignore_errors=True)
