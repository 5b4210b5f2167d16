"""Listeners that nobody may reach: what arrives there proves that a guard has a hole."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field


@dataclass
class Canary:
    """`visitors` are the peers that connected, whatever they then said."""

    host: str
    port: int
    visitors: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"


@contextmanager
def listen(host: str) -> Iterator[Canary]:
    """A canary on a free port of the host. Raises OSError where the machine has no such address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        canary = Canary(host, server.getsockname()[1])
        thread = threading.Thread(target=_note_visitors, args=(server, canary), daemon=True)
        thread.start()
        try:
            yield canary
        finally:
            server.shutdown(socket.SHUT_RDWR)  # wakes accept
            thread.join(5)


@contextmanager
def flock(hosts: Sequence[str]) -> Iterator[dict[str, Canary]]:
    """Canaries by host, on those of the hosts that this machine has."""
    with ExitStack() as stack:
        canaries = {}
        for host in hosts:
            try:
                canaries[host] = stack.enter_context(listen(host))
            except OSError:
                continue
        yield canaries


def _note_visitors(server: socket.socket, canary: Canary) -> None:
    while True:
        try:
            connection, peer = server.accept()
        except OSError:
            return
        canary.visitors.append(str(peer[0]))
        connection.close()
