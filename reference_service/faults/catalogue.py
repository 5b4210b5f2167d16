"""All faults, group by group."""

from reference_service.faults import (
    aggregating,
    answering,
    checking,
    filtering,
    leaking,
    limiting,
    ordering,
    paging,
    serving,
)
from reference_service.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *paging.FAULTS,
    *ordering.FAULTS,
    *filtering.FAULTS,
    *leaking.FAULTS,
    *answering.FAULTS,
    *limiting.FAULTS,
    *serving.FAULTS,
    *checking.FAULTS,
    *aggregating.FAULTS,
)


def find(name: str) -> Fault | None:
    return next((fault for fault in FAULTS if fault.name == name), None)
