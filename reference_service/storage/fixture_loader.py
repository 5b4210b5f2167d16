"""Replaces all data by a document's, in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain

from psycopg import Connection, DataError, IntegrityError, sql
from psycopg.rows import TupleRow

from reference_service.storage.fixture_document import FixtureDocument, FixtureError, HealthCheck, Vendor

_TABLES = (
    "vendors, vendor_endpoints, vendor_metrics, vendor_health_checks, gateway_telemetry, payment_intents,"
    " vendor_disputes"
)
_VENDOR = tuple(
    name for name in Vendor.__struct_fields__ if name not in ("metrics", "endpoints", "health_checks")
)
_METRICS = (
    "uptime_pct",
    "avg_latency_ms",
    "p95_latency_ms",
    "p99_latency_ms",
    "rating_score",
    "total_requests",
    "success_rate",
    "error_rate",
    "unique_agents",
    "total_revenue_usd",
    "last_request_at",
    "updated_at",
)
_ENDPOINT = ("method", "path", "name", "description", "price_usd")
_CHECK = ("status", "response_time_ms", "status_code", "error", "checked_at")
Row = Sequence[object]


def replace_all(connection: Connection[TupleRow], document: FixtureDocument) -> None:
    """Load the document's rows in place of everything; all or nothing.

    Raises FixtureError where the database refuses a row.
    """
    try:
        with connection.transaction():
            connection.execute("SET LOCAL statement_timeout = 0")
            connection.execute(f"TRUNCATE {_TABLES} RESTART IDENTITY".encode())
            _partitions(connection, document)
            _copy_vendors(connection, document.vendors)
            _copy_events(connection, document)
        connection.execute(f"ANALYZE {_TABLES}".encode())
    except (IntegrityError, DataError) as error:
        raise FixtureError(f"the database refuses a row: {str(error).splitlines()[0]}") from None


def _copy_vendors(connection: Connection[TupleRow], vendors: Sequence[Vendor]) -> None:
    _copy(connection, "vendors", _VENDOR, (_values(vendor, _VENDOR) for vendor in vendors))
    _copy(
        connection,
        "vendor_metrics",
        ("vendor_id", *_METRICS),
        ((vendor.id, *_values(vendor.metrics, _METRICS)) for vendor in vendors if vendor.metrics),
    )
    _copy(
        connection,
        "vendor_endpoints",
        ("vendor_id", *_ENDPOINT),
        ((vendor.id, *_values(item, _ENDPOINT)) for vendor in vendors for item in vendor.endpoints),
    )
    _copy(
        connection,
        "vendor_health_checks",
        ("vendor_id", *_CHECK),
        ((vendor.id, *_values(item, _CHECK)) for vendor in vendors for item in vendor.health_checks),
    )
    connection.execute(
        "SELECT setval(pg_get_serial_sequence('vendors', 'id'), greatest(1, (SELECT max(id) FROM vendors)))"
    )


def _copy_events(connection: Connection[TupleRow], document: FixtureDocument) -> None:
    for table, items in (
        ("gateway_telemetry", document.telemetry),
        ("payment_intents", document.payment_intents),
        ("vendor_disputes", document.disputes),
    ):
        if items:
            columns = type(items[0]).__struct_fields__
            _copy(connection, table, columns, (_values(item, columns) for item in items))


def _partitions(connection: Connection[TupleRow], document: FixtureDocument) -> None:
    checks: Iterable[HealthCheck] = chain.from_iterable(vendor.health_checks for vendor in document.vendors)
    moments = (check.checked_at.astimezone(UTC) for check in checks)
    for year, month in sorted({(moment.year, moment.month) for moment in moments}):
        connection.execute("SELECT ensure_health_partition(%s)", (datetime(year, month, 1, tzinfo=UTC),))


def _copy(connection: Connection[TupleRow], table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _values(item: object, names: Sequence[str]) -> Row:
    return [getattr(item, name) for name in names]
