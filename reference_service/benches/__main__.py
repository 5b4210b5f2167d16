"""`python -m reference_service.benches`: measures the workers; prints a JSON list of names and seconds.

The database that REFERENCE_DATABASE_URL names loses all that is in it; its user must be a superuser.
"""

import argparse
import json
import sys
from dataclasses import asdict

from reference_service.benches.aggregation import measure_aggregation
from reference_service.benches.health_checks import measure_health_checks
from reference_service.settings import read_settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m reference_service.benches", description=__doc__)
    parser.add_argument("--vendors", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=2_000_000, help="of telemetry, in a day")
    parser.add_argument("--endpoints", type=int, default=5_000)
    options = parser.parse_args()
    figures = [*measure_health_checks(options.endpoints)]
    figures += measure_aggregation(read_settings(None), vendors=options.vendors, rows=options.rows)
    json.dump([asdict(figure) for figure in figures], sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
