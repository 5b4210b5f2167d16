"""`python -m harness.contract.generated.child`: draws requests with schemathesis, and tells what it finds.

A process of its own, since nobody's `schemathesis.toml`, hooks or loaded modules may change the verdict. It
reads an Order, and writes a Finding for each answer that is wrong and a Summary at the end: see `told`.
"""

import os
import shlex
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests
import schemathesis
import yaml
from requests.adapters import HTTPAdapter
from schemathesis.config import (
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.engine import context, events, from_schema
from schemathesis.transport.requests import ManagedCookiesSession

from harness.contract.constants import without_local_constants
from harness.contract.generated.asked import Asked, asked, in_one_segment
from harness.contract.generated.told import ASK, Document, Finding, Order, Summary
from harness.contract.identity import Identities, Identity
from harness.contract.paths import BASE, only_reads, operation
from harness.target import ClientIdentity

# What the contract says about a request is asked of `asked`, which knows what is left open.
REPLACED = ("positive_data_acceptance", "negative_data_rejection")
ANSWER_SHOWN = 300


@dataclass
class Wire:
    """How requests leave: as whom, at which pace, and what came back."""

    order: Order
    identities: Identities
    answers: dict[str, dict[str, dict[int, int]]] = field(default_factory=dict)
    document: str = ""
    sent: int = 0
    identity: Identity = field(default_factory=Identity)
    voice: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Identity:
        """Whom to send the next request as."""
        if self.identities.single:
            self.say(ASK)
            sys.stdin.readline()
        elif self.sent % self.order.per_client == 0:
            self.identity = self.identities.fresh()
        self.sent += 1
        return self.identity

    def say(self, line: str) -> None:
        """Whole lines: requests are sent by another thread than the one that tells what was found."""
        with self.voice:
            print(line, flush=True)

    def session(self) -> "Session":
        session = Session()
        session.wire, session.trust_env = self, False
        session.headers.clear()
        return session

    def note(self, request: requests.PreparedRequest, status: int) -> None:
        by_operation = self.answers.setdefault(self.document, {})
        by_status = by_operation.setdefault(operation(str(request.method), self.path_of(request)), {})
        by_status[status] = by_status.get(status, 0) + 1

    def path_of(self, request: requests.PreparedRequest) -> str:
        """Path and query, as sent, below the base URL."""
        parts = urlsplit(str(request.url))
        path = parts.path.removeprefix(urlsplit(self.order.base_url).path.rstrip("/"))
        return f"{path}?{parts.query}" if parts.query else path


class Session(ManagedCookiesSession):
    """A session of requests that becomes another client before its allowance is used up."""

    wire: Wire
    _identity: Identity | None = None

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        if os.getppid() == 1:
            raise SystemExit("whoever started this is gone")
        identity = self.wire.next()
        if identity is not self._identity:
            self._become(identity)
        request.headers.update({"User-Agent": "launchkit", **self.wire.order.headers})
        if identity.forwarded_for:
            request.headers["X-Forwarded-For"] = identity.forwarded_for
        response = super().send(request, **options)
        self.wire.note(request, response.status_code)
        return response

    def _become(self, identity: Identity) -> None:
        self._identity = identity
        for scheme in ("http://", "https://"):
            self.get_adapter(scheme).close()
            self.mount(scheme, From(identity.source_address))


class From(HTTPAdapter):
    """Connects from one address."""

    def __init__(self, address: str | None) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        if self._address:
            options["source_address"] = (self._address, 0)
        super().init_poolmanager(*arguments, **options)


def main() -> int:
    order = msgspec.json.decode(sys.stdin.readline(), type=Order)
    wire = Wire(order, Identities(ClientIdentity(order.identity)))

    def make_session(config: object, *, operation: object = None) -> Session:
        return wire.session()

    context.make_session = make_session
    _register(wire)
    errors: dict[str, list[str]] = {}
    cut_short: list[str] = []
    with without_local_constants():
        for document in order.documents:
            wire.document, until = document.name, time.monotonic() + order.seconds
            for told in _draw(document, order, until):
                if isinstance(told, Finding):
                    wire.say(_line_of(told))
                else:
                    errors.setdefault(document.name, []).append(told)
            if time.monotonic() >= until:
                cut_short.append(document.name)
    wire.say(_line_of(Summary(wire.answers, errors, tuple(cut_short))))
    return 0


def _line_of(told: msgspec.Struct) -> str:
    return msgspec.json.encode(told).decode()


def _register(wire: Wire) -> None:
    """Tell schemathesis what the contract says about a request, and what is not asked of a front server."""

    @schemathesis.check
    def as_the_contract_says(ctx: object, response: Any, case: Any) -> None:
        request = response.request
        body = request.body.encode() if isinstance(request.body, str) else request.body
        said = asked(str(request.method), wire.path_of(request), request.headers, body)
        served, by_name = 200 <= response.status_code < 300, response.status_code == 404
        if said is Asked.REFUSED and served:
            raise AssertionError("a request that must be refused was served")
        if said is Asked.SERVED and not served and not (by_name and case.path_parameters):
            raise AssertionError("a request that must be served was refused")

    @schemathesis.hook
    def filter_path_parameters(ctx: object, path_parameters: dict[str, object] | None) -> bool:
        return all(in_one_segment(str(value)) for value in (path_parameters or {}).values())


def _draw(document: Document, order: Order, until: float) -> Iterator[Finding | str]:
    loaded = yaml.safe_load(Path(document.path).read_text("utf-8"))
    schema = schemathesis.openapi.from_dict(loaded, config=_config(loaded, document, order))
    below = _below(loaded)

    def ours(ctx: Any) -> bool:
        """A document may name more than the contract does; of that, only what reads is asked."""
        path = below + ctx.operation.path
        return path.startswith(BASE) and only_reads(ctx.operation.method.upper(), path)

    stream = from_schema(schema.include(ours)).execute()
    for event in stream:
        if isinstance(event, events.NonFatalError | events.FatalError):
            yield _of_error(document, event, below)
        elif isinstance(event, events.ScenarioFinished):
            yield from _findings(document, event.recorder)
        if time.monotonic() >= until:
            stream.stop()


def _config(loaded: dict[str, Any], document: Document, order: Order) -> SchemathesisConfig:
    few = document.examples < 5
    project = ProjectConfig(
        base_url=order.base_url.rstrip("/") + _below(loaded),
        continue_on_failure=True,
        request_timeout=20,
        generation=GenerationConfig(
            max_examples=document.examples, database="none", allow_extra_parameters=False, no_shrink=few
        ),
        phases=PhasesConfig(
            examples=ExamplesPhaseConfig(fill_missing=True),
            coverage=CoveragePhaseConfig(enabled=not few, unexpected_methods=set(document.other_methods)),
        ),
    )
    for name in REPLACED:
        getattr(project.checks, name).enabled = False
    return SchemathesisConfig(seed=order.seed, projects=ProjectsConfig(default=project))


def _below(document: dict[str, Any]) -> str:
    """The path of the document's server, below which its paths are."""
    servers = document.get("servers") or [{}]
    return urlsplit(str(servers[0].get("url", ""))).path.rstrip("/")


def _of_error(
    document: Document, event: events.NonFatalError | events.FatalError, below: str
) -> Finding | str:
    error = event.value if isinstance(event, events.NonFatalError) else event.exception
    label = event.label if isinstance(event, events.NonFatalError) else ""
    text = f"{type(error).__name__}: {error}"[:ANSWER_SHOWN]
    cause = error.__cause__ or error
    if isinstance(cause, requests.RequestException):
        method, _, path = label.partition(" ")
        asked = shlex.join(["curl", "-X", method, str(cause.request.url)]) if cause.request else ""
        return Finding(document.name, operation(method, below + path), "no_answer", text, curl=asked)
    return f"{label}: {text}"


def _findings(document: Document, recorder: Any) -> Iterator[Finding]:
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is None:
                continue
            case, met = recorder.cases[case_id].value, recorder.interactions.get(case_id)
            response = met.response if met else None
            path = urlsplit(met.request.uri).path if met else case.path
            yield Finding(
                document=document.name,
                operation=operation(case.method.upper(), path),
                check=check.name,
                message=_line(check.failure_info.failure),
                status=response.status_code if response else None,
                answer=response.content[:ANSWER_SHOWN].decode("utf-8", "replace") if response else "",
                curl=case.as_curl_command(),
            )


def _line(failure: Any) -> str:
    words = " ".join(str(failure.message).split())
    return f"{failure.title}: {words}"[: 2 * ANSWER_SHOWN]


if __name__ == "__main__":
    sys.exit(main())
