"""What the answers to drawn requests prove: pure."""

from collections.abc import Sequence

from harness.contract.diagnosis import ContractBroken
from harness.contract.generated.told import Finding, Summary
from harness.contract.paths import OPERATIONS
from harness.errors import CouldNotDecideError


def judge(found: Sequence[Finding], summary: Summary, document: str) -> None:
    """Raises a diagnosis of what was found, CouldNotDecideError where nothing was, but not all was asked."""
    if found:
        raise gist(found)
    if document in summary.cut_short:
        raise CouldNotDecideError(
            f"drawing requests from {document} took too long, and was cut short",
            hint="is the target, or this machine, busy with something else?",
        )


def must_be_drawn(summary: Summary, document: str, operation: str) -> None:
    """Raises CouldNotDecideError where the operation never answered a request of the document."""
    if errors := summary.errors.get(document):
        raise CouldNotDecideError(f"requests could not be drawn from {document}: {errors[0]}")
    if not summary.answers.get(document, {}).get(operation):
        raise CouldNotDecideError(f"no request of {operation} was drawn from {document}")


def grave(finding: Finding) -> bool:
    """Whether it is wrong whatever a document says: the contract's operations answer, and never by a 5xx."""
    return finding.operation in OPERATIONS and (finding.status is None or finding.status >= 500)


def gist(findings: Sequence[Finding]) -> ContractBroken:
    """One diagnosis: the first finding, and how many there are."""
    first = min(findings, key=lambda finding: (not finding.curl, len(finding.curl), finding.curl))
    kinds = sorted({finding.check for finding in findings})
    return ContractBroken(
        f"{first.operation}: {first.message}",
        expected="an answer as documented",
        observed=f"HTTP {first.status}, {first.answer!r}" if first.status else "no answer",
        asked=first.curl,
        evidence={"wrong": f"{len(findings)} drawn requests", "checks": ", ".join(kinds)},
    )
