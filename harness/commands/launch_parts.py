"""What a launch consists of: the commands that judge, and what it can be judged without."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checklists.built_in import checklist_of
from checklists.choosing import choose_phase
from checklists.loader import load_checklist
from checklists.model import PhaseName
from checklists.planning import plan_of
from checklists.round import Decided
from checklists.signing import default_signoffs
from checklists.waivers import beside
from harness.commands.steps import Step
from harness.environment import Environment
from harness.evidence import Observation, Source, Status
from harness.journal import Plan
from harness.target import Target

_CONSOLE_SECONDS = 20.0  # more, after the contract
_CONTRACT_SECONDS = 600.0
_CHECKLIST_SECONDS = 600.0
_REHEARSAL_SECONDS = 180.0
_FULL_LOAD_SECONDS = 2 * 3600.0


def contract_step(target: Target, seed: int) -> Step:
    return Step(
        "contract",
        Source.CONTRACT,
        ("contract", "--target", str(target.path), "--seed", str(seed)),
        deadline=_CONTRACT_SECONDS,
    )


def load_step(target: Target, scenario: str, seed: int, *, in_full: bool) -> Step:
    length = () if in_full else ("--rehearsal",)
    return Step(
        f"load {scenario}",
        Source.LOAD,
        ("load", scenario, *length, "--target", str(target.path), "--seed", str(seed)),
        deadline=_FULL_LOAD_SECONDS if in_full else _REHEARSAL_SECONDS,
    )


@dataclass(frozen=True, slots=True)
class ChecklistFiles:
    """Which checklist is asked, and what people decided of it; None where `launchkit check` has a default."""

    file: Path | None = None
    waivers: Path | None = None
    signoffs: Path | None = None

    def plan(self) -> Plan:
        """All that is asked. Raises LaunchkitError for a mistake in them, before hours of load."""
        checklist = load_checklist(self.file or checklist_of(PhaseName.PRE_LAUNCH))
        phase = choose_phase(checklist, PhaseName.PRE_LAUNCH)
        waivers = self.waivers or beside(checklist.path)
        Decided(checklist, waivers, self.signoffs or default_signoffs()).read()
        return plan_of(phase, checklist)

    def options(self) -> tuple[str, ...]:
        given = {"--file": self.file, "--waivers": self.waivers, "--signoffs": self.signoffs}
        return tuple(word for name, path in given.items() if path for word in (name, str(path)))


def checklist_step(target: Target, seed: int, files: ChecklistFiles) -> Step:
    return Step(
        "checklist",
        Source.CHECKLIST,
        ("check", PhaseName.PRE_LAUNCH, "--target", str(target.path), "--seed", str(seed), *files.options()),
        deadline=_CHECKLIST_SECONDS,
    )


@dataclass(frozen=True, slots=True)
class OptionalPart:
    """A phase and its open item. `work` says what stands in its way, empty where nothing does."""

    name: str
    work: Callable[[Callable[[str], None]], str]
    id: str
    title: str
    expected: str
    settles: str

    def missing(self, problem: str) -> Observation:
        return Observation(
            source=Source.LAUNCH,
            id=self.id,
            status=Status.ERROR,
            expected=self.expected,
            observed=problem,
            message=problem,
            evidence={"title": self.title, "severity": "major", "settles": self.settles},
        )


def console_part(environment: Environment) -> OptionalPart:
    return OptionalPart(
        name="console",
        work=lambda tell: environment.finish_console(seconds=_CONSOLE_SECONDS, tell=tell),
        id="console/served",
        title="The console is served",
        expected="the console is built, and served at /marketplace",
        settles="Run `python -m reference_service build-console` where npm's registry can be reached, "
        "then launch again.",
    )


def monitoring_part(environment: Environment) -> OptionalPart:
    return OptionalPart(
        name="monitoring",
        work=lambda _: environment.start_monitoring(),
        id="monitoring/watched",
        title="Prometheus watches the target",
        expected="a Prometheus scrapes the API and the workers",
        settles="Install Prometheus (Debian: apt-get install --no-install-recommends prometheus), "
        "then launch again.",
    )


def dashboard_part(environment: Environment) -> OptionalPart:
    return OptionalPart(
        name="dashboard",
        work=lambda _: environment.record_dashboard(),
        id="monitoring/dashboard",
        title="The dashboard is recorded",
        expected="every panel is asked of Prometheus",
        settles="See logs/dashboard.log in the run folder.",
    )
