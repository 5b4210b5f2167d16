"""Known-bad variants of a target: which there are, and one of them running."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from harness.children.processes import Process, Processes
from harness.contract.levels import Level
from harness.contract.loading import run_command
from harness.documents import suggestion
from harness.environment.readiness import wait_until_answering
from harness.errors import CouldNotDecideError, UsageError
from harness.target import Target, Variants, read_target

START_SECONDS = 90.0
STOP_SECONDS = 10.0
_POLL_SECONDS = 0.05


class Variant(msgspec.Struct, frozen=True):
    """One item of the list that `variants.list` prints. `level` is that of the tests that must notice it.

    `clauses`, which may be left out, are those of the wire contract that it breaks (`clauses.yaml`);
    `explained`, too, says why no test can notice it: then it is expected to survive. `mechanical`: a machine
    made it, so that it may not run at all, which says nothing of the tests.
    """

    name: str
    description: str
    requirements: tuple[str, ...]
    level: Level
    clauses: tuple[str, ...] = ()
    explained: str = ""
    mechanical: bool = False


def declared(target: Target) -> Variants:
    """Raises UsageError where the profile has none."""
    if target.variants is None:
        raise UsageError(f"{target.path}: the profile has no `variants`", hint="see the docs of a profile")
    return target.variants


def list_variants(
    target: Target, only: Sequence[str] = (), levels: Sequence[Level] = ()
) -> tuple[Variant, ...]:
    """All variants, or those named, of all levels or these, in the order of the list.

    Raises UsageError for a name that is not there, CouldNotDecideError where the list cannot be had.
    """
    text = run_command(declared(target).list, target)
    try:
        found = msgspec.json.decode(text, type=tuple[Variant, ...])
    except msgspec.MsgspecError as error:
        raise CouldNotDecideError(f"`variants.list` did not print a list of variants: {error}") from None
    names = [variant.name for variant in found]
    for name in only:
        if name not in names:
            raise UsageError(f"no variant {name!r}", hint=suggestion(name, names))
    return tuple(
        variant
        for variant in found
        if (not only or variant.name in only) and (not levels or variant.level in levels)
    )


@contextmanager
def serving(target: Target, variant: Variant, processes: Processes, log: Path) -> Iterator[Path]:
    """The profile of the variant, which answers, until the context is left. Raises CouldNotDecideError."""
    command = declared(target).start
    process = processes.start(
        f"variant {variant.name}", command.filled(name=variant.name), log=log, folder=command.folder
    )
    try:
        profile = _profile(process, log, command.folder)
        wait_until_answering(process, read_target(profile), seconds=START_SECONDS)
        yield profile
    finally:
        process.stop(seconds=STOP_SECONDS)


def _profile(process: Process, log: Path, folder: Path) -> Path:
    """The first line of the log that names a profile."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for line in log.read_text("utf-8", "replace").splitlines():
            path = folder / line.strip()
            if path.suffix in (".yaml", ".yml", ".json") and path.is_file():
                return path
        if process.exit_code() is not None:
            raise process.died()
        time.sleep(_POLL_SECONDS)
    raise CouldNotDecideError(f"{process.name} printed no profile's path", hint=f"see {log}")
