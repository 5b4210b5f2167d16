"""Errors and results that are told in other words than the contract's."""

from typing import Any

import msgspec

from reference_service.domain.errors import InvalidRequestError, RateLimitedError
from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, entry, first_fit, name, sql

_FILTERS = ("category", "tags", "min_uptime", "min_rating", "max_latency", "verified")


def _without_the_name(_: Any) -> Any:
    def start(self: Any, name: str, _: str) -> None:
        self.name = name
        Exception.__init__(self, "a parameter is wrong")

    return start


def _of_another_code(right: Any) -> Any:
    def answer(self: Any, request: Any, response: Any, error: Any) -> None:
        right(self, request, response, error)
        if isinstance(error, RateLimitedError):
            response.data = msgspec.json.encode({"error": "too_many_requests", "message": str(error)})

    return answer


def _known_parameters_only(right: Any) -> Any:
    known = {*_FILTERS, "q", "sort", "limit", "offset"}

    def search_of_query(query: Any) -> Any:
        if unknown := sorted(set(query.raw) - known):
            raise InvalidRequestError(unknown[0], "is not a known parameter")
        return right(query)

    return search_of_query


def _empty_category_counts(right: Any) -> Any:
    def search_of_query(query: Any) -> Any:
        found = right(query)
        empty = query.text("category") == ""
        return type(found)(**{**_fields(found), "categories": ("",)}) if empty else found

    return search_of_query


def _fields(search: Any) -> dict[str, Any]:
    return {field: getattr(search, field) for field in type(search).__dataclass_fields__}


def _empty_is_all(right: Any) -> Any:
    return lambda raw: right(raw.strip() or b"{}")


def _to_the_ten(right: Any) -> Any:
    return lambda milliseconds: right(float(round(milliseconds, -1)))


def _large_ids_crash(right: Any) -> Any:
    def key(text: str) -> Any:
        found = right(text)
        if found.nobodys:
            raise OverflowError
        return found

    return key


def _only_with_a_word(right: Any) -> Any:
    def on_get(self: Any, request: Any, response: Any) -> None:
        right(self, request, response)
        if "alive" not in request.query_string:
            response.status = "204 No Content"
            response.data = None

    return on_get


FAULTS = (
    Fault(
        "unknown-parameters-refused",
        "an unknown query parameter is refused",
        ("API-01",),
        Level.SEEDED,
        around("api.search:search_of_query", _known_parameters_only),
    ),
    Fault(
        "empty-category-is-one",
        "an empty category is asked for as a category without a name",
        ("API-01",),
        Level.SEEDED,
        around("api.search:search_of_query", _empty_category_counts),
    ),
    Fault(
        "empty-bodies-ask-for-all",
        "an empty body is taken for an empty object",
        ("DOC-04", "DOC-05"),
        Level.SEEDED,
        around("api.search:parse_json_body", _empty_is_all),
    ),
    Fault(
        "refusals-name-nothing",
        "a refusal does not say which parameter is wrong",
        ("DOC-05",),
        Level.SEEDED,
        around("domain.errors:InvalidRequestError.__init__", _without_the_name),
    ),
    Fault(
        "invalid-is-422",
        "a bad parameter is a 422",
        ("DOC-05",),
        Level.SEEDED,
        entry("api.errors:_STATUSES", "invalid_request", "422 Unprocessable Entity"),
    ),
    Fault(
        "refusals-of-another-code",
        "a 429 has the code too_many_requests",
        ("DOC-05", "PRF-06"),
        Level.OPERATIONS,
        around("api.errors:ErrorAnswers._answer", _of_another_code),
        settings={"rate_limit_seconds": 15},
    ),
    Fault(
        "large-ids-crash",
        "an id past 64 bits is a 500",
        ("API-10", "CHK-41"),
        Level.SEEDED,
        around("api.vendor:vendor_key", _large_ids_crash),
    ),
    Fault(
        "quick-search-of-six",
        "without a limit quick search has six results",
        ("API-13",),
        Level.SEEDED,
        name("api.lists:DEFAULT_QUICK_LIMIT", 6),
    ),
    Fault(
        "quick-search-rates-by-uptime",
        "the rating of a quick result is the uptime's twentieth",
        ("API-13",),
        Level.SEEDED,
        sql("quick_search", "coalesce(m.rating_score, 5)", "coalesce(m.uptime_pct, 100) / 20"),
    ),
    Fault(
        "latencies-to-the-ten",
        "latencies are rounded to ten milliseconds",
        ("API-08",),
        Level.SEEDED,
        around("storage.marketplace:_short", _to_the_ten),
    ),
    Fault(
        "no-check-no-uptime",
        "a vendor without a check in the window has an uptime of 0",
        ("MA-07", "MA-01"),
        Level.WORKERS,
        first_fit(
            sql("aggregate_upsert", "coalesce(uptime_pct, 100)", "coalesce(uptime_pct, 0)"),
            sql(
                "aggregate_tables",
                "uptime_pct double precision DEFAULT 100",
                "uptime_pct double precision DEFAULT 0",
            ),
        ),
    ),
    Fault(
        "live-needs-a-word",
        "/health/live has no body and answers 204",
        ("MON-06",),
        Level.OPERATIONS,
        around("api.operations:LiveResource.on_get", _only_with_a_word),
    ),
    Fault(
        "never-ready",
        "/health/ready is 503 though all is well",
        ("MON-06",),
        Level.OPERATIONS,
        name("storage.operations:Operations.migrations_are_current", lambda _: False),
    ),
)
