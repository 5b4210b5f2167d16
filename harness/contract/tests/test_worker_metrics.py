"""The workers' metrics, told rightly, wrongly, and not at all."""

from pathlib import Path

import pytest

from harness.contract.tests.test_plugin import Outcome, judge
from harness.contract.tests.toy import Document, toy
from harness.evidence import Status

CHECKS = """\
# TYPE health_check_duration_seconds histogram
health_check_duration_seconds_bucket{vendor_id="7",le="+Inf"} 2
health_check_duration_seconds_count{vendor_id="7"} 2
health_check_duration_seconds_sum{vendor_id="7"} 0.2
# TYPE health_check_status_total counter
health_check_status_total{vendor_id="7",status="up"} 2
# TYPE health_check_errors_total counter
health_check_errors_total 0
"""


def judged(folder: Path, metrics: str) -> Outcome:
    def telling(path: str, document: Document) -> tuple[int, bytes] | None:
        return (200, metrics.encode()) if path == "/metrics" else None

    with toy(folder / "toy", telling) as profile:
        text = profile.read_text()
        base = text.partition("base_url: ")[2].splitlines()[0]
        more = f"capabilities: [metrics]\nmetrics_urls: [{base}/metrics, 'http://127.0.0.1:1/metrics']\n"
        profile.write_text(text + more)
        return judge(folder, profile, "-k", "health_checker", tests=("operations/test_worker_metrics.py",))


@pytest.mark.parametrize(
    ("metrics", "status"),
    [
        (CHECKS, Status.PASS),
        ("other_total 1\n", Status.NOT_APPLICABLE),
        ("health_check_errors_total 0\n", Status.NOT_APPLICABLE),
        (CHECKS.replace("health_check_errors_total 0", ""), Status.PASS),
        (CHECKS.replace('health_check_status_total{vendor_id="7",status="up"} 2', ""), Status.FAIL),
        (CHECKS.replace('status="up"', 'status="fine"'), Status.FAIL),
        (CHECKS.replace('vendor_id="7",le="+Inf"} 2', 'vendor_id="7",le="+Inf"} 1'), Status.FAIL),
        ("<html>", Status.FAIL),
    ],
)
def test_what_the_health_checker_tells(metrics: str, status: Status, tmp_path: Path) -> None:
    found = judged(tmp_path, metrics).statuses()
    assert found["operations/worker_metrics/test_the_health_checker_tells_its_checks"] is status
