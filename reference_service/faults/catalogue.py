"""All faults, group by group."""

from dataclasses import replace

from reference_service.faults import (
    aggregating,
    agreeing,
    answering,
    checking,
    counting,
    filtering,
    finding,
    guarding,
    leaking,
    limiting,
    naming,
    ordering,
    paging,
    refusing,
    serving,
    shaping,
)
from reference_service.faults.clauses import CLAUSES
from reference_service.faults.fault import Fault

_GROUPS: tuple[Fault, ...] = (
    *paging.FAULTS,
    *ordering.FAULTS,
    *filtering.FAULTS,
    *finding.FAULTS,
    *leaking.FAULTS,
    *answering.FAULTS,
    *shaping.FAULTS,
    *refusing.FAULTS,
    *naming.FAULTS,
    *agreeing.FAULTS,
    *limiting.FAULTS,
    *serving.FAULTS,
    *counting.FAULTS,
    *checking.FAULTS,
    *guarding.FAULTS,
    *aggregating.FAULTS,
)

FAULTS = tuple(replace(fault, clauses=CLAUSES.get(fault.name, ())) for fault in _GROUPS)


def find(name: str) -> Fault | None:
    return next((fault for fault in FAULTS if fault.name == name), None)
