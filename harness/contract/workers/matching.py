"""Compares a recorded check with what the contract says of the case."""

from harness.contract.diagnosis import ContractBroken
from harness.contract.workers.cases import UP, Case
from harness.evidence import Json


def must_match(case: Case, check: Json) -> None:
    """Raises ContractBroken."""
    wrong = [
        check["status"] != case.status,
        case.code is not None and check.get("statusCode") != case.code,
        case.status != UP and check.get("error") not in case.errors,
        case.status == UP and check.get("error") is not None,
    ]
    if any(wrong):
        raise ContractBroken(
            f"a vendor that {case.name} was recorded wrongly",
            expected=_expected(case),
            observed=_observed(check),
            reason=f"a health check of a vendor that {case.name} is {case.status}",
        )


def _expected(case: Case) -> str:
    parts = [case.status]
    if case.code is not None:
        parts.append(f"statusCode {case.code}")
    parts.append("error " + " or ".join(sorted(case.errors)) if case.errors else "no error")
    return ", ".join(parts)


def _observed(check: Json) -> str:
    code, error = check.get("statusCode"), check.get("error")
    parts = [str(check["status"])]
    if code is not None:
        parts.append(f"statusCode {code}")
    parts.append(f"error {error}" if error is not None else "no error")
    return ", ".join(parts)
