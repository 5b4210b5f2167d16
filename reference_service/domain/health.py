"""What a health check found, and what an HTTP status means for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HealthStatus(StrEnum):
    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"


class Reason(StrEnum):
    """Why a check is not up, where it is not a status code; never an address or a stack trace."""

    TIMEOUT = "timeout"
    BLOCKED_ADDRESS = "blocked_address"
    BLOCKED_SCHEME = "blocked_scheme"
    BLOCKED_CREDENTIALS = "blocked_credentials"
    INVALID_URL = "invalid_url"
    DNS_FAILURE = "dns_failure"
    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_RESET = "connection_reset"
    TLS_ERROR = "tls_error"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    PROTOCOL_ERROR = "protocol_error"


@dataclass(frozen=True, slots=True)
class HealthTarget:
    """A vendor's health endpoint, as one URL."""

    vendor_id: int
    url: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check. Time and code are those of the last answer, where one came."""

    status: HealthStatus
    response_time_ms: int | None = None
    status_code: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One row of a vendor's health history."""

    vendor_id: int
    checked_at: datetime
    finding: Finding


def judge(status_code: int, response_time_ms: int) -> Finding:
    """2xx is up, 4xx degraded, everything else down."""
    if 200 <= status_code < 300:
        return Finding(HealthStatus.UP, response_time_ms, status_code)
    status = HealthStatus.DEGRADED if 400 <= status_code < 500 else HealthStatus.DOWN
    return Finding(status, response_time_ms, status_code, f"http_{status_code}")
