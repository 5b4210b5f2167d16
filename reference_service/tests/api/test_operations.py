"""Health, metrics and the OpenAPI document."""

from collections.abc import Callable

import yaml
from prometheus_client.parser import text_string_to_metric_families

from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import migrate_down
from reference_service.tests.api.service import BASE, Api, open_api, vendor

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


def test_a_migrated_database_makes_the_service_ready(api: Api) -> None:
    assert api.client.get("/health/ready").json() == {"status": "ready", "rateLimit": "per process"}


def test_missing_migrations_make_it_unready_and_not_dead(new_database: Callable[[], str]) -> None:
    url = new_database()
    with open_api(url) as api:
        with open_connection(Settings(database_url=url)) as connection:
            migrate_down(connection, 0)
        unready = api.client.get("/health/ready")
        assert (unready.status_code, unready.json()["error"]) == (503, "unavailable")
        assert api.client.get("/health/live").status_code == 200
        workers = api.client.get("/health/workers")
        assert (workers.status_code, workers.json()["status"]) == (200, "unhealthy")
        assert api.get("/vendors").status_code == 503


def test_redis_away_is_degraded(shared_database: str) -> None:
    with open_api(shared_database, redis_url="redis://127.0.0.1:1/0") as api:
        api.load(vendor(1))
        answer = api.client.get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert api.get("/vendors").json()["total"] == 1


def test_heartbeats_tell_the_workers_progress(api: Api) -> None:
    def beat(worker: str, age: str) -> None:
        with open_connection(api.settings) as connection:
            connection.execute(
                "INSERT INTO worker_heartbeats VALUES (%s, now() - %s::interval, 60)"
                " ON CONFLICT (worker) DO UPDATE SET last_success_at = excluded.last_success_at",
                (worker, age),
            )

    def asked() -> tuple[str, list[bool]]:
        answer = api.client.get("/health/workers").json()
        return answer["status"], [state["running"] for state in answer["workers"].values()]

    assert asked() == ("unhealthy", [False, False, False])
    beat("health-checker", "100 s")
    assert asked() == ("degraded", [True, False, False])
    beat("metrics-aggregator", "0")
    beat("partition-manager", "0")
    assert asked() == ("healthy", [True, True, True])
    beat("health-checker", "200 s")
    assert asked() == ("degraded", [False, True, True])
    with open_connection(api.settings) as connection:
        connection.execute("INSERT INTO worker_progress VALUES ('health-checker', now(), 60)")
    assert asked() == ("healthy", [True, True, True]), "a long round goes on"


def test_a_first_round_that_goes_on_is_running_and_has_no_last_run(new_database: Callable[[], str]) -> None:
    with open_api(new_database()) as api:
        with open_connection(api.settings) as connection:
            connection.execute("INSERT INTO worker_progress VALUES ('health-checker', now(), 60)")
        workers = api.client.get("/health/workers").json()["workers"]
    assert workers["healthChecker"] == {"running": True, "lastRun": None}


def test_metrics_count_requests_errors_and_searches(shared_database: str) -> None:
    with open_api(shared_database) as api:
        api.load(vendor(1))
        for path in ("/vendors", "/vendors?limit=x", "/vendors/nobody", "/nope"):
            api.get(path)
        samples = {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(api.client.get("/metrics").text)
            for sample in family.samples
        }
    assert samples["discovery_requests_total", "search"] == 2
    assert samples["discovery_errors_total", "invalid_request", "search"] == 1
    assert samples["discovery_errors_total", "not_found", "vendor"] == 1
    assert samples["discovery_requests_total", "unknown"] == 1
    assert samples[("discovery_search_duration_seconds_count",)] == 1
    assert samples[("discovery_search_results_total_sum",)] == 1
    assert samples[("database_pool_wait_seconds_count",)] == 3, "a prepared answer, the plain one, a vendor"
    assert samples[("database_pool_busy_seconds_total",)] > 0
    assert samples[("database_pool_exhausted_total",)] == 0


def test_a_failed_search_has_taken_its_time_and_got_no_connection() -> None:
    with open_api(NOWHERE, migrated=False) as broken:
        broken.get("/vendors")
        samples = {
            sample.name: sample.value
            for family in text_string_to_metric_families(broken.client.get("/metrics").text)
            for sample in family.samples
        }
    assert samples["discovery_search_duration_seconds_count"] == 1
    assert samples["discovery_search_results_total_count"] == 0
    assert samples["database_pool_exhausted_total"] == 1


def test_a_database_that_is_away_is_unavailable_and_nothing_worse() -> None:
    with open_api(NOWHERE, migrated=False) as broken:
        for path in ("/vendors", "/vendors/1", "/vendors/1/health", "/categories", "/quick-search?q=ab"):
            answer = broken.get(path)
            assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
        assert broken.client.get("/health/ready").status_code == 503
        assert broken.client.get("/health/live").status_code == 200
        assert broken.client.get("/health/workers").json()["status"] == "unhealthy"


def test_the_openapi_document_is_served_and_knows_the_routes(api: Api) -> None:
    answer = api.client.get("/openapi.yaml")
    assert answer.headers["Content-Type"] == "application/yaml"
    document = yaml.safe_load(answer.text)
    assert document["openapi"] == "3.1.0"
    assert {path for path in document["paths"] if path.startswith(BASE)} == {
        f"{BASE}/vendors",
        f"{BASE}/search",
        f"{BASE}/vendors/featured",
        f"{BASE}/vendors/{{idOrSlug}}",
        f"{BASE}/vendors/{{idOrSlug}}/health",
        f"{BASE}/categories",
        f"{BASE}/quick-search",
    }
