"""Kept connections, each client identity with a pool and a source address of its own, under one bound."""

import select
import socket as system
from functools import cache
from typing import Any, TypeAlias

import gevent.socket
import gevent.ssl
from gevent.lock import BoundedSemaphore
from gevent.monkey import get_original
from geventhttpclient.connectionpool import ConnectionPool, SSLConnectionPool

_Socket: TypeAlias = gevent.socket.socket


class Room:
    """At most so many connections, of all pools together: the one kept longest gives way to a new one."""

    def __init__(self, most: int) -> None:
        self._most, self._used = most, 0
        self._turns = BoundedSemaphore(most)
        self._kept: dict[_Socket, Pool] = {}  # the longest kept first

    def enter(self) -> None:
        """Wait until fewer than all are in use."""
        self._turns.acquire()
        self._used += 1

    def leave(self) -> None:
        self._used -= 1
        self._turns.release()

    def keep(self, sock: _Socket, pool: "Pool") -> None:
        self._kept[sock] = pool

    def forget(self, sock: _Socket) -> None:
        del self._kept[sock]

    def make(self) -> None:
        """For a connection that was entered for and is about to be opened."""
        while self._used + len(self._kept) > self._most:
            sock, pool = next(iter(self._kept.items()))
            pool.drop(sock)


class Pool(ConnectionPool):
    """Connects from one source address to an address that was resolved once."""

    def __init__(self, room: Room, source: str | None, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._room, self._source = room, source
        self._kept: dict[_Socket, None] = {}
        self._resolved: Any = None
        self.opened = self.repeated = 0

    def take(self, *, fresh: bool) -> tuple[_Socket, bool]:
        """A connection, and whether it was kept; `fresh` asks for a new one. Waits for its turn."""
        self._room.enter()
        try:
            sock = None if fresh else self._living()
            if sock is not None:
                return sock, True
            self._room.make()
            return self._create_socket(), False
        except BaseException:
            self._room.leave()
            raise

    def return_socket(self, sock: _Socket) -> None:
        if self._closed:
            self.release_socket(sock)
            return
        self._kept[sock] = None
        self._room.keep(sock, self)
        self._room.leave()

    def release_socket(self, sock: _Socket) -> None:
        try:
            sock.close()
        finally:
            self._room.leave()

    def drop(self, sock: _Socket) -> None:
        """Close a kept connection."""
        del self._kept[sock]
        self._room.forget(sock)
        sock.close()

    def close(self) -> None:
        self._closed = True
        for sock in list(self._kept):
            self.drop(sock)

    def _living(self) -> _Socket | None:
        """The one kept last of those that the target has not closed."""
        while self._kept:
            sock, _ = self._kept.popitem()
            self._room.forget(sock)
            if self._is_socket_alive(sock):
                return sock
            sock.close()
        return None

    def _resolve(self) -> Any:
        if self._resolved is None:
            self._resolved = super()._resolve()
        return self._resolved

    def _create_tcp_socket(self, family: int, socktype: int, protocol: int) -> _Socket:
        sock = super()._create_tcp_socket(family, socktype, protocol)
        self.opened += 1
        sock.setsockopt(system.IPPROTO_TCP, system.TCP_NODELAY, 1)
        if self._source is not None:
            # The port is chosen when connecting: only the whole four-tuple has to be unique then.
            sock.setsockopt(system.IPPROTO_IP, system.IP_BIND_ADDRESS_NO_PORT, 1)
            sock.bind((self._source, 0))
        return sock

    def _is_socket_alive(self, sock: _Socket | None) -> bool:
        """geventhttpclient asks select(), which knows no descriptor above 1023."""
        if sock is None or sock.fileno() < 0:
            return False
        poll = get_original("select", "poll")()
        poll.register(sock.fileno(), select.POLLIN)
        return not poll.poll(0)


class TlsPool(Pool, SSLConnectionPool):
    """Every pool shares one context: to read the certificates again for each would take seconds."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "ssl_context_factory": tls_context})


@cache
def tls_context(cafile: str | None = None) -> gevent.ssl.SSLContext:
    """Trusts what this machine trusts (`SSL_CERT_FILE` included), and the bundle that comes with Python."""
    context = gevent.ssl.create_default_context()
    if cafile is not None:
        context.load_verify_locations(cafile)
    return context
