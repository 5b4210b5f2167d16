"""A typed client of the MachPay marketplace: search, compare and watch vendors."""

from machpay.async_client import AsyncDiscoveryClient
from machpay.client import DiscoveryClient
from machpay.errors import (
    InvalidError,
    MachPayError,
    NotFoundError,
    ProtocolError,
    RateLimitedError,
    RequestTimeoutError,
    UnavailableError,
)
from machpay.models import (
    CategoryInfo,
    HealthCheck,
    QuickSearchResult,
    SearchResult,
    VendorDetails,
    VendorEndpoint,
    VendorInfo,
    VendorMetrics,
)
from machpay.sorting import Sort

__all__ = [
    "AsyncDiscoveryClient",
    "CategoryInfo",
    "DiscoveryClient",
    "HealthCheck",
    "InvalidError",
    "MachPayError",
    "NotFoundError",
    "ProtocolError",
    "QuickSearchResult",
    "RateLimitedError",
    "RequestTimeoutError",
    "SearchResult",
    "Sort",
    "UnavailableError",
    "VendorDetails",
    "VendorEndpoint",
    "VendorInfo",
    "VendorMetrics",
]
