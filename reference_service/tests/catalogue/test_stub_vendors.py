"""The stub vendors' answers, and the server as a process."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlsplit

import pytest

from reference_service.catalogue.behaviour import Temper, behaviour_of
from reference_service.catalogue.stub_responses import StubVendors
from reference_service.catalogue.stub_vendors import serve

COMMAND = (sys.executable, "-m", "reference_service", "stub-vendors", "--seed", "5")
ENVIRONMENT = {**os.environ, "REFERENCE_DATABASE_URL": "postgresql://unused"}


def vendor_of(temper: Temper, seed: int = 5) -> int:
    return next(number for number in count(1) if behaviour_of(seed, number).temper is temper)


@contextmanager
def stub_server(*more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen([*COMMAND, *more], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("temper", "code"),
    [
        (Temper.STEADY, 200),
        (Temper.MISSING, 404),
        (Temper.FAILING, 503),
        (Temper.CIRCLING, 302),
        (Temper.SLOW, 200),
    ],
)
def test_a_vendor_answers_by_its_temper(temper: Temper, code: int) -> None:
    vendor_id = vendor_of(temper)
    reply = StubVendors(5).reply(f"/vendors/{vendor_id}/health?x=y")
    assert reply.content.startswith(f"HTTP/1.1 {code} ".encode())
    assert 0 < reply.seconds <= 3


def test_a_redirecting_vendor_ends_after_its_hops() -> None:
    vendor_id = vendor_of(Temper.REDIRECTING)
    stub, path, codes = StubVendors(5), f"/vendors/{vendor_id}/health", []
    for _ in range(4):
        content = stub.reply(path).content.decode()
        codes.append(int(content.split(" ")[1]))
        if codes[-1] == 302:
            path = content.partition("Location: ")[2].partition("\r\n")[0]
    assert codes.index(200) == behaviour_of(5, vendor_id).hops


def test_answers_repeat_with_the_seed() -> None:
    paths = [f"/vendors/{number}/health" for number in [*range(1, 200), *range(1, 200)]]
    first, second, other = StubVendors(5), StubVendors(5), StubVendors(6)
    replies = [first.reply(path) for path in paths]
    assert replies == [second.reply(path) for path in paths]
    assert replies != [other.reply(path) for path in paths]
    assert replies[0].seconds != replies[199].seconds


@pytest.mark.parametrize(
    ("path", "code"),
    [("/vendors/3", 200), ("/vendors/3/logo.svg", 200), ("/", 404), ("/vendors/x/health", 404), ("", 404)],
)
def test_other_pages(path: str, code: int) -> None:
    assert StubVendors(5).reply(path).content.startswith(f"HTTP/1.1 {code} ".encode())


def test_the_server_answers_over_a_kept_connection_and_stops_on_sigterm() -> None:
    vendor_id = vendor_of(Temper.STEADY)
    with stub_server() as (process, url):
        connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
        for _ in range(2):
            connection.request("GET", f"/vendors/{vendor_id}/health")
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (
                200,
                f'{{"status":"ok","vendor":{vendor_id}}}\n'.encode(),
            )
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_requests_on_one_connection_are_answered_in_turn(capsys: pytest.CaptureFixture[str]) -> None:
    async def talk(url: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        writer.write(b"GET /vendors/1 HTTP/1.1\r\n\r\nGET /vendors/2/lo")
        await reader.readuntil(b"Vendor 1</title>\n")
        writer.write(b"go.svg HTTP/1.1\r\nConnection: close\r\n\r\n")
        return await reader.read()

    async def flood(url: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        writer.write(b"x" * 20_000)
        with suppress(ConnectionError):
            return await reader.read()
        return b""

    async def run() -> tuple[bytes, bytes]:
        server = asyncio.create_task(serve(StubVendors(5), 0))
        url = ""
        while not url:
            await asyncio.sleep(0)
            url = capsys.readouterr().out.strip()
        answers = await talk(url), await flood(url)
        os.kill(os.getpid(), signal.SIGTERM)
        await server
        return answers

    last, nothing = asyncio.run(run())
    assert last.startswith(b"HTTP/1.1 200 ")
    assert b"image/svg+xml" in last
    assert nothing == b""


def test_an_occupied_port_is_2_and_one_line() -> None:
    with stub_server() as (_, url):
        done = subprocess.run(
            [*COMMAND, "--port", str(urlsplit(url).port)],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_the_server_dies_with_its_parent() -> None:
    parent = textwrap.dedent(
        """
        import subprocess, sys
        child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
        print(child.pid, child.stdout.readline(), end="", flush=True)
        sys.stdin.read()
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent, *COMMAND],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pid, url = process.stdout.readline().split()
    assert answers(url)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    try:
        while answers(url):
            assert time.monotonic() < deadline, "it outlived its parent"
            time.sleep(0.02)
    except AssertionError:
        os.kill(int(pid), signal.SIGKILL)
        raise


def answers(url: str) -> bool:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request("GET", "/vendors/1")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
