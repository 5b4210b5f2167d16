"""Counters and histograms in the Prometheus text format."""

import threading
from collections import defaultdict

BUCKETS = (0.005, 0.05, 0.5, 5.0, 50.0, 500.0)
COUNTERS = (
    "discovery_requests_total",
    "discovery_errors_total",
    "health_check_status_total",
    "health_check_errors_total",
    "metrics_vendors_processed_total",
    "metrics_aggregation_errors_total",
)
HISTOGRAMS = (
    "discovery_search_duration_seconds",
    "discovery_search_results_total",
    "health_check_duration_seconds",
    "metrics_aggregation_duration_seconds",
)
UNLABELLED = COUNTERS[3:]
Series = tuple[str, str]  # the name, and its labels as they are printed


class Telemetry:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Series, float] = {(name, ""): 0.0 for name in UNLABELLED}
        self._observed: dict[Series, list[float]] = defaultdict(list)

    def count(self, name: str, by: float = 1, **labels: str) -> None:
        with self._lock:
            key = (name, _labels(labels))
            self._counts[key] = self._counts.get(key, 0.0) + by

    def observe(self, name: str, value: float, **labels: str) -> None:
        with self._lock:
            self._observed[name, _labels(labels)].append(value)

    def text(self) -> str:
        with self._lock:
            lines = [line for name in COUNTERS for line in self._counter(name)]
            lines += [line for name in HISTOGRAMS for line in self._histogram(name)]
        return "\n".join(lines) + "\n"

    def _counter(self, name: str) -> list[str]:
        lines = [f"# HELP {name} Counted since the start.", f"# TYPE {name} counter"]
        for (owner, labels), value in self._counts.items():
            if owner == name:
                lines.append(f"{name}{{{labels}}} {value}" if labels else f"{name} {value}")
        return lines

    def _histogram(self, name: str) -> list[str]:
        lines = [f"# HELP {name} Observed since the start.", f"# TYPE {name} histogram"]
        for (owner, labels), values in self._observed.items():
            if owner != name:
                continue
            start = labels + "," if labels else ""
            for bound in BUCKETS:
                below = sum(value <= bound for value in values)
                lines.append(f'{name}_bucket{{{start}le="{bound}"}} {below}')
            lines.append(f'{name}_bucket{{{start}le="+Inf"}} {len(values)}')
            lines.append(f"{name}_sum{{{labels}}} {sum(values)}")
            lines.append(f"{name}_count{{{labels}}} {len(values)}")
        return lines


def _labels(labels: dict[str, str]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
