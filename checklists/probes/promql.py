"""promql: an instant query to the target's Prometheus; each series is a value."""

import json
import math
from dataclasses import dataclass
from typing import Any

from checklists import fields as read
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.probes.prometheus import NO_PROMETHEUS, asked
from checklists.units import Unit
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target


@dataclass(frozen=True, slots=True)
class PromqlProbe:
    expression: str

    def asked(self, target: Target) -> str:  # noqa: ARG002  the same of every target
        return self.expression

    def ask(self, context: Context) -> Answer | NoAnswer:
        url = context.target.prometheus_url
        if url is None:
            return NO_PROMETHEUS
        with context.client.open(url, context.target, context.timeout) as client:
            document = asked(client, url, "query", {"query": self.expression})
        values = _values(document)
        if any(math.isnan(value) for value in values):
            return NoAnswer(
                Status.ERROR,
                "a series of the answer is NaN: there was nothing to divide, or to take a quantile of",
                "see that the target had traffic in that time",
            )
        if not values:
            return NoAnswer(
                Status.ERROR, "the query has no samples", "see that Prometheus scrapes the target"
            )
        facts = Facts(words={"value": tuple(values), "series": (len(values),)})
        return Answer(facts, output=json.dumps(document, indent=1).encode(), suffix="json")


def _values(document: Any) -> list[float]:
    """The values of a vector or a scalar. Raises CouldNotDecideError for another shape."""
    try:
        data = document["data"]
        if data["resultType"] == "scalar":
            return [float(data["result"][1])]
        return [float(series["value"][1]) for series in data["result"]]
    except (LookupError, TypeError, ValueError):
        raise CouldNotDecideError("the answer is neither a vector nor a scalar") from None


def _read(reading: Reading) -> PromqlProbe:
    return PromqlProbe(read.text(reading.node))


KIND = Kind(
    key="promql",
    read=_read,
    vocabulary=Vocabulary(words={"value": Unit.BASE, "series": Unit.NUMBER}, positions=True),
)
