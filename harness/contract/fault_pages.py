"""The matrix of faults and tests, for the terminal and as a page."""

from collections.abc import Iterator, Sequence

from harness.contract.clauses import read_clauses
from harness.contract.fault_matrix import Outcome, idle_tests, test_of, unproved_clauses


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
        if found.witness:
            lines.append(f"{'':<{widths[0]}}  active: {found.witness}")
    return "\n".join([*lines, *_summary(outcomes, thorough=thorough)])


def page(outcomes: Sequence[Outcome], *, thorough: bool) -> str:
    """Markdown: what each fault is, how it was proved, and the tests that fail on it."""
    lines = [
        "# Faults that the contract suite catches",
        "",
        "Written by `launchkit faults --out`. Each fault is one variant of the target; its *witness* is a",
        "request, or a worker's round, whose result differs from the healthy target's. A test counts once,",
        "whatever its parameters.",
        "",
        *(f"{line}  " for line in _summary(outcomes, thorough=thorough)),
        "",
        "| fault | level | clauses | killed by | witness | s |",
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
            str(found.witness or "none"),
            f"{found.seconds:.0f}",
        )
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _summary(outcomes: Sequence[Outcome], *, thorough: bool) -> Iterator[str]:
    killed = sum(bool(found.killers) for found in outcomes)
    active = sum(found.witness is not None for found in outcomes)
    yield f"{killed} of {len(outcomes)} faults killed, {active} proved active"
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


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
