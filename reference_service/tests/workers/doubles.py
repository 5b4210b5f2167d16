"""In-memory twins of the workers' ports: names, dialling, the ledger. None of them touches a network."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from reference_service.domain.address_ranges import Address
from reference_service.domain.health import Finding, HealthCheck, HealthTarget
from reference_service.workers.dialling import Connection, Dial
from reference_service.workers.ssrf import SystemResolver

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def redirect(location: str, code: int = 302) -> bytes:
    return f"HTTP/1.1 {code} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


@dataclass
class Names:
    """A resolver that knows some names; each further lookup of a name gets its next answer."""

    known: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    _literals: SystemResolver = field(default_factory=lambda: SystemResolver(1))

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        answers = self.known.get(host)
        if answers is not None:
            self.asked.append(host)
            return answers[min(self.asked.count(host), len(answers)) - 1]
        try:
            return self._literals.literal(host, port)
        except OSError:
            raise OSError("no such name") from None


@dataclass
class MemoryDialler:
    """Records every dial attempt and answers from a script, one answer a connection (default: refused)."""

    answers: Sequence[bytes] = ()
    dialled: list[tuple[Address, int, str | None]] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)

    async def __call__(self, address: Address, port: int, server_name: str | None) -> Connection:
        self.dialled.append((address, port, server_name))
        if len(self.dialled) > len(self.answers):
            raise ConnectionRefusedError
        return _MemoryConnection(io.BytesIO(self.answers[len(self.dialled) - 1]), self.requests)

    @property
    def addresses(self) -> list[Address]:
        return [address for address, _, _ in self.dialled]


@dataclass
class _MemoryConnection:
    answer: io.BytesIO
    requests: list[bytes]

    def write(self, data: bytes) -> None:
        self.requests.append(data)

    async def read(self, size: int) -> bytes:
        return self.answer.read(size)

    def close(self) -> None:
        pass


@dataclass
class LoopbackDialler:
    """Records every dial attempt and passes on those to loopback."""

    inner: Dial
    dialled: list[tuple[Address, int, str | None]] = field(default_factory=list)

    async def __call__(self, address: Address, port: int, server_name: str | None) -> Connection:
        self.dialled.append((address, port, server_name))
        if not ip_address(address).is_loopback:
            raise ConnectionRefusedError
        return await self.inner(address, port, server_name)


@dataclass
class MemoryLedger:
    """Targets to check and the checks that were recorded, batch by batch."""

    known: Sequence[HealthTarget] = ()
    batches: list[Sequence[HealthCheck]] = field(default_factory=list)

    def targets(self) -> Sequence[HealthTarget]:
        return self.known

    def record(self, checks: Sequence[HealthCheck]) -> None:
        self.batches.append(checks)

    @property
    def recorded(self) -> list[HealthCheck]:
        return [check for batch in self.batches for check in batch]


@dataclass
class CountedChecks:
    """What the health checker told its metrics."""

    seen: list[tuple[int, Finding]] = field(default_factory=list)

    def checked(self, vendor_id: int, finding: Finding, seconds: float) -> None:
        assert seconds >= 0
        self.seen.append((vendor_id, finding))
