"""The embedded servers, for real: they answer, keep their secrets, and are gone afterwards."""

import socket
import stat
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from harness.children.errors import StartError
from harness.children.processes import Processes
from harness.environment.postgres import embedded_postgres
from harness.environment.valkey import embedded_valkey


def test_databases_are_fresh_and_apart(new_database: Callable[[], str]) -> None:
    first, second = new_database(), new_database()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
    with psycopg.connect(second) as connection:
        row = connection.execute("SELECT to_regclass('only_here')").fetchone()
    assert row == (None,)


def test_postgres_is_utf8_with_builtin_collation_and_no_superuser_shortcut(postgres_server_url: str) -> None:
    with psycopg.connect(postgres_server_url) as connection:
        row = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider::text, datlocale "
            "FROM pg_database WHERE datname = 'postgres'"
        ).fetchone()
    assert row == ("UTF8", "b", "C.UTF-8")
    parts = urlsplit(postgres_server_url)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=parts.hostname, port=parts.port, user=parts.username, password="wrong", dbname="postgres"
        )


def test_valkey_wants_its_password(redis_url: str) -> None:
    assert redis.Redis.from_url(redis_url).eval("return 41 + 1", 0) == 42
    port = urlsplit(redis_url).port
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port or 0, retry=Retry(NoBackoff(), 0)).ping()


def test_passwords_are_in_files_that_only_we_read_and_on_no_command_line(
    child_processes: Processes, postgres_server_url: str, redis_url: str, tmp_path: Path
) -> None:
    with (
        embedded_postgres(child_processes, data=tmp_path / "pg", log=tmp_path / "pg.log") as postgres,
        embedded_valkey(child_processes, data=tmp_path / "valkey", log=tmp_path / "valkey.log") as valkey,
    ):
        secrets = (postgres.password, valkey.password)
        for process in (postgres.process, valkey.process):
            for part in ("cmdline", "environ"):
                said = Path("/proc", str(process.pid), part).read_bytes().decode()
                assert not any(secret in said for secret in secrets)
        holders = [path for path in tmp_path.rglob("*") if path.is_file() and _holds(path, secrets)]
        assert holders
        assert {stat.S_IMODE(path.stat().st_mode) for path in holders} == {0o600}


def test_ports_are_free_again_after_the_end(child_processes: Processes, tmp_path: Path) -> None:
    with (
        embedded_postgres(child_processes, data=tmp_path / "pg", log=tmp_path / "pg.log") as postgres,
        embedded_valkey(child_processes, data=tmp_path / "valkey", log=tmp_path / "valkey.log") as valkey,
    ):
        ports = (postgres.port, valkey.port)
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)
    assert postgres.process.exit_code() == 0


def test_a_server_that_cannot_start_says_why(child_processes: Processes, tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("18")
    (tmp_path / "pg.log").touch()
    with (
        pytest.raises(FileExistsError),
        embedded_postgres(child_processes, data=tmp_path / "pg", log=tmp_path / "pg.log"),
    ):
        pass


def test_a_program_that_is_not_there_is_named(child_processes: Processes, tmp_path: Path) -> None:
    with pytest.raises(StartError, match="no-such-program"):
        child_processes.start("nothing", [tmp_path / "no-such-program"], log=tmp_path / "log")


def _holds(path: Path, secrets: tuple[str, ...]) -> bool:
    content = path.read_bytes()
    return any(secret.encode() in content for secret in secrets)
