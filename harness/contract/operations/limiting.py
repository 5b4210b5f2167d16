"""The rate-limit headers, and one client that used up its allowance."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from harness.contract.client import Client, Response
from harness.contract.diagnosis import ContractBroken


@dataclass(frozen=True, slots=True)
class Allowance:
    """The three headers of an answer; `reset` is in Unix seconds."""

    limit: int
    remaining: int
    reset: int


@dataclass(frozen=True)
class Exhaustion:
    """One client's whole allowance, spent in sequence on answers of several kinds, and what came after it.

    It took `seconds`, and `ended` is in Unix seconds, by our clock.
    """

    client: Client
    served: Sequence[Response]
    refused: Sequence[Response]
    ended: float
    seconds: float


def allowance(response: Response) -> Allowance:
    """Raises ContractBroken where a header is missing or no whole number."""
    return Allowance(
        limit=_whole(response, "X-RateLimit-Limit"),
        remaining=_whole(response, "X-RateLimit-Remaining"),
        reset=_whole(response, "X-RateLimit-Reset"),
    )


def server_time(response: Response, ours: float) -> float:
    """Unix seconds by the target's own clock, where it tells it; `ours` otherwise."""
    try:
        return parsedate_to_datetime(str(response.headers.get("Date"))).timestamp()
    except ValueError:
        return ours


def wait_told(response: Response, ours: float) -> float | None:
    """The seconds of Retry-After, be it a number or a date (RFC 9110, 10.2.3); None where it is neither."""
    told = str(response.headers.get("Retry-After"))
    if told.isdigit():
        return int(told)
    try:
        return parsedate_to_datetime(told).timestamp() - server_time(response, ours)
    except ValueError:
        return None


def _whole(response: Response, name: str) -> int:
    text = response.headers.get(name)
    if text is None or not str(text).isdigit():
        raise ContractBroken(
            f"an answer has no right {name}",
            expected="a whole number",
            observed=f"{text!r} with HTTP {response.status}",
            asked=response.curl,
        )
    return int(str(text))
