"""The first words of PostgreSQL's and Redis's protocols: enough to know that a server answers."""

import socket
import struct

_PROTOCOL = 196608  # 3.0
_SECONDS = 2.0


def postgres_answers(host: str, port: int) -> bool:
    """Whether a server there asks a newcomer to log in; one that still starts answers with an error."""
    words = b"user\0nobody\0database\0postgres\0\0"
    hello = struct.pack("!ii", len(words) + 8, _PROTOCOL) + words
    return _answer(host, port, hello).startswith(b"R")


def valkey_answers(host: str, port: int, password: str) -> bool:
    """Whether a server there takes that password."""
    return _answer(host, port, f"AUTH {password}\r\n".encode()).startswith(b"+OK")


def _answer(host: str, port: int, question: bytes) -> bytes:
    try:
        with socket.create_connection((host, port), timeout=_SECONDS) as connection:
            connection.sendall(question)
            return connection.recv(64)
    except OSError:
        return b""
