"""promql: an instant query to the target's Prometheus; each series is a value."""

import json
import math
from dataclasses import dataclass
from typing import Any

import httpx

from checklists import fields as read
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
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
            return NoAnswer(
                Status.ERROR,
                "no prometheus_url in the profile: nothing was measured",
                "add prometheus_url to the profile",
            )
        document = self._query(url, context)
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

    def _query(self, url: str, context: Context) -> Any:
        try:
            with context.client.open(url, context.target, context.timeout) as client:
                response = client.get(f"{url}/api/v1/query", params={"query": self.expression})
                document = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise CouldNotDecideError(f"{url} did not answer as Prometheus does ({error})") from None
        if not isinstance(document, dict) or document.get("status") != "success":
            said = document.get("error", "no error given") if isinstance(document, dict) else "not an answer"
            raise CouldNotDecideError(f"Prometheus refused the query: {said}")
        return document


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
