"""All faults, group by group."""

from reference_service.faults import (
    aggregating,
    agreeing,
    answering,
    checking,
    filtering,
    finding,
    guarding,
    leaking,
    limiting,
    ordering,
    paging,
    refusing,
    serving,
    shaping,
)
from reference_service.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *paging.FAULTS,
    *ordering.FAULTS,
    *filtering.FAULTS,
    *finding.FAULTS,
    *leaking.FAULTS,
    *answering.FAULTS,
    *shaping.FAULTS,
    *refusing.FAULTS,
    *agreeing.FAULTS,
    *limiting.FAULTS,
    *serving.FAULTS,
    *checking.FAULTS,
    *guarding.FAULTS,
    *aggregating.FAULTS,
)


def find(name: str) -> Fault | None:
    return next((fault for fault in FAULTS if fault.name == name), None)
