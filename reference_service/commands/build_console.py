"""`build-console [--force] [--check]`: builds the console's bundle where it is missing or stale."""

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reference_service.commands.arguments import Arguments
from reference_service.commands.console_builder import WORKSPACE, Builder, is_fresh
from reference_service.commands.node import NoNodeError, find_node

CONSOLE = Path(__file__).resolve().parents[1] / "console"

_OK, _FAILED, _CANNOT = 0, 1, 3
_NICENESS = 10  # it runs beside what is measured


def build_console(argv: list[str]) -> int:
    """Build the console's bundle: 0 it is there, 1 it does not build, 3 no Node or no packages."""
    parser = Arguments(prog="build-console", description=build_console.__doc__)
    parser.add_argument("--force", action="store_true", help="build it also where it is fresh")
    parser.add_argument("--check", action="store_true", help="build nothing: 0 where it is fresh, else 3")
    arguments = parser.parse_args(argv)
    if not arguments.force and is_fresh(CONSOLE):
        return _OK
    if arguments.check:
        return _say("the console's bundle is missing or stale", _CANNOT)
    try:
        node = find_node()
        with _alone(CONSOLE):
            return _OK if is_fresh(CONSOLE) and not arguments.force else _build(Builder(CONSOLE, node))
    except NoNodeError as error:
        return _say(f"the console is not built: {error}", _CANNOT)
    except OSError as error:
        return _say(f"the console cannot be built in {CONSOLE} ({error.strerror})", _CANNOT)


@contextmanager
def _alone(console: Path) -> Iterator[None]:
    """Wait for who builds it already: then it is there."""
    os.nice(_NICENESS)
    (console / WORKSPACE).mkdir(exist_ok=True)
    with (console / WORKSPACE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(builder: Builder) -> int:
    started = time.monotonic()
    if not builder.has_packages():
        _say("installing the console's packages …")
        if problem := builder.install():
            return _say(f"the console's packages cannot be installed: {problem}", _CANNOT)
    _say("building the console …")
    if problem := builder.build():
        return _say(f"the console does not build:\n{problem}", _FAILED)
    return _say(f"console built in {time.monotonic() - started:.1f} s")


def _say(text: str, code: int = _OK) -> int:
    print(text, file=sys.stderr, flush=True)
    return code
