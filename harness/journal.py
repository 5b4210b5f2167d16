"""The journal of a run: JSON lines, chained by hash, with a header first and a footer last."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Self, TypeAlias

import msgspec

from harness.errors import CouldNotDecideError, UsageError
from harness.evidence import Json, Observation, Source, Status
from harness.target import Target

FORMAT = 1
FILE_NAME = "journal.jsonl"
_START = "0" * 64


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What is judged: the target and the release that it runs."""

    name: str
    base_url: str
    profile_digest: str
    release: str | None = None
    commit: str | None = None

    @property
    def dirty(self) -> bool:
        """Whether the commit says of itself that its tree was not clean, wherever it says so."""
        return "dirty" in (self.commit or "").lower()


def subject_of(target: Target) -> Subject:
    """What the journal says about who is judged."""
    return Subject(
        name=target.name,
        base_url=target.base_url,
        profile_digest=target.digest,
        release=target.release.name,
        commit=target.release.commit,
    )


class PlannedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a checklist, whether or not it is asked; `severity` is blocker, major or minor."""

    id: str
    title: str
    severity: str
    owner: str = ""
    requirements: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a phase of a checklist asks; `digest` is the SHA-256 of the checklist's file."""

    phase: str
    digest: str
    items: tuple[PlannedItem, ...]


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a run is; written into the header.

    `parts` are the sources that must speak before there is a verdict, `plans` what its checklists ask in
    whole. `rehearsal` is true for an embedded launch, whose verdict can never be GO.
    """

    run: str
    command: str
    environment: str
    rehearsal: bool
    subject: Subject | None
    parts: tuple[Source, ...]
    seed: int
    version: str
    machine: dict[str, Json] = {}
    plans: tuple[Plan, ...] = ()


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a run: how long it took and what its command's exit code was."""

    name: str
    seconds: float
    exit_code: int
    message: str = ""


