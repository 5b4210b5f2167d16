"""Plain Locust users, for comparison: each waits for its answer before it asks again."""

import json
import os
from pathlib import Path
from time import process_time
from typing import Any

from locust import FastHttpUser, constant_throughput, events, task

_BEGUN: list[float] = []


class Visitor(FastHttpUser):
    """`BENCH_PACE` requests/s each, if the target lets it."""

    wait_time = constant_throughput(float(os.environ.get("BENCH_PACE", "10")))

    @task
    def search(self) -> None:
        self.client.get("/v1/marketplace/vendors?q=weather")


@events.test_start.add_listener  # type: ignore[untyped-decorator]  # locust's has no types
def _begin(**_: Any) -> None:
    _BEGUN.append(process_time())


@events.test_stop.add_listener  # type: ignore[untyped-decorator]  # locust's has no types
def _end(environment: Any, **_: Any) -> None:
    total = environment.stats.total
    told = {
        "requests": total.num_requests,
        "p95": total.get_response_time_percentile(0.95) if total.num_requests else None,
        "p99": total.get_response_time_percentile(0.99) if total.num_requests else None,
        "failed": total.num_failures,
        "cpu_seconds": process_time() - _BEGUN[0],
    }
    Path(os.environ["BENCH_OUT"]).write_text(json.dumps(told), encoding="utf-8")
