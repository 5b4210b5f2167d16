"""explain: runs a query under EXPLAIN ANALYZE and keeps the plan."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from checklists import fields as read
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context
from checklists.probes.database import query
from checklists.units import Unit
from harness.errors import CouldNotDecideError
from harness.target import Target


@dataclass(frozen=True, slots=True)
class ExplainProbe:
    text: str
    parameters: dict[str, str] = field(default_factory=dict)

    def asked(self, target: Target) -> str:  # noqa: ARG002  the same of every target
        return f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {self.text}"

    def ask(self, context: Context) -> Answer:
        _, rows = query(self.asked(context.target), self.parameters, context)
        plan = rows[0][0] if rows else None
        return read_plan(plan)


def read_plan(document: Any) -> Answer:
    """What a plan in PostgreSQL's JSON consists of. Raises CouldNotDecideError where it is none."""
    try:
        top = document[0]
        nodes = list(_nodes(top["Plan"]))
        words = {
            "time": (top["Execution Time"] / 1000,),
            "planning": (top["Planning Time"] / 1000,),
            "cost": (top["Plan"]["Total Cost"],),
            "rows": (top["Plan"]["Actual Rows"],),
        }
    except (LookupError, TypeError):
        raise CouldNotDecideError("the database gave no plan", hint="explain a SELECT") from None
    relations = _names(nodes, "Relation Name")
    sequential = [node for node in nodes if node.get("Node Type") == "Seq Scan"]
    facts = Facts(
        words=words,
        sets={"seq_scan": _names(sequential, "Relation Name"), "index": _names(nodes, "Index Name")},
        known={"seq_scan": relations},
    )
    return Answer(facts, output=json.dumps(document, indent=1).encode(), suffix="json")


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _names(nodes: list[dict[str, Any]], key: str) -> frozenset[str]:
    return frozenset(node[key] for node in nodes if key in node)


def _read(reading: Reading) -> ExplainProbe:
    text = read.text(reading.node)
    if not text.endswith(".sql"):
        return ExplainProbe(text, reading.fields.pairs("parameters"))
    try:
        content = (reading.folder / text).read_text(encoding="utf-8").strip().rstrip(";")
    except (OSError, UnicodeDecodeError):
        raise reading.node.place.error(
            f"{text} cannot be read",
            hint=f"it is looked for in {reading.folder.name}/, the checklist's folder",
        ) from None
    return ExplainProbe(content, reading.fields.pairs("parameters"))


KIND = Kind(
    key="explain",
    read=_read,
    vocabulary=Vocabulary(
        words={
            "time": Unit.DURATION,
            "planning": Unit.DURATION,
            "cost": Unit.NUMBER,
            "rows": Unit.NUMBER,
        },
        sets={"seq_scan": "Seq Scan", "index": "Index Name"},
    ),
    siblings=("parameters",),
)
