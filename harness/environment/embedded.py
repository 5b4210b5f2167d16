"""The two servers as child processes."""

from collections.abc import Iterator
from contextlib import contextmanager

from harness.children.processes import Processes
from harness.environment.postgres import embedded_postgres
from harness.environment.stack import Servers, StackFolder
from harness.environment.valkey import embedded_valkey


@contextmanager
def embedded_servers(processes: Processes, folder: StackFolder, *, seconds: float) -> Iterator[Servers]:
    """Raises StartError."""
    with (
        embedded_postgres(
            processes, data=folder.data / "postgres", log=folder.log("postgres"), seconds=seconds
        ) as postgres,
        embedded_valkey(
            processes, data=folder.data / "valkey", log=folder.log("valkey"), seconds=seconds
        ) as valkey,
    ):
        yield Servers(database_url=postgres.url(), redis_url=valkey.url)
