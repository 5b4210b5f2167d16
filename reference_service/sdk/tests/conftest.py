"""The reference service over a small data set, and a stub that misbehaves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .asking import Ask, ask_async, ask_blocking
from .stub import Script, Stub

DATA = Path(__file__).parent / "marketplace.json"
# The reference has a Python of its own: the SDK is tried on others too.
PYTHON = os.environ.get("REFERENCE_PYTHON", sys.executable)


@pytest.fixture(params=[ask_blocking, ask_async], ids=["blocking", "async"])
def ask(request: pytest.FixtureRequest) -> Ask:
    chosen: Ask = request.param
    return chosen


@pytest.fixture
def serve_stub() -> Iterator[Callable[..., Stub]]:
    """Starts stubs that play these scripts."""
    stubs: list[Stub] = []

    def serve(*scripts: Script) -> Stub:
        stubs.append(Stub(*scripts))
        return stubs[-1]

    yield serve
    for stub in stubs:
        stub.close()


@pytest.fixture(scope="session")
def reference_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The reference service as it is run, with the vendors of marketplace.json."""
    assert Path(PYTHON).exists(), f"{PYTHON} is to run the reference service: tox run -e sdk makes it"
    folder = tmp_path_factory.mktemp("reference")
    profile, log = folder / "profile.yaml", folder / "serve.log"
    serve = ["--port", "0", "--no-workers", "--rate-limit", "10000", "--profile-out", str(profile)]
    with log.open("wb") as output:
        served = subprocess.Popen(
            [PYTHON, "-c", _TETHER, "-m", "harness", "serve", *serve],
            cwd=folder,
            env=os.environ | {"LAUNCHKIT_RUNS_DIR": str(folder), "LAUNCHKIT_BUILD_CONSOLE": "false"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _filled(_profile(profile, served, log))
    finally:
        served.send_signal(signal.SIGINT)
        served.wait(30)


# Should these tests be killed, the service ends too.
_TETHER = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def _profile(path: Path, served: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    deadline = time.monotonic() + 120
    while True:
        written = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
        if written:
            profile: dict[str, Any] = written
            return profile
        assert served.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.05)


def _filled(profile: dict[str, Any]) -> str:
    load = [each.replace("{file}", str(DATA)) for each in profile["fixtures"]["load"]]
    subprocess.run(load, check=True, timeout=60)
    url: str = profile["base_url"]
    return url
