"""One run of the suite: what it judges, as whom it asks, and what it has found so far."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from harness.contract.client import Client
from harness.contract.diagnosis import Traffic
from harness.contract.identity import Identities, Pace
from harness.contract.levels import Level
from harness.contract.loading import Loader
from harness.evidence import Observation
from harness.fixtures.build import build_dataset
from harness.fixtures.dataset import Dataset
from harness.fixtures.model import Model
from harness.journal import Journal
from harness.target import Target


@dataclass
class Suite:
    """`limiter_traffic` is what the limiter's own tests send; it says nothing about the rest."""

    target: Target
    seed: int
    levels: tuple[Level, ...]
    identities: Identities
    pace: Pace
    loader: Loader
    journal: Journal | None = None
    traffic: Traffic = field(default_factory=Traffic)
    limiter_traffic: Traffic = field(default_factory=Traffic)
    found: list[Observation] = field(default_factory=list)
    _models: dict[int, Model] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.limiter_traffic.latest = self.traffic.latest

    @classmethod
    def of(
        cls, target: Target, *, seed: int, levels: tuple[Level, ...], folder: Path, journal: Journal | None
    ) -> "Suite":
        return cls(
            target=target,
            seed=seed,
            levels=levels,
            identities=Identities.of(target),
            pace=Pace(target.rate_limit),
            loader=Loader(target, folder, lambda: build_dataset(seed, datetime.now(UTC))),
            journal=journal,
        )

    def client(self, *, rotating: bool, limiter: bool = False) -> Client:
        traffic = self.limiter_traffic if limiter else self.traffic
        return Client(self.target, self.identities, self.pace, traffic, rotating=rotating)

    def spender(self) -> Client:
        """A client that has its whole allowance and may use it up, as fast as it can."""
        if self.identities.single:
            self.pace.let_the_window_pass()
        return Client(self.target, self.identities, None, self.limiter_traffic)

    def model_of(self, dataset: Dataset) -> Model:
        if id(dataset) not in self._models:
            self._models[id(dataset)] = Model(dataset)
        return self._models[id(dataset)]

    def observe(self, observation: Observation) -> None:
        self.found.append(observation)
        if self.journal:
            self.journal.observe(observation)
