"""Where the seven endpoints are, and which of them a path means."""

import re

BASE = "/v1/marketplace"
VENDORS = f"{BASE}/vendors"
SEARCH = f"{BASE}/search"
FEATURED = f"{VENDORS}/featured"
CATEGORIES = f"{BASE}/categories"
QUICK_SEARCH = f"{BASE}/quick-search"

OTHER = "other"

_OPERATIONS = (
    ("GET", re.compile(VENDORS), "GET /vendors"),
    ("POST", re.compile(SEARCH), "POST /search"),
    ("GET", re.compile(FEATURED), "GET /vendors/featured"),
    ("GET", re.compile(f"{VENDORS}/[^/]+/health"), "GET /vendors/{idOrSlug}/health"),
    ("GET", re.compile(f"{VENDORS}/[^/]+"), "GET /vendors/{idOrSlug}"),
    ("GET", re.compile(CATEGORIES), "GET /categories"),
    ("GET", re.compile(QUICK_SEARCH), "GET /quick-search"),
)

OPERATIONS = tuple(name for _, _, name in _OPERATIONS)


def only_reads(method: str, path: str) -> bool:
    """Whether the request changes nothing, neither in a target that keeps to the contract nor in another."""
    return method in ("GET", "HEAD", "OPTIONS") or (method, path.partition("?")[0]) == ("POST", SEARCH)


def operation(method: str, path: str) -> str:
    """The endpoint's name, as the contract's table writes it."""
    path = path.partition("?")[0]
    return next((name for verb, form, name in _OPERATIONS if verb == method and form.fullmatch(path)), OTHER)
