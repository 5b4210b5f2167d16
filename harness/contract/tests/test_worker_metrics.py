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


ROUNDS = """\
# TYPE metrics_aggregation_duration_seconds histogram
metrics_aggregation_duration_seconds_bucket{{le="+Inf"}} {rounds}
metrics_aggregation_duration_seconds_count {rounds}
metrics_aggregation_duration_seconds_sum {seconds}
# TYPE metrics_vendors_processed_total counter
metrics_vendors_processed_total {processed}
"""


def judged(folder: Path, *metrics: str, of: str = "health_checker or check") -> Outcome:
    """What the suite says where these are told one after the other, and the last one from then on."""
    asked: list[str] = []

    def telling(path: str, document: Document) -> tuple[int, bytes] | None:
        if path != "/metrics":
            return None
        asked.append(path)
        return 200, metrics[min(len(asked), len(metrics)) - 1].encode()

    with toy(folder / "toy", telling) as profile:
        text = profile.read_text()
        base = text.partition("base_url: ")[2].splitlines()[0]
        more = f"capabilities: [metrics]\nmetrics_urls: [{base}/metrics, 'http://127.0.0.1:1/metrics']\n"
        profile.write_text(text + more)
        return judge(folder, profile, "-k", of, tests=("operations/test_worker_metrics.py",))


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


@pytest.mark.parametrize(("seconds", "status"), [(0.2, Status.PASS), (400.0, Status.FAIL)])
def test_checks_do_not_last_minutes(seconds: float, status: Status, tmp_path: Path) -> None:
    metrics = CHECKS.replace(
        'duration_seconds_sum{vendor_id="7"} 0.2', f'duration_seconds_sum{{vendor_id="7"}} {seconds}'
    )
    found = judged(tmp_path, metrics).statuses()
    assert found["operations/worker_metrics/test_a_check_takes_seconds_not_milliseconds"] is status


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        (
            {"rounds": 3, "seconds": 900, "processed": 9},
            {"rounds": 4, "seconds": 905, "processed": 12},
            Status.PASS,
        ),
        (
            {"rounds": 3, "seconds": 0.9, "processed": 9},
            {"rounds": 4, "seconds": 300.9, "processed": 12},
            Status.FAIL,
        ),
    ],
)
def test_rounds_do_not_outlast_the_time(
    first: dict[str, float], last: dict[str, float], status: Status, tmp_path: Path
) -> None:
    told = [ROUNDS.format(**one) for one in (first, last)]
    found = judged(tmp_path, *told, of="round").statuses()
    assert found["operations/worker_metrics/test_a_round_takes_seconds_not_milliseconds"] is status


def test_rounds_that_process_nobody_are_told(tmp_path: Path) -> None:
    found = judged(tmp_path, ROUNDS.format(rounds=3, seconds=1, processed=0), of="rounds").statuses()
    assert found["operations/worker_metrics/test_the_aggregator_tells_its_rounds"] is Status.FAIL
