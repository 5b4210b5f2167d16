"""`launchkit verify`: replay a run and say what was altered since it was written."""

import hashlib
import sys
from collections.abc import Generator, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cyclopts import Parameter

from harness.errors import CouldNotDecideError, UsageError
from harness.exit_codes import ExitCode
from harness.journal import FILE_NAME, AlteredError, JournalError, Record, read_journal
from harness.results import to_json
from reports import attestation
from reports.changes import Changes, compare
from reports.command import find_run
from reports.document import Report
from reports.envelope import NotSignedError, key_id, open_envelope, read_public_key
from reports.exhibits import Exhibits, exhibits_of
from reports.items import find_files
from reports.merge import in_order, merge
from reports.signatures import find_signatures, missing_since
from reports.sources import SourceRun, links_of, place_of
from reports.write import JSON, render, rules_digest

FORMAT = 1


class Finding(StrEnum):
    SOUND = "sound"
    ALTERED = "altered"
    UNDECIDED = "undecided"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was compared."""

    what: str
    finding: Finding
    detail: str = ""


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The document of `verify --json`."""

    format: int
    run: str
    finding: Finding
    exit_code: int
    checks: tuple[Check, ...]


def verify(
    run: Annotated[Path, Parameter(help="a run's folder, its name under .runs, or a report's folder")],
    /,
    *,
    json: Annotated[bool, Parameter(negative=())] = False,
    key: Path | None = None,
    signoffs: Path | None = None,
) -> ExitCode:
    """Replay a run, or a report of several: chains of journals, evidence files, the verdict and the reports.

    Exits 1 where something was altered, 3 where that cannot be told.

    Parameters
    ----------
    json
        Print the result as JSON on stdout.
    key
        The public key, PEM, of who must have attested the run.
    signoffs
        The file of signatures; default: the one that the run was decided with.
    """
    result = verify_run(find_run(run), read_public_key(key) if key else None, signoffs)
    if json:
        sys.stdout.write(to_json(result) + "\n")
    else:
        for check in result.checks:
            print(f"{check.finding:9} {check.what}" + (f": {check.detail}" if check.detail else ""))
        print(f"{result.run}: {result.finding}")
    return ExitCode(result.exit_code)


def verify_run(
    folder: Path, key: Ed25519PublicKey | None = None, signoffs: Path | None = None
) -> Verification:
    checks = tuple(_checks(folder, key, signoffs))
    findings = {check.finding for check in checks}
    if Finding.ALTERED in findings:
        finding, code = Finding.ALTERED, ExitCode.FAIL
    elif Finding.UNDECIDED in findings:
        finding, code = Finding.UNDECIDED, ExitCode.UNDECIDED
    else:
        finding, code = Finding.SOUND, ExitCode.PASS
    return Verification(format=FORMAT, run=folder.name, finding=finding, exit_code=int(code), checks=checks)


def _checks(folder: Path, key: Ed25519PublicKey | None, signoffs: Path | None) -> Iterator[Check]:
    stored = _stored_report(folder)
    if isinstance(stored, Check):
        yield stored
        yield from _run(folder, "", None, signoffs)
        return
    records = []
    for place, digest in _journals(stored):
        record = yield from _run(folder / place, place, digest, signoffs)
        if record is not None:
            records.append(record)
    if len(records) < max(1, len(stored.sources)):
        return
    try:
        record = merge(records)
    except UsageError as error:
        yield Check(what="runs", finding=Finding.ALTERED, detail=str(error))
        return
    if record.digest != stored.run.digest:
        yield Check(what="runs", finding=Finding.ALTERED, detail=f"are not those that {JSON} was made of")
    yield from _replay(folder, record, _exhibits(record, records, stored), stored)
    yield from _attestation(folder, key)


def _journals(stored: Report) -> tuple[tuple[str, str], ...]:
    """Where each journal lies, and its digest: those of the copied runs, or that beside the report."""
    if not stored.sources:
        return (("", stored.run.digest),)
    return tuple((place_of(source), source.digest) for source in stored.sources)


def _exhibits(record: Record, records: Sequence[Record], stored: Report) -> Exhibits:
    links = links_of(record, records) if stored.sources else {}
    return exhibits_of(record, [one.folder for one in in_order(records)], links)


def _run(
    folder: Path, place: str, digest: str | None, signoffs: Path | None
) -> Generator[Check, None, Record | None]:
    """One run by itself; None where its journal cannot be read. A report's own run has no `place`."""
    if digest is not None:
        yield _same_journal(folder, place, digest)
    what = f"chain of hashes of {place}" if place else "chain of hashes"
    try:
        record = read_journal(folder)
    except JournalError as error:
        finding = Finding.ALTERED if isinstance(error, AlteredError) else Finding.UNDECIDED
        yield Check(what=what, finding=finding, detail=str(error))
        return None
    yield Check(
        what=what, finding=Finding.SOUND, detail=f"{len(record.entries)} observations, header and footer"
    )
    yield from _evidence_files(record)
    yield from _signatures(record, signoffs)
    return record


def _stored_report(folder: Path) -> Report | Check:
    path = folder / JSON
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except OSError as error:
        detail = f"{path} cannot be read ({error.strerror}); make it with `launchkit report`"
        return Check(what=JSON, finding=Finding.UNDECIDED, detail=detail)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Check(what=JSON, finding=Finding.ALTERED, detail=f"{path} is not a report: {error}")


