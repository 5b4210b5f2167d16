"""`load-catalogue`: replaces all data by a generated catalogue."""

import argparse
import random
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from reference_service.cache import open_cache
from reference_service.catalogue.generate import generate
from reference_service.catalogue.history import CHECK_DAYS
from reference_service.catalogue.model import Catalogue, Check, Dispute, Endpoint, Payment, Telemetry, Vendor
from reference_service.catalogue.vendors import Plan
from reference_service.commands.arguments import Arguments
from reference_service.domain.errors import UnavailableError
from reference_service.settings import Settings
from reference_service.storage.catalogue_store import Table, replace_catalogue
from reference_service.storage.connecting import open_connection
from reference_service.storage.schedule_hold import hold_schedule, lift_hold, without_rounds

MAX_VENDORS = 1_000_000


def load_catalogue(settings: Settings, argv: list[str]) -> int:
    """Make up vendors and their past, and load them instead of all that is there."""
    parser = Arguments(prog="load-catalogue", description=load_catalogue.__doc__)
    parser.add_argument("--vendors", type=_count, default=2000)
    parser.add_argument("--seed", type=int, default=None, help="default: drawn, and printed")
    parser.add_argument("--stub-url", type=_url, required=True, help="where stub-vendors answers")
    options = parser.parse_args(argv)
    seed = random.SystemRandom().getrandbits(31) if options.seed is None else options.seed
    plan = Plan(options.vendors, seed, options.stub_url, datetime.now(UTC))
    months = (plan.now - timedelta(days=CHECK_DAYS), plan.now)
    try:
        with open_connection(settings) as connection:
            hold_schedule(connection, settings.schedule_hold)
            with without_rounds(connection):
                counts = replace_catalogue(connection, _tables(generate(plan)), months)
            lift_hold(connection)
    except UnavailableError as error:
        print(f"reference_service load-catalogue: {error}", file=sys.stderr)
        return 1
    open_cache(settings).invalidate()
    print(f"seed {seed}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    return 0


def _tables(catalogue: Catalogue) -> tuple[Table, ...]:
    return (
        Table("vendors", Vendor._fields, catalogue.vendors),
        Table("vendor_endpoints", Endpoint._fields, catalogue.endpoints),
        Table("vendor_health_checks", Check._fields, catalogue.health_checks),
        Table("gateway_telemetry", Telemetry._fields, catalogue.telemetry),
        Table("payment_intents", Payment._fields, catalogue.payments),
        Table("vendor_disputes", Dispute._fields, catalogue.disputes),
    )


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= MAX_VENDORS:
        raise argparse.ArgumentTypeError(f"must be 1 to {MAX_VENDORS}")
    return value


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError("must be an http or https URL")
    return text.rstrip("/")
