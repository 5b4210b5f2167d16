"""The kinds of limits that a criterion can set."""

from typing import Annotated, ClassVar, TypeAlias

import msgspec

from loadtests.summary import ALL

_Positive: TypeAlias = Annotated[float, msgspec.Meta(gt=0)]
_Percent: TypeAlias = Annotated[float, msgspec.Meta(gt=0, lt=100)]
_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
_Seconds: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]


class Scoped(msgspec.Struct, frozen=True, kw_only=True):
    """Of one endpoint and one phase, or of all; with `window_seconds`, in every window of that length."""

    endpoint: str = ALL
    phase: str = ALL
    window_seconds: _Seconds | None = None

    @property
    def where(self) -> str:
        named = [name for name in (self.endpoint, self.phase) if name != ALL]
        window = f" in every {self.window_seconds} s" if self.window_seconds else ""
        return (f" ({', '.join(named)})" if named else "") + window


class Latency(Scoped, frozen=True, kw_only=True):
    """A percentile, counted from the intended start."""

    word: ClassVar[str] = "latency"
    percentile: _Percent
    below_ms: _Positive

    def __str__(self) -> str:
        return f"p{self.percentile:g} {self.word}{self.where} < {self.below_ms:g} ms"


class Service(Latency, frozen=True, kw_only=True):
    """A percentile of the service time, counted from when the request was sent."""

    word: ClassVar[str] = "service time"


class Errors(Scoped, frozen=True, kw_only=True):
    """Requests without a right answer, of all that were sent."""

    below_percent: _Percent

    def __str__(self) -> str:
        return f"errors{self.where} < {self.below_percent:g} %"


class Statuses(Scoped, frozen=True, kw_only=True):
    """Answers of one class of HTTP status."""

    kind: Annotated[str, msgspec.Meta(pattern="^[1-5]xx$")]
    at_most: _Count

    def __str__(self) -> str:
        return f"at most {self.at_most} answers {self.kind}{self.where}"


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """How soon after a phase has begun its p95 is back at what it was before, and stays there."""

    before: str
    after: str
    factor: _Positive
    margin_ms: _Positive
    within_seconds: _Positive
    window_seconds: _Seconds

    def __str__(self) -> str:
        return (
            f"p95 back within {self.within_seconds:g} s under the larger of {self.factor:g} × the p95 "
            f"`{self.before}` and {self.margin_ms:g} ms above it"
        )


class Restarts(msgspec.Struct, frozen=True, kw_only=True):
    """Processes of the target that ended while it was loaded, by the out-of-memory killer or otherwise."""

    at_most: _Count

    def __str__(self) -> str:
        return f"at most {self.at_most} of the target's processes end"


class MemoryDrift(msgspec.Struct, frozen=True, kw_only=True):
    """Growth of the target's resident memory, in MB (10⁶ bytes) a minute."""

    below: _Positive
    needs_seconds: _Seconds
    phase: str = ALL
    unit: ClassVar[str] = "MB/min"
    what: ClassVar[str] = "resident memory"

    def __str__(self) -> str:
        return f"{self.what} grows by less than {self.below:g} {self.unit}"


class LatencyDrift(MemoryDrift, frozen=True, kw_only=True):
    """Growth of the typical latency, the mean of its middle half, in percent of itself a minute."""

    unit: ClassVar[str] = "%/min"
    what: ClassVar[str] = "typical latency"


Rule: TypeAlias = Latency | Service | Errors | Statuses | Recovery | Restarts | MemoryDrift | LatencyDrift

RULES: dict[str, type[Rule]] = {
    "latency": Latency,
    "service": Service,
    "errors": Errors,
    "statuses": Statuses,
    "recovery": Recovery,
    "restarts": Restarts,
    "memory_drift": MemoryDrift,
    "latency_drift": LatencyDrift,
}
