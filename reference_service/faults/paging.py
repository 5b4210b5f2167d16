"""Pages that overlap, skip, or say wrongly what is left."""

from typing import Any

import msgspec

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, entry, sql

_SEARCH = "storage.marketplace:Marketplace.search"
_ORDERS = "storage.search_statement:ORDERS"


def _more_at_the_end(right: Any) -> Any:
    def search(self: Any, asked: Any) -> Any:
        answer = right(self, asked)
        seen = asked.offset + len(answer.vendors)
        return msgspec.structs.replace(answer, has_more=bool(answer.vendors) and seen <= answer.total)

    return search


def _counted_to_a_hundred(right: Any) -> Any:
    def search(self: Any, asked: Any) -> Any:
        answer = right(self, asked)
        return msgspec.structs.replace(answer, total=min(answer.total, 100))

    return search


FAULTS = (
    Fault(
        "has-more-at-the-end",
        "hasMore is still true on the last page when it is full",
        ("API-05",),
        Level.SEEDED,
        around(_SEARCH, _more_at_the_end),
    ),
    Fault(
        "total-stops-at-a-hundred",
        "total counts no further than the largest limit",
        ("API-05",),
        Level.SEEDED,
        around(_SEARCH, _counted_to_a_hundred),
    ),
    Fault(
        "next-page-skips-one",
        "every page but the first begins one vendor late",
        ("API-05",),
        Level.SEEDED,
        sql("search", "OFFSET %(offset)s", "OFFSET %(offset)s::bigint + (%(offset)s::bigint > 0)::int"),
    ),
    Fault(
        "ties-run-backwards",
        "vendors of equal rating and volume come by id descending",
        ("API-04", "API-05"),
        Level.SEEDED,
        entry(_ORDERS, "rating", "rating_score DESC, total_requests DESC, id DESC"),
    ),
)
