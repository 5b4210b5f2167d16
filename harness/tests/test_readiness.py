"""Waiting for what was started: until it answers, until it dies, or in vain; always with a reason."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from harness.children.errors import StartError
from harness.children.processes import Process, Processes
from harness.environment.dialects import postgres_answers, valkey_answers
from harness.environment.ports import reserved_port
from harness.environment.readiness import (
    answers,
    require_reachable,
    wait_until_answering,
    wait_until_listening,
    wait_until_ready,
)
from harness.environment.release import current_commit, current_version
from harness.errors import TargetUnreachableError
from harness.target import read_target

SERVER = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    seen = 0
    def do_GET(self):
        Answer.seen += 1
        self.send_response(200 if Answer.seen > int(sys.argv[2]) else 503)
        self.end_headers()
print("listening", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


@pytest.fixture
def port() -> Iterator[int]:
    with reserved_port() as number:
        yield number


def _server(processes: Processes, log: Path, port: int, unready: int) -> Process:
    return processes.start(
        "server", [sys.executable, "-c", SERVER, str(port), str(unready)], log=log / "server.log"
    )


def test_it_waits_until_the_answer_is_200(child_processes: Processes, tmp_path: Path, port: int) -> None:
    server = _server(child_processes, tmp_path, port, unready=3)
    wait_until_ready(server, f"http://127.0.0.1:{port}/ready", seconds=20)
    wait_until_listening(server, port, seconds=20)
    assert answers(f"http://127.0.0.1:{port}") == 200
    server.stop(seconds=5)


def test_what_it_answered_instead_is_said(child_processes: Processes, tmp_path: Path, port: int) -> None:
    server = _server(child_processes, tmp_path, port, unready=10**6)
    wait_until_listening(server, port, seconds=20)
    with pytest.raises(
        StartError, match=r"server was not ready after 0\.1 s \(.*: HTTP 503\); see .*server\.log"
    ):
        wait_until_ready(server, f"http://127.0.0.1:{port}", seconds=0.1)
    server.stop(seconds=5)


def test_a_process_that_dies_is_not_waited_for(child_processes: Processes, tmp_path: Path, port: int) -> None:
    dying = child_processes.start(
        "dying", [sys.executable, "-c", "raise SystemExit('cannot go on')"], log=tmp_path / "log"
    )
    with pytest.raises(StartError, match="dying ended with exit code 1: cannot go on"):
        wait_until_ready(dying, f"http://127.0.0.1:{port}", seconds=60)
    with pytest.raises(StartError, match="dying ended with exit code 1: cannot go on"):
        wait_until_listening(dying, port, seconds=60)


def test_a_target_whose_process_failed_is_not_waited_for(
    child_processes: Processes, tmp_path: Path, port: int
) -> None:
    profile = tmp_path / "target.yaml"
    profile.write_text(f"name: ours\nbase_url: http://127.0.0.1:{port}\n")
    dying = child_processes.start(
        "dying", [sys.executable, "-c", "raise SystemExit('cannot go on')"], log=tmp_path / "log"
    )
    with pytest.raises(StartError, match="dying ended with exit code 1: cannot go on"):
        wait_until_answering(dying, read_target(profile), seconds=60)


def test_whatever_a_target_of_ours_answers_counts(
    child_processes: Processes, tmp_path: Path, port: int
) -> None:
    profile = tmp_path / "target.yaml"
    profile.write_text(f"name: ours\nbase_url: http://127.0.0.1:{port}\n")
    server = _server(child_processes, tmp_path, port, unready=10**6)
    wait_until_answering(server, read_target(profile), seconds=20)
    server.stop(seconds=5)
    silent = child_processes.start(
        "silent", [sys.executable, "-c", "import time; time.sleep(600)"], log=tmp_path / "log"
    )
    with pytest.raises(TargetUnreachableError, match="never answered"):
        wait_until_answering(silent, read_target(profile), seconds=0)
    silent.stop(seconds=5)


def test_a_silent_process_is_given_up(child_processes: Processes, tmp_path: Path, port: int) -> None:
    silent = child_processes.start(
        "silent", [sys.executable, "-c", "import time; time.sleep(600)"], log=tmp_path / "log"
    )
    with pytest.raises(StartError, match=f"silent took no connection on port {port}"):
        wait_until_listening(silent, port, seconds=0.1)
    with pytest.raises(StartError, match="refused"):
        wait_until_ready(silent, f"http://127.0.0.1:{port}", seconds=0.1)
    silent.stop(seconds=5)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_what_does_not_speak_http_never_answered(tmp_path: Path, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        profile = tmp_path / "target.yaml"
        profile.write_text(f"name: mute\nbase_url: {scheme}://127.0.0.1:{mute.getsockname()[1]}\n")
        mute.close()
        with pytest.raises(TargetUnreachableError, match="never answered"):
            require_reachable(read_target(profile), seconds=0)


def test_servers_of_another_kind_are_told_apart(postgres_server_url: str, redis_url: str, port: int) -> None:
    postgres, valkey = (urlsplit(url).port or 0 for url in (postgres_server_url, redis_url))
    password = urlsplit(redis_url).password or ""
    assert postgres_answers("127.0.0.1", postgres)
    assert valkey_answers("127.0.0.1", valkey, password)
    assert not valkey_answers("127.0.0.1", valkey, "wrong")
    assert not postgres_answers("127.0.0.1", valkey)
    assert not postgres_answers("127.0.0.1", port)


def test_the_release_is_this_version_and_the_commit_where_there_is_one(tmp_path: Path) -> None:
    assert current_version().count(".") == 2
    assert current_commit(tmp_path) is None
