"""SIGTERM: nobody who is served notices, and it is quick."""

import http.client
import itertools
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reference_service.commands.serve import SHUTDOWN_SECONDS
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import migrate_up
from reference_service.tests.server import Server, answers, until

VENDORS = "/v1/marketplace/vendors"
ANSWER_SECONDS = 30


@contextmanager
def serving(database_url: str, folder: Path) -> Iterator[Server]:
    folder.mkdir()
    settings = {"REFERENCE_DATABASE_URL": database_url, "REFERENCE_RATE_LIMIT_REQUESTS": "1000000"}
    server = Server(settings, folder)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()


@pytest.fixture
def migrated(shared_database: str) -> str:
    with open_connection(Settings(database_url=shared_database)) as connection:
        migrate_up(connection)
    return shared_database


def ends_in_order(server: Server) -> bool:
    """Whether none of its processes had to be killed, which happens when their time is over.

    That one is killed is also said of a process that ends while it is being looked at: no proof.
    """
    ended = server.process.wait(60) == 0
    told = {line["event"]: datetime.fromisoformat(str(line["timestamp"])) for line in server.lines()}
    took = told["Granian shutdown completed, see ya!"] - told["Shutting down granian"]
    return ended and took < timedelta(seconds=SHUTDOWN_SECONDS)


def test_a_process_that_still_starts_ends_at_once(migrated: str, tmp_path: Path) -> None:
    with serving(migrated, tmp_path / "api") as server:
        until(lambda: "Spawning worker" in server.log.read_text() and len(server.workers()) == 2)
        server.process.send_signal(signal.SIGTERM)
        assert ends_in_order(server)


def test_what_is_in_hand_is_finished_and_nothing_more_is_taken(migrated: str, tmp_path: Path) -> None:
    with serving(migrated, tmp_path / "api") as server, open_connection(
        Settings(database_url=migrated)
    ) as holder:  # fmt: skip
        until(lambda: answers(f"{server.url}/health/ready"))
        found: list[int] = []

        def ask() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=ANSWER_SECONDS)
            connection.request("GET", VENDORS)
            found.append(connection.getresponse().status)

        client = threading.Thread(target=ask)
        with holder.transaction():
            holder.execute(b"LOCK TABLE vendors")
            client.start()
            until(lambda: waits_for_the_lock(migrated))
            server.process.send_signal(signal.SIGTERM)
            until(lambda: refuses(server))
        client.join()
        assert found == [200]
        assert ends_in_order(server)


def waits_for_the_lock(database_url: str) -> bool:
    with open_connection(Settings(database_url=database_url)) as connection:
        row = connection.execute(
            b"SELECT count(*) FROM pg_stat_activity"
            b" WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchone()
        return row != (0,)


def refuses(server: Server) -> bool:
    try:
        server.raw(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    except ConnectionError:
        return True
    return False


class Balancer:
    """Asks one server after the other, and the next one where one is gone before it answered."""

    def __init__(self, *servers: Server) -> None:
        self._turns = itertools.cycle(server.port for server in servers)
        self._connections: dict[int, http.client.HTTPConnection] = {}

    def get(self, path: str) -> int:
        for _ in range(2):
            try:
                return self._ask(next(self._turns), path)
            except (ConnectionError, http.client.RemoteDisconnected):
                continue
        return 502

    def _ask(self, port: int, path: str) -> int:
        fresh = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        connection = self._connections.pop(port, fresh)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()  # raises IncompleteRead where it is cut off: that one fails
        self._connections[port] = connection
        return answer.status


def test_no_request_behind_a_balancer_fails(migrated: str, tmp_path: Path) -> None:
    with serving(migrated, tmp_path / "one") as leaving, serving(migrated, tmp_path / "other") as staying:
        for server in (leaving, staying):
            until(lambda: answers(f"{server.url}/health/ready"))  # noqa: B023  # asked before the next turn
        ended, found = threading.Event(), list[int]()

        def ask() -> None:
            balancer = Balancer(leaving, staying)
            while not ended.is_set():
                found.append(balancer.get(f"{VENDORS}?limit={len(found) % 100 + 1}"))

        clients = [threading.Thread(target=ask) for _ in range(8)]
        for client in clients:
            client.start()
        until(lambda: len(found) >= 100)
        leaving.process.send_signal(signal.SIGTERM)
        in_order = ends_in_order(leaving)
        served = len(found)
        until(lambda: len(found) >= served + 100)
        ended.set()
        for client in clients:
            client.join()
        assert in_order
        assert set(found) == {200}
