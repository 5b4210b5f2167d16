"""Whether something answers: the only thing that an environment asks of what it started or was given."""

import http.client
import socket
import ssl
import time
from urllib.parse import urlsplit

from harness.children.errors import StartError
from harness.children.processes import Process
from harness.environment.ports import HOST
from harness.errors import TargetUnreachableError
from harness.target import Target

_POLL_SECONDS = 0.03
_REQUEST_SECONDS = 5.0


def answers(url: str, *, headers: dict[str, str] | None = None, seconds: float = _REQUEST_SECONDS) -> int:
    """The status of one GET. Raises OSError where nothing answers, whatever the reason."""
    parts = urlsplit(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(parts.netloc, timeout=seconds, context=context)
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=seconds)
    try:
        connection.request("GET", parts.path or "/", headers=headers or {})
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise ConnectionError(f"{type(error).__name__}: {error}") from None
    finally:
        connection.close()


def wait_until_ready(process: Process, url: str, *, seconds: float) -> None:
    """Poll until `url` answers 200. Raises StartError where the process ends first, or in vain."""
    deadline, seen = time.monotonic() + seconds, "no answer"
    while process.exit_code() is None:
        try:
            status = answers(url, seconds=max(0.1, deadline - time.monotonic()))
        except OSError as error:
            seen = str(error)
        else:
            if status == http.client.OK:
                return
            seen = f"HTTP {status}"
        if time.monotonic() > deadline:
            raise StartError(
                f"{process.name} was not ready after {seconds:g} s ({url}: {seen})", hint=f"see {process.log}"
            )
        time.sleep(_POLL_SECONDS)
    raise process.died()


def wait_until_listening(process: Process, port: int, *, seconds: float) -> None:
    """Poll until something takes connections on a loopback port. Raises StartError as above."""
    deadline = time.monotonic() + seconds
    while process.exit_code() is None:
        try:
            with socket.create_connection((HOST, port), timeout=1.0):
                return
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise StartError(f"{process.name} took no connection on port {port}", hint=f"see {process.log}")
        time.sleep(_POLL_SECONDS)
    raise process.died()


def require_reachable(target: Target, *, seconds: float) -> None:
    """Whatever the target answers counts. Raises TargetUnreachableError where it never does."""
    deadline = time.monotonic() + seconds
    while (problem := _unanswered(target)) is not None:
        if time.monotonic() > deadline:
            raise problem
        time.sleep(0.2)


def wait_until_answering(process: Process, target: Target, *, seconds: float) -> None:
    """The same for a target of our own. Raises StartError where its process fails first."""
    deadline = time.monotonic() + seconds
    while (problem := _unanswered(target)) is not None:
        if process.exit_code():
            raise process.died()
        if time.monotonic() > deadline:
            raise problem
        time.sleep(_POLL_SECONDS)


def _unanswered(target: Target) -> TargetUnreachableError | None:
    try:
        answers(target.base_url + "/health/live", headers=dict(target.headers))
    except OSError as error:
        reason = target.redact(error.strerror or str(error) or type(error).__name__)
        return TargetUnreachableError(
            f"{target.base_url} never answered ({reason})",
            hint=f"start the target, or correct base_url in {target.path}",
        )
    return None
