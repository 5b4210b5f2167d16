"""Run in a network namespace of its own, where it makes every address answer, and checks URLs there.

Reads a JSON list of URLs on stdin, with `{port}` where the listener's port goes; prints for each how many
connections its check made, with the guard and without.
"""

import asyncio
import fcntl
import json
import socket
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_network

from reference_service.tests.workers.doubles import OK
from reference_service.workers.dialling import NetworkDialler, client_tls
from reference_service.workers.health_check import Checker
from reference_service.workers.ssrf import Guard, SystemResolver

_LOOPBACK_INDEX = 1
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_RTM_NEWROUTE, _NEW_WITH_ANSWER = 24, 0x001 | 0x004 | 0x100 | 0x400
_TABLE_LOCAL, _PROTOCOL_STATIC, _SCOPE_HOST, _TYPE_LOCAL, _ATTRIBUTE_DEVICE = 255, 4, 254, 2, 4
UNROUTED_SECONDS = 0.5  # some addresses swallow what is sent to them
EVERYTHING = (ip_network("0.0.0.0/0"), ip_network("::/0"))


def answer_everywhere() -> None:
    """Bring loopback up and route every address to it. Raises OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
    for family in (socket.AF_INET, socket.AF_INET6):
        _route_to_loopback(family)


def _route_to_loopback(family: int) -> None:
    route = struct.pack(
        "8BI", family, 0, 0, 0, _TABLE_LOCAL, _PROTOCOL_STATIC, _SCOPE_HOST, _TYPE_LOCAL, 0
    ) + struct.pack("HHI", 8, _ATTRIBUTE_DEVICE, _LOOPBACK_INDEX)
    message = struct.pack("IHHII", 16 + len(route), _RTM_NEWROUTE, _NEW_WITH_ANSWER, 1, 0) + route
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
        netlink.bind((0, 0))
        netlink.send(message)
        error = struct.unpack_from("i", netlink.recv(4096), 16)[0]
    if error:
        raise OSError(-error, "the route was refused")


class Listener:
    """Answers on every address of one port, and counts."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0

    async def open(self) -> None:
        for host in ("0.0.0.0", "::"):  # noqa: S104  # inside the namespace
            server = await asyncio.start_server(self._answer, host, self.port)
            self.port = server.sockets[0].getsockname()[1]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(OK)
            await writer.drain()
        writer.close()


async def check_all(templates: Sequence[str]) -> list[tuple[int, int]]:
    """The connections that each URL's check makes with the guard, and with one that allows everything."""
    listener, resolver, dialler = Listener(), SystemResolver(4), NetworkDialler(client_tls())
    await listener.open()
    guarded = Checker(Guard(resolver), dialler, deadline=10)
    unguarded = Checker(Guard(resolver, EVERYTHING), dialler, deadline=UNROUTED_SECONDS)
    counts = []
    for template in templates:
        url = template.replace("{port}", str(listener.port))
        start = listener.connections
        await guarded.check(url)
        middle = listener.connections
        await unguarded.check(url)
        counts.append((middle - start, listener.connections - middle))
    return counts


def main() -> None:
    answer_everywhere()
    json.dump(asyncio.run(check_all(json.load(sys.stdin))), sys.stdout)


if __name__ == "__main__":
    main()
