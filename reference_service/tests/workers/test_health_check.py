"""One check against a vendor on loopback: HC-01 to HC-05, and what else can go wrong."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from ipaddress import ip_address, ip_network

import pytest

from reference_service.domain.health import Finding, HealthStatus
from reference_service.tests.workers.doubles import LoopbackDialler, MemoryDialler, Names
from reference_service.tests.workers.vendor_server import Script, VendorServer, answering, serving, status
from reference_service.workers.dialling import NetworkDialler
from reference_service.workers.health_check import Checker
from reference_service.workers.ssrf import Guard

LOOPBACK = (ip_network("127.0.0.0/8"),)
NAMES = Names({"vendor.test": [["127.0.0.1"]], "two.test": [["127.0.0.2", "127.0.0.1"]]})


def a_checker(deadline: float = 30) -> Checker:
    dialler = LoopbackDialler(NetworkDialler(ssl.create_default_context()))
    return Checker(Guard(NAMES, LOOPBACK), dialler, deadline=deadline)


def against(
    script: Script, use: Callable[[VendorServer], Awaitable[Finding]]
) -> tuple[Finding, VendorServer]:
    async def run() -> tuple[Finding, VendorServer]:
        async with serving(script) as vendor:
            return await use(vendor), vendor

    return asyncio.run(run())


def checked(script: Script, path: str = "/health", deadline: float = 30) -> Finding:
    return against(script, lambda vendor: a_checker(deadline).check(vendor.url + path))[0]


def test_health_check_success() -> None:
    """HC-01"""
    finding = checked(answering(status(200, body="fine")))
    assert (finding.status, finding.status_code, finding.error) == (HealthStatus.UP, 200, None)
    assert finding.response_time_ms is not None
    assert finding.response_time_ms >= 0


def test_health_check_server_error() -> None:
    """HC-02"""
    finding = checked(answering(status(500)))
    assert (finding.status, finding.status_code, finding.error) == (HealthStatus.DOWN, 500, "http_500")


def test_health_check_client_error() -> None:
    """HC-03"""
    finding = checked(answering(status(404)))
    assert (finding.status, finding.status_code, finding.error) == (HealthStatus.DEGRADED, 404, "http_404")


async def silence(_: str, __: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def test_health_check_timeout() -> None:
    """HC-04"""
    assert checked(silence, deadline=0.05) == Finding(HealthStatus.DOWN, error="timeout")


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "[::1]", "192.168.0.1"])
def test_health_check_ssrf_protection(address: str) -> None:
    """HC-05; the whole corpus is elsewhere."""
    dialler = MemoryDialler([status(200)])
    finding = asyncio.run(Checker(Guard(Names()), dialler, deadline=5).check(f"http://{address}/health"))
    assert finding == Finding(HealthStatus.DOWN, error="blocked_address")
    assert not dialler.dialled


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (201, "up"),
        (204, "up"),
        (304, "down"),
        (400, "degraded"),
        (429, "degraded"),
        (503, "down"),
        (600, "down"),
    ],
)
def test_statuses(code: int, expected: str) -> None:
    finding = checked(answering(status(code)))
    assert (finding.status, finding.status_code) == (expected, code)
    assert finding.error == (None if expected == "up" else f"http_{code}")


async def drip_body(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    await drip(writer)


async def drip_head(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX: ")
    await drip(writer)


async def drip(writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.01)


def test_a_body_that_drips_past_the_deadline_is_down_though_its_status_came() -> None:
    finding = checked(drip_body, deadline=0.1)
    assert (finding.status, finding.status_code, finding.error) == (HealthStatus.DOWN, 200, "timeout")


def test_a_head_that_drips_past_the_deadline_is_down() -> None:
    assert checked(drip_head, deadline=0.1) == Finding(HealthStatus.DOWN, error="timeout")


def test_the_deadline_is_one_for_all_hops() -> None:
    async def slow_circle(_: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        writer.write(status(302, "Location: /again"))

    assert checked(slow_circle, deadline=0.12).error == "timeout"


def hops(count: int) -> Script:
    async def script(path: str, writer: asyncio.StreamWriter) -> None:
        hop = int(path.rpartition("/")[2])
        writer.write(status(302, f"Location: {hop + 1}") if hop < count else status(200))

    return script


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, ("up", 200, None)), (3, ("up", 200, None)), (4, ("down", 302, "too_many_redirects"))],
)
def test_redirects_are_followed_three_times(count: int, expected: tuple[str, int, str | None]) -> None:
    finding, vendor = against(hops(count), lambda vendor: a_checker().check(f"{vendor.url}/hop/0"))
    assert (finding.status, finding.status_code, finding.error) == expected
    assert len(vendor.heads) == min(count, 3) + 1


@pytest.mark.parametrize("headers", [(), ("Location: ",), ("Location: /a", "Location: /b")])
def test_a_redirect_without_one_location_is_down(headers: tuple[str, ...]) -> None:
    assert checked(answering(status(302, *headers))).error == "http_302"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("ftp://vendor.test/", "blocked_scheme"),
        ("http://me:secret@vendor.test/", "blocked_credentials"),
        ("http://[", "invalid_url"),
        ("http://10.0.0.1/", "blocked_address"),
        ("//10.0.0.1/", "blocked_address"),
    ],
)
def test_each_hop_is_guarded(location: str, reason: str) -> None:
    finding = checked(answering(status(302, f"Location: {location}")))
    assert (finding.status, finding.status_code, finding.error) == (HealthStatus.DOWN, 302, reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "connection_reset"),
        (b"HTTP/1.1 200", "connection_reset"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "protocol_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n", "protocol_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "protocol_error"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 100_000 + b"\r\n\r\n", "protocol_error"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", "protocol_error"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000, "protocol_error"),
    ],
)
def test_what_is_no_answer(content: bytes, reason: str) -> None:
    finding = checked(answering(content))
    assert (finding.status, finding.error) == (HealthStatus.DOWN, reason)


def test_a_body_without_end_is_read_to_the_cap_only() -> None:
    async def flood(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()

    assert checked(flood).status is HealthStatus.UP


def test_nobody_listens() -> None:
    async def closed(vendor: VendorServer) -> Finding:
        return await a_checker().check(f"http://127.0.0.3:{vendor.port}/")

    finding, _ = against(silence, closed)
    assert finding == Finding(HealthStatus.DOWN, error="connection_refused")


def test_the_next_checked_address_is_tried_where_the_first_refuses() -> None:
    finding, vendor = against(
        answering(status(200)), lambda vendor: a_checker().check(f"http://two.test:{vendor.port}/")
    )
    assert finding.status is HealthStatus.UP
    assert f"Host: two.test:{vendor.port}\r\n".encode() in vendor.heads[0]


def test_https_on_a_port_that_speaks_http_is_a_tls_error() -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async def run() -> Finding:
        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        try:
            return await a_checker().check(f"https://vendor.test:{server.sockets[0].getsockname()[1]}/")
        finally:
            server.close()

    assert asyncio.run(run()) == Finding(HealthStatus.DOWN, error="tls_error")


def test_tls_verifies_the_name_of_the_url_at_the_pinned_address() -> None:
    dialler = MemoryDialler([status(200), status(200)])
    names = Names({"vendor.test": [["93.184.216.34"]]})
    checker = Checker(Guard(names), dialler, deadline=5)
    asyncio.run(checker.check("https://vendor.test/health"))
    asyncio.run(checker.check("http://vendor.test/health"))
    address = ip_address("93.184.216.34")
    assert dialler.dialled == [(address, 443, "vendor.test"), (address, 80, None)]


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.9:9")
    assert checked(answering(status(200))).status is HealthStatus.UP


def test_the_request_is_plain() -> None:
    _, vendor = against(
        answering(status(200)), lambda vendor: a_checker().check(f"http://vendor.test:{vendor.port}/a?b=c")
    )
    head = vendor.heads[0].decode()
    assert head.startswith("GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: vendor.test:{vendor.port}\r\n" in head
    assert "Connection: close\r\n" in head
