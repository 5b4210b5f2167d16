"""What only shows over several requests: limits, counts, validators. Each habit is a value to compare."""

import re
import time
from collections.abc import Callable, Mapping
from itertools import cycle, islice
from types import MappingProxyType

from harness.contract.client import Client, Response
from harness.contract.operations.asking import ASKINGS, SPELLINGS
from harness.contract.operations.exposition import Reading, broken_histograms, read_metrics
from harness.contract.operations.limiting import server_time
from harness.contract.operations.window import WindowTrial
from harness.contract.paths import CATEGORIES, FEATURED, VENDORS
from harness.contract.suite import Suite
from harness.evidence import Json
from harness.target import Capability, ClientIdentity

CONNECTIONS = 12
SURPLUS = 5
ASKED = 8
READINGS = 4
_NAMES = ("discovery_search_duration_seconds", "discovery_search_results_total")
_WHOLE = re.compile(r"\d+")

Habit = Callable[[Suite], Json]


def habits(suite: Suite) -> Mapping[str, Habit]:
    """By name, those that the target's profile gives cause to look at."""
    declared = suite.target.capabilities
    found: dict[str, Habit] = {}
    if Capability.CONDITIONAL_REQUESTS in declared:
        found["If-None-Match in every form"] = validators
    if Capability.METRICS in declared:
        found["/metrics before and after requests"] = counts
    if Capability.RATE_LIMIT in declared and not suite.identities.single:
        found["one client's whole allowance, and more"] = allowance
        found["one client's allowance over several connections"] = shared_allowance
        found["every kind of answer, and the allowance that it tells"] = allowance_of_each
    return MappingProxyType(found)


def window(suite: Suite) -> Json:
    """How many requests of each part of a trial were served; takes a window and a little more."""
    trial = WindowTrial(suite.client(rotating=False, limiter=True), suite.target.rate_limit)
    trial.start()
    record = trial.result()
    parts = ("opening", "second", "extra", "early", "late")
    return {part: sum(shot.served for shot in getattr(record, part)) for part in parts}


def validators(suite: Suite) -> Json:
    client = suite.client(rotating=True)
    found: dict[str, Json] = {}
    tags = []
    for path in (VENDORS, f"{VENDORS}?limit=3", FEATURED, CATEGORIES, f"{VENDORS}?limit=0"):
        first = client.get(path)
        tag = str(first.headers.get("ETag"))
        bare = tag.removeprefix("W/")
        tags.append(tag)
        for form in (tag, f'"other", {tag}', f"W/{bare}", "*", '"other"', bare.strip('"')):
            answer = client.get(path, headers={"If-None-Match": form})
            shown = form.replace(tag, "TAG").replace(bare, "TAG").replace(bare.strip('"'), "TAG")
            same = answer.headers.get("ETag") == first.headers.get("ETag")
            found[f"{path} {shown}"] = [answer.status, bool(answer.body), same]
    client.close()
    return {"answers": found, "tags of different answers": len(set(tags))}


def counts(suite: Suite) -> Json:
    """Which series grow, by how much over all processes, and in which order of size the seconds do."""
    _ask_all_kinds(suite, 1)  # so that a target which has served before differs in nothing from a fresh one
    before = _reading(suite)
    _ask_all_kinds(suite, ASKED)
    readings = [_reading(suite) for _ in range(READINGS)]
    grown: dict[str, Json] = {}
    for name in ("discovery_requests_total", "discovery_errors_total", *[f"{name}_count" for name in _NAMES]):
        grown[name] = min(one.total(name) for one in readings) - before.total(name)
    after = readings[-1]
    for name, label in (("discovery_requests_total", "endpoint"), ("discovery_errors_total", "error_type")):
        old = before.values_of(name, label)
        values = after.values_of(name, label).items()
        grown[f"{name} by {label}"] = sorted(value for value, count in values if count > old.get(value, 0))
    spent = after.total(f"{_NAMES[0]}_sum") - before.total(f"{_NAMES[0]}_sum")
    grown["seconds"] = "more than a second a search" if spent > 2 * ASKED else "plausible"
    grown["found"] = after.total(f"{_NAMES[1]}_sum") - before.total(f"{_NAMES[1]}_sum")
    grown["broken"] = [text for name in _NAMES for text in broken_histograms(after, name)]
    return grown


