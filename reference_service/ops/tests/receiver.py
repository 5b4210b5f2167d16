"""What PagerDuty, Slack and a dead man's switch would have heard, on loopback; and a vendor to check."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Receiver:
    """Posts by path. `vendor_status` is what the vendor at /vendor answers."""

    url: str = ""
    vendor_status: int = 200
    posts: dict[str, list[Any]] = field(default_factory=dict)

    def paged(self, alert: str, action: str) -> Sequence[Any]:
        """PagerDuty's events of that alert: `trigger` or `resolve`."""
        events = self.posts.get("/pagerduty", [])
        return [
            event
            for event in events
            if event["event_action"] == action and event["payload"]["summary"].startswith(f"{alert}:")
        ]

    def told(self, alert: str, status: str) -> Sequence[Any]:
        """Slack's messages of that alert: `FIRING` or `RESOLVED`."""
        start = f"[{status}] {alert}:"
        messages = self.posts.get("/slack", [])
        return [message for message in messages if message["attachments"][0]["title"].startswith(start)]


@contextmanager
def listening() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.posts.setdefault(self.path, []).append(json.loads(body))
            self._answer(202 if self.path == "/pagerduty" else 200)

        def do_GET(self) -> None:
            self._answer(receiver.vendor_status)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Keep quiet."""

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
