"""Turns a pytest session into the contract's verdict: each test an observation, and one exit code."""

from collections.abc import Generator
from dataclasses import dataclass, field

import pytest

from harness.contract import verdicts
from harness.contract.client import Client, NoAnswer
from harness.contract.diagnosis import NotAsked, NotTestable, Traffic
from harness.contract.known import KnownFailure, today
from harness.contract.levels import Level, judged, level_of, tested_in
from harness.contract.preflight import EmptyTargetError, holds, look, reach
from harness.contract.suite import Suite
from harness.errors import LaunchkitError, TargetUnreachableError
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode, gravest
from harness.requirements import read_requirements
from harness.target import Capability

TOLD = 5  # failures in full on the terminal; the journal has them all
_ORDER = list(Level)
_NEED_DATA = (Level.SEEDED, Level.WORKERS)


@dataclass(eq=False)
class Judge:
    """Registered as a plugin where a target is given."""

    suite: Suite
    known: dict[str, KnownFailure]
    untestable: tuple[Level, ...] = ()
    texts: dict[str, str] = field(default_factory=lambda: {r.id: r.text for r in read_requirements()})
    pending: dict[str, Observation] = field(default_factory=dict)
    tests: dict[str, pytest.Item] = field(default_factory=dict)
    executed: set[str] = field(default_factory=set)
    died: str = ""
    refused: ExitCode | None = None
    interrupted: bool = False

    def pytest_report_header(self) -> str:
        levels = ", ".join(self.suite.levels)
        return f"launchkit: target {self.suite.target.name}, levels {levels}, seed {self.suite.seed}"

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: _ORDER.index(level) if (level := level_of(item.path)) else -1)
        self.tests = {about_test(item).id: item for item in items if level_of(item.path)}
        declared = judged(self.suite.target)
        for item in self.tests.values():
            for capability in sorted(capabilities(item) - declared):
                item.add_marker(pytest.mark.skip(reason=f"the profile does not declare {capability.value}"))

    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Look at the target once before the first test."""
        if session.config.option.collectonly or not self.tests:
            return
        try:
            reach(self.suite.target, self._own_client())
            loaded = Level.SEEDED in self.suite.levels and self._load(session)
            try:
                self._look(needs_vendors=not loaded)
            except EmptyTargetError:
                if Level.SEEDED in self.suite.levels or not self._load(session):
                    raise
        except LaunchkitError as error:
            self.refused = gravest([error.exit_code, verdicts.exit_code(self.suite.found, executed=1)])
            status = Status.FAIL if error.exit_code is ExitCode.FAIL else Status.ERROR
            self.suite.observe(_run_observation("run/target", status, str(error)))
            pytest.exit(f"launchkit: {error}", returncode=int(self.refused))

    def _look(self, *, needs_vendors: bool) -> None:
        declared = judged(self.suite.target)
        look(self.suite.target, self._own_client(), judged=declared, needs_vendors=needs_vendors)

    def _load(self, session: pytest.Session) -> bool:
        """Load the suite's data; where that cannot be, say so once and leave the tests that need it out."""
        if self.suite.target.fixtures is None:
            return False
        try:
            dataset = self.suite.loader.base()
            if holds(self._own_client(), dataset):
                return True
            message = "the data set was loaded, but the target does not show it"
        except (NotTestable, LaunchkitError) as error:
            message = str(error)
        self.suite.observe(_run_observation("run/fixtures", Status.NOT_TESTABLE, message))
        session.items[:] = [item for item in session.items if level_of(item.path) not in _NEED_DATA]
        return False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self.suite.traffic.latest.answer = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        about = about_test(item)
        if about.id not in self.tests:
            return report
        found = self._find(about, report, call)
        if found is not None and not (report.when == "teardown" and _failed_before(self.pending, about.id)):
            self.pending[about.id] = found
            self._show(report, found)
        if report.when == "teardown":
            self.suite.observe(self.pending.pop(about.id))
        return report

    def _find(
        self, about: verdicts.About, report: pytest.TestReport, call: pytest.CallInfo[None]
    ) -> Observation | None:
        known = self.known.get(about.id)
        if call.excinfo is None:
            if report.when != "call":
                return None
            self.executed.add(about.id)
            return verdicts.against_known(verdicts.passed(about, call.duration), known, today())
        error = call.excinfo.value
        if isinstance(error, pytest.skip.Exception | NotAsked):
            return verdicts.not_applicable(about, str(error))
        if not isinstance(error, Exception | pytest.fail.Exception):
            return None  # Ctrl-C and the like
        found = verdicts.failed(about, error, in_body=report.when == "call")
        found = verdicts.with_its_request(found, self.suite.traffic.latest.answer)
        if found.status is not Status.ERROR and found.status is not Status.NOT_TESTABLE:
            self.executed.add(about.id)
        if isinstance(error, NoAnswer):
            self._see_whether_it_lives(about.id)
        return verdicts.against_known(found, known, today())

    def _show(self, report: pytest.TestReport, found: Observation) -> None:
        """Make pytest's report say what the observation says."""
        if found.status is Status.STALE and report.passed:
            report.outcome = "failed"
        if found.status in (Status.EXPECTED, Status.WARNING):
            report.outcome = "skipped"
            report.wasxfail = found.message  # how pytest marks an expected failure
        if found.status is Status.NOT_APPLICABLE and report.failed:
            file, line, _ = report.location
            report.outcome, report.longrepr = "skipped", (file, line or 0, f"Skipped: {found.message}")
        if report.failed:
            report.longrepr = self._told(found)

    def _told(self, found: Observation) -> str:
        lines = [f"{found.id}: {found.status}: {found.message}"]
        lines += [f"  {name}: {self.texts.get(name, 'no such requirement')}" for name in found.requirements]
        told = (("expected", found.expected), ("observed", found.observed))
        rest = tuple((name, str(value)) for name, value in found.evidence.items())
        lines += [f"  {name}: {text}" for name, text in told + rest if text]
        return "\n".join(lines)

    def _see_whether_it_lives(self, test: str) -> None:
        try:
            reach(self.suite.target, self._own_client())
        except TargetUnreachableError as error:
            self.died = f"the target died during {test}: {error.message}"

    def pytest_runtest_logfinish(self) -> None:
        if self.died:
            raise pytest.Session.Failed(self.died)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.interrupted = isinstance(excinfo.value, KeyboardInterrupt)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if session.config.option.collectonly:
            return
        if self.interrupted:
            session.exitstatus = int(ExitCode.INTERRUPTED)
        elif self.refused is not None:
            session.exitstatus = int(self.refused)
        elif exitstatus == pytest.ExitCode.USAGE_ERROR:
            session.exitstatus = int(ExitCode.USAGE)
        elif exitstatus == pytest.ExitCode.INTERNAL_ERROR:
            session.exitstatus = int(ExitCode.UNDECIDED)
        else:
            session.exitstatus = int(self._conclude(session, exitstatus))

    def _conclude(self, session: pytest.Session, exitstatus: int) -> ExitCode:
        seen = {observation.id for observation in self.suite.found}
        if self.died:
            self.suite.observe(_run_observation("run/target", Status.FAIL, self.died))
            for name in self.tests.keys() - seen:
                self.suite.observe(_run_observation(name, Status.BLOCKED, "the target had died"))
        else:
            whole = not (_partial(session.config) or session.shouldfail or session.shouldstop)
            self._conclude_whole(whole=whole)
        own = verdicts.exit_code(self.suite.found, executed=len(self.executed))
        others_failed = exitstatus == pytest.ExitCode.TESTS_FAILED and own is ExitCode.PASS
        return ExitCode.FAIL if others_failed else own

    def _conclude_whole(self, *, whole: bool) -> None:
        suite = self.suite
        found = verdicts.of_the_run(suite.target, suite.levels, suite.traffic, self._executed(), whole=whole)
        if whole:
            found += verdicts.without_means(self.untestable)
            found += verdicts.unknown_entries(self._entries(), self.tests)
        for observation in found:
            suite.observe(observation)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if terminalreporter.config.option.tbstyle == "no":  # pytest does not tell them, so we tell the first
            failed = [found for found in self.suite.found if found.status.failed]
            for found in [found for found in failed if not found.id.startswith("run/")][:TOLD]:
                terminalreporter.write_line(self._told(found) + "\n")
            if len(failed) > TOLD:
                terminalreporter.write_line(f"… and {len(failed) - TOLD} more failures")
        for observation in self.suite.found:
            told = self.refused is not None and observation.id == "run/target"  # by pytest itself
            if observation.id.startswith("run/") and not told:
                terminalreporter.write_line(f"{observation.status}: {observation.message}")
        undeclared = [name for name in Capability if name not in judged(self.suite.target)]
        if undeclared and self.refused is None:
            terminalreporter.write_line(f"launchkit: not judged (not declared): {', '.join(undeclared)}")
        terminalreporter.write_line(f"launchkit: seed {self.suite.seed}")

    def _entries(self) -> list[KnownFailure]:
        levels = tuple(level.value for level in self.suite.levels)
        return [entry for entry in self.known.values() if entry.test.partition("/")[0] in levels]

    def _executed(self) -> verdicts.Executed:
        items = [self.tests[name] for name in self.executed]
        return verdicts.Executed(
            capabilities=frozenset(c for item in items for c in capabilities(item)),
            levels=frozenset(level for item in items if (level := level_of(item.path))),
            tests=len(items),
        )

    def _own_client(self) -> Client:
        return Client(self.suite.target, self.suite.identities, self.suite.pace, Traffic())


