"""All pages of a search: which call comes next, and which of its vendors are new."""

from __future__ import annotations

from dataclasses import replace

from machpay.calls import Call
from machpay.models import SearchResult, VendorInfo

_PAGE = 100


class Walk:
    """From the first page to the last, while the data may change.

    A vendor that moves to a later page is told once. The walk ends with the last page, with one that is
    empty, and at the total, whatever else the service promises.
    """

    def __init__(self, first: Call[SearchResult]) -> None:
        self.following: Call[SearchResult] | None = replace(
            first, body={"limit": _PAGE, **(first.body or {})}
        )
        self._offset = _offset(first)
        self._met: set[int] = set()

    def take(self, page: SearchResult) -> tuple[VendorInfo, ...]:
        """The vendors of the page that was asked for, without those of pages before."""
        new = tuple(vendor for vendor in page.vendors if vendor.id not in self._met)
        self._met.update(vendor.id for vendor in new)
        self._offset += len(page.vendors)
        more = page.has_more and page.vendors and self._offset < page.total
        self.following = self._at_offset() if more else None
        return new

    def _at_offset(self) -> Call[SearchResult] | None:
        call = self.following
        return call and replace(call, body={**(call.body or {}), "offset": self._offset})


def _offset(first: Call[SearchResult]) -> int:
    offset = (first.body or {}).get("offset", 0)
    return offset if isinstance(offset, int) else 0