class _Line(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    seq: int
    at: datetime
    prev: str


class Header(_Line, frozen=True, kw_only=True, tag="header"):
    format: int
    about: About


class Entry(_Line, frozen=True, kw_only=True, tag="observation"):
    """An observation in its place in the journal."""

    source: Source
    id: str
    status: Status
    requirements: tuple[str, ...] = ()
    expected: str = ""
    observed: str = ""
    message: str = ""
    evidence: dict[str, Json] = {}


class Resumed(_Line, frozen=True, kw_only=True, tag="resumed"):
    reason: str


class Footer(_Line, frozen=True, kw_only=True, tag="footer"):
    """`observations` counts the entries; `outcome` is complete or interrupted."""

    observations: int
    outcome: str
    seconds: float
    phases: tuple[Phase, ...] = ()


Line: TypeAlias = Header | Entry | Resumed | Footer


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A whole, verified journal."""

    folder: Path
    header: Header
    entries: tuple[Entry, ...]
    footer: Footer
    digest: str

    def of(self, source: Source) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.source is source)


class JournalError(CouldNotDecideError):
    """The journal is missing, empty, truncated, altered or of another format."""


class AlteredError(JournalError):
    """The journal is not what was written: its chain or its count is broken."""


class Journal:
    """Append-only writer. Several processes may take turns: each append holds a lock on the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / FILE_NAME
        self._encoder = msgspec.json.Encoder()

    @classmethod
    def create(cls, folder: Path, about: About) -> Self:
        """Start a new journal. Raises UsageError where the folder holds one already or is not writable."""
        journal = cls(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.close(os.open(journal._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except FileExistsError:
            raise UsageError(f"{folder} already holds a run", hint="choose another folder") from None
        except OSError as error:
            raise UsageError(
                f"{folder} is not writable ({error.strerror})", hint="choose another --runs-dir"
            ) from None
        journal._append(lambda seq, at, prev: Header(seq=seq, at=at, prev=prev, format=FORMAT, about=about))
        return journal

    @classmethod
    def join(cls, folder: Path) -> Self:
        """Go on writing to a journal that another process has started and not yet finished."""
        last = list(_lines(folder / FILE_NAME))[-1:]
        if not last:
            raise JournalError(f"{folder / FILE_NAME} is empty")
        if isinstance(last[0], Footer):
            raise UsageError(f"{folder} holds a finished run", hint="choose another folder")
        return cls(folder)

    def observe(self, observation: Observation) -> None:
        fields = {name: getattr(observation, name) for name in observation.__struct_fields__}
        self._append(lambda seq, at, prev: Entry(seq=seq, at=at, prev=prev, **fields))

    def resume(self, reason: str) -> None:
        self._append(lambda seq, at, prev: Resumed(seq=seq, at=at, prev=prev, reason=reason))

    def finish(self, *, outcome: str, seconds: float, phases: tuple[Phase, ...] = ()) -> None:
        count = sum(isinstance(line, Entry) for line in _lines(self._path))
        self._append(
            lambda seq, at, prev: Footer(
                seq=seq, at=at, prev=prev, observations=count, outcome=outcome, seconds=seconds, phases=phases
            )
        )

    def _append(self, build: Callable[[int, datetime, str], Line]) -> None:
        with self._path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            last = _last_line(file)
            seq, prev = 0, _START
            if last is not None:
                seq, prev = self._seq(last) + 1, _digest(last)
            file.seek(0, os.SEEK_END)
            file.write(_encode(self._encoder, build(seq, datetime.now(UTC), prev)) + b"\n")
            file.flush()

    def _seq(self, line: bytes) -> int:
        try:
            return msgspec.json.decode(line, type=_Seq).seq
        except msgspec.MsgspecError:
            raise JournalError(f"{self._path} is truncated: its last line is torn") from None


class _Seq(msgspec.Struct):
    seq: int


def read_journal(folder: Path) -> Record:
    """Read and verify a finished journal. Raises JournalError; a truncated journal is never a pass."""
    path = folder / FILE_NAME
    lines = tuple(_lines(path, verify=True))
    if not lines:
        raise JournalError(f"{path} is empty")
    header, footer = lines[0], lines[-1]
    if not isinstance(header, Header):
        raise JournalError(f"{path}:1: the header is missing")
    if header.format != FORMAT:
        raise JournalError(f"{path}:1: format {header.format} is not known", hint=f"known: {FORMAT}")
    if not isinstance(footer, Footer):
        raise JournalError(f"{path} has no footer: the run did not finish", hint="run it again")
    for number, line in enumerate(lines[1:-1], 2):
        if isinstance(line, Header | Footer):
            raise AlteredError(f"{path}:{number}: a header or footer in the middle")
    entries = tuple(line for line in lines if isinstance(line, Entry))
    if footer.observations != len(entries):
        raise AlteredError(
            f"{path}: the footer counts {footer.observations} observations, not {len(entries)}"
        )
    return Record(
        folder=folder,
        header=header,
        entries=entries,
        footer=footer,
        digest=_digest(path.read_bytes()),
    )


def read_about(folder: Path) -> About:
    """What the run is, also while it is being written. Raises JournalError."""
    header = next(_lines(folder / FILE_NAME, torn_ok=True), None)
    if not isinstance(header, Header):
        raise JournalError(f"{folder / FILE_NAME}:1: the header is missing")
    return header.about


def follow(folder: Path, *, after: int = -1) -> Iterator[Entry]:
    """The entries written so far whose seq is above `after`; a torn last line is left for the next call."""
    for line in _lines(folder / FILE_NAME, torn_ok=True):
        if isinstance(line, Entry) and line.seq > after:
            yield line


def _lines(path: Path, *, verify: bool = False, torn_ok: bool = False) -> Iterator[Line]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise JournalError(
            f"{path} cannot be read ({error.strerror})", hint="is this the folder of a run?"
        ) from None
    decoder = msgspec.json.Decoder(Header | Entry | Resumed | Footer)
    prev, lines = _START, raw.split(b"\n")
    if lines.pop() and not torn_ok:
        raise JournalError(f"{path} is truncated: its last line is torn", hint="run it again")
    for number, line in enumerate(lines, 1):
        try:
            parsed: Line = decoder.decode(line)
        except msgspec.MsgspecError as error:
            raise AlteredError(f"{path}:{number}: is not a journal line: {error}") from None
        if verify and (parsed.prev != prev or parsed.seq != number - 1):
            raise AlteredError(
                f"{path}:{number}: the chain of hashes is broken: a line before it was altered"
            )
        prev = _digest(line)
        yield parsed


def _last_line(file: BinaryIO) -> bytes | None:
    end = file.seek(0, os.SEEK_END)
    size = 4096
    while end:
        start = max(0, end - size)
        file.seek(start)
        tail = file.read(end - start)
        cut = tail.rstrip(b"\n").rfind(b"\n")
        if cut >= 0 or start == 0:
            return bytes(tail[cut + 1 :].rstrip(b"\n"))
        size *= 2
    return None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _encode(encoder: msgspec.json.Encoder, line: Line) -> bytes:
    try:
        return encoder.encode(line)
    except UnicodeEncodeError:  # a lone surrogate in something observed
        return encoder.encode(_without_surrogates(msgspec.to_builtins(line)))


def _without_surrogates(value: Json) -> Json:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case list() | tuple():
            return [_without_surrogates(item) for item in value]
        case dict():
            return {str(_without_surrogates(key)): _without_surrogates(item) for key, item in value.items()}
    return value
