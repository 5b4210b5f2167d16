"""Requests over pooled connections, each client identity with a pool and a source address of its own."""

import select
import socket as system
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import gevent
import gevent.socket
import gevent.ssl
from gevent.monkey import get_original
from geventhttpclient.connectionpool import ConnectionPool, SSLConnectionPool
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError, HTTPSocketPoolResponse

from loadtests.identities import MOST_CONNECTIONS, Identities

_BLOCK = 64 * 1024
_ATTEMPTS = 2  # a kept connection may have been closed in the moment it is used


class ExchangeError(Exception):
    """No whole answer came; `reason` is a short code, `written` when the request was sent, if it was."""

    def __init__(self, reason: str, written: float | None = None) -> None:
        self.reason, self.written = reason, written
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer; `written` is when its request was sent (monotonic seconds)."""

    status: int
    body: bytes
    written: float


class _TooLate(BaseException):
    """The deadline of a request; not an Exception, so that nothing on the way takes it for an answer."""


class _Pool(ConnectionPool):
    """Connects from one source address to an address that was resolved once."""

    source: str | None = None
    opened = 0
    _resolved: Any = None

    def _resolve(self) -> Any:
        if self._resolved is None:
            self._resolved = super()._resolve()
        return self._resolved

    def _create_tcp_socket(self, family: int, socktype: int, protocol: int) -> gevent.socket.socket:
        sock = super()._create_tcp_socket(family, socktype, protocol)
        self.opened += 1
        sock.setsockopt(system.IPPROTO_TCP, system.TCP_NODELAY, 1)
        if self.source is not None:
            # The port is chosen when connecting: only the whole four-tuple has to be unique then.
            sock.setsockopt(system.IPPROTO_IP, system.IP_BIND_ADDRESS_NO_PORT, 1)
            sock.bind((self.source, 0))
        return sock

    def _is_socket_alive(self, sock: gevent.socket.socket | None) -> bool:
        """geventhttpclient asks select(), which knows no descriptor above 1023."""
        if sock is None or sock.fileno() < 0:
            return False
        poll = get_original("select", "poll")()
        poll.register(sock.fileno(), select.POLLIN)
        return not poll.poll(0)


class _TlsPool(_Pool, SSLConnectionPool):
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


class Connections:
    """Sends GET requests as any of the run's identities."""

    def __init__(
        self,
        base_url: str,
        identities: Identities,
        headers: Mapping[str, str],
        *,
        timeout: float,
        most: int = MOST_CONNECTIONS,
    ) -> None:
        parts = urlsplit(base_url)
        self._prefix = parts.path
        self._host = parts.netloc
        self._headers = headers
        self._timeout = timeout
        self._size = max(1, most // len(identities.addresses))
        self._identities = identities
        self._heads: dict[tuple[str, int], bytes] = {}
        self._pools = [
            self._pool(base_url, identities.source(number)) for number in range(len(identities.addresses))
        ]

    @property
    def opened(self) -> int:
        return sum(pool.opened for pool in self._pools)

    def get(self, path: str, number: int, deadline: float) -> Exchange:
        """Ask as the identity with that number (modulo their count), until `deadline` (monotonic seconds).

        Raises ExchangeError.
        """
        number %= len(self._pools)
        alarm = gevent.Timeout(max(0.0, deadline - monotonic()), _TooLate)
        alarm.start()
        exchange = _Attempt(self._pools[number], self._head(path, number))
        try:
            return exchange.run()
        except _TooLate:
            raise ExchangeError("timeout", exchange.written) from None
        finally:
            alarm.close()

    def close(self) -> None:
        for pool in self._pools:
            pool.close()

    def _pool(self, base_url: str, source: str | None) -> _Pool:
        parts = urlsplit(base_url)
        secure = parts.scheme == "https"
        host, port = parts.hostname or "", parts.port or (443 if secure else 80)
        pool = (_TlsPool if secure else _Pool)(
            host,
            port,
            host,
            port,
            size=self._size,
            connection_timeout=self._timeout,
            network_timeout=self._timeout,
            disable_ipv6=source is not None,
        )
        pool.source = source
        return pool

    def _head(self, path: str, number: int) -> bytes:
        """The whole request; only a forwarded identity makes it differ from one identity to another."""
        own = self._identities.headers(number)
        key = (path, number if own else 0)
        head = self._heads.get(key)
        if head is None:
            lines = {"Host": self._host, "Accept": "application/json", "User-Agent": "launchkit"}
            lines |= {**self._headers, **own}
            fields = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            head = f"GET {self._prefix}{path} HTTP/1.1\r\n{fields}\r\n".encode("latin-1")
            self._heads[key] = head
        return head


class _Attempt:
    """One request on its way."""

    def __init__(self, pool: _Pool, head: bytes) -> None:
        self._pool, self._head = pool, head
        self.written: float | None = None

    def run(self) -> Exchange:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._once()
            except HTTPConnectionClosed:
                if attempt == _ATTEMPTS:
                    raise ExchangeError("connection_closed", self.written) from None
            except HTTPParseError:
                raise ExchangeError("broken_answer", self.written) from None
            except OSError as error:
                if attempt == _ATTEMPTS or isinstance(error, ConnectionRefusedError):
                    raise ExchangeError(_reason(error), self.written) from None
        raise AssertionError("unreachable")

    def _once(self) -> Exchange:
        sock = self._pool.get_socket()
        try:
            sock.sendall(self._head)
        except BaseException:
            self._pool.release_socket(sock)
            raise
        self.written = monotonic()
        response = HTTPSocketPoolResponse(sock, self._pool, block_size=_BLOCK)
        return Exchange(response.status_code, response.read(), self.written)


def _reason(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection_refused"
    if isinstance(error, gevent.ssl.SSLError):
        return "tls_error"
    if isinstance(error, ConnectionError):
        return "connection_reset"
    return "timeout" if isinstance(error, TimeoutError) else f"socket_{error.errno or 'error'}"
