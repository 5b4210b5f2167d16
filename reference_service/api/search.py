"""`GET /vendors` and `POST /search`: one search, two spellings."""

import time
from dataclasses import dataclass

import falcon
import msgspec

from reference_service.api.answering import Answering
from reference_service.api.body import Bodies
from reference_service.api.exchange import exchange_of
from reference_service.api.json_body import parse_json_body
from reference_service.api.query_string import parse_query_string
from reference_service.api.reading import search_of_body, search_of_query
from reference_service.domain.search import Search
from reference_service.storage.marketplace import Marketplace
from reference_service.telemetry.api_metrics import ApiMetrics


class _Total(msgspec.Struct, frozen=True):
    total: int


@dataclass(frozen=True, slots=True)
class Searching:
    """Answers a search and notes how long it took and how much it found."""

    marketplace: Marketplace
    answering: Answering
    metrics: ApiMetrics
    seconds: int

    def answer(self, request: falcon.Request, response: falcon.Response, search: Search) -> None:
        started = time.perf_counter()
        try:
            body = self.answering.cached(
                request, response, "search", search, self.seconds, lambda: self.marketplace.search(search)
            )
        finally:  # a search that fails in the end has taken its time all the same
            self.metrics.searched(time.perf_counter() - started)
        self.metrics.found(msgspec.json.decode(body, type=_Total).total)


class VendorsResource:
    endpoint = "search"

    def __init__(self, searching: Searching) -> None:
        self._searching = searching

    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        search = search_of_query(parse_query_string(request.query_string))
        self._searching.answer(request, response, search)


class SearchResource:
    endpoint = "advanced_search"

    def __init__(self, searching: Searching, bodies: Bodies) -> None:
        self._searching, self._bodies = searching, bodies

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        body = self._bodies.read_json(request, exchange_of(request).client)
        search = search_of_body(parse_json_body(body))
        self._searching.answer(request, response, search)
