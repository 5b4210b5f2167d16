"""rules: a file of alert rules, and whether the target's Prometheus has just these and evaluates them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from checklists import fields as read
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.probes.prometheus import NO_PROMETHEUS, asked
from checklists.units import Unit, parse_duration
from harness.documents import plain, read_document
from harness.errors import CouldNotDecideError
from harness.target import Target


@dataclass(frozen=True, slots=True)
class Rule:
    """`hold`: seconds that the expression must be true."""

    name: str
    expression: str
    hold: float
    evaluated: bool = False


@dataclass(frozen=True, slots=True)
class RulesProbe:
    """A path relative to the checklist's folder."""

    path: str

    def asked(self, target: Target) -> str:  # noqa: ARG002  the same of every target
        return self.path

    def ask(self, context: Context) -> Answer | NoAnswer:
        url = context.target.prometheus_url
        if url is None:
            return NO_PROMETHEUS
        wanted = _written(context.folder / self.path)
        with context.client.open(url, context.target, context.timeout) as client:
            document = asked(client, url, "rules", {"type": "alert"})
            loaded = _loaded(document)
            found = {rule: [one for one in loaded if one.name == rule.name] for rule in wanted}
            lacks = {
                "missing": [rule.name for rule, same in found.items() if not same],
                "different": [
                    rule.name
                    for rule, same in found.items()
                    if same and not any(_alike(client, url, rule, one) for one in same)
                ],
                "broken": [
                    rule.name for rule, same in found.items() if not all(one.evaluated for one in same)
                ],
            }
        counts = {word: (len(names),) for word, names in lacks.items()}
        return Answer(
            Facts(words={"rules": (len(wanted),), **counts}),
            output=json.dumps(document, indent=1).encode(),
            suffix="json",
            details=lacks,
        )


def _written(path: Path) -> tuple[Rule, ...]:
    """The alerts of a rule file. Raises LaunchkitError where it is none."""
    try:
        groups: Any = plain(read_document(path))
        return tuple(
            Rule(rule["alert"], rule["expr"], parse_duration(rule.get("for", "0s")))
            for group in groups["groups"]
            for rule in group["rules"]
            if "alert" in rule
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        raise CouldNotDecideError(f"{path} is no file of alert rules") from None


def _loaded(document: Any) -> tuple[Rule, ...]:
    try:
        return tuple(_read_loaded(document["data"]["groups"]))
    except (LookupError, TypeError, ValueError):
        raise CouldNotDecideError("Prometheus's answer lists no rules") from None


def _read_loaded(groups: Any) -> Iterator[Rule]:
    for group in groups:
        for rule in group["rules"]:
            yield Rule(rule["name"], rule["query"], float(rule["duration"]), rule["health"] == "ok")


def _alike(client: httpx.Client, url: str, written: Rule, loaded: Rule) -> bool:
    """Whether both say the same: Prometheus prints an expression its own way, so it prints both."""
    if written.hold != loaded.hold:
        return False
    texts = {written.expression, loaded.expression}
    return len(texts) == 1 or len({_printed(client, url, text) for text in texts}) == 1


def _printed(client: httpx.Client, url: str, expression: str) -> str:
    return str(asked(client, url, "format_query", {"query": expression}).get("data"))


def _read(reading: Reading) -> RulesProbe:
    return RulesProbe(read.text(reading.node))


KIND = Kind(
    key="rules",
    read=_read,
    vocabulary=Vocabulary(words=dict.fromkeys(("rules", "missing", "different", "broken"), Unit.NUMBER)),
)