def about_test(item: pytest.Item) -> verdicts.About:
    level = level_of(item.path)
    area = item.path.stem.removeprefix("test_")
    name = item.nodeid.partition("::")[2].replace("::", "/")
    requirements = tuple(str(name) for mark in item.iter_markers("requirement") for name in mark.args)
    return verdicts.About(
        id=f"{level}/{area}/{name}",
        requirements=tuple(dict.fromkeys(requirements)),
        should=item.get_closest_marker("should") is not None,
    )


def capabilities(item: pytest.Item) -> frozenset[Capability]:
    """What the test needs declared; the live and seeded levels are about search."""
    named = frozenset(Capability(str(mark.args[0])) for mark in item.iter_markers("capability"))
    level = level_of(item.path)
    return named or frozenset(
        {Capability.SEARCH} if level and level in tested_in(Capability.SEARCH) else set()
    )


def _partial(config: pytest.Config) -> bool:
    """Whether the caller chose single tests: then what did not run is their choice."""
    chosen = config.args_source is pytest.Config.ArgsSource.ARGS and any("::" in a for a in config.args)
    return bool(config.option.keyword or config.option.markexpr or chosen)


def _failed_before(pending: dict[str, Observation], name: str) -> bool:
    return name in pending and pending[name].status is not Status.PASS


def _run_observation(name: str, status: Status, message: str) -> Observation:
    return Observation(source=Source.CONTRACT, id=name, status=status, message=message)
