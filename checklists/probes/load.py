"""load: what a load run of a scenario measured."""

from dataclasses import dataclass

import msgspec

from checklists import fields as read
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.records import newest_load
from checklists.units import Unit, Value
from harness.documents import suggestion
from harness.evidence import Status
from harness.load_result import Group, LoadResult, LoadVerdict, Mode
from harness.target import Target

SCENARIOS = ("search", "featured", "spike", "soak", "mix")
_PERCENTILES = ("p50", "p90", "p95", "p99", "p999", "max", "mean")


@dataclass(frozen=True, slots=True)
class LoadProbe:
    """One endpoint in one phase of the scenario; `all` is every one."""

    scenario: str
    endpoint: str = "all"
    phase: str = "all"

    def asked(self, target: Target) -> str:  # noqa: ARG002  the same of every target
        where = "" if (self.endpoint, self.phase) == ("all", "all") else f" ({self.endpoint}, {self.phase})"
        return f"the newest full load run of {self.scenario}{where}"

    def ask(self, context: Context) -> Answer | NoAnswer:
        result = newest_load(context.run_folder, context.target, self.scenario)
        settle = f"launchkit load {self.scenario} --target FILE"
        if result is None:
            return NoAnswer(
                Status.ERROR, f"no load run of {self.scenario} for this release and target", settle
            )
        if result.verdict is LoadVerdict.INVALID:
            return NoAnswer(Status.ERROR, "the load run was invalid: the generator itself was late", settle)
        group = result.group(self.endpoint, self.phase)
        if group is None or group.count == 0:
            return NoAnswer(
                Status.ERROR, f"the load run has no answers of {self.endpoint}, {self.phase}", settle
            )
        return Answer(
            Facts(words=_words(result, group)),
            output=msgspec.json.format(msgspec.json.encode(group)),
            suffix="json",
            details={
                "scenario": result.scenario,
                "mode": str(result.mode),
                "started_at": result.started_at.isoformat(),
                "run_seconds": result.seconds,  # `seconds` is what asking took
            },
            best=Status.PASS if result.mode is Mode.FULL and not result.partial else Status.REHEARSED,
        )


def _words(result: LoadResult, group: Group) -> dict[str, tuple[Value, ...]]:
    words: dict[str, tuple[Value, ...]] = {
        "requests": (group.count,),
        "errors": (group.errors,),
        "error_rate": (group.errors / group.count,),
        "server_errors": (sum(n for status, n in group.statuses.items() if status.startswith("5")),),
    }
    failed = sum(outcome.status.failed for outcome in result.criteria)
    if failed or _all_decided(result):  # an undecided criterion is not one that held
        words["criteria_failed"] = (failed,)
    for name in _PERCENTILES:
        if group.latency is not None:
            words[name] = (getattr(group.latency, name) / 1000,)
        if group.service is not None:
            words[f"service_{name}"] = (getattr(group.service, name) / 1000,)
    if result.verdict is not LoadVerdict.UNDECIDED:  # else nothing can be expected of it
        words["verdict"] = (str(result.verdict).lower(),)
    return words


def _all_decided(result: LoadResult) -> bool:
    decided = (Status.PASS, Status.REHEARSED)
    return bool(result.criteria) and all(outcome.status in decided for outcome in result.criteria)


def _read(reading: Reading) -> LoadProbe:
    scenario = read.text(reading.node)
    if scenario not in SCENARIOS:
        raise reading.node.place.error(
            f"{scenario!r} is not a scenario", hint=suggestion(scenario, SCENARIOS)
        )
    return LoadProbe(
        scenario, reading.fields.text("endpoint", "all"), reading.fields.text("load_phase", "all")
    )


KIND = Kind(
    key="load",
    read=_read,
    vocabulary=Vocabulary(
        words={
            "requests": Unit.NUMBER,
            "errors": Unit.NUMBER,
            "error_rate": Unit.RATIO,
            "server_errors": Unit.NUMBER,
            "criteria_failed": Unit.NUMBER,
            "verdict": Unit.TEXT,
            **dict.fromkeys(_PERCENTILES, Unit.DURATION),
            **{f"service_{name}": Unit.DURATION for name in _PERCENTILES},
        }
    ),
    siblings=("endpoint", "load_phase"),
    idle=("hold",),  # what it reads is written once
)
