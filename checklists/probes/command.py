"""run: a command, given as an argument list; its exit code and what it printed."""

import contextlib
import hashlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from checklists import fields as read
from checklists import references
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, Json, NoAnswer
from checklists.units import Unit, Value
from harness.documents import Sequence
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target

MAX_OUTPUT = 8 * 1024 * 1024
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class CommandProbe:
    """`reads` are files that must be there first; after `terminate_after` seconds it is asked to end.

    With `terminate_when` it is asked once it has printed that text, which must be within `terminate_after`.
    """

    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    terminate_after: float = 0.0
    terminate_when: str = ""

    def asked(self, target: Target) -> str:
        return shlex.join(references.fill(argument, target) for argument in self.argv)

    def ask(self, context: Context) -> Answer | NoAnswer:
        for path in self.reads:
            if not (context.folder / references.fill(path, context.target)).exists():
                return NoAnswer(Status.ERROR, f"there is no {path} to judge", f"make {path}")
        argv = [references.fill(argument, context.target) for argument in self.argv]
        program = find_program(argv[0], context.folder)
        if program is None:
            return NoAnswer(Status.ERROR, f"{argv[0]} is not on PATH", f"install {argv[0]}")
        given = {name: references.fill(value, context.target) for name, value in self.environment.items()}
        return self._run([program, *argv[1:]], {**os.environ, **given}, context)

    def _run(self, argv: list[str], environment: Mapping[str, str], context: Context) -> Answer:
        started = time.monotonic()
        try:
            with context.processes.start(argv, folder=context.folder, environment=environment) as process:
                out, err = _Drain(process.stdout), _Drain(process.stderr)
                told = self._tell_to_end(process, out, err)
                process.wait(max(0.0, started + context.timeout - time.monotonic()))
                ended = time.monotonic()
        except OSError as error:
            raise CouldNotDecideError(f"{argv[0]} cannot be started ({error.strerror})") from None
        except subprocess.TimeoutExpired:
            raise CouldNotDecideError(
                f"{Path(argv[0]).name} did not end within {context.timeout:g} s", hint="raise its timeout"
            ) from None
        written, complained = out.whole(), err.whole()
        stdout, stderr = written.kept, complained.kept
        words: dict[str, tuple[Value, ...]] = {
            "exit": (process.returncode,),
            "time": (ended - started,),
        }
        # Of what is longer than is kept nothing is expected: the rest could say otherwise.
        words |= {
            name: (_text(pipe.kept),)
            for name, pipe in (("stdout", written), ("stderr", complained))
            if pipe.size == len(pipe.kept)
        }
        if told is not None:
            words["ends_in"] = (ended - told,)
        return Answer(
            Facts(words=words),
            output=stdout + (b"\n--- stderr ---\n" + stderr if stderr else b""),
            details={
                "exit": process.returncode,
                "stdout": written.described(),
                "stderr": complained.described(),
            },
            cut=not (written.whole and complained.whole),
        )

    def _tell_to_end(self, process: subprocess.Popen[bytes], out: "_Drain", err: "_Drain") -> float | None:
        """Wait until it is to end, and ask it to; when that was, None where it is left alone."""
        if not self.terminate_after:
            return None
        until, wanted = time.monotonic() + self.terminate_after, self.terminate_when.encode()
        while time.monotonic() < until and not (wanted and (out.has(wanted) or err.has(wanted))):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(min(_POLL_SECONDS, max(0.0, until - time.monotonic())))
            if process.poll() is not None:
                raise CouldNotDecideError(
                    f"it ended by itself with exit code {process.returncode} before it was asked to"
                )
        if wanted and not (out.has(wanted) or err.has(wanted)):
            raise CouldNotDecideError(
                f"it did not print {self.terminate_when!r} within {self.terminate_after:g} s",
                hint="see that it starts",
            )
        process.send_signal(signal.SIGTERM)
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class _Written:
    """What a command wrote to a pipe: its beginning, and the size and SHA-256 of all that came."""

    kept: bytes
    size: int
    sha256: str
    ended: bool

    @property
    def whole(self) -> bool:
        return self.ended and self.size == len(self.kept)

    def described(self) -> dict[str, Json]:
        return {"bytes": self.size, "sha256": self.sha256}


class _Drain:
    """Reads a pipe to its end beside us, so that a full pipe never blocks the command."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._pipe = pipe
        self._kept = bytearray()
        self._size, self._digest = 0, hashlib.sha256()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        if self._pipe is None:
            return
        with self._pipe:
            while chunk := os.read(self._pipe.fileno(), 65536):
                self._kept += chunk[: MAX_OUTPUT - len(self._kept)]
                self._digest.update(chunk)
                self._size += len(chunk)

    def has(self, wanted: bytes) -> bool:
        return wanted in self._kept

    def whole(self) -> _Written:
        self._thread.join(timeout=5)  # what it left running may write on
        ended = not self._thread.is_alive()
        return _Written(bytes(self._kept), self._size, self._digest.hexdigest(), ended)


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace").rstrip("\n")


def find_program(name: str, folder: Path) -> str | None:
    """The program's path; `python` is the interpreter that runs us, a path is relative to `folder`."""
    if name == "python":
        return sys.executable
    return shutil.which(folder / name if "/" in name else name)


def _read(reading: Reading) -> CommandProbe:
    if not isinstance(reading.node, Sequence):
        raise reading.node.place.error(
            "must be an argument list, not a shell line", hint='for instance [python, -m, "…"]'
        )
    argv = tuple(read.text(item) for item in reading.node.items)
    if not argv:
        raise reading.node.place.error("a command needs at least one argument")
    when = reading.fields.text("terminate_when", "-") if "terminate_when" in reading.fields else ""
    return CommandProbe(
        argv=argv,
        environment=reading.fields.pairs("environment"),
        reads=reading.fields.texts("reads"),
        terminate_after=reading.fields.duration("terminate_after", 30.0 if when else 0.0),
        terminate_when=when,
    )


KIND = Kind(
    key="run",
    read=_read,
    vocabulary=Vocabulary(
        words={
            "exit": Unit.NUMBER,
            "stdout": Unit.TEXT,
            "stderr": Unit.TEXT,
            "time": Unit.DURATION,
            "ends_in": Unit.DURATION,  # from being asked to end; needs terminate_after or terminate_when
        },
        signed=frozenset({"exit"}),
    ),
    siblings=("environment", "reads", "terminate_after", "terminate_when"),
    timeout=60.0,
)
