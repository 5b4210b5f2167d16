"""Order and pages of unknown data."""

from collections.abc import Callable

import pytest

from harness.contract.client import Client
from harness.contract.compare import moment
from harness.contract.expect import require
from harness.contract.live.asking import MOST_PAGES, PAGE, Item, persistently, sample, search
from harness.contract.live.test_search import word_of

_NEVER = float("inf")


def _ago(item: Item) -> float:
    last = moment(item.get("lastRequestAt"))
    return -last.timestamp() if last else _NEVER


KEYS: dict[str, Callable[[Item], tuple[float, ...]]] = {
    "rating": lambda v: (-v["ratingScore"], -v["totalRequests"], v["id"]),
    "uptime": lambda v: (-v["uptimePct"], -v["ratingScore"], v["id"]),
    "popular": lambda v: (-v["totalRequests"], -v["ratingScore"], v["id"]),
    "fastest": lambda v: (v["avgLatencyMs"] or _NEVER, -v["ratingScore"], v["id"]),
    "recent": lambda v: (_ago(v), v["id"]),
    "relevance": lambda v: (-v["relevanceScore"], -v["ratingScore"], v["id"]),
}


def check_order(client: Client, sort: str, params: dict[str, str]) -> None:
    def check() -> None:
        items: list[Item] = []
        for offset in (0, PAGE):
            response, document = search(client, params, limit=PAGE, offset=offset)
            items += document["vendors"]
        ordered = sorted(items, key=KEYS[sort])
        at = next(
            (i for i, (a, b) in enumerate(zip(items, ordered, strict=True)) if a["id"] != b["id"]), None
        )
        require(
            at is None,
            f"not in the order of {sort}",
            response,
            expected=f"vendor {ordered[at or 0]['id'] if items else None} at place {at}",
            observed=f"vendor {items[at or 0]['id'] if items else None}",
        )

    persistently(check)


@pytest.mark.requirement("API-04")
@pytest.mark.parametrize("sort", ["rating", "uptime", "popular", "fastest", "recent"])
def test_order(client: Client, sort: str) -> None:
    check_order(client, sort, {"sort": sort})


@pytest.mark.requirement("API-04")
def test_default_orders(client: Client) -> None:
    """By rating without a query, whatever is asked; by relevance with one."""
    check_order(client, "rating", {})
    check_order(client, "rating", {"sort": "relevance"})
    word = next((word_of(v) for v in sample(client) if word_of(v)), "")
    if word:
        check_order(client, "relevance", {"q": word})
        check_order(client, "relevance", {"q": word, "sort": "relevance"})
        check_order(client, "popular", {"q": word, "sort": "popular"})


@pytest.mark.requirement("API-05")
@pytest.mark.parametrize("sort", ["rating", "popular"])
def test_pages_are_disjoint_and_cover(client: Client, sort: str) -> None:
    def check() -> None:
        total = search(client, limit=1)[1]["total"]
        size = max(1, min(PAGE, total // MOST_PAGES + 1))
        seen: list[int] = []
        for offset in range(0, min(total, size * MOST_PAGES), size):
            response, document = search(client, sort=sort, limit=size, offset=offset)
            page = [v["id"] for v in document["vendors"]]
            expected = min(size, total - offset)
            require(
                len(page) == expected, "a page is short", response, expected=str(expected), observed=len(page)
            )
            more = offset + len(page) < document["total"]
            require(
                document["hasMore"] is more,
                "hasMore",
                response,
                expected=str(more),
                observed=document["hasMore"],
            )
            require(
                document["total"] == total,
                "total moves",
                response,
                expected=str(total),
                observed=document["total"],
            )
            again = sorted(set(page) & set(seen))
            require(
                not again and len(set(page)) == len(page),
                "pages overlap",
                response,
                expected="",
                observed=again,
            )
            seen += page

    persistently(check)


@pytest.mark.requirement("API-05")
def test_the_end(client: Client) -> None:
    def check() -> None:
        total = search(client, limit=1)[1]["total"]
        for offset, left in ((total - 1, 1), (total, 0), (total + 1, 0), (10**12, 0), (10**30, 0)):
            response, document = search(client, offset=max(0, offset), limit=5)
            seen = len(document["vendors"])
            require(seen == left, "past the end", response, expected=f"{left} vendors", observed=seen)
            require(
                document["hasMore"] is False, "hasMore at the end", response, expected="false", observed=True
            )
            same = document["total"] == total
            require(
                same, "total depends on offset", response, expected=str(total), observed=document["total"]
            )

    persistently(check)


@pytest.mark.requirement("API-05")
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_limit(client: Client, limit: int) -> None:
    response, document = search(client, limit=limit)
    expected = min(limit, document["total"])
    seen = len(document["vendors"])
    require(seen == expected, "limit is not kept", response, expected=f"{expected} vendors", observed=seen)
