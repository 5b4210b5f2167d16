"""A target of known behaviour, in a process of its own."""

import itertools
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeAlias
from urllib.request import urlopen

import pytest

from harness.target import Target, read_target

StartServer: TypeAlias = Callable[..., str]
MakeProfile: TypeAlias = Callable[..., Path]


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    """Starts a server with the behaviour given as options; returns its base URL."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(_running(options))


@pytest.fixture
def make_profile(tmp_path: Path) -> MakeProfile:
    """Writes a profile: base_url, then lines of YAML."""

    def make(base_url: str, *lines: str) -> Path:
        path = tmp_path / "target.yaml"
        path.write_text("\n".join([f"base_url: {base_url}", "name: test", *lines]) + "\n")
        return path

    return make


@pytest.fixture
def target_of(make_profile: MakeProfile) -> Callable[..., Target]:
    return lambda base_url, *lines: read_target(make_profile(base_url, *lines))


def statistics(base_url: str) -> dict[str, int]:
    """What the server counted: requests by client address."""
    with urlopen(f"{base_url}/stats", timeout=5) as answer:  # noqa: S310  # our own server
        found: dict[str, int] = json.load(answer)
    return found


def closed_port() -> int:
    """A port that nothing listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def raw_server(answer: bytes) -> AbstractContextManager[tuple[str, list[bytes]]]:
    """Answers every connection with these bytes and closes it; gives its URL and what it was sent."""
    return scripted_server(lambda _: [answer])


@contextmanager
def scripted_server(script: Callable[[int], Sequence[bytes]]) -> Iterator[tuple[str, list[bytes]]]:
    """Answers the requests of its n-th connection (from 1) with these bytes in turn, and closes it."""
    requests: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            for number in itertools.count(1):
                connection, _ = listener.accept()
                with connection:
                    for answer in script(number):
                        requests.append(connection.recv(65536))
                        connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=[listener], daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@contextmanager
def _running(options: tuple[str, ...]) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtests.tests.server", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()
