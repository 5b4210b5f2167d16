"""What a generator measured: one cell for each endpoint in each second of each phase, mergeable exactly."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self, TypeAlias

from loadtests.histogram import Histogram

Message: TypeAlias = dict[str, Any]  # what travels between processes: only what msgpack can hold

LATE_MS = 50.0
OWN_FAILURE = "generator_"  # begins the reason of a failure that is not the target's


class Key(NamedTuple):
    """`second` is the one in which the request was due."""

    second: int
    phase: str
    endpoint: str


@dataclass(slots=True)
class Cell:
    """Latency counts from the intended start, service time from when the request was written."""

    sent: int = 0
    errors: int = 0
    latency: Histogram = field(default_factory=Histogram)
    service: Histogram = field(default_factory=Histogram)
    statuses: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Cell") -> None:
        self.sent += other.sent
        self.errors += other.errors
        self.latency.add(other.latency)
        self.service.add(other.service)
        self.statuses.update(other.statuses)
        self.failures.update(other.failures)

    def to_list(self) -> list[Any]:
        return [
            self.sent,
            self.errors,
            self.latency.to_list(),
            self.service.to_list(),
            dict(self.statuses),
            dict(self.failures),
        ]

    @classmethod
    def from_list(cls, flat: list[Any]) -> Self:
        sent, errors, latency, service, statuses, failures = flat
        return cls(
            sent,
            errors,
            Histogram.from_list(latency),
            Histogram.from_list(service),
            Counter(statuses),
            Counter(failures),
        )


@dataclass(slots=True)
class Measurement:
    """Cells, how late each start was (in a histogram of its own), and what the generator used."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    lateness: Histogram = field(default_factory=Histogram)
    connections: int = 0
    repeated: int = 0  # sent twice, since the kept connection they went out on had just been closed
    cpu_seconds: float = 0.0

    def cell(self, key: Key) -> Cell:
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = Cell()
        return cell

    def add(self, other: "Measurement") -> None:
        for key, cell in other.cells.items():
            self.cell(key).add(cell)
        self.lateness.add(other.lateness)
        self.connections += other.connections
        self.repeated += other.repeated
        self.cpu_seconds += other.cpu_seconds

    def to_message(self) -> Message:
        return {
            "cells": [[*key, *cell.to_list()] for key, cell in self.cells.items()],
            "lateness": self.lateness.to_list(),
            "connections": self.connections,
            "repeated": self.repeated,
            "cpu_seconds": self.cpu_seconds,
        }

    @classmethod
    def from_message(cls, message: Message) -> Self:
        return cls(
            {Key(*flat[:3]): Cell.from_list(flat[3:]) for flat in message["cells"]},
            Histogram.from_list(message["lateness"]),
            message["connections"],
            message["repeated"],
            message["cpu_seconds"],
        )
