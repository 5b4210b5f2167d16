"""tests: what a test run, started by someone else, left in `test-results/`."""

import shlex
from dataclasses import dataclass
from pathlib import Path

import msgspec

from checklists import fields as read
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.stamp import FOLDER, FORMAT, SuiteResult
from checklists.units import Unit, Value
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target

_MANY = 10_000  # as many as there are


@dataclass(frozen=True, slots=True)
class SuiteProbe:
    """More than `most_skipped` tests left out decide nothing: what they look at was not looked at."""

    suite: str
    most_skipped: int

    def asked(self, target: Target) -> str:
        return f"{FOLDER}/{self.suite}.json, of commit {target.release.commit or 'unknown'}"

    def ask(self, context: Context) -> Answer | NoAnswer:
        settle = f"tox run -e {self.suite}"
        commit = context.target.release.commit
        if commit is None:
            return NoAnswer(
                Status.ERROR,
                "the profile does not say which commit is judged",
                "add release: {commit: …} to the profile",
            )
        path = context.folder / FOLDER / f"{self.suite}.json"
        if not path.is_file():
            return NoAnswer(Status.ERROR, f"no results of {self.suite} for this commit", settle)
        result = read_result(path)
        if result.commit != commit:
            return NoAnswer(
                Status.ERROR,
                f"the results of {self.suite} are of commit {result.commit[:12]}, not {commit[:12]}",
                settle,
            )
        if result.arguments:
            return NoAnswer(
                Status.ERROR,
                f"{self.suite} was run with {shlex.join(result.arguments)}: that may be a part of it",
                f"{settle}, with nothing after it",
            )
        if result.dirty:
            return NoAnswer(
                Status.ERROR,
                f"the results of {self.suite} were made on a tree with uncommitted changes",
                f"commit, then {settle}",
            )
        if result.skipped > self.most_skipped and not result.failed:
            return NoAnswer(
                Status.ERROR,
                f"{result.skipped} tests of {self.suite} were skipped on the machine that ran them",
                f"see there what it lacked, then {settle}",
            )
        return Answer(Facts(words=_words(result)), output=path.read_bytes(), suffix="json")


def read_result(path: Path) -> SuiteResult:
    """Raises CouldNotDecideError where the file is not such a result."""
    try:
        result = msgspec.json.decode(path.read_bytes(), type=SuiteResult)
    except (OSError, msgspec.MsgspecError) as error:
        raise CouldNotDecideError(
            f"{path} is not a test result: {error}", hint="run the tests again"
        ) from None
    if result.format != FORMAT:
        raise CouldNotDecideError(f"{path}: format {result.format} is not known", hint=f"known: {FORMAT}")
    return result


def _words(result: SuiteResult) -> dict[str, tuple[Value, ...]]:
    words: dict[str, tuple[Value, ...]] = {
        "passed": (result.passed,),
        "failed": (result.failed,),
        "skipped": (result.skipped,),
    }
    if result.coverage is not None:
        words["coverage"] = (result.coverage / 100,)
    return words


def _read(reading: Reading) -> SuiteProbe:
    return SuiteProbe(read.text(reading.node), reading.fields.count("most_skipped", _MANY, most=_MANY))


KIND = Kind(
    key="tests",
    read=_read,
    vocabulary=Vocabulary(
        words={
            "passed": Unit.NUMBER,
            "failed": Unit.NUMBER,
            "skipped": Unit.NUMBER,
            "coverage": Unit.RATIO,
        }
    ),
    siblings=("most_skipped",),
    idle=("hold",),  # what it reads is written once
)
