"""What became of each fault: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.contract.clauses import Clause
from harness.contract.variants import Variant
from harness.contract.witnesses import Witness
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.journal import Entry

_DECIDED = (Status.PASS, Status.FAIL)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one run of the suite said, which began at that moment."""

    code: int
    entries: tuple[Entry, ...]
    began: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """`killers` are the tests that failed on the variant, `survivors` those that passed.

    `problem` says why it could not be judged; `runs` is False where that is the variant's own doing: it does
    not start, shows no data, or its worker's round fails, all of which the healthy target does. The `witness`
    proves that the fault was there, or else the `first_failure`, as far as a test is a proof. `kill_seconds`
    are from the suite's begin.
    """

    variant: Variant
    killers: tuple[str, ...]
    survivors: tuple[str, ...]
    seconds: float
    witness: Witness | None = None
    problem: str = ""
    runs: bool = True
    first_failure: Witness | None = None
    kill_seconds: float | None = None

    @property
    def proof(self) -> Witness | None:
        return self.witness or self.first_failure

    @property
    def status(self) -> Status:
        if self.does_not_run:
            return Status.NOT_APPLICABLE
        if self.problem:
            return Status.ERROR
        if self.variant.explained:
            return Status.STALE if self.killers else Status.EXPECTED
        return Status.PASS if self.killers else Status.FAIL

    @property
    def does_not_run(self) -> bool:
        """Then it is no test's to notice; of a fault that someone wrote it is a problem, and undecided."""
        return not self.runs and self.variant.mechanical and not self.variant.explained

    @property
    def sentence(self) -> str:
        if self.does_not_run:
            return f"does not run: {self.problem}"
        if self.problem:
            return self.problem
        if self.status is Status.EXPECTED:
            return f"survived, as explained: {self.variant.explained}"
        if not self.killers:
            proof = "" if self.proof else "; nothing shows that it is active"
            return f"SURVIVED {len(self.survivors)} tests{proof}"
        more = f" and {len(self.killers) - 1} more" if len(self.killers) > 1 else ""
        stale = ", though explained as one that survives" if self.variant.explained else ""
        after = f", after {self.kill_seconds:.1f} s" if self.kill_seconds is not None else ""
        return f"killed by {self.killers[0]}{more}{after}{stale}"


def outcome(variant: Variant, verdict: Verdict, witness: Witness | None, seconds: float) -> Outcome:
    """Judge a variant by what the suite said of it.

    A run that decided nothing, or failed as a whole, is a problem and not a kill: only a test can kill.
    """
    failed = killers(verdict)
    passed = tuple(e.id for e in verdict.entries if e.status is Status.PASS and not e.id.startswith("run/"))
    problem, blamed = "", False
    if not failed and verdict.code != ExitCode.PASS:
        telling = [e for e in verdict.entries if e.status not in (Status.PASS, Status.NOT_APPLICABLE)]
        said = telling[0].message if telling else f"exit code {verdict.code}"
        problem = f"the suite could not decide: {said}"
        blamed = bool(telling) and verdict.code == ExitCode.FAIL
    first = next((entry for entry in verdict.entries if _kills(entry)), None)
    return Outcome(
        variant,
        failed,
        passed,
        seconds,
        witness,
        problem,
        runs=not blamed,
        first_failure=_by_its_killer(first) if first else None,
        kill_seconds=(first.at - verdict.began).total_seconds() if first else None,
    )


def _by_its_killer(first: Entry) -> Witness:
    """The first test that fails passes on the healthy target."""
    return Witness(f"the test {first.id}", "", "it passes", f"it fails ({first.message[:200]})")


def _kills(entry: Entry) -> bool:
    return entry.status is Status.FAIL and not entry.id.startswith("run/")


def killers(verdict: Verdict) -> tuple[str, ...]:
    """The tests that failed."""
    return tuple(entry.id for entry in verdict.entries if _kills(entry))


def test_of(observed: str) -> str:
    """The test that an observation is of, without its parameters."""
    return observed.partition("[")[0]


def idle_tests(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """The tests that ran on some variant and failed on none."""
    outcomes = tuple(outcomes)
    busy = {test_of(name) for found in outcomes for name in found.killers}
    ran = {test_of(name) for found in outcomes for name in found.survivors}
    return tuple(sorted(ran - busy))


def unproved_clauses(outcomes: Iterable[Outcome], clauses: Iterable[Clause]) -> tuple[str, ...]:
    """The clauses that a variant claims to break, and that no such variant broke in a test of the clause."""
    claimed: set[str] = set()
    proved: set[str] = set()
    tests = {clause.id: clause.tests for clause in clauses}
    for found in outcomes:
        failed = {test_of(name) for name in found.killers}
        claimed.update(found.variant.clauses)
        proved.update(name for name in found.variant.clauses if failed & set(tests.get(name, ())))
    return tuple(sorted(claimed - proved))


def observation(found: Outcome) -> Observation:
    variant = found.variant
    return Observation(
        source=Source.CONTRACT,
        id=f"faults/{variant.name}",
        status=found.status,
        requirements=variant.requirements,
        expected=f"a test of the level {variant.level} fails",
        observed=found.sentence,
        message=variant.description if found.killers else f"{variant.description}: {found.sentence}",
        evidence={
            "level": variant.level.value,
            "clauses": list(variant.clauses),
            "killers": list(found.killers),
            "tests": len(found.killers) + len(found.survivors),
            "witness": str(found.proof) if found.proof else "",
            "by_its_killer_alone": found.witness is None and found.first_failure is not None,
            "seconds": round(found.seconds, 2),
        },
    )


def exit_code(outcomes: Sequence[Outcome], unproved: Sequence[str] = ()) -> ExitCode:
    """`unproved`: where all faults were tried, the clauses that none of theirs broke in a test of theirs."""
    statuses = {found.status for found in outcomes}
    if unproved or any(status.failed for status in statuses):
        return ExitCode.FAIL
    decided = bool(statuses - {Status.NOT_APPLICABLE}) and Status.ERROR not in statuses
    return ExitCode.PASS if decided else ExitCode.UNDECIDED
