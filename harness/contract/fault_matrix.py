"""What became of each fault: pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from harness.contract.variants import Variant
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.results import Result


@dataclass(frozen=True, slots=True)
class Outcome:
    """`killers` are the tests that failed on the variant; `problem` says why it could not be judged."""

    variant: Variant
    killers: tuple[str, ...]
    executed: int
    seconds: float
    problem: str = ""

    @property
    def status(self) -> Status:
        if self.problem:
            return Status.ERROR
        return Status.PASS if self.killers else Status.FAIL

    @property
    def sentence(self) -> str:
        if self.problem:
            return self.problem
        if not self.killers:
            return f"SURVIVED {self.executed} tests"
        more = f" and {len(self.killers) - 1} more" if len(self.killers) > 1 else ""
        return f"killed by {self.killers[0]}{more}"


def outcome(variant: Variant, result: Result, seconds: float) -> Outcome:
    """Judge a variant by what the suite said of it.

    A run that decided nothing, or failed as a whole, is a problem and not a kill: only a test can kill.
    """
    failed = failures(result)
    executed = sum(result.counts.get(str(status), 0) for status in (Status.PASS, Status.FAIL))
    problem = ""
    if not failed and result.exit_code != ExitCode.PASS:
        telling = [o for o in result.observations if o.status not in (Status.PASS, Status.NOT_APPLICABLE)]
        problem = f"the suite could not decide: {telling[0].message if telling else result.verdict}"
    return Outcome(variant, failed, executed, seconds, problem)


def failures(result: Result) -> tuple[str, ...]:
    """The tests that failed."""
    return tuple(o.id for o in result.observations if o.status is Status.FAIL and not o.id.startswith("run/"))


def observation(found: Outcome) -> Observation:
    return Observation(
        source=Source.CONTRACT,
        id=f"faults/{found.variant.name}",
        status=found.status,
        requirements=found.variant.requirements,
        expected=f"a test of the level {found.variant.level} fails",
        observed=found.sentence,
        message=found.variant.description
        if found.killers
        else f"{found.variant.description}: {found.sentence}",
        evidence={"killers": list(found.killers), "seconds": round(found.seconds, 2)},
    )


def exit_code(outcomes: Iterable[Outcome]) -> ExitCode:
    statuses = {found.status for found in outcomes}
    if Status.FAIL in statuses:
        return ExitCode.FAIL
    return ExitCode.PASS if statuses == {Status.PASS} else ExitCode.UNDECIDED


def matrix(outcomes: Iterable[Outcome]) -> str:
    """A line a fault: level, name, seconds, and what killed it."""
    rows = [
        (str(found.variant.level), found.variant.name, f"{found.seconds:.1f} s", found.sentence)
        for found in outcomes
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return "\n".join(
        f"{level:<{widths[0]}}  {name:<{widths[1]}}  {seconds:>{widths[2]}}  {sentence}"
        for level, name, seconds, sentence in rows
    )
