"""Loopback ports, reserved so that two launches at once never get the same."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from harness.environment.errors import PortTakenError

HOST = "127.0.0.1"
_ATTEMPTS = 50


@contextmanager
def reserved_port(wanted: int = 0) -> Iterator[int]:
    """Hold a port of 127.0.0.1 (0: any that is free) until a server of ours listens there, and after.

    A bound socket that does not listen keeps the kernel from giving the port away; a server that sets
    SO_REUSEADDR, as all of ours do, can still listen on it. That alone would let two launches bind the
    same port before either listens, so a name in the abstract namespace, which dies with us, says whose
    it is. Raises PortTakenError.
    """
    held = _hold(wanted)
    try:
        yield held[0].getsockname()[1]
    finally:
        for one in held:
            one.close()


def _hold(wanted: int) -> tuple[socket.socket, socket.socket]:
    for _ in range(1 if wanted else _ATTEMPTS):
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        name = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((HOST, wanted))
            name.bind(f"\0launchkit/port/{bound.getsockname()[1]}")
            return bound, name
        except OSError as error:
            bound.close()
            name.close()
            if error.errno == errno.EACCES:
                raise PortTakenError(f"port {wanted} needs root", hint="choose one above 1023") from None
            if error.errno != errno.EADDRINUSE:
                raise
    raise PortTakenError(
        f"port {wanted} of {HOST} is occupied" if wanted else f"no port of {HOST} is free",
        hint="choose another, or 0 for a free one",
    )
