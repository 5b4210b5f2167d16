"""The profile by which the suite meets this target."""

import json
import sys
from pathlib import Path


def write_profile(path: Path, port: int, pid: int, origin: str, limit: dict[str, int]) -> None:
    """JSON is YAML too, so nothing more than the standard library is needed."""
    command = [sys.executable, "-m", "harness.tests.second_target", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    profile = {
        "name": "second",
        "base_url": url,
        "release": {"name": "in memory"},
        "fixtures": {"load": [*command, "load", "{file}"]},
        "rate_limit": limit,
        "cors": {"allowed": origin, "denied": "http://evil.example"},
        "capabilities": [
            "search",
            "rate_limit",
            "cors",
            "conditional_requests",
            "health_endpoints",
            "metrics",
        ],
        "workers": {
            "check_health": [*command, "check-health"],
            "check_health_allowing": [
                *command, "check-health", "--allow", "{networks}", "--seconds", "{seconds}",
            ],
            "aggregate_metrics": [*command, "aggregate"],
        },
        "metrics_urls": [f"{url}/metrics"],
        "processes": [pid],
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(profile, indent=2) + "\n", encoding="utf-8")
