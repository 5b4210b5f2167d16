"""Readings of `/metrics`: the Prometheus text format, parsed by Prometheus's own client."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from harness.contract.client import Client, Response
from harness.contract.diagnosis import ContractBroken


@dataclass(frozen=True)
class Reading:
    samples: tuple[Sample, ...]

    def of(self, name: str) -> tuple[Sample, ...]:
        return tuple(sample for sample in self.samples if sample.name == name)

    def total(self, name: str) -> float:
        return sum(sample.value for sample in self.of(name))

    def values_of(self, name: str, label: str) -> dict[str, float]:
        """The sums by the values of a label."""
        sums: dict[str, float] = {}
        for sample in self.of(name):
            value = sample.labels.get(label, "")
            sums[value] = sums.get(value, 0.0) + sample.value
        return sums


def read_metrics(client: Client) -> Reading:
    return parsed(client.get("/metrics"))


def parsed(answer: Response) -> Reading:
    """Raises ContractBroken where the answer is not in the text format."""
    return parsed_text(answer.text(), answer.curl)


def parsed_text(text: str, asked: str) -> Reading:
    """Raises ContractBroken where the text is not in the format; `asked` is how one gets it."""
    try:
        families = list(text_string_to_metric_families(text))
    except ValueError as error:
        raise ContractBroken(
            f"the metrics are not in the Prometheus text format: {error}",
            expected='lines of `name{label="value"} number`',
            observed=text[:300],
            asked=asked,
        ) from None
    return Reading(tuple(sample for family in families for sample in family.samples))


def broken_histograms(reading: Reading, name: str) -> list[str]:
    """What is wrong with a histogram: buckets that fall, or do not end at infinity with the count."""
    wrong = []
    counts = {_key(sample): sample.value for sample in reading.of(f"{name}_count")}
    for key, buckets in _by_series(reading.of(f"{name}_bucket")).items():
        ordered = sorted(buckets)
        values = [value for _, value in ordered]
        if ordered[-1][0] != math.inf:
            wrong.append(f"{name}: {dict(key)} has no bucket to +Inf")
        if values != sorted(values):
            wrong.append(f"{name}: the buckets of {dict(key)} fall")
        if values[-1:] != [counts.get(key)]:
            wrong.append(f"{name}: the last bucket of {dict(key)} is not its count")
    return wrong


def _by_series(
    buckets: Iterable[Sample],
) -> dict[tuple[tuple[str, str], ...], list[tuple[float, float]]]:
    series: dict[tuple[tuple[str, str], ...], list[tuple[float, float]]] = {}
    for sample in buckets:
        series.setdefault(_key(sample), []).append((float(sample.labels["le"]), sample.value))
    return series


def _key(sample: Sample) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
