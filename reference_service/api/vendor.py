"""`GET /vendors/{idOrSlug}` and its `/health`."""

import falcon

from reference_service.api.answering import encoded, write
from reference_service.api.query_string import parse_query_string
from reference_service.api.reading import limit_of
from reference_service.api.text import checked_text
from reference_service.domain.errors import NotFoundError
from reference_service.domain.search import DEFAULT_HEALTH_LIMIT, HEALTH_LIMIT
from reference_service.domain.vendor_key import VendorKey
from reference_service.storage.marketplace import Marketplace


class VendorResource:
    endpoint = "vendor"

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace

    def on_get(self, request: falcon.Request, response: falcon.Response, key: str) -> None:
        found = self._marketplace.details(vendor_key(key))
        if found is None:
            raise _unknown()
        write(request, response, encoded(found))


class VendorHealthResource:
    endpoint = "vendor_health"

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace

    def on_get(self, request: falcon.Request, response: falcon.Response, key: str) -> None:
        query = parse_query_string(request.query_string)
        limit = limit_of(query, DEFAULT_HEALTH_LIMIT, HEALTH_LIMIT)
        found = self._marketplace.health_history(vendor_key(key), limit)
        if found is None:
            raise _unknown()
        write(request, response, encoded(found))


def vendor_key(text: str) -> VendorKey:
    """The key that a path names.

    Raises InvalidRequestError, NotFoundError for none.
    """
    if not text:
        raise _unknown()
    return VendorKey(checked_text("idOrSlug", text))


def _unknown() -> NotFoundError:
    return NotFoundError("there is no such vendor")
