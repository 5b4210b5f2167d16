"""`launchkit sign`: what a person in a role says of an item that no probe can decide."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from checklists.built_in import checklist_of
from checklists.loader import load_checklist
from checklists.model import Item, PhaseName
from checklists.moments import show_moment
from checklists.people import plain_name, same_person
from checklists.probes.manual import ManualProbe
from checklists.settling import utc_now
from checklists.signoffs import FILE_NAME, SignOff, append_signoff, expires
from harness.documents import suggestion
from harness.errors import LaunchkitError, UsageError
from harness.exit_codes import ExitCode
from harness.journal import FILE_NAME as JOURNAL
from harness.journal import Subject, read_about, read_journal, subject_of
from harness.settings import read_settings
from harness.target import read_target

_GIT_SECONDS = 10


def sign(
    item: str,
    /,
    *,
    role: Annotated[str, Parameter(name="--as")],
    by: str,
    signoffs: Path | None = None,
    target: Path | None = None,
    file: Path | None = None,
    note: str = "",
    refuse: str = "",
) -> ExitCode:
    """Sign an item of a checklist, for one commit and one target.

    Parameters
    ----------
    item
        `<phase>/<slug of the title>`; the phase may be left out before the launch.
    role
        The role in which you sign; the item says which it wants.
    by
        Your name.
    signoffs
        The file to add to, outside Git; default: `signoffs.jsonl` among the runs.
    target
        The target's profile; default: what the newest run judged that asked for this sign-off.
    file
        The checklist; default: the marketplace's own.
    note
        What you want to add.
    refuse
        Why you do not sign: the item then fails.
    """
    wanted, probe = _item(item, file)
    _in_role(role, probe, wanted)
    name = " ".join(by.split())
    if not plain_name(name):
        raise UsageError("--by is empty", hint="give your name")
    path = signoffs or default_signoffs()
    _outside_git(path)
    subject = subject_of(read_target(target)) if target else _last_judged(wanted.id)
    signoff = append_signoff(
        path,
        SignOff(
            item=wanted.id,
            role=probe.role,
            by=name,
            statement=probe.statement,
            commit=_commit(subject),
            target=subject.name,
            profile_digest=subject.profile_digest,
            signed_at=utc_now(),
            refused=" ".join(refuse.split()),
            note=" ".join(note.split()),
        ),
    )
    print("\n".join(_told(signoff, probe, path)))
    return ExitCode.PASS


def default_signoffs() -> Path:
    return read_settings().runs_dir / FILE_NAME


def _item(name: str, file: Path | None) -> tuple[Item, ManualProbe]:
    identity = name if "/" in name else f"{PhaseName.PRE_LAUNCH}/{name}"
    phase = identity.partition("/")[0]
    known = [member.value for member in PhaseName]
    if phase not in known:
        raise UsageError(f"{phase!r} is not a phase", hint=suggestion(phase, known))
    checklist = load_checklist(file or checklist_of(PhaseName(phase)))
    items = {item.id: item for part in checklist.phases for item in part.items}
    manual = {key: item.probe for key, item in items.items() if isinstance(item.probe, ManualProbe)}
    if identity in manual:
        return items[identity], manual[identity]
    if identity in items:
        raise UsageError(
            f"{identity} is decided by a probe, not by a signature", hint="a waiver can cover its failure"
        )
    raise UsageError(f"there is no item {identity!r} to sign", hint=suggestion(identity, manual))


def _in_role(role: str, probe: ManualProbe, item: Item) -> None:
    if not same_person(role, probe.role):
        raise UsageError(
            f"{item.id} is for {probe.role} to sign, not for {role}", hint=f"--as {probe.role!r}"
        )


def _outside_git(path: Path) -> None:
    """Refuse a file that Git would see: the signature would change the commit that it is bound to."""
    folder = next(parent for parent in path.absolute().parents if parent.is_dir())
    try:
        answer = subprocess.run(
            ["git", "-C", str(folder), "check-ignore", "-q", str(path.absolute())],
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return  # no Git, no commit to change
    if answer.returncode == 1:
        raise UsageError(
            f"{path} lies in a Git work tree: signing would change the commit that is signed",
            hint="choose a file outside it, or one that it ignores",
        )


def _commit(subject: Subject) -> str:
    if not subject.commit:
        raise UsageError(
            "it is not known which commit would be signed", hint="add release: {commit: …} to the profile"
        )
    if subject.dirty:
        raise UsageError(
            f"{subject.commit} is no commit that can be signed", hint="build from a clean tree first"
        )
    return subject.commit


def _last_judged(item: str) -> Subject:
    for folder in _newest_first(read_settings().runs_dir):
        try:
            about = read_about(folder)
            if about.rehearsal or about.subject is None:
                continue
            if any(entry.id == item for entry in read_journal(folder).entries):
                return about.subject
        except LaunchkitError:
            continue  # a run that was cut short asked nobody
    raise UsageError(f"no run has asked for {item} of a release", hint="say what you sign: --target FILE")


def _newest_first(runs: Path) -> Iterator[Path]:
    made = [(path.stat().st_mtime_ns, path.parent) for path in runs.glob(f"*/{JOURNAL}")]
    yield from (folder for _, folder in sorted(made, reverse=True))


def _told(signoff: SignOff, probe: ManualProbe, path: Path) -> Iterator[str]:
    did = "refused" if signoff.refused else "signed"
    yield f"{signoff.by} ({signoff.role}) {did}: {signoff.statement}"
    until = expires(signoff, probe)
    yield f"  item    {signoff.item}"
    yield f"  commit  {signoff.commit}"
    yield f"  target  {signoff.target}"
    yield f"  holds   until {show_moment(until) if until else 'the commit or the target changes'}"
    yield f"  file    {path}"
