"""One health check: a GET, its redirects, and what becomes of everything that can go wrong."""

import asyncio
import ssl
import time
from collections.abc import Callable
from urllib.parse import urljoin

import h11

from reference_service.domain.health import Finding, HealthStatus, Reason, judge
from reference_service.workers.dialling import Connection, Dial
from reference_service.workers.exchange import Head, get
from reference_service.workers.ssrf import Guard, Pinned, RefusedError

MAX_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_ADDRESSES = 4


class Checker:
    """Checks URLs, each within one total deadline (seconds) from the first lookup to the last byte."""

    def __init__(
        self, guard: Guard, dial: Dial, *, deadline: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._guard = guard
        self._dial = dial
        self._deadline = deadline
        self._clock = clock

    async def check(self, url: str) -> Finding:
        """Never raises for what the other side does."""
        answers = _Answers(self._clock)
        try:
            async with asyncio.timeout(self._deadline):
                return await self._follow(url, answers)
        except TimeoutError:
            return answers.down(Reason.TIMEOUT)
        except RefusedError as refusal:
            return answers.down(refusal.reason)
        except ssl.SSLError:
            return answers.down(Reason.TLS_ERROR)
        except (ConnectionResetError, BrokenPipeError, ConnectionAbortedError):
            return answers.down(Reason.CONNECTION_RESET)
        except OSError:
            return answers.down(Reason.CONNECTION_REFUSED)
        except (h11.ProtocolError, ValueError):
            return answers.down(Reason.PROTOCOL_ERROR)

    async def _follow(self, url: str, answers: "_Answers") -> Finding:
        for _ in range(MAX_REDIRECTS + 1):
            head = await self._ask(url, answers)
            if head.status_code not in REDIRECTS or not head.location:
                return judge(head.status_code, answers.elapsed_ms or 0)
            url = _resolve(url, head.location)
        return answers.down(Reason.TOO_MANY_REDIRECTS)

    async def _ask(self, url: str, answers: "_Answers") -> Head:
        pinned = await self._guard.pin(url)
        connection = await self._connect(pinned)
        try:
            return await get(connection, pinned.destination, answers.hear)
        finally:
            connection.close()

    async def _connect(self, pinned: Pinned) -> Connection:
        destination = pinned.destination
        server_name = destination.host if destination.secure else None
        refusal: OSError = ConnectionRefusedError("no address")
        for address in pinned.addresses[:MAX_ADDRESSES]:
            try:
                return await self._dial(address, destination.port, server_name)
            except ssl.SSLError:
                raise
            except OSError as error:
                refusal = error
        raise refusal


class _Answers:
    """Remembers the last answer of a check, for a row that says how far it came."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._started = clock()
        self._status_code: int | None = None
        self.elapsed_ms: int | None = None

    def hear(self, head: Head) -> None:
        self._status_code = head.status_code
        self.elapsed_ms = round((self._clock() - self._started) * 1000)

    def down(self, reason: Reason) -> Finding:
        return Finding(HealthStatus.DOWN, self.elapsed_ms, self._status_code, reason.value)


def _resolve(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise RefusedError(Reason.INVALID_URL) from None
