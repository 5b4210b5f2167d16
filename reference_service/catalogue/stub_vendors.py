"""`stub-vendors`: one loopback port behind which every vendor of a generated catalogue lives."""

import asyncio
import signal
import sys

from reference_service.catalogue.stub_responses import StubVendors
from reference_service.commands.arguments import Arguments
from reference_service.commands.lifeline import die_with_parent
from reference_service.settings import Settings

HOST = "127.0.0.1"
_MAX_HEAD = 16 * 1024


def stub_vendors(settings: Settings, argv: list[str]) -> int:  # noqa: ARG001  # every command has this shape
    """Serve the vendors of a seed until SIGTERM; prints the URL when it is ready."""
    parser = Arguments(prog="stub-vendors", description=stub_vendors.__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    die_with_parent()
    try:
        asyncio.run(serve(StubVendors(options.seed), options.port))
    except (OSError, OverflowError) as error:
        print(f"reference_service stub-vendors: port {options.port}: {error}", file=sys.stderr)
        return 2
    return 0


async def serve(vendors: StubVendors, port: int) -> None:
    """Listen on loopback and answer until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: _Conversation(vendors), HOST, port, backlog=512)
    print(f"http://{HOST}:{server.sockets[0].getsockname()[1]}", flush=True)
    await stop.wait()
    server.close()


class _Conversation(asyncio.Protocol):
    """One connection: a request, its answer after a while, and the next request."""

    def __init__(self, vendors: StubVendors) -> None:
        self._vendors = vendors
        self._received = b""
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # create_server gives no other
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._busy:
            self._next_request()

    def _next_request(self) -> None:
        head, separator, rest = self._received.partition(b"\r\n\r\n")
        if not separator:
            if len(head) > _MAX_HEAD:
                self._transport.abort()
            return
        self._received, self._busy = rest, True
        words = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
        last = b"connection: close" in head.lower()
        reply = self._vendors.reply(words[1] if len(words) == 3 else "")
        asyncio.get_running_loop().call_later(reply.seconds, self._send, reply.content, last)

    def _send(self, content: bytes, last: bool) -> None:
        self._busy = False
        if self._transport.is_closing():
            return
        self._transport.write(content)
        if last:
            self._transport.close()
        else:
            self._next_request()
