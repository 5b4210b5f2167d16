"""A target that somebody else runs: it has its data and its workers already."""

from collections.abc import Callable
from pathlib import Path

from harness.environment.readiness import require_reachable
from harness.target import Target, read_target

_PATIENCE_SECONDS = 3.0


class ExistingTarget:
    """What a profile describes."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def populate(self, *, vendors: int, seed: int) -> None:
        """Nothing: what data it has is the target's own business."""

    def start_workers(self, *, aggregate_seconds: float | None = None) -> None:
        """Nothing: its workers are the target's own business."""

    def begin_console(self, *, build: bool) -> None:
        """Nothing: its console is the target's own business."""

    def finish_console(self, *, seconds: float, tell: Callable[[str], None]) -> str:  # noqa: ARG002  as the others
        """Nothing: its profile names its console, or it has none."""
        return ""

    def start_monitoring(self) -> str:
        """Nothing: its profile names its Prometheus, or it has none."""
        return ""

    def record_dashboard(self) -> str:
        """Nothing: its dashboard is the target's own business."""
        return ""

    def require_alive(self) -> None:
        """Nothing: it is not ours to watch."""


def existing_target(profile: Path) -> ExistingTarget:
    """Raises DocumentError for a wrong profile, TargetUnreachableError where nothing answers."""
    target = read_target(profile)
    require_reachable(target, seconds=_PATIENCE_SECONDS)
    return ExistingTarget(target)
