"""A path is what was sent: what the limiter does not see as the marketplace's is not answered as that."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from reference_service.tests.api.service import BASE, Api, open_api


@pytest.mark.parametrize("slashes", ["//", "///", "/%2F"])
@pytest.mark.parametrize("path", [f"{BASE}/categories", "/health/live", "/metrics", "/docs", "/openapi.yaml"])
def test_more_slashes_are_another_path(api: Api, slashes: str, path: str) -> None:
    assert api.client.get(path).status_code == 200
    answer = api.client.get(f"http://api.test{slashes}{path.removeprefix('/')}")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_who_is_refused_is_counted_where_they_asked(shared_database: str) -> None:
    with open_api(shared_database, rate_limit_requests=1) as api:
        assert [api.get(path).status_code for path in ("/categories", "/categories", "/none")] == [
            200,
            429,
            429,
        ]
        exposition = api.client.get("/metrics").text
    counted = {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
        if sample.name in ("discovery_requests_total", "discovery_errors_total") and sample.value
    }
    assert counted == {
        ("categories",): 2,
        ("unknown",): 1,
        ("categories", "rate_limited"): 1,
        ("unknown", "rate_limited"): 1,
    }
