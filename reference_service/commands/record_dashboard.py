"""`record-dashboard`: what the dashboard showed, as JSON, for those who have no Grafana."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from reference_service.commands.arguments import Arguments
from reference_service.ops.record import Stretch, record

_FAILED = 1
_TIMEOUT = 20.0


def record_dashboard(argv: list[str]) -> int:
    """Write the panels' data over a stretch of time, asked of a Prometheus."""
    parser = Arguments(prog="record-dashboard", description=record_dashboard.__doc__)
    parser.add_argument("--prometheus", required=True, help="its URL")
    parser.add_argument("--start", type=float, required=True, help="seconds since 1970")
    parser.add_argument("--end", type=float, required=True)
    parser.add_argument("--over", default="5m", help="the window of rates; at least four looks of Prometheus")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    given = parser.parse_args(argv)
    with httpx.Client(base_url=given.prometheus, timeout=_TIMEOUT, trust_env=False) as client:

        def ask(expression: str, stretch: Stretch) -> Sequence[Mapping[str, Any]]:
            asked = {
                "query": expression,
                "start": f"{stretch.start:.3f}",
                "end": f"{stretch.end:.3f}",
                "step": f"{stretch.step:g}",
            }
            answer = client.get("/api/v1/query_range", params=asked).raise_for_status()
            found: Sequence[Mapping[str, Any]] = answer.json()["data"]["result"]
            return found

        try:
            recorded = record(ask, Stretch(given.start, given.end, given.over))
        except (httpx.HTTPError, ValueError, KeyError) as error:
            return _complain(f"{given.prometheus}: {error}")
    try:
        given.out.write_text(json.dumps(recorded), encoding="utf-8")
    except OSError as error:
        return _complain(f"{given.out} cannot be written ({error.strerror})")
    return 0


def _complain(problem: str) -> int:
    print(f"reference_service record-dashboard: {problem}", file=sys.stderr)
    return _FAILED
