"""Requests over pooled connections, each client identity with a pool and a source address of its own."""

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

import gevent
import gevent.socket
import gevent.ssl
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError, HTTPSocketPoolResponse

from loadtests.identities import MOST_CONNECTIONS, Identities
from loadtests.measurement import OWN_FAILURE
from loadtests.pools import Pool, Room, TlsPool

_BLOCK = 64 * 1024
# What this machine lacks: descriptors, ports, source addresses, memory.
_OWN = {
    errno.EMFILE,
    errno.ENFILE,
    errno.EADDRINUSE,
    errno.EADDRNOTAVAIL,
    errno.ENOBUFS,
    errno.ENOMEM,
}


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
        self._room = Room(most)
        self._identities = identities
        self._heads: dict[tuple[str, int], bytes] = {}
        self._pools = [
            self._pool(base_url, identities.source(number)) for number in range(len(identities.addresses))
        ]

    @property
    def opened(self) -> int:
        return sum(pool.opened for pool in self._pools)

    @property
    def repeated(self) -> int:
        """Requests that were sent twice: the kept connection they went out on had just been closed."""
        return sum(pool.repeated for pool in self._pools)

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

    def _pool(self, base_url: str, source: str | None) -> Pool:
        parts = urlsplit(base_url)
        secure = parts.scheme == "https"
        host, port = parts.hostname or "", parts.port or (443 if secure else 80)
        return (TlsPool if secure else Pool)(
            self._room,
            source,
            host,
            port,
            host,
            port,
            connection_timeout=self._timeout,
            network_timeout=self._timeout,
            disable_ipv6=source is not None,
        )

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

    def __init__(self, pool: Pool, head: bytes) -> None:
        self._pool, self._head = pool, head
        self.written: float | None = None

    def run(self) -> Exchange:
        try:
            return self._repeatable()
        except HTTPConnectionClosed:
            raise ExchangeError("connection_closed", self.written) from None
        except HTTPParseError:
            raise ExchangeError("broken_answer", self.written) from None
        except OSError as error:
            raise ExchangeError(_reason(error), self.written) from None

    def _repeatable(self) -> Exchange:
        """A kept connection may be closed just as it is used: no byte came back, so it is asked once more."""
        sock, kept = self._pool.take(fresh=False)
        try:
            return self._once(sock)
        except HTTPConnectionClosed:
            if not kept:
                raise
        self._pool.repeated += 1
        return self._once(self._pool.take(fresh=True)[0])

    def _once(self, sock: gevent.socket.socket) -> Exchange:
        try:
            sock.sendall(self._head)
        except ConnectionError:
            self._pool.release_socket(sock)
            raise HTTPConnectionClosed("closed before the request was written") from None
        except BaseException:
            self._pool.release_socket(sock)
            raise
        self.written = monotonic()
        response = HTTPSocketPoolResponse(sock, self._pool, block_size=_BLOCK)
        return Exchange(response.status_code, response.read(), self.written)


def _reason(error: OSError) -> str:
    if error.errno in _OWN:
        return f"{OWN_FAILURE}{errno.errorcode[error.errno].lower()}"
    if isinstance(error, ConnectionRefusedError):
        return "connection_refused"
    if isinstance(error, gevent.ssl.SSLError):
        return "tls_error"
    if isinstance(error, ConnectionError):
        return "connection_reset"
    return "timeout" if isinstance(error, TimeoutError) else f"socket_{error.errno or 'error'}"
