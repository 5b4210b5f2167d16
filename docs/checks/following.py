"""Follows a document as a reader would: each block in turn, in one folder, as it is written."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .markdown import ROOT, Block, as_shown, blocks

_BLOCK_SECONDS = 900
_READY_SECONDS = 120


class NotAsWrittenError(AssertionError):
    """A block failed, or printed something else than the document shows."""


@contextmanager
def reader(folder: Path) -> Iterator["Reader"]:
    """A reader in that folder, which becomes a checkout; what is left running ends with the reader."""
    for entry in ROOT.iterdir():
        if entry.name not in _OURS:
            (folder / entry.name).symlink_to(entry)
    following = Reader(folder)
    try:
        yield following
    finally:
        following.leave()


_OURS = {".git", ".tox", ".runs", "test-results", "build", "site"}


class Reader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        self._environment = _environment(folder)

    def follow(self, text: str, *, where: str) -> int:
        """Do what the document says; the number of blocks that there were. Raises NotAsWrittenError."""
        found = blocks(text)
        for block in found:
            place = f"{where}:{block.line}"
            if block.lasts:
                self._begin(block, place)
            else:
                self._run(block, place)
        return len(found)

    def leave(self) -> None:
        for process in reversed(self._running):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
        for process in self._running:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _run(self, block: Block, place: str) -> None:
        done = subprocess.run(
            self._command(block),
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_BLOCK_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise NotAsWrittenError(f"{place} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        if block.printed is not None and not as_shown(block.printed, done.stdout):
            raise NotAsWrittenError(f"{place} printed:\n{done.stdout}\ninstead of:\n{block.printed}")

    def _begin(self, block: Block, place: str) -> None:
        log = self._folder / f".terminal-{len(self._running)}"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-c", _TETHER, *self._command(block)],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append(process)
        promised = _promised(block.code)
        deadline = time.monotonic() + _READY_SECONDS
        while promised is not None and not (self._folder / promised).exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotAsWrittenError(f"{place} is not up:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.05)

    def _command(self, block: Block) -> list[str]:
        if block.language == "python":
            return [sys.executable, "-c", block.code]
        return ["bash", "-euo", "pipefail", "-c", block.code]


# Whoever follows may be killed: what runs in the other terminals then ends too.
_TETHER = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
os.execvp(sys.argv[1], sys.argv[1:])
"""


def _promised(code: str) -> str | None:
    """The file by which one sees that the other terminal is ready."""
    words = shlex.split(code, comments=True)
    return words[words.index("--profile-out") + 1] if "--profile-out" in words else None


def _environment(folder: Path) -> dict[str, str]:
    """The reader's: our own Python first, and `pip` and `tox` that do what they would, here."""
    programs = folder / ".programs"
    programs.mkdir()
    for name in ("pip", "tox"):
        script = programs / name
        source = shlex.quote(str(Path(__file__).with_name("installed.py")))
        script.write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {source} {name} "$@"\n', encoding="utf-8"
        )
        script.chmod(0o755)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    hidden = {"LAUNCHKIT_RUNS_DIR", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    assert shutil.which("bash"), "the documents' commands are for bash"
    return kept | {"PATH": path, "NO_COLOR": "1", "COLUMNS": "200"}
