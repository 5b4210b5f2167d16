"""The matrix of faults and tests: for the terminal, as a page, and whole as JSON."""

from collections.abc import Iterator, Sequence

import msgspec

from harness.contract.clauses import read_clauses
from harness.contract.fault_matrix import Outcome, idle_tests, test_of, unproved_clauses
from harness.evidence import Status


def matrix(outcomes: Sequence[Outcome], *, thorough: bool) -> str:
    """A line a fault: level, name, seconds, what killed it; below it the proof that it was active."""
    rows = [
        (str(found.variant.level), found.variant.name, f"{found.seconds:.1f} s", found.sentence)
        for found in outcomes
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    lines = []
    for found, (level, name, seconds, sentence) in zip(outcomes, rows, strict=True):
        lines.append(f"{level:<{widths[0]}}  {name:<{widths[1]}}  {seconds:>{widths[2]}}  {sentence}")
        if found.proof:
            lines.append(f"{'':<{widths[0]}}  active: {found.proof}")
    return "\n".join([*lines, *_summary(outcomes, thorough=thorough)])


def page(outcomes: Sequence[Outcome], *, thorough: bool) -> str:
    """Markdown: what each fault is, how it was proved, and the tests that fail on it."""
    lines = [
        "# Faults that the contract suite catches",
        "",
        "Written by `launchkit faults --out`. Each fault is one variant of the target; its *witness* is a",
        "request, or a worker's round, whose result differs from the healthy target's, or else the test",
        "that fails. A test counts once, whatever its parameters; the JSON beside this page has them all.",
        "The seconds are from the suite's begin to the first test that failed.",
        "",
        *(f"{line}  " for line in _summary(outcomes, thorough=thorough)),
        "",
        "| fault | level | clauses | killed by | witness | s to the kill |",
        "|---|---|---|---|---|---|",
    ]
    for found in outcomes:
        tests = list(dict.fromkeys(test_of(name) for name in found.killers))
        shown = ", ".join(f"`{name.partition('/')[2]}`" for name in tests[:3])
        more = f" and {len(tests) - 3} more" if len(tests) > 3 else ""
        cells = (
            f"**{found.variant.name}**: {found.variant.description}",
            str(found.variant.level),
            ", ".join(found.variant.clauses),
            (shown + more) if tests else found.sentence,
            str(found.proof or "none"),
            f"{found.kill_seconds:.1f}" if found.kill_seconds is not None else "",
        )
        lines.append("| " + " | ".join(cell(text) for text in cells) + " |")
    return "\n".join(lines) + "\n"


class FaultResult(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """`seconds` are of the whole trial, `seconds_to_kill` from the suite's begin to the first failure."""

    name: str
    description: str
    level: str
    requirements: tuple[str, ...]
    clauses: tuple[str, ...]
    status: str
    killers: tuple[str, ...]
    survivors: tuple[str, ...]
    witness: str
    by_its_killer_alone: bool
    problem: str
    seconds: float
    seconds_to_kill: float | None


def whole(outcomes: Sequence[Outcome]) -> str:
    """JSON: every fault with all tests that failed on it, and all that did not."""
    results = [
        FaultResult(
            name=found.variant.name,
            description=found.variant.description,
            level=found.variant.level.value,
            requirements=found.variant.requirements,
            clauses=found.variant.clauses,
            status=found.status.value,
            killers=found.killers,
            survivors=found.survivors,
            witness=str(found.proof or ""),
            by_its_killer_alone=found.witness is None and found.first_failure is not None,
            problem=found.problem,
            seconds=round(found.seconds, 2),
            seconds_to_kill=None if found.kill_seconds is None else round(found.kill_seconds, 2),
        )
        for found in outcomes
    ]
    return msgspec.json.format(msgspec.json.encode(results), indent=1).decode() + "\n"


def _summary(outcomes: Sequence[Outcome], *, thorough: bool) -> Iterator[str]:
    killed = sum(bool(found.killers) for found in outcomes)
    explained = sum(found.status is Status.EXPECTED for found in outcomes)
    unable = sum(found.does_not_run for found in outcomes)
    witnessed = sum(found.witness is not None for found in outcomes)
    alone = sum(found.proof is not None for found in outcomes) - witnessed
    yield (
        f"{killed} of {len(outcomes)} faults killed"
        + (f", {explained} survived as explained" if explained else "")
        + (f", {unable} do not run" if unable else "")
        + "; "
        f"proved active: {witnessed} by a witness, {alone} by the test that fails alone"
    )
    if not thorough:
        return
    unproved = unproved_clauses(outcomes, read_clauses())
    claimed = {name for found in outcomes for name in found.variant.clauses}
    if claimed:
        told = f"; not: {', '.join(unproved)}" if unproved else ""
        proved = len(claimed) - len(unproved)
        yield f"{proved} of {len(claimed)} clauses broken by a fault of theirs in a test of theirs{told}"
    idle = idle_tests(outcomes)
    if idle:
        yield f"{len(idle)} tests that failed on no fault: {', '.join(idle)}"


def cell(text: str) -> str:
    """The text as it may stand in a cell of a table."""
    return " ".join(text.replace("|", "\\|").split())
