"""The policy file: whole, and strict about its words."""

from pathlib import Path

import pytest

from harness.errors import DocumentError
from harness.evidence import Source, Status
from reports.policy import FILE, Effect, Policy, Severity, read_policy


def test_it_says_what_every_outcome_means(policy: Policy) -> None:
    assert set(policy.effects) == {(status, severity) for status in Status for severity in Severity}
    assert set(policy.parts) == {Source.CONTRACT, Source.LOAD, Source.CHECKLIST}


def test_everything_that_leaves_something_to_do_has_a_way_to_settle_it(policy: Policy) -> None:
    harmless = {Status.PASS, Status.NOT_APPLICABLE, Status.WARNING}
    assert set(policy.settles) == set(Status) - harmless


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in (Status.PASS, Status.NOT_APPLICABLE)]
)
def test_only_a_pass_is_as_it_should_be(policy: Policy, status: Status) -> None:
    assert policy.effect(status, Severity.BLOCKER) is not Effect.NONE


@pytest.mark.parametrize("status", [status for status in Status if status.failed])
def test_a_failed_blocker_always_stops(policy: Policy, status: Status) -> None:
    assert policy.effect(status, Severity.BLOCKER) is Effect.STOP


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("parts: [", "partz: [", "did you mean 'parts'?"),
        ("format: 1", "format: 2", "is a format that is not known"),
        ("  fail: {blocker: stop", "  fail: {blocker: stopp", "did you mean 'stop'?"),
        ("  fail: {blocker: stop, major: condition, minor: note}\n", "", "'fail' is missing"),
        ("  fail: {blocker: stop, ", "  fail: {", "'blocker' is missing"),
        ("  fail: {blocker: stop", "  fial: {blocker: stop", "did you mean 'fail'?"),
        ("parts: [contract, load, checklist]", "parts: contract", "must be a list"),
        ("tolerant: [load", "tolerant: [lode", "did you mean 'load'?"),
        ("default_severity: blocker", "default_severity: 3", "must be text"),
        ("  fail: Mend it and run again.", "  fail: [a]", "must be text"),
    ],
)
def test_a_mistake_is_pointed_at(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "policy.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_policy(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")


def test_effects_must_be_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("[a]\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="must be a mapping"):
        read_policy(path)
