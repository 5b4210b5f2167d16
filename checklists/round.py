"""One round of a phase: every item asked once, with what people decided, and kept in the journal."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from checklists.clients import Clients
from checklists.execution import Executor
from checklists.keeping import Keeper
from checklists.model import Checklist, Outcome, Phase
from checklists.observing import observe
from checklists.processes import Processes
from checklists.runbook import Before, Resuming
from checklists.runner import Permit, permit_all, run_phase
from checklists.settling import Settling
from checklists.signoffs import SignOff, read_signoffs, signed_bytes
from checklists.waivers import Waiver, load_waivers
from harness.errors import LaunchkitError
from harness.journal import subject_of
from harness.judging import OpenRun


@dataclass(frozen=True, slots=True)
class Decided:
    """Where what people decided is written."""

    checklist: Checklist
    waivers: Path | None
    signoffs: Path

    def read(self) -> tuple[dict[str, Waiver], tuple[SignOff, ...]]:
        """Raises DocumentError, AlteredSignOffsError."""
        waivers = {} if self.waivers is None else load_waivers(self.waivers, self.checklist)
        return waivers, read_signoffs(self.signoffs)


class LastRead:
    """What people decided, as it was last read well: a file that is being edited ends no watch."""

    def __init__(self, decided: Decided, tell: Callable[[str], None]) -> None:
        self.signoffs = decided.signoffs
        self._decided, self._tell, self._last = decided, tell, decided.read()

    def read(self) -> tuple[dict[str, Waiver], tuple[SignOff, ...]]:
        try:
            self._last = self._decided.read()
        except LaunchkitError as error:
            self._tell(f"going by what was decided before: {error}")
        return self._last


class Round(AbstractContextManager["Round"]):
    """Leaving it ends every command that a probe has left running."""

    def __init__(
        self, run: OpenRun, checklist: Checklist, decided: Decided | LastRead, before: Before
    ) -> None:
        self._run, self._checklist = run, checklist
        self._keeper = Keeper(run.folder, run.target)
        self._processes = Processes()
        waivers, signoffs = decided.read()
        executor = Executor(
            target=run.target,
            folder=checklist.folder,
            run_folder=run.folder,
            clients=Clients.of(run.target),
            processes=self._processes,
        )
        resuming = Resuming(executor, before, run.target)
        self._settling = Settling(resuming, waivers, signoffs, subject_of(run.target))
        self._signatures = _signatures(signoffs, decided.signoffs, self._keeper)

    def outcomes(self, phase: Phase, *, permit: Permit = permit_all) -> Iterator[Outcome]:
        return map(self._settling.settled, run_phase(phase, self._settling, permit=permit))

    def keep(self, outcome: Outcome) -> None:
        self._run.journal.observe(observe(outcome, self._checklist, self._keeper, self._signatures))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._processes.end_all()


def _signatures(signoffs: tuple[SignOff, ...], path: Path, keeper: Keeper) -> dict[str, str]:
    """A copy of all that was signed, as it was read: `verify` finds what is missing of it later."""
    if not signoffs:
        return {}
    return {"path": str(path), **asdict(keeper.exactly(signed_bytes(signoffs), "jsonl"))}
