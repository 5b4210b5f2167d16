"""What an attestation says: an in-toto statement with the test-result predicate; pure."""

import re
from typing import Any

from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.journal import FILE_NAME, Entry, Record
from reports.document import Report
from reports.sources import place_of
from reports.unasked import unasked
from reports.verdict import Word

PAYLOAD_TYPE = "application/vnd.in-toto+json"
_TYPE = "https://in-toto.io/Statement/v1"
_PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# A rehearsal warns at best: whoever reads only the result must not take it for a release's.
_RESULTS = {
    Word.GO: "PASSED",
    Word.GO_WITH_CONDITIONS: "WARNED",
    Word.REHEARSAL_PASSED: "WARNED",
    Word.NO_GO: "FAILED",
    Word.REHEARSAL_FAILED: "FAILED",
}
_PASSED = frozenset({Status.PASS})


def make_statement(record: Record, report: Report, *, report_digest: str, report_name: str) -> dict[str, Any]:
    """The statement about a run; digests are SHA-256. Raises CouldNotDecideError where none can be made."""
    result = _RESULTS.get(report.verdict.word)
    if result is None:
        raise CouldNotDecideError(
            f"the run is {report.verdict.word}: there is no result to attest", hint="settle its open items"
        )
    return {
        "_type": _TYPE,
        "subject": [
            *_release(report),
            *_journals(record, report),
            {"name": report_name, "digest": {"sha256": report_digest}},
        ],
        "predicateType": _PREDICATE,
        "predicate": {"result": result, "configuration": _configuration(report), **_tests(record)},
    }


def _release(report: Report) -> list[dict[str, Any]]:
    """The commit, where the target names a whole one; a dirty tree has none."""
    target = report.target
    if target is None or not _COMMIT.fullmatch(target.commit or ""):
        return []
    return [{"name": target.release or target.name, "digest": {"gitCommit": target.commit}}]


def _journals(record: Record, report: Report) -> list[dict[str, Any]]:
    if not report.sources:
        return [{"name": FILE_NAME, "digest": {"sha256": record.digest}}]
    return [
        {"name": f"{place_of(source)}/{FILE_NAME}", "digest": {"sha256": source.digest}}
        for source in report.sources
    ]


def _configuration(report: Report) -> list[dict[str, Any]]:
    run, target = report.run, report.target
    about = {"verdict": str(report.verdict.word), "run": run.id, "seed": run.seed, "version": run.version}
    profile = (
        [{"name": f"target profile of {target.name}", "digest": {"sha256": target.profile_digest}}]
        if target
        else []
    )
    return [{"name": "rules", "digest": {"sha256": run.rules}, "annotations": about}, *profile]


def _tests(record: Record) -> dict[str, list[str]]:
    """Every item by what came of it: what neither held nor failed, or was never asked, is a warning."""
    entries = (*record.entries, *unasked(record))
    passed = [_name(entry) for entry in entries if entry.status in _PASSED]
    failed = [_name(entry) for entry in entries if entry.status.failed]
    rest = [_name(entry) for entry in entries if entry.status not in _PASSED and not entry.status.failed]
    return {"passedTests": passed, "warnedTests": rest, "failedTests": failed}


def _name(entry: Entry) -> str:
    return f"{entry.source}/{entry.id}"
