"""What people decided about items: sign-offs answer what they were asked, waivers cover what failed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from checklists import waivers as waiving
from checklists.model import Execute, Item, Outcome
from checklists.moments import show_moment
from checklists.probes.manual import ManualProbe
from checklists.signoffs import SignOff, expires, find_signoff
from checklists.waivers import Waiver
from harness.evidence import Status
from harness.journal import Subject


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Settling:
    """Asks an item, then lets what people decided count; calling it again on an outcome changes nothing."""

    execute: Execute
    waivers: Mapping[str, Waiver]
    signoffs: tuple[SignOff, ...]
    subject: Subject
    now: Callable[[], datetime] = utc_now

    def __call__(self, item: Item) -> Outcome:
        return self.settled(self.execute(item))

    def settled(self, outcome: Outcome) -> Outcome:
        if outcome.decisions or outcome.declined:
            return outcome
        now = self.now()
        outcome = sign(outcome, self.signoffs, self.subject, now)
        waiver = self.waivers.get(outcome.item.id)
        return outcome if waiver is None else waive(outcome, waiver, now)


def sign(outcome: Outcome, signoffs: tuple[SignOff, ...], subject: Subject, now: datetime) -> Outcome:
    """A pending item passes where somebody in its role has signed, and fails where they refused."""
    probe = outcome.item.probe
    if outcome.status is not Status.PENDING or not isinstance(probe, ManualProbe):
        return outcome
    found = find_signoff(outcome.item, probe, signoffs, subject, now)
    if found.signoff is None:
        message = f"{outcome.message}; {found.why_not}" if found.why_not else outcome.message
        return replace(outcome, message=message)
    return _signed(outcome, found.signoff, expires(found.signoff, probe))


def _signed(outcome: Outcome, signoff: SignOff, until: datetime | None) -> Outcome:
    who, when = f"{signoff.by} ({signoff.role})", show_moment(signoff.signed_at)
    if signoff.refused:
        status, message = Status.FAIL, f"{who} refused on {when}: {signoff.refused}"
    else:
        status, message = (
            Status.PASS,
            f"{who} signed on {when}" + (f", {signoff.note}" if signoff.note else ""),
        )
    decision = {
        "by": signoff.by,
        "role": signoff.role,
        "signed_at": signoff.signed_at.isoformat().replace("+00:00", "Z"),
        "expires": until.isoformat().replace("+00:00", "Z") if until else "",
        "refused": signoff.refused,
        "note": signoff.note,
        "line_sha256": signoff.digest,
    }
    decisions = {**outcome.decisions, "signoff": decision}
    return replace(outcome, status=status, message=message, decisions=decisions)


def waive(outcome: Outcome, waiver: Waiver, now: datetime) -> Outcome:
    """A failure within the ceiling is waived; beyond it, or too late, the waiver is void and says why."""
    if outcome.status in (Status.PASS, Status.REHEARSED):
        return _told(outcome, waiver, "stale", "the item passes", "its waiver is stale: take it away")
    why = waiving.why_void(waiver, outcome, now)
    if why:
        return _told(outcome, waiver, "void", why, f"its waiver is void: {why}")
    until = show_moment(waiver.expires)
    message = f"waived by {waiver.approved_by} until {until}: {waiver.reason}"
    waived = replace(outcome, status=Status.WAIVED, settle=f"Mend it before {until}.")
    return _told(waived, waiver, "used", "", message)


def _told(outcome: Outcome, waiver: Waiver, state: str, why: str, said: str) -> Outcome:
    message = f"{outcome.message}; {said}" if outcome.message else said
    decisions = {**outcome.decisions, "waiver": waiving.described(waiver, state, why)}
    return replace(outcome, message=message, decisions=decisions)
