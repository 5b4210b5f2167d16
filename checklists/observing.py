"""Turns an item's outcome into the observation that goes into the journal; secrets are redacted here."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from checklists.keeping import MAX_INLINE, Keeper
from checklists.model import Answer, Attempt, Checklist, Outcome
from checklists.moments import parse_moment
from harness.errors import LaunchkitError
from harness.evidence import Observation, Source
from harness.target import Target


def observe(
    outcome: Outcome, checklist: Checklist, keeper: Keeper, signatures: Mapping[str, str] | None = None
) -> Observation:
    """The evidence has what was asked, every attempt, the last answer; more than 1 KB of it is in a file.

    `signatures` says where the signatures that were read are kept; it goes with what a person decides.
    """
    item, target = outcome.item, keeper.target
    last = outcome.attempts[-1] if outcome.attempts else None
    asked = _asked(outcome, target)
    return Observation(
        source=Source.CHECKLIST,
        id=item.id,
        status=outcome.status,
        requirements=item.requirements,
        expected=target.redact("; ".join(e.text for e in item.expectations) or asked),
        observed=target.redact("; ".join(j.observed for j in last.judgements) if last else ""),
        message=target.redact(outcome.message),
        evidence=_redacted(
            {
                **_about(outcome),
                **_when(outcome.attempts),
                "kind": item.kind,
                "asked": asked,
                "checklist": f"{checklist.path.name}:{item.place.line}",
                "checklist_sha256": checklist.digest,
                **outcome.decisions,
                **({"signatures": dict(signatures)} if signatures and item.kind == "manual" else {}),
                "attempts": [_attempt(attempt) for attempt in outcome.attempts],
                **(_answer(last.answer, keeper) if last and last.answer else {}),
            },
            target,
        ),
    )


def _asked(outcome: Outcome, target: Target) -> str:
    try:
        return outcome.item.probe.asked(target)
    except LaunchkitError as error:  # the profile lacks what it speaks of
        return error.message


def _about(outcome: Outcome) -> dict[str, Any]:
    """What reports read by name; what an item does not say is left out."""
    item = outcome.item
    texts = {
        "title": item.title,
        "section": item.section,
        "severity": str(item.severity),
        "owner": item.owner,
        "role": item.role,
        "fix": item.fix,
        "settles": "" if outcome.status.held else outcome.settle,
    }
    about: dict[str, Any] = {key: text for key, text in texts.items() if text}
    if outcome.blocked_by:
        about["blocked_by"] = list(outcome.blocked_by)
    return about


def _when(attempts: tuple[Attempt, ...]) -> dict[str, Any]:
    """When it was first asked, in UTC, and the seconds until its last answer."""
    if not attempts:
        return {}
    first, last = attempts[0], attempts[-1]
    waited = (parse_moment(last.started) - parse_moment(first.started)).total_seconds()
    return {"started": first.started, "seconds": round(max(0.0, waited) + last.seconds, 4)}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "started": attempt.started,
        "seconds": round(attempt.seconds, 4),
        "status": str(attempt.status),
        "message": attempt.message,
        "judgements": [asdict(judgement) for judgement in attempt.judgements],
    }


def _answer(answer: Answer, keeper: Keeper) -> dict[str, Any]:
    found: dict[str, Any] = dict(answer.details)
    if answer.output:
        text = keeper.redacted(answer.output)
        if answer.cut:
            found["output_cut"] = True
        else:
            found["output_bytes"] = len(answer.output)
            found["output_sha256"] = hashlib.sha256(answer.output).hexdigest()
        if len(text) <= MAX_INLINE:
            found["output"] = text.decode("utf-8", "replace")
        else:
            found["output"] = text[: MAX_INLINE // 2].decode("utf-8", "replace") + " …"
            found["whole_output"] = asdict(keeper.text(answer.output, answer.suffix))
    for name, content in answer.files.items():
        found[name] = asdict(keeper.exactly(content, name.rpartition(".")[2]))
    return found


def _redacted(value: Any, target: Target) -> Any:
    match value:
        case str():
            return target.redact(value)
        case list():
            return [_redacted(item, target) for item in value]
        case dict():
            return {key: _redacted(item, target) for key, item in value.items()}
    return value
