"""Whether the workers make progress, judged by their heartbeats alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reference_service.domain.answers import WorkersAnswer, WorkerState, WorkerStates
from reference_service.domain.worker_names import WorkerName

NEVER = WorkerState(running=False, last_run=None)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last round that succeeded, if one has; `recent`: the last sign is no older than a few intervals."""

    last_success_at: datetime | None
    recent: bool


def workers_answer(heartbeats: Mapping[str, Heartbeat]) -> WorkersAnswer:
    """The state of every worker, and of all together: healthy, degraded or unhealthy."""
    states = [_state(heartbeats.get(name)) for name in WorkerName]
    running = sum(state.running for state in states)
    status = "healthy" if running == len(states) else "degraded" if running else "unhealthy"
    return WorkersAnswer(status, WorkerStates(*states))


def _state(heartbeat: Heartbeat | None) -> WorkerState:
    return WorkerState(heartbeat.recent, heartbeat.last_success_at) if heartbeat else NEVER


NO_PROGRESS = workers_answer({})
