"""A proxy before Redis or PostgreSQL that fails in every way a network can."""

import socket
import threading
import time
from contextlib import suppress
from enum import Enum
from urllib.parse import urlsplit


class Mood(Enum):
    WELL = "passes everything on"
    GONE = "refuses and breaks connections"
    SILENT = "takes requests and never answers"
    SLOW = "answers half a second late"
    CUT = "breaks off in the middle of an answer"


class Between:
    """A proxy before a real server, of changing mood."""

    def __init__(self, url: str) -> None:
        port = urlsplit(url).port or 0
        self._server = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = url.replace(f":{port}", f":{self._listener.getsockname()[1]}")
        self.mood = Mood.WELL
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def become(self, mood: Mood) -> None:
        self.mood = mood
        if mood is Mood.GONE:
            self._break()

    def close(self) -> None:
        self._listener.close()
        self._break()

    def _break(self) -> None:
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.mood is Mood.GONE:
                    client.close()
                    continue
                server = socket.create_connection(self._server)
                self._open += [client, server]
                for source, sink, answers in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._pass_on, args=(source, sink, answers), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with suppress(OSError), source, sink:
            while received := source.recv(65536):
                if answers and self.mood is Mood.SILENT:
                    continue
                if answers and self.mood is Mood.SLOW:
                    time.sleep(0.5)
                if answers and self.mood is Mood.CUT:
                    sink.sendall(received[: len(received) // 2])
                    return
                sink.sendall(received)
