"""What the tests of every part share: servers, started once where a test asks for them, and no way out."""

import secrets
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from harness.browser import NoBrowserError, find_chromium
from harness.children.processes import Processes
from harness.environment.postgres import embedded_postgres
from harness.environment.valkey import embedded_valkey
from harness.settings import read_settings


@pytest.fixture(scope="session")
def _dials_outside() -> Iterator[list[object]]:
    """The addresses off this machine that were dialled, of which none is."""
    outside: list[object] = []

    def guarded(dial: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def refuse_or_dial(own: socket.socket, address: Any) -> Any:
            if own.family != socket.AF_UNIX and not _is_here(address[0]):
                outside.append(address)
                raise PermissionError(f"a test dials {address[0]}; tests dial nothing but loopback")
            return dial(own, address)

        return refuse_or_dial

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield outside


@pytest.fixture(autouse=True)
def only_loopback_is_dialled(_dials_outside: list[object]) -> Iterator[None]:
    """A dial that is refused fails the test, even where what it tests takes the refusal in its stride."""
    _dials_outside.clear()
    yield
    assert not _dials_outside, f"dialled off loopback: {_dials_outside}"


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture
def chromium() -> str:
    """Where the browser is; a test that asks for it is left out where there is none, and fails in CI."""
    try:
        return find_chromium()
    except NoBrowserError as error:
        if read_settings().ci:
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def child_processes() -> Iterator[Processes]:
    """Starts child processes that end with the test session."""
    with Processes() as processes:
        yield processes


@pytest.fixture(scope="session")
def _servers_folder(child_processes: Processes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("servers")
    child_processes.doom(folder)
    return folder


@pytest.fixture(scope="session")
def postgres_server_url(child_processes: Processes, _servers_folder: Path) -> Iterator[str]:
    """The URL of an embedded PostgreSQL's `postgres` database, as its superuser."""
    log = _servers_folder / "postgres.log"
    with embedded_postgres(child_processes, data=_servers_folder / "postgres", log=log) as server:
        yield server.url()


@pytest.fixture(scope="session")
def redis_url(child_processes: Processes, _servers_folder: Path) -> Iterator[str]:
    """The URL of an embedded Valkey; tests share it, so each keeps to keys of its own or flushes it first."""
    log = _servers_folder / "valkey.log"
    with embedded_valkey(child_processes, data=_servers_folder / "valkey", log=log) as server:
        yield server.url


@pytest.fixture
def new_database(postgres_server_url: str) -> Iterator[Callable[[], str]]:
    """Makes a fresh, empty database at each call and returns its URL; all are dropped after the test."""
    made: list[str] = []

    def make() -> str:
        name = f"test_{secrets.token_hex(6)}"
        _execute(postgres_server_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made.append(name)
        return postgres_server_url.rpartition("/")[0] + "/" + name

    yield make
    for name in made:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        _execute(postgres_server_url, statement)


def _execute(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
