"""Proof that a variant is not the healthy target: a request, or a round, whose result differs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock

from harness.contract import witness_rounds
from harness.contract.client import Response
from harness.contract.compare import shorten
from harness.contract.diagnosis import NotTestable
from harness.contract.levels import Level
from harness.contract.suite import Suite
from harness.contract.variants import Variant
from harness.contract.witness_habits import habits, window
from harness.contract.witness_requests import Asked, every_request
from harness.evidence import Json
from harness.fixtures.dataset import Dataset
from harness.target import Capability

_HEADERS = (
    "Allow",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "X-RateLimit-Limit",
)
_PRESENT = (
    "ETag",
    "Cache-Control",
    "Retry-After",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-Id",
)
_ROUNDS: tuple[tuple[str, str, Callable[[Suite], Json]], ...] = (
    ("HC", "a round of the health checker", witness_rounds.checked),
    ("HC", "a round of the health checker that nothing is allowed to", witness_rounds.guarded),
    ("MA", "a round of the metrics aggregator", witness_rounds.aggregated),
)
_WINDOW = "one client for longer than a window"
_ABSENT = "no such member"
_LIMIT = "PRF-06"
_SINGLE_STEP = 16  # of a target to which we are one client, one request in so many: each has to wait


@dataclass(frozen=True, slots=True)
class Witness:
    """`where` is the place in the answer."""

    asked: str
    where: str
    healthy: str
    variant: str

    def __str__(self) -> str:
        where = f" at {self.where}" if self.where else ""
        return f"{self.asked}: {self.healthy} in the healthy target, {self.variant} here{where}"


class _Volatile:
    """Stands where two looks at the healthy target differ."""


@dataclass
class Healthy:
    """What the healthy target answers, looked at twice; asked of it before anything else happens there."""

    suite: Suite
    dataset: Dataset | None = None  # what the target held, but for the rounds of workers
    answers: dict[str, Json] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def look(self, levels: Iterable[Level]) -> None:
        """Take down all that variants of these levels are compared by, but for what takes a window."""
        if self.suite.target.fixtures:
            self.dataset = self.suite.loader.base()
        looks = dict(_looks(self.suite, set(levels)))
        for name, look in looks.items():
            self.answers[name] = stable(look(), look())

    def over_a_window(self) -> Json:
        with self._lock:
            if _WINDOW not in self.answers:
                self.answers[_WINDOW] = window(self.suite)
            return self.answers[_WINDOW]


def find_witness(variant: Variant, suite: Suite, healthy: Healthy) -> Witness | None:
    """The first look at the variant that shows something else. Raises LaunchkitError."""
    for name, look in _looks(suite, {variant.level}, variant.requirements):
        found = difference(healthy.answers.get(name, _Volatile()), look())
        if found is not None:
            return Witness(name, *found)
    limited = Capability.RATE_LIMIT in suite.target.capabilities and not suite.identities.single
    if _LIMIT in variant.requirements and limited:
        found = difference(healthy.over_a_window(), window(suite))
        return Witness(_WINDOW, *found) if found else None
    return None


def difference(healthy: Json, variant: Json, path: str = "") -> tuple[str, str, str] | None:
    """Where two values first differ, and how; None where they are the same or nothing can be said."""
    if isinstance(healthy, _Volatile):
        return None
    if isinstance(healthy, dict) and isinstance(variant, dict):
        places = [
            (str(key), healthy.get(key, _ABSENT), variant.get(key, _ABSENT)) for key in {**healthy, **variant}
        ]
        pairs: Iterable[tuple[str, Json, Json]] = [(f"{path}.{key}".strip("."), a, b) for key, a, b in places]
    elif isinstance(healthy, list) and isinstance(variant, list) and len(healthy) == len(variant):
        pairs = [(f"{path}[{i}]", a, b) for i, (a, b) in enumerate(zip(healthy, variant, strict=True))]
    elif type(healthy) is type(variant) and healthy == variant:
        return None
    elif isinstance(healthy, list) and isinstance(variant, list):
        return path, f"{len(healthy)} items", f"{len(variant)} items"
    else:
        return path, shorten(healthy), shorten(variant)
    return next((found for where, a, b in pairs if (found := difference(a, b, where))), None)


def stable(one: Json, other: Json) -> Json:
    """The value, with a mark where the two looks at it differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return {key: stable(value, other[key]) for key, value in one.items()}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [stable(a, b) for a, b in zip(one, other, strict=True)]
    return one if type(one) is type(other) and one == other else _Volatile()


def _looks(
    suite: Suite, levels: set[Level], requirements: Sequence[str] = ()
) -> Iterator[tuple[str, Callable[[], Json]]]:
    """Each with its name; the rounds that the requirements are about come first."""
    if levels - {Level.WORKERS}:
        model = suite.model_of(suite.loader.base()) if suite.target.fixtures else None
        for name, habit in habits(suite).items() if Level.OPERATIONS in levels else ():
            yield name, _guarded(lambda habit=habit: habit(suite))  # type: ignore[misc]
        client = suite.client(rotating=True)
        step = _SINGLE_STEP if suite.identities.single else 1
        for asked in islice(every_request(model, suite.target.cors), 0, None, step):
            yield str(asked), _guarded(lambda asked=asked: _shown(client.request(  # type: ignore[misc]
                asked.method, asked.path, headers=asked.headers, body=asked.body
            ), asked))  # fmt: skip
        client.close()
    if Level.WORKERS in levels:
        told = " ".join(requirements)
        for _, name, drive in sorted(_ROUNDS, key=lambda item: item[0] not in told):
            yield name, _guarded(lambda drive=drive: drive(suite))  # type: ignore[misc]


def _guarded(look: Callable[[], Json]) -> Callable[[], Json]:
    """A look that breaks down is a result too."""

    def safe() -> Json:
        try:
            return look()
        except (AssertionError, NotTestable, LookupError, TypeError, ValueError, AttributeError) as error:
            return f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"

    return safe


def _shown(response: Response, asked: Asked) -> Json:
    kind = str(response.headers.get("Content-Type", "")).partition(";")[0].lower()
    headers: dict[str, Json] = {
        name: sorted(word.strip().lower() for word in ",".join(values).split(","))
        for name in _HEADERS
        if (values := [str(value) for value in response.headers.get_all(name) or ()])
    }
    headers |= {name: "present" for name in _PRESENT if response.headers.get(name) is not None}
    body = response.json() if kind == "application/json" and response.body else response.text()[:1000]
    if asked.path == "/health/workers":
        body = _without_times(body)
    return {"status": response.status, "type": kind, "headers": headers, "body": body}


def _without_times(value: Json) -> Json:
    """Heartbeats are as old as they are."""
    if isinstance(value, dict):
        return {
            key: "a time" if key == "lastRun" and item else _without_times(item)
            for key, item in value.items()
        }
    return value
