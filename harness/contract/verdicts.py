"""From what pytest saw to what the contract says: pure rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import msgspec

from harness.contract.diagnosis import Answered, ContractBroken, NotTestable, Traffic
from harness.contract.known import KnownFailure
from harness.contract.levels import Level, judged, tested_in
from harness.errors import LaunchkitError
from harness.evidence import Json, Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.target import Capability, Target

LIMITED_SHARE = 0.01  # of all answers outside the limiter's tests

# A test that stumbles over an answer's shape has met a broken promise, not a bug of its own.
_SHAPE_ERRORS = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class About:
    """What a test is."""

    id: str
    requirements: tuple[str, ...]
    should: bool = False


@dataclass(frozen=True, slots=True)
class Executed:
    """What ran to a decision."""

    capabilities: frozenset[Capability]
    levels: frozenset[Level]
    tests: int


def passed(about: About, seconds: float) -> Observation:
    return _observation(about, Status.PASS, evidence={"seconds": round(seconds, 3)})


def not_applicable(about: About, reason: str) -> Observation:
    return _observation(about, Status.NOT_APPLICABLE, message=reason)


def failed(about: About, error: BaseException, *, in_body: bool) -> Observation:
    """What a test's exception means. `in_body`: it came from the test itself, not from preparing it."""
    if isinstance(error, ContractBroken):
        evidence: dict[str, Json] = dict(error.evidence)
        evidence |= {k: v for k, v in (("curl", error.asked), ("reason", error.reason)) if v}
        return _observation(
            about,
            Status.WARNING if about.should else Status.FAIL,
            message=error.message,
            expected=error.expected,
            observed=error.observed,
            evidence=evidence,
        )
    if isinstance(error, AssertionError):
        status = Status.WARNING if about.should else Status.FAIL
        return _observation(about, status, message=_line(error))
    if isinstance(error, NotTestable):
        return _observation(about, Status.NOT_TESTABLE, message=_line(error))
    if in_body and isinstance(error, _SHAPE_ERRORS) and not isinstance(error, LaunchkitError):
        message = f"the answer has not the shape that it should ({type(error).__name__}: {_line(error)})"
        return _observation(about, Status.FAIL, message=message)
    return _observation(about, Status.ERROR, message=f"{type(error).__name__}: {_line(error)}")


def with_its_request(found: Observation, latest: Answered | None) -> Observation:
    """A failure that does not tell its request, with the last one that its test sent."""
    if not found.status.failed and found.status is not Status.WARNING:
        return found
    if latest is None or "curl" in found.evidence:
        return found
    return msgspec.structs.replace(
        found,
        observed=found.observed or f"last of all {latest.brief()}",
        evidence={**found.evidence, "curl": latest.curl},
    )


def against_known(found: Observation, known: KnownFailure | None, today: date) -> Observation:
    """A failure on file is expected; an entry that passes or has expired is stale, and fails."""
    if known is None or found.status in (Status.NOT_APPLICABLE, Status.ERROR):
        return found
    if known.expired(today):
        note = f"the known failure expired on {known.expires}: {known.reason}"
        return _restated(found, Status.STALE if found.status is Status.PASS else found.status, note)
    if found.status.failed:
        return _restated(found, Status.EXPECTED, f"known until {known.expires}: {known.reason}")
    return _restated(found, Status.STALE, f"passes, but is on file as a known failure: {known.reason}")


def unknown_entries(known: Iterable[KnownFailure], tests: Iterable[str]) -> list[Observation]:
    names = set(tests)
    return [
        _observation(About(f"run/known[{entry.test}]", ()), Status.STALE, message="on file, but no such test")
        for entry in known
        if entry.test not in names
    ]


def of_the_run(
    target: Target, levels: tuple[Level, ...], traffic: Traffic, executed: Executed, *, whole: bool = True
) -> list[Observation]:
    """What no single test shows. `whole`: the caller did not choose among the tests of the levels."""
    if not whole:
        return _limited(traffic)
    # Who does not judge search asks some operations only to see them refuse.
    failing = _never_succeeded(traffic) if Capability.SEARCH in executed.capabilities else []
    return [*_untested(target, levels, executed), *failing, *_limited(traffic)]


def without_means(levels: Iterable[Level]) -> list[Observation]:
    return [
        _observation(
            About(f"run/{level}", ()),
            Status.NOT_TESTABLE,
            message=f"{level} is declared, and cannot be tested without `fixtures.load`; "
            "add that, or choose other levels by --level",
        )
        for level in levels
    ]


def exit_code(observations: Iterable[Observation], *, executed: int) -> ExitCode:
    """Fail beats error; a run in which no test was executed decides nothing."""
    statuses = {observation.status for observation in observations}
    if any(status.failed for status in statuses):
        return ExitCode.FAIL
    if executed == 0 or statuses & {Status.ERROR, Status.INVALID, Status.BLOCKED, Status.UNDECIDED}:
        return ExitCode.UNDECIDED
    return ExitCode.PASS


def _untested(target: Target, levels: tuple[Level, ...], executed: Executed) -> list[Observation]:
    missing = [
        f"capability[{capability.value}]"
        for capability in sorted(judged(target))
        if tested_in(capability) & set(levels) and capability not in executed.capabilities
    ]
    if Level.WORKERS in levels and Level.WORKERS not in executed.levels:
        missing.append("workers")
    return [
        _observation(
            About(f"run/{name}", ()),
            Status.NOT_TESTABLE,
            message=f"{name} is declared, and no test of it ran",
        )
        for name in missing
    ]


def _never_succeeded(traffic: Traffic) -> list[Observation]:
    return [
        _observation(
            About(f"run/operation[{name}]", ()),
            Status.FAIL,
            message=f"{name} never succeeded",
            expected="at least one 2xx answer",
            observed=f"none in {traffic.asked[name]} requests",
        )
        for name in traffic.never_succeeded()
    ]


def _limited(traffic: Traffic) -> list[Observation]:
    share = traffic.limited / traffic.total if traffic.total else 0.0
    if share <= LIMITED_SHARE:
        return []
    return [
        _observation(
            About("run/limited", ()),
            Status.FAIL,
            message="answers were 429 outside the limiter's tests: what was tested is the limiter",
            expected=f"at most {LIMITED_SHARE:.0%} of the answers",
            observed=f"{traffic.limited} of {traffic.total}",
        )
    ]


def _observation(about: About, status: Status, **texts: object) -> Observation:
    return Observation(
        source=Source.CONTRACT,
        id=about.id,
        status=status,
        requirements=about.requirements,
        **texts,  # type: ignore[arg-type]  # the texts and evidence of an observation, by name
    )


def _restated(found: Observation, status: Status, note: str) -> Observation:
    message = f"{found.message} ({note})" if found.message else note
    return Observation(
        source=found.source,
        id=found.id,
        status=status,
        requirements=found.requirements,
        expected=found.expected,
        observed=found.observed,
        message=message,
        evidence=found.evidence,
    )


def _line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
