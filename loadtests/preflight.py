"""A look at the target before it is loaded: one request an endpoint."""

from time import monotonic

import msgspec

from harness.errors import CouldNotDecideError, TargetUnreachableError
from loadtests.connections import Connections, Exchange, ExchangeError
from loadtests.content import slugs
from loadtests.measurement import OWN_FAILURE
from loadtests.options import Job
from loadtests.scenarios.model import BASE

_SECONDS = 5.0


def look_at(job: Job, connections: Connections) -> tuple[str, ...]:
    """Ask for one page of each endpoint; returns slugs of vendors where the scenario needs them.

    Raises TargetUnreachableError where nothing answers, CouldNotDecideError where a page is not there.
    """
    found: tuple[str, ...] = ()
    if any(endpoint.needs_slugs for endpoint in job.plan.scenario.endpoints):
        found = _slugs(job, connections)
    for endpoint in job.plan.scenario.endpoints:
        path = endpoint.path_for(found[0] if endpoint.needs_slugs else "")
        if _ask(job, connections, path).status == 404:
            raise CouldNotDecideError(
                f"{job.target.base_url}{path} answers 404",
                hint="is base_url right?",
            )
    return found


def _slugs(job: Job, connections: Connections) -> tuple[str, ...]:
    answer = _ask(job, connections, f"{BASE}/vendors?limit=100")
    try:
        found = slugs(answer.body) if answer.status == 200 else ()
    except msgspec.MsgspecError:
        found = ()
    if not found:
        raise CouldNotDecideError(
            f"{job.target.base_url} lists no vendors whose details could be asked for", hint="load some data"
        )
    return found


def _ask(job: Job, connections: Connections, path: str) -> Exchange:
    try:
        return connections.get(path, 0, monotonic() + _SECONDS)
    except ExchangeError as error:
        if error.reason.startswith(OWN_FAILURE):
            raise CouldNotDecideError(
                f"this machine cannot send requests to {job.target.base_url} ({error.reason})",
                hint="it lacks ports, open files or the client's address",
            ) from None
        raise TargetUnreachableError(
            f"{job.target.base_url} does not answer ({error.reason})", hint="is the target up?"
        ) from None
