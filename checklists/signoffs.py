"""Sign-offs: what a person said of an item, bound to a commit and a target; kept outside Git.

The file is JSON lines, each with the digest of itself and of the one before.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from checklists.model import Item
from checklists.moments import show_moment
from checklists.people import same_person
from checklists.probes.manual import ManualProbe
from harness.errors import CouldNotDecideError, UsageError
from harness.journal import Subject

FORMAT = 1
FILE_NAME = "signoffs.jsonl"
_START = "0" * 64
_SKEW = timedelta(minutes=5)  # between the clocks of who signs and who checks


class SignOff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line. `refused` is the reason why somebody did not sign, empty where they did."""

    format: int = FORMAT
    item: str
    role: str
    by: str
    statement: str
    commit: str
    target: str
    profile_digest: str
    signed_at: datetime
    refused: str = ""
    note: str = ""
    prev: str = _START
    digest: str = ""


class AlteredSignOffsError(CouldNotDecideError):
    """The file is not what was written: nothing that it says can be relied on."""


@dataclass(frozen=True, slots=True)
class Found:
    """The newest sign-off that holds, if any, and why a newer one does not."""

    signoff: SignOff | None
    why_not: str = ""


def read_signoffs(path: Path) -> tuple[SignOff, ...]:
    """Every line in its order; none where there is no file. Raises CouldNotDecideError."""
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise CouldNotDecideError(
            f"{path} cannot be read ({error.strerror})", hint="check the path"
        ) from None
    return _parse(raw, path)


def append_signoff(path: Path, signoff: SignOff) -> SignOff:
    """Add a line. Raises UsageError where it cannot be written, AlteredSignOffsError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            before = _parse(file.read(), path)
            chained = msgspec.structs.replace(signoff, prev=before[-1].digest if before else _START)
            whole = msgspec.structs.replace(chained, digest=_digest(chained))
            file.write(signed_bytes([whole]))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror})", hint="choose another file") from None
    return whole


def signed_bytes(signoffs: Iterable[SignOff]) -> bytes:
    """The lines as they stand in the file."""
    return b"".join(msgspec.json.encode(signoff) + b"\n" for signoff in signoffs)


def _parse(raw: bytes, path: Path) -> tuple[SignOff, ...]:
    lines, prev, found = raw.split(b"\n"), _START, []
    if lines.pop():
        raise AlteredSignOffsError(f"{path}: its last line is torn", hint="restore it from a copy")
    for number, line in enumerate(lines, 1):
        try:
            signoff = msgspec.json.decode(line, type=SignOff)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise AlteredSignOffsError(f"{path}:{number}: is not a sign-off: {error}") from None
        written = msgspec.json.encode(signoff) == line
        if not written or signoff.prev != prev or signoff.digest != _digest(signoff):
            raise AlteredSignOffsError(
                f"{path}:{number}: was altered after it was written, or a line before it was",
                hint="restore the file from a copy, or have it signed again in a new one",
            )
        if signoff.format != FORMAT or signoff.signed_at.tzinfo is None:
            raise AlteredSignOffsError(f"{path}:{number}: is of a format that is not known")
        prev = signoff.digest
        found.append(signoff)
    return tuple(found)


def _digest(signoff: SignOff) -> str:
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(signoff, digest=""))).hexdigest()


def find_signoff(
    item: Item, probe: ManualProbe, signoffs: Iterable[SignOff], subject: Subject, now: datetime
) -> Found:
    """The newest that holds for this item, commit and target at this moment; pure."""
    why_not = ""
    for signoff in reversed([signoff for signoff in signoffs if signoff.item == item.id]):
        why = _why_void(signoff, probe, subject, now)
        if not why:
            return Found(signoff)
        why_not = why_not or f"what {signoff.by} signed does not hold: {why}"
    return Found(None, why_not)


def _why_void(signoff: SignOff, probe: ManualProbe, subject: Subject, now: datetime) -> str:
    until = expires(signoff, probe)
    reasons = (
        (not same_person(signoff.role, probe.role), f"{signoff.role} signed, not {probe.role}"),
        (signoff.statement != probe.statement, "the checklist asks something else by now"),
        (subject.commit is None, "the profile does not say which commit is judged"),
        (signoff.commit != subject.commit, f"it is of commit {signoff.commit[:12]}"),
        (signoff.target != subject.name, f"it is of the target {signoff.target}"),
        (signoff.profile_digest != subject.profile_digest, "the target's profile has changed since"),
        (signoff.signed_at > now + _SKEW, f"it is of the future, {show_moment(signoff.signed_at)}"),
        (until is not None and now >= until, f"it expired on {show_moment(until)}" if until else ""),
    )
    return next((why for void, why in reasons if void), "")


def expires(signoff: SignOff, probe: ManualProbe) -> datetime | None:
    """When it ceases to hold; None where it holds as long as the release."""
    if not probe.valid_for:
        return None
    return signoff.signed_at + timedelta(seconds=probe.valid_for)
