"""The declared limits, read once; a mistake is pointed at."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from harness.documents import Mapping, Node, Scalar, Sequence, plain, read_document, suggestion
from harness.requirements import read_requirements
from loadtests.rules import RULES, Errors, Latency, Rule, Statuses
from loadtests.scenarios import SCENARIOS
from loadtests.scenarios.model import Scenario
from loadtests.summary import ALL

FILE = Path(__file__).with_name("criteria.yaml")


@dataclass(frozen=True, slots=True)
class Criterion:
    """`id` is unique within its scenario."""

    id: str
    requirements: tuple[str, ...]
    rule: Rule
    hard: bool = False  # a run ends as soon as this one is lost


def read_criteria(path: Path = FILE) -> dict[str, tuple[Criterion, ...]]:
    """The criteria of each scenario that the file names. Raises DocumentError."""
    root = _mapping(read_document(path))
    root.only(SCENARIOS, what="scenario")
    requirements = frozenset(requirement.id for requirement in read_requirements())
    return {
        name: tuple(
            _criterion(key, _mapping(child), SCENARIOS[name], requirements)
            for key, child in _mapping(node).entries.items()
        )
        for name, node in root.entries.items()
    }


def _criterion(key: str, node: Mapping, scenario: Scenario, known: frozenset[str]) -> Criterion:
    node.only(["requirements", "hard", *RULES], what="key of a criterion")
    rules = [name for name in node if name in RULES]
    if len(rules) != 1:
        raise node.place.error(f"{key} needs exactly one rule", hint="one of " + ", ".join(RULES))
    requirements = _requirements(node.require("requirements"), known)
    rule = _rule(rules[0], _mapping(node.entries[rules[0]]), scenario)
    return Criterion(key, requirements, rule, _hard(node, rule))


def _hard(node: Mapping, rule: Rule) -> bool:
    if "hard" not in node:
        return False
    _check_value("hard", node.entries["hard"], bool)
    if not isinstance(rule, Errors | Statuses | Latency):
        raise node.entries["hard"].place.error("only latency, service, errors and statuses can be hard")
    hard = bool(plain(node.entries["hard"]))
    if hard and rule.window_seconds is not None:
        raise node.entries["hard"].place.error(
            "a limit in every window cannot be hard", hint="leave out hard or window_seconds"
        )
    return hard


def _requirements(node: Node, known: frozenset[str]) -> tuple[str, ...]:
    if not isinstance(node, Sequence) or not node.items:
        raise node.place.error("must be a list of requirement ids", hint="for instance [LOAD-01]")
    for item in node.items:
        if not isinstance(item, Scalar) or item.text not in known:
            text = item.text if isinstance(item, Scalar) else "a list"
            raise item.place.error(f"{text!r} is not a requirement", hint=suggestion(text, known))
    return tuple(item.text for item in node.items if isinstance(item, Scalar))


def _rule(name: str, node: Mapping, scenario: Scenario) -> Rule:
    fields = {field.name: field for field in msgspec.structs.fields(RULES[name])}
    node.only(fields, what=f"key of {name}")
    for field in fields.values():
        if field.required:
            node.require(field.name)
    for key, child in node.entries.items():
        _check_value(key, child, fields[key].type)
        _check_name(key, child, scenario)
    return msgspec.convert(plain(node), RULES[name])


def _check_value(key: str, node: Node, kind: object) -> None:
    try:
        msgspec.convert(plain(node), kind)
    except msgspec.ValidationError as error:
        raise node.place.error(f"{key}: {str(error)[0].lower()}{str(error)[1:]}") from None


def _check_name(key: str, node: Node, scenario: Scenario) -> None:
    known = {
        "endpoint": [ALL, *(endpoint.name for endpoint in scenario.endpoints)],
        "phase": [ALL, *scenario.phases],
        "before": scenario.phases,
        "after": scenario.phases,
    }.get(key)
    if known is not None and isinstance(node, Scalar) and node.text not in known:
        raise node.place.error(
            f"{scenario.name} has no {'endpoint' if key == 'endpoint' else 'phase'} {node.text!r}",
            hint=suggestion(node.text, known),
        )


def _mapping(node: Node) -> Mapping:
    if not isinstance(node, Mapping):
        raise node.place.error("must be a mapping of keys")
    return node
