"""console: uses the console in a headless Chromium, and compares what it shows with what the API says."""

from dataclasses import dataclass

from checklists import fields as read
from checklists import references
from checklists.console_trials import TRIALS, Api, Console, Outcome, Trial
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.probes.browser import require_answer
from checklists.units import Unit
from harness.browser import Window, open_page
from harness.console_page import OURS, read_console_page
from harness.documents import suggestion
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target, is_loopback

_PATIENCE = 20.0
_STEP_SECONDS = 30.0  # for the browser itself
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class ConsoleProbe:
    """One of TRIALS; whatever the console should come to may take `patience` seconds."""

    tries: str
    patience: float

    def asked(self, target: Target) -> str:
        return f"the {self.tries} of {references.lookup('console_url', target)}, used in a browser"

    def ask(self, context: Context) -> Answer | NoAnswer:
        target = context.target
        url = references.lookup("console_url", target)
        described = read_console_page(target.console_page or OURS)
        require_answer(url, context)
        refused: list[int] = []
        window = Window(width=1440, confined=is_loopback(url))
        with (
            context.client.open(target.base_url, target, _STEP_SECONDS) as client,
            open_page(window, seconds=_STEP_SECONDS) as page,
        ):
            page.on("response", lambda answer: refused.append(answer.status))
            console = Console(page, url, described, Api(client, target.base_url), self.patience)
            trials = list(TRIALS[self.tries](console))
            picture = page.screenshot()
        failed = any(trial.outcome is Outcome.FAILED for trial in trials)
        if failed and _TOO_MANY in refused:
            raise CouldNotDecideError("the target's rate limit was reached", hint="ask again in a minute")
        undecided = [trial for trial in trials if trial.outcome is Outcome.UNDECIDED]
        if undecided and not failed:
            return NoAnswer(
                Status.ERROR,
                f"not all could be tried: {'; '.join(map(_line, undecided))}",
                "load a larger catalogue, or say with console_page what is called differently there",
            )
        return _answer(trials, picture)


def _answer(trials: list[Trial], picture: bytes) -> Answer:
    counts = {outcome: sum(trial.outcome is outcome for trial in trials) for outcome in Outcome}
    return Answer(
        Facts(words={outcome.value: (count,) for outcome, count in counts.items()}),
        output="".join(f"{_line(trial)}\n" for trial in trials).encode(),
        details={"trials": [_line(trial) for trial in trials]},
        files={"screenshot.png": picture},
    )


def _line(trial: Trial) -> str:
    return f"{trial.name}: {trial.told or trial.outcome}"


def _read(reading: Reading) -> ConsoleProbe:
    tries = read.text(reading.node)
    if tries not in TRIALS:
        raise reading.node.place.error(f"{tries!r} is not tried", hint=suggestion(tries, TRIALS))
    return ConsoleProbe(tries, reading.fields.duration("patience", _PATIENCE))


KIND = Kind(
    key="console",
    read=_read,
    vocabulary=Vocabulary(words={outcome.value: Unit.NUMBER for outcome in Outcome}),
    siblings=("patience",),
    timeout=300.0,
)
