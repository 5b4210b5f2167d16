"""`GET /vendors/featured`, `/categories` and `/quick-search`."""

import falcon

from reference_service.api.answering import Answering, encoded, write
from reference_service.api.query_string import parse_query_string
from reference_service.api.reading import limit_of, prefix_of
from reference_service.domain.answers import CategoriesAnswer, FeaturedAnswer, QuickAnswer
from reference_service.domain.search import (
    DEFAULT_FEATURED_LIMIT,
    DEFAULT_QUICK_LIMIT,
    FEATURED_LIMIT,
    QUICK_LIMIT,
)
from reference_service.storage.marketplace import Marketplace


class FeaturedResource:
    endpoint = "featured"

    def __init__(self, marketplace: Marketplace, answering: Answering, seconds: int) -> None:
        self._marketplace, self._answering, self._seconds = marketplace, answering, seconds

    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        query = parse_query_string(request.query_string)
        limit = limit_of(query, DEFAULT_FEATURED_LIMIT, FEATURED_LIMIT)
        self._answering.cached(
            request,
            response,
            "featured",
            limit,
            self._seconds,
            lambda: FeaturedAnswer(self._marketplace.featured(limit)),
        )


class CategoriesResource:
    endpoint = "categories"

    def __init__(self, marketplace: Marketplace, answering: Answering, seconds: int) -> None:
        self._marketplace, self._answering, self._seconds = marketplace, answering, seconds

    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        self._answering.cached(
            request,
            response,
            "categories",
            None,
            self._seconds,
            lambda: CategoriesAnswer(self._marketplace.categories()),
        )


class QuickSearchResource:
    endpoint = "quick_search"

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace

    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        query = parse_query_string(request.query_string)
        prefix, limit = prefix_of(query), limit_of(query, DEFAULT_QUICK_LIMIT, QUICK_LIMIT)
        write(request, response, encoded(QuickAnswer(self._marketplace.quick_search(prefix, limit))))
