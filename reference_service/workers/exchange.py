"""One GET on one connection, as HTTP/1.1 asks for it, reading no more than it must."""

from collections.abc import Callable
from dataclasses import dataclass

import h11

from reference_service.workers.dialling import Connection
from reference_service.workers.ssrf import Destination

MAX_HEAD_BYTES = 32 * 1024
MAX_BODY_BYTES = 64 * 1024
_READ_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Head:
    """What an answer begins with; `location` only where it is given once."""

    status_code: int
    location: str | None


async def get(connection: Connection, destination: Destination, on_head: Callable[[Head], None]) -> Head:
    """Ask for the destination and read the answer to its end, or to the cap of its body.

    `on_head` hears of the answer as soon as its head is there, even if its body never ends. Raises
    ConnectionResetError, OSError, or h11.RemoteProtocolError where the answer is not HTTP.
    """
    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
    connection.write(_request(parser, destination))
    head: Head | None = None
    received = 0
    while True:
        event = parser.next_event()
        match event:
            case h11.NEED_DATA:
                data = await connection.read(_READ_BYTES)
                received += len(data)
                if not data and head is None:
                    raise ConnectionResetError("closed before it answered")
                parser.receive_data(data)
            case h11.Response():
                head = Head(event.status_code, _location(event))
                on_head(head)
            case h11.EndOfMessage() | h11.ConnectionClosed() | h11.PAUSED:
                break
        if received > MAX_HEAD_BYTES + MAX_BODY_BYTES:
            break
    if head is None:
        raise h11.RemoteProtocolError("no answer in what was sent")
    return head


def _request(parser: h11.Connection, destination: Destination) -> bytes:
    request = h11.Request(
        method="GET",
        target=destination.target,
        headers=[
            ("Host", destination.authority),
            ("User-Agent", "marketplace-health-checker/1"),
            ("Accept", "*/*"),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
        ],
    )
    return (parser.send(request) or b"") + (parser.send(h11.EndOfMessage()) or b"")


def _location(response: h11.Response) -> str | None:
    values = [value for name, value in response.headers if name == b"location"]
    return values[0].decode("utf-8", "replace") if len(values) == 1 else None
