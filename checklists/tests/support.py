"""Builders for tests: a target's profile, items from YAML, a context, a small HTTP server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from checklists.clients import Clients
from checklists.execution import Clock, Executor
from checklists.loader import load_checklist
from checklists.model import Answer, Checklist, Context, Item, NoAnswer
from checklists.processes import Processes
from harness.target import Target, read_target

COMMIT = "3f2a" * 10


def make_target(folder: Path, **values: Any) -> Target:
    """A profile written to `folder` and read back; keys as in a profile."""
    profile = {"name": "under-test", "base_url": "http://127.0.0.1:9", **values}
    path = folder / "profile.yaml"
    path.write_text(yaml.safe_dump(profile), encoding="utf-8")
    return read_target(path)


def make_checklist(folder: Path, items: str, *, phase: str = "pre-launch", top: str = "") -> Checklist:
    """`items` is the list of one section, as YAML."""
    indented = "".join(f"      {line}\n" for line in items.strip("\n").splitlines())
    path = folder / "checklist.yaml"
    path.write_text(f"launch: test\n{top}phases:\n  {phase}:\n    things:\n{indented}", encoding="utf-8")
    return load_checklist(path)


def make_items(folder: Path, items: str) -> tuple[Item, ...]:
    return make_checklist(folder, items).phases[0].items


def make_item(folder: Path, keys: str) -> Item:
    """One item from its keys, as a YAML flow mapping's inside or as lines."""
    indented = "".join(f"    {line}\n" for line in keys.strip("\n").splitlines())
    return make_items(folder, f"- One:\n{indented}")[0]


def make_executor(folder: Path, target: Target, *, clock: Clock | None = None) -> Executor:
    return Executor(
        target=target,
        folder=folder,
        run_folder=folder,
        clients=Clients.of(target),
        processes=Processes(),
        clock=clock or Clock(),
    )


def ask(folder: Path, target: Target, keys: str) -> Answer | NoAnswer:
    """What an item's probe answers, once."""
    item = make_item(folder, keys)
    context = Context(
        target=target,
        folder=folder,
        run_folder=folder,
        timeout=min(item.timeout, 20.0),
        client=Clients.of(target).new(),
        processes=Processes(),
    )
    return item.probe.ask(context)


def answer(folder: Path, target: Target, keys: str) -> Answer:
    found = ask(folder, target, keys)
    assert isinstance(found, Answer), found
    return found


def no_answer(folder: Path, target: Target, keys: str) -> NoAnswer:
    found = ask(folder, target, keys)
    assert isinstance(found, NoAnswer), found
    return found


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client: str


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def serving(reply: Reply | Callable[[Asked], Reply]) -> Iterator[Server]:
    """An HTTP server on loopback that answers each request by `reply`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body, self.client_address[0])
            server.asked.append(asked)
            answer = reply if isinstance(reply, Reply) else reply(asked)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            pass

    for method in ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._serve)
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    server = Server(f"http://127.0.0.1:{httpd.server_address[1]}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
