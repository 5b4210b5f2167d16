"""The known-bad variants: each still fits the service that it is made of, and can be served."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from reference_service.faults.catalogue import FAULTS
from reference_service.faults.clauses import CLAUSES
from reference_service.faults.fault import DoesNotFitError, Level
from reference_service.faults.parts import entry, name, sql

MODULE = [sys.executable, "-m", "reference_service.faults"]
# In a child each, since a fault cannot be taken out again.
FIT = """
import os
import reference_service.app, reference_service.worker, reference_service.commands.load_fixtures
from reference_service.faults.catalogue import FAULTS
for fault in FAULTS:
    child = os.fork()
    if child == 0:
        try:
            fault.install()
        except BaseException as error:
            print(f"{fault.name}: {error!r}", flush=True)
            os._exit(1)
        os._exit(0)
    os.waitpid(child, 0)
"""


def test_names_and_levels_are_settled() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names))
    assert len(names) >= 100
    assert {fault.level for fault in FAULTS} >= {Level.SEEDED, Level.OPERATIONS, Level.WORKERS}
    assert all(fault.requirements and fault.description for fault in FAULTS)
    assert all(bool(fault.clauses) is not fault.workers for fault in FAULTS), (
        "the wire contract has no workers"
    )
    assert set(CLAUSES) == set(names)


def test_every_fault_fits_the_service(tmp_path: Path) -> None:
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", FIT], capture_output=True, text=True, env=environ, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "install",
    [
        sql("search", "no such text", ""),
        name("api.answering:no_such_name", None),
        entry("storage.search_statement:ORDERS", "no such sort", ""),
    ],
)
def test_a_fault_whose_part_is_gone_says_so(install: Callable[[], None]) -> None:
    with pytest.raises(DoesNotFitError):
        install()


def test_the_list_is_json() -> None:
    done = subprocess.run(MODULE, capture_output=True, text=True, check=True)
    listed = json.loads(done.stdout)
    assert [item["name"] for item in listed] == [fault.name for fault in FAULTS]
    assert set(listed[0]) == {"name", "description", "requirements", "level", "clauses"}


def test_an_unknown_name_gets_a_suggestion() -> None:
    done = subprocess.run([*MODULE, "one-too-manny"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "reference_service.faults: no fault 'one-too-manny'; did you mean 'one-too-many'?\n"


@contextmanager
def serving(fault: str, environ: dict[str, str]) -> Iterator[dict[str, object]]:
    """The variant's profile, while it is served."""
    with subprocess.Popen([*MODULE, fault], stdout=subprocess.PIPE, text=True, env=environ) as process:
        try:
            assert process.stdout is not None
            profile = json.loads(Path(process.stdout.readline().strip()).read_text("utf-8"))
            while "Started worker" not in (line := process.stdout.readline()):
                assert line, "the variant ended before it served"
            _until_it_accepts(str(profile["base_url"]))
            yield profile
        finally:
            process.terminate()
            process.wait(20)


def _until_it_accepts(base_url: str) -> None:
    """A worker says that it has started a moment before it listens."""
    address = urlsplit(base_url)
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=5).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "the variant does not listen"
            time.sleep(0.02)
        else:
            return


def test_a_variant_serves_its_fault(new_database: Callable[[], str]) -> None:
    environ = os.environ | {"REFERENCE_DATABASE_URL": new_database(), "REFERENCE_REDIS_URL": ""}
    migrate = [sys.executable, "-m", "reference_service", "migrate", "up"]
    subprocess.run(migrate, env=environ, check=True, capture_output=True)
    with serving("errors-say-detail", environ) as profile:
        assert profile["name"] == "reference with errors-say-detail"
        for _ in range(6):
            assert set(_error(str(profile["base_url"]))) == {"error", "detail"}


def _error(base_url: str) -> dict[str, str]:
    with pytest.raises(HTTPError) as found:
        urlopen(f"{base_url}/v1/marketplace/nowhere", timeout=20)  # noqa: S310 (our own address)
    with found.value as answer:
        document: dict[str, str] = json.loads(answer.read())
        return document