def _same_journal(folder: Path, place: str, named: str) -> Check:
    """A cut at the end of a line breaks no chain, but it changes the digest of the whole."""
    what, digest = (f"{place}/{FILE_NAME}" if place else FILE_NAME), _digest(folder / FILE_NAME)
    if digest is None:
        return Check(what=what, finding=Finding.UNDECIDED, detail="cannot be read")
    if digest != named:
        return Check(what=what, finding=Finding.ALTERED, detail=f"is not the journal that {JSON} names")
    return Check(what=what, finding=Finding.SOUND, detail=f"SHA-256 {digest}")


def _evidence_files(record: Record) -> Iterator[Check]:
    count, root = 0, record.folder.resolve()
    for entry in record.entries:
        for file, expected in find_files(entry.evidence).items():
            count += 1
            problem = _file_problem(root, file, expected)
            if problem:
                yield Check(
                    what=f"evidence of {entry.source}/{entry.id}", finding=Finding.ALTERED, detail=problem
                )
    yield Check(what="evidence files", finding=Finding.SOUND, detail=f"{count} compared")


def _signatures(record: Record, given: Path | None) -> Iterator[Check]:
    for path, file in find_signatures(record).items():
        path = given or path
        try:
            kept, now = (record.folder / file).read_bytes(), path.read_bytes()
        except OSError as error:
            detail = f"{error.filename} cannot be read ({error.strerror}); say where it is: --signoffs FILE"
            yield Check(what="signatures", finding=Finding.UNDECIDED, detail=detail)
            continue
        problem = missing_since(kept, now)
        yield Check(
            what="signatures",
            finding=Finding.ALTERED if problem else Finding.SOUND,
            detail=f"{path}: {problem}" if problem else f"{path} still holds all that were read",
        )


def _file_problem(root: Path, file: str, expected: str) -> str:
    try:
        path = (root / file).resolve()
    except (OSError, ValueError):
        return f"{file!r} is not a path"
    if not path.is_relative_to(root):
        return f"{file!r} is outside the run's folder"
    digest = _digest(path)
    if digest is None:
        return f"{file} is missing"
    return "" if digest == expected else f"{file} has SHA-256 {digest}, not {expected}"


def _replay(folder: Path, record: Record, exhibits: Exhibits, stored: Report) -> Iterator[Check]:
    """Decide and render again; with the same rules every file must come out the same."""
    yield from _baseline(folder, record, stored.changes)
    again = render(record, exhibits, changes=stored.changes, sources=stored.sources)
    same_rules = stored.run.rules == rules_digest()
    if again.report.verdict == stored.verdict:
        yield Check(what="verdict", finding=Finding.SOUND, detail=str(stored.verdict.word))
    else:
        yield Check(
            what="verdict",
            finding=Finding.ALTERED if same_rules else Finding.UNDECIDED,
            detail=f"{JSON} says {stored.verdict.word}, the journal {again.report.verdict.word}"
            + ("" if same_rules else "; it was decided by other rules than this version's"),
        )
    if not same_rules:
        return
    for name, text in again.files.items():
        digest = _digest(folder / name)
        if digest is None:
            yield Check(what=name, finding=Finding.UNDECIDED, detail="is missing")
        elif digest != hashlib.sha256(text.encode("utf-8")).hexdigest():
            yield Check(what=name, finding=Finding.ALTERED, detail="is not what the journal says")
        else:
            yield Check(what=name, finding=Finding.SOUND)


def _baseline(folder: Path, record: Record, changes: Changes | None) -> Iterator[Check]:
    """What changed can be told again only where the baseline was copied, or still lies beside this run."""
    if changes is None:
        return
    copied = folder / place_of(SourceRun(run=changes.run, digest=changes.digest))
    beside = folder.resolve().parent / Path(changes.run).name
    what, place = "baseline", copied if copied.is_dir() else beside
    try:
        baseline = read_journal(place)
    except JournalError as error:
        finding = Finding.ALTERED if isinstance(error, AlteredError) else Finding.UNDECIDED
        yield Check(what=what, finding=finding, detail=str(error))
        return
    if baseline.digest != changes.digest:
        yield Check(what=what, finding=Finding.ALTERED, detail=f"{place} is not the run that {JSON} names")
    elif compare(record, baseline) != changes:
        yield Check(
            what=what, finding=Finding.ALTERED, detail=f"{JSON} tells other changes since {changes.run}"
        )
    else:
        yield Check(what=what, finding=Finding.SOUND, detail=changes.run)


def _attestation(folder: Path, key: Ed25519PublicKey | None) -> Iterator[Check]:
    path, what = folder / attestation.FILE_NAME, attestation.FILE_NAME
    if not path.exists():
        if key is not None:
            yield Check(what=what, finding=Finding.UNDECIDED, detail="the run was not attested")
        return
    if key is None:
        detail = "whose signature it is cannot be told without --key PUBLIC"
        yield Check(what=what, finding=Finding.UNDECIDED, detail=detail)
        return
    try:
        payload = open_envelope(path.read_bytes(), key)
        sound = payload == attestation.statement_of(folder)
    except NotSignedError as error:
        yield Check(what=what, finding=Finding.ALTERED, detail=str(error))
    except (OSError, CouldNotDecideError) as error:
        yield Check(what=what, finding=Finding.UNDECIDED, detail=str(error))
    else:
        said = (
            f"signed by key {key_id(key)}" if sound else "states something else than this run and its report"
        )
        yield Check(what=what, finding=Finding.SOUND if sound else Finding.ALTERED, detail=said)


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