def _ask_all_kinds(suite: Suite, times: int) -> None:
    for number in range(times):
        client = suite.client(rotating=True)
        client.get(CATEGORIES)
        client.get(FEATURED)
        client.get(VENDORS, {"q": f"weather {number}"})
        client.get(VENDORS, {"limit": "none"})
        client.get(f"{VENDORS}/no-such-vendor-at-all")
        client.close()


def _reading(suite: Suite) -> Reading:
    client = suite.client(rotating=True)
    try:
        return read_metrics(client)
    finally:
        client.close()


def allowance(suite: Suite) -> Json:
    """One client until it is refused, and what it, and another one, may do then."""
    client = suite.client(rotating=False, limiter=True)
    first = [_told(client.get(CATEGORIES), suite)]
    for path in ("/health/live", "/health/ready", "/health/workers"):
        client.get(path)
    askings = islice(cycle(ASKINGS), suite.target.rate_limit.requests + SURPLUS)
    first += [_told(asking.by(client), suite) for asking in askings]
    after: dict[str, Json] = {
        path: client.get(path).status
        for path in ("/health/live", "/health/ready", "/health/workers", "/metrics")
    }
    refused = client.get(CATEGORIES)
    after["error"] = str(refused.text())[:20]
    if suite.target.client_identity is ClientIdentity.SOURCE_ADDRESS:
        after["forwarded"] = client.get(CATEGORIES, headers={"X-Forwarded-For": "203.0.113.77"}).status
    other = suite.client(rotating=False, limiter=True)
    after["another client"] = _told(other.get(CATEGORIES), suite)
    for one in (client, other):
        one.close()
    return {"answers": first, "after": after}


def shared_allowance(suite: Suite) -> Json:
    clients = [suite.client(rotating=False, limiter=True) for _ in range(CONNECTIONS)]
    for one in clients:
        one.identity = clients[0].identity
    asked = suite.target.rate_limit.requests + 30
    served = sum(clients[number % CONNECTIONS].get(CATEGORIES).status != 429 for number in range(asked))
    for one in clients:
        one.close()
    return {"served": served}


def allowance_of_each(suite: Suite) -> Json:
    found: dict[str, Json] = {}
    for asking in ASKINGS:
        client = suite.client(rotating=False, limiter=True)
        found[asking.name] = _told(asking.by(client), suite)
        client.close()
    for path in SPELLINGS:
        client = suite.client(rotating=False, limiter=True)
        answer = client.request("GET", path)
        found[path] = _told(answer, suite) if answer.status < 300 else "not served"
        client.close()
    tagged: Client = suite.client(rotating=False, limiter=True)
    tag = str(tagged.get(CATEGORIES).headers.get("ETag"))
    found["304"] = _told(tagged.get(CATEGORIES, headers={"If-None-Match": tag}), suite)
    tagged.close()
    return found


def _told(answer: Response, suite: Suite) -> Json:
    window = suite.target.rate_limit.per_seconds
    reset = str(answer.headers.get("X-RateLimit-Reset"))
    ahead = float(reset) - server_time(answer, time.time()) if _WHOLE.fullmatch(reset) else None
    wait = str(answer.headers.get("Retry-After"))
    return [
        answer.status,
        answer.headers.get("X-RateLimit-Limit"),
        answer.headers.get("X-RateLimit-Remaining"),
        "no time" if ahead is None else "ahead" if -2 <= ahead <= window + 2 else "elsewhere",
        "none" if wait == "None" else "ahead" if wait.isdigit() and 1 <= int(wait) <= window + 1 else "odd",
    ]
