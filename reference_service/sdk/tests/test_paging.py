"""All pages of a search while the marketplace changes underneath."""

from collections.abc import Callable
from typing import Any

import pytest

from machpay import DiscoveryClient

from .asking import Ask
from .described import example, schema
from .stub import Stub, answer

Serve = Callable[..., Stub]


def page(ids: list[int], total: int, *, more: bool = True) -> Any:
    vendors = [example(schema("VendorDiscoveryResult")) | {"id": each} for each in ids]
    return answer({"vendors": vendors, "total": total, "hasMore": more, "categories": []})


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ([page([1, 2], 4), page([3, 4], 4, more=False)], [1, 2, 3, 4]),
        ([page([1, 2], 4), page([2, 3], 5), page([4], 5, more=False)], [1, 2, 3, 4]),
        ([page([1, 2], 4), page([], 1)], [1, 2]),
        ([page([1, 2], 3), page([3], 2, more=False)], [1, 2, 3]),
        ([page([1], 3), page([1], 4), page([2], 4), page([3], 4, more=False)], [1, 2, 3]),
        ([page([1, 2], 5)], [1, 2]),
    ],
    ids=["still", "one moved on", "emptied", "shrunk", "one arrived before", "always the first page"],
)
def test_each_vendor_is_told_once_and_the_walk_ends(
    ask: Ask, serve_stub: Serve, pages: list[Any], found: list[int]
) -> None:
    stub = serve_stub(*pages)
    assert [vendor.id for vendor in ask(stub.url, "iter_search", limit=2)] == found
    assert len(stub.requests) <= 4


def test_a_page_is_fetched_when_it_is_reached(serve_stub: Serve) -> None:
    stub = serve_stub(page([1, 2], 4), page([3, 4], 4, more=False))
    with DiscoveryClient(stub.url) as client:
        walk = client.iter_search(limit=2)
        assert not stub.requests
        assert [next(walk).id, next(walk).id] == [1, 2]
        assert len(stub.requests) == 1
        assert '"offset":2' not in stub.requests[0].replace(" ", "")
        assert next(walk).id == 3
        assert '"offset":2' in stub.requests[1].replace(" ", "")
