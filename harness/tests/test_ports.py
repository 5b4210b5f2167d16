"""Ports: reserved ones are ours alone, and a server of ours can still listen there."""

import socket
from contextlib import ExitStack

import pytest

from harness.environment.errors import PortTakenError
from harness.environment.ports import reserved_port


def test_no_two_reservations_are_the_same() -> None:
    with ExitStack() as stack:
        ports = [stack.enter_context(reserved_port()) for _ in range(50)]
    assert len(set(ports)) == 50


def test_a_server_can_listen_on_a_reserved_port_and_nobody_else_gets_it() -> None:
    with reserved_port() as port:
        with (
            pytest.raises(PortTakenError, match=f"port {port} of 127.0.0.1 is occupied"),
            reserved_port(port),
        ):
            pass
        with socket.socket() as stranger, pytest.raises(OSError, match="Address already in use"):
            stranger.bind(("127.0.0.1", port))
        with socket.create_server(("127.0.0.1", port)):  # sets SO_REUSEADDR, as servers do
            socket.create_connection(("127.0.0.1", port)).close()


def test_a_reservation_ends() -> None:
    with reserved_port() as port:
        pass
    with reserved_port(port) as again:
        assert again == port


def test_a_port_in_use_is_taken_even_by_a_server_that_shares_it() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        with pytest.raises(PortTakenError), reserved_port(server.getsockname()[1]):
            pass
