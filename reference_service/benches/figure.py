"""Seconds over several repetitions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    seconds: tuple[float, ...]
