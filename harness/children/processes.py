"""Child processes that end with us, however we end: started and owned by the guardian."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from harness.children.confinement import Identity
from harness.children.errors import StartError, tail
from harness.children.guardian import MESSAGE_BYTES

_ANSWER_SECONDS = 15.0
_GUARDIAN_SECONDS = 15.0


class Process:
    """A child. `name` is for people; `log` has what it wrote."""

    def __init__(self, owner: "Processes", pid: int, name: str, log: Path) -> None:
        self.pid = pid
        self.name = name
        self.log = log
        self._owner = owner

    def exit_code(self) -> int | None:
        """None while it runs; negative where a signal ended it."""
        return self._owner.exit_of(self.pid, seconds=0)

    def wait(self, seconds: float) -> int:
        """Raises StartError where it still runs after that time."""
        code = self._owner.exit_of(self.pid, seconds=seconds)
        if code is None:
            raise StartError(f"{self.name} did not end within {seconds:g} s", hint=f"see {self.log}")
        return code

    def stop(self, how: int = signal.SIGTERM, *, seconds: float) -> None:
        """Ask it to end, and after that time kill it."""
        with suppress(StartError):  # where the guardian is gone, so is the child
            for number, patience in ((how, seconds), (signal.SIGKILL, 5.0)):
                self._owner.send_signal(self.pid, number)
                if self._owner.exit_of(self.pid, seconds=patience) is not None:
                    return

    def died(self) -> StartError:
        """The error that says what it said last."""
        said = tail(self.log)
        return StartError(
            f"{self.name} ended with exit code {self.exit_code()}" + (f": {said}" if said else ""),
            hint=f"see {self.log}",
        )


class Processes(AbstractContextManager["Processes"]):
    """Leaving the context ends every child, and every child of theirs."""

    identity: Identity

    def __init__(self, identity: Identity | None = None) -> None:
        """`identity` is what confined children run as; default: what works best here."""
        self._lock = threading.RLock()
        self._exits: dict[int, int] = {}
        self._asked = 0
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            arguments = (str(theirs.fileno()), str(os.getpid()), identity or "")
            self._guardian = subprocess.Popen(
                # -P: no module of the working directory can stand in for one of the standard library
                [sys.executable, "-P", "-m", "harness.children.guardian", *arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.identity = Identity(self._receive(_ANSWER_SECONDS)["identity"])

    @property
    def guardian_pid(self) -> int:
        return self._guardian.pid

    def start(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        folder: Path | None = None,
        environ: Mapping[str, str] | None = None,
        extra: Mapping[str, str] | None = None,
        confined: bool = False,
        end: int = signal.SIGKILL,
    ) -> Process:
        """Start a child in a session of its own; both its outputs are appended to `log`.

        `environ` replaces the environment (default: ours, with a TMPDIR that ends with us), `extra` adds
        to it. `confined` runs it as `identity`, never as root.
        `end` is what the kernel sends it when everything has to go at once. Raises StartError.
        """
        pid = self._ask(
            do="start",
            argv=[str(argument) for argument in argv],
            log=str(log),
            folder=str(folder or log.parent),
            environ=None if environ is None else dict(environ),
            extra=dict(extra or {}),
            confined=confined,
            end=int(end),
        )
        return Process(self, pid, name, log)

    def doom(self, path: Path) -> None:
        """Have the folder removed should we die before we do it ourselves."""
        self._ask(do="doom", path=str(path))

    def send_signal(self, pid: int, number: int) -> None:
        self._ask(do="signal", pid=pid, signal=int(number))

    def exit_of(self, pid: int, *, seconds: float) -> int | None:
        deadline = time.monotonic() + seconds
        while True:
            with self._lock:
                if pid not in self._exits:
                    self._drain(min(0.05, max(0.0, deadline - time.monotonic())))
                if pid in self._exits or time.monotonic() >= deadline:
                    return self._exits.get(pid)

    def _ask(self, **request: Any) -> int:
        with self._lock:
            self._asked += 1
            number = self._asked
            try:
                self._control.send(json.dumps({"id": number, **request}).encode())
            except OSError:
                raise _guardian_gone() from None
            while True:
                answer = self._receive(_ANSWER_SECONDS)
                if answer.get("to") != number:
                    continue  # an exit, or the answer to a question that Ctrl-C cut short
                if "error" in answer:
                    what = request.get("argv", [request["do"]])[0]
                    raise StartError(f"{what}: {answer['error']}")
                return int(answer["value"])

    def _drain(self, seconds: float) -> None:
        if select.select([self._control], [], [], seconds)[0]:
            self._receive(0)

    def _receive(self, seconds: float) -> dict[str, Any]:
        if not select.select([self._control], [], [], seconds)[0]:
            raise StartError("the guardian of the child processes does not answer", hint="try again")
        try:
            message = self._control.recv(MESSAGE_BYTES)
        except OSError:
            message = b""
        if not message:
            raise _guardian_gone()
        answer: dict[str, Any] = json.loads(message)
        if "exit" in answer:
            self._exits[answer["pid"]] = answer["exit"]
        return answer

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        try:
            self._guardian.wait(_GUARDIAN_SECONDS)
        except subprocess.TimeoutExpired:
            self._guardian.kill()
            self._guardian.wait()


def _guardian_gone() -> StartError:
    return StartError("the guardian of the child processes is gone", hint="something killed it; try again")
