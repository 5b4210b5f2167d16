"""The endpoints that orchestrators and people ask whether all is well."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.contract.client import Client
from harness.contract.diagnosis import ContractBroken
from harness.evidence import Json

pytestmark = [pytest.mark.capability("health_endpoints"), pytest.mark.requirement("MON-06")]

WORKERS = ("healthChecker", "metricsAggregator", "partitionManager")
CLOCK_SLACK = timedelta(seconds=5)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/health/workers"])
def test_it_answers_200(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status != 200:
        raise ContractBroken(
            f"{path} does not say that all is well",
            expected="HTTP 200",
            observed=answer.brief(),
            asked=answer.curl,
        )


@pytest.mark.parametrize("worker", WORKERS)
def test_each_worker_is_told(client: Client, worker: str) -> None:
    told = client.get("/health/workers").json()["workers"][worker]
    assert isinstance(told["running"], bool)
    assert "lastRun" in told, "lastRun is null before the first run, not absent"
    if told["lastRun"] is not None:
        last = datetime.fromisoformat(told["lastRun"])
        assert last.utcoffset() == timedelta(0), "timestamps are in UTC"
        assert last <= datetime.now(UTC) + CLOCK_SLACK


@pytest.mark.parametrize("worker", WORKERS)
def test_a_worker_that_never_ran_is_not_running(client: Client, worker: str) -> None:
    told = client.get("/health/workers").json()["workers"][worker]
    assert not (told["running"] and told["lastRun"] is None)


def test_the_status_follows_from_the_workers(client: Client) -> None:
    document = client.get("/health/workers").json()
    expected = _status(document["workers"])
    if document["status"] != expected:
        raise ContractBroken(
            "the status of the workers does not follow from them",
            expected=expected,
            observed=str(document["status"]),
            reason="healthy: all run; degraded: some; unhealthy: none",
        )


def _status(workers: Json) -> str:
    running = [workers[name]["running"] for name in WORKERS]
    return "healthy" if all(running) else "degraded" if any(running) else "unhealthy"
