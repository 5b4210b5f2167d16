"""All pages of a search, as the calls that fetch them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from machpay.calls import Call
from machpay.models import SearchResult

Pages = Generator[Call[SearchResult], SearchResult, None]

_PAGE = 100


def pages(first: Call[SearchResult]) -> Pages:
    """Yields the call for each page and is sent its result; ends too where a promised page is empty."""
    call = replace(first, body={"limit": _PAGE, **(first.body or {})})
    seen = 0
    while True:
        page = yield call
        seen += len(page.vendors)
        if not page.has_more or not page.vendors:
            return
        call = replace(call, body={**(call.body or {}), "offset": _offset(first) + seen})


def _offset(first: Call[SearchResult]) -> int:
    offset = (first.body or {}).get("offset", 0)
    return offset if isinstance(offset, int) else 0
