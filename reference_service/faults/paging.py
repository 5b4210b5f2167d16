"""Pages that overlap, skip, or say wrongly what is left."""

from typing import Any

import msgspec

from reference_service.domain.search import Bounds
from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, entry, name, sql

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


def _nothing_past_the_end(right: Any) -> Any:
    def search(self: Any, asked: Any) -> Any:
        answer = right(self, asked)
        return answer if answer.vendors else msgspec.structs.replace(answer, total=0, has_more=False)

    return search


def _only_frequent_categories(right: Any) -> Any:
    def search(self: Any, asked: Any) -> Any:
        answer = right(self, asked)
        return msgspec.structs.replace(answer, categories=answer.categories[:5])

    return search


def _of_the_page(right: Any) -> Any:
    def search(self: Any, asked: Any) -> Any:
        answer = right(self, asked)
        shown = {vendor.category for vendor in answer.vendors}
        facets = [facet for facet in answer.categories if facet.category in shown]
        return msgspec.structs.replace(answer, categories=facets)

    return search


def _without_offset(right: Any) -> Any:
    return lambda self, name, default, bounds: (
        default if name == "offset" else right(self, name, default, bounds)
    )


def _body_without_sort(right: Any) -> Any:
    return lambda name, text: right(name, None if name == "sortBy" and right(name, text) else text)


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
    Fault(
        "nothing-past-the-end",
        "total is 0 where the offset is past the end",
        ("API-05",),
        Level.SEEDED,
        around(_SEARCH, _nothing_past_the_end),
    ),
    Fault(
        "facets-cut-short",
        "only the five most frequent categories are counted",
        ("API-03",),
        Level.SEEDED,
        around(_SEARCH, _only_frequent_categories),
    ),
    Fault(
        "facets-of-the-page",
        "categories without a vendor on the page are left out of the facets",
        ("API-03",),
        Level.SEEDED,
        around(_SEARCH, _of_the_page),
    ),
    Fault(
        "pages-of-ten",
        "without a limit a page has ten vendors",
        ("API-01",),
        Level.SEEDED,
        name("domain.search:DEFAULT_SEARCH_LIMIT", 10),
    ),
    Fault(
        "limit-up-to-fifty",
        "a limit above fifty is refused",
        ("API-05",),
        Level.SEEDED,
        name("domain.search:SEARCH_LIMIT", Bounds(1, 50)),
    ),
    Fault(
        "offset-in-a-body-ignored",
        "offset in a body has no effect",
        ("DOC-04",),
        Level.SEEDED,
        around("api.json_body:JsonBody.integer", _without_offset),
    ),
    Fault(
        "sort-in-a-body-ignored",
        "sortBy in a body has no effect",
        ("DOC-04",),
        Level.SEEDED,
        around("api.reading:_sort", _body_without_sort),
    ),
)
