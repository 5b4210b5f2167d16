"""One round of the health checker: plain sockets, one deadline a check."""

import socket
import ssl
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from urllib.parse import SplitResult, urljoin, urlsplit

from harness.tests.second_target.guard import BlockedError, Network, choose
from harness.tests.second_target.records import Books, Check, Vendor

MAX_REDIRECTS = 3
MAX_BODY = 256 * 1024
AT_ONCE = 10


@dataclass(frozen=True)
class Outcome:
    code: int | None
    error: str | None


def check_all(books: Books, allowed: Sequence[Network], deadline: float) -> dict[int, Check]:
    due = [v for v in books.vendors.values() if v.active and v.health_path is not None]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        checks = pool.map(lambda vendor: _check(vendor, allowed, deadline), due)
        return {vendor.id: check for vendor, check in zip(due, checks, strict=True)}


def _check(vendor: Vendor, allowed: Sequence[Network], deadline: float) -> Check:
    started = time.monotonic()
    try:
        code = _follow(vendor.base_url + (vendor.health_path or ""), allowed, started + deadline)
        outcome = Outcome(code, None if 200 <= code < 300 else f"http_{code}")
    except BlockedError as error:
        outcome = Outcome(None, str(error))
    spent = round((time.monotonic() - started) * 1000)
    dialled = not (outcome.error or "").startswith(("blocked", "invalid", "dns"))
    return Check(
        status=_status(outcome),
        at=datetime.now(UTC),
        milliseconds=spent if dialled else None,
        code=outcome.code,
        error=outcome.error,
    )


def _status(outcome: Outcome) -> str:
    if outcome.code is None:
        return "down"
    return {2: "up", 4: "degraded"}.get(outcome.code // 100, "down")


def _follow(url: str, allowed: Sequence[Network], until: float) -> int:
    """The last status code. Raises BlockedError with a reason code."""
    for _ in range(MAX_REDIRECTS + 1):
        code, location = _get(_parsed(url), allowed, until)
        if code // 100 != 3 or location is None:
            return code
        try:
            url = urljoin(url, location)
        except ValueError:
            raise BlockedError("invalid_url") from None
    raise BlockedError("too_many_redirects")


def _parsed(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise BlockedError("invalid_url") from None
    if parts.scheme not in ("http", "https"):
        raise BlockedError("blocked_scheme")
    if "@" in parts.netloc:
        raise BlockedError("blocked_credentials")
    if not parts.hostname or any(ord(letter) <= 32 for letter in url):
        raise BlockedError("invalid_url")
    return parts


def _get(url: SplitResult, allowed: Sequence[Network], until: float) -> tuple[int, str | None]:
    host = url.hostname or ""
    address = choose(host, url.port or (443 if url.scheme == "https" else 80), allowed)
    try:
        with socket.create_connection(address, timeout=max(0.001, until - time.monotonic())) as plain:
            return _exchange(plain, url, until)
    except TimeoutError:
        raise BlockedError("timeout") from None
    except ssl.SSLError:
        raise BlockedError("tls_error") from None
    except ConnectionResetError:
        raise BlockedError("connection_reset") from None
    except HTTPException:
        raise BlockedError("protocol_error") from None
    except (OSError, ValueError):
        raise BlockedError("connection_refused") from None


def _exchange(plain: socket.socket, url: SplitResult, until: float) -> tuple[int, str | None]:
    late = threading.Event()

    def expire() -> None:
        late.set()
        try:
            plain.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it was closed just before

    timer = threading.Timer(max(0.001, until - time.monotonic()), expire)
    timer.start()
    try:
        answer = _ask(plain, url)
    except (OSError, HTTPException):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError
    return answer


def _ask(plain: socket.socket, url: SplitResult) -> tuple[int, str | None]:
    host = url.hostname or ""
    stream = plain
    if url.scheme == "https":
        stream = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    head = f"GET {path} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\nAccept: */*\r\n\r\n"
    with stream:
        stream.sendall(head.encode("utf-8"))
        answer = HTTPResponse(stream, method="GET")
        answer.begin()
        answer.read(MAX_BODY)
        return answer.status, answer.getheader("Location")
