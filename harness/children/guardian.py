"""The guardian: a small process that owns all the others and ends them when the launcher is gone.

The launcher may die in any way, `kill -9` included. The guardian then sees the end of its control
socket, ends every child, every orphan of a child, and removes what it was told to. Should it be killed
itself, each child has asked the kernel for a signal at the death of its parent, and dies too.

It has one thread, because that signal is tied to the thread that forked. Standard library only, so
that it starts in a few hundredths of a second.
"""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from harness.children.confinement import (
    Identity,
    adopt_orphans,
    assume,
    choose_identity,
    die_with_parent,
)

MESSAGE_BYTES = 128 * 1024
_GENTLE_SECONDS = 1.0  # for a server that has shared memory to give back; then it is killed
_LAST_SECONDS = 10.0


class Guardian:
    """Starts and reaps the children that the launcher asks for, one JSON message a request."""

    def __init__(self, control: socket.socket, launcher: int, identity: Identity) -> None:
        self._control = control
        self._launcher = launcher
        self._identity = identity
        self._children: dict[int, tuple[subprocess.Popen[bytes], int]] = {}
        self._doomed: list[Path] = []

    def serve(self) -> None:
        adopt_orphans()
        control = self._control.fileno()
        gone = [os.pidfd_open(self._launcher)] if os.getppid() == self._launcher else []
        wakeup, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: self._control.shutdown(socket.SHUT_RDWR))
        self._give_scratch()
        try:
            self._send({"identity": self._identity})
            while True:
                ready, _, _ = select.select([control, wakeup, *gone], [], [])
                if gone and gone[0] in ready:
                    return  # its control socket may live on in a fork of it
                if wakeup in ready:
                    os.read(wakeup, 512)
                    self._reap()
                if control in ready:
                    message = self._control.recv(MESSAGE_BYTES)
                    if not message:
                        return
                    self._send(self._answer(json.loads(message)))
        except OSError:
            return  # the launcher went away while we spoke to it
        finally:
            self._end()

    def _give_scratch(self) -> None:
        """Give the children a folder for their temporary files: those that are killed leave some."""
        folder = Path(os.environ.get("TMPDIR", "/tmp"), f"launchkit-{os.urandom(6).hex()}")  # noqa: S108  # nosec B108
        with suppress(OSError):
            folder.mkdir(mode=0o700)
            self._doomed.append(folder)
            os.environ["TMPDIR"] = str(folder)

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"to": request["id"], "value": self._obey(request)}
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            return {"to": request["id"], "error": str(error)}

    def _obey(self, request: dict[str, Any]) -> int:
        match request["do"]:
            case "start":
                return self._start(request)
            case "signal":
                return self._signal(request["pid"], request["signal"])
            case "doom":
                self._doomed.append(Path(request["path"]))
                return 0
        raise ValueError(f"unknown request {request['do']!r}")

    def _start(self, request: dict[str, Any]) -> int:
        identity = self._identity if request["confined"] else Identity.SELF
        with Path(request["log"]).open("ab") as log:
            child = subprocess.Popen(
                request["argv"],
                cwd=request["folder"],
                env={
                    **(os.environ if request["environ"] is None else request["environ"]),
                    **request["extra"],
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(_prepare, identity, os.getpid(), request["end"]),  # noqa: PLW1509  one thread
            )
        self._children[child.pid] = (child, request["end"])
        return child.pid

    def _signal(self, pid: int, number: int) -> int:
        if pid in self._children:  # else it was reaped, and the number may be another process by now
            os.kill(pid, number)
        return 0

    def _reap(self) -> bool:
        """Whether there are children left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            known = self._children.pop(pid, None)
            if known is not None:
                known[0].returncode = os.waitstatus_to_exitcode(status)
                with suppress(OSError):
                    self._send({"pid": pid, "exit": known[0].returncode})

    def _send(self, message: dict[str, Any]) -> None:
        self._control.send(json.dumps(message).encode())

    def _end(self) -> None:
        """End everything below us, then remove what must not stay."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        gentle = time.monotonic() + _GENTLE_SECONDS
        last = time.monotonic() + _LAST_SECONDS
        for pid, (_, end) in self._children.items():
            _kill(pid, end)
        while self._reap() and time.monotonic() < last:
            for pid in _children_of(os.getpid()):
                if pid not in self._children or time.monotonic() > gentle:
                    _kill(pid, signal.SIGKILL)
            time.sleep(0.01)
        for path in self._doomed:
            shutil.rmtree(path, ignore_errors=True)


def _prepare(identity: Identity, guardian: int, end: int) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    assume(identity)
    die_with_parent(guardian, end)


def _kill(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _children_of(parent: int) -> list[int]:
    """The living children of a process; zombies are not living."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, ppid = (entry / "stat").read_text("latin-1").rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it ended while we looked
        if int(ppid) == parent and state != "Z":
            found.append(int(entry.name))
    return found


def main(control: str, launcher: str, identity: str = "") -> None:
    chosen = Identity(identity) if identity else choose_identity()
    Guardian(socket.socket(fileno=int(control)), int(launcher), chosen).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
