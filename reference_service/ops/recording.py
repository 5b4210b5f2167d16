"""Recording rules: the shares of requests that the service-level objectives are about."""

from dataclasses import dataclass

from reference_service.ops.pace import DAY, HOUR, MINUTE, Pace

WINDOWS = {"5m": 5 * MINUTE, "30m": 30 * MINUTE, "1h": HOUR, "6h": 6 * HOUR, "3d": 3 * DAY}
CLIENTS_FAULTS = (
    "invalid_request",
    "not_found",
    "method_not_allowed",
    "unsupported_media_type",
    "payload_too_large",
    "rate_limited",
)
# By exclusion: an error that nobody has heard of counts as ours.
OUR_ERRORS = f'error_type!~"{"|".join(CLIENTS_FAULTS)}"'
FAST_ENOUGH_SECONDS = "0.2"


@dataclass(frozen=True, slots=True)
class Recording:
    record: str
    expr: str


def failed_share(window: str) -> str:
    return f"marketplace:requests_failed:ratio_rate{window}"


def slow_share(window: str) -> str:
    return f"marketplace:searches_slow:ratio_rate{window}"


def recordings(pace: Pace) -> tuple[Recording, ...]:
    """For each window the share of requests that we failed, and of searches that took too long."""
    found = []
    for window, seconds in WINDOWS.items():
        over = pace(seconds)
        failed = f"sum(rate(discovery_errors_total{{{OUR_ERRORS}}}[{over}]))"
        asked = f"sum(rate(discovery_requests_total[{over}]))"
        found.append(Recording(failed_share(window), f"{failed} / {asked}"))
        buckets = "discovery_search_duration_seconds_bucket"
        fast = f'sum(rate({buckets}{{le="{FAST_ENOUGH_SECONDS}"}}[{over}]))'
        searches = f"sum(rate(discovery_search_duration_seconds_count[{over}]))"
        found.append(Recording(slow_share(window), f"1 - {fast} / {searches}"))
    return tuple(found)
