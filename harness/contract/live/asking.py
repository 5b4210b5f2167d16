"""What the live tests share: pages of a target whose data nobody knows, and which may move."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from harness.contract.client import Client, Response, Value
from harness.contract.diagnosis import ContractBroken
from harness.contract.expect import expect_json, report
from harness.contract.paths import VENDORS
from harness.contract.shapes import search_faults

ATTEMPTS = 3
PAGE = 100
MOST_PAGES = 5

Item: TypeAlias = dict[str, Any]
Filters: TypeAlias = Mapping[str, Value]


def persistently(check: Callable[[], None]) -> None:
    """A relation between several answers may fail once because the data moved between them, not thrice."""
    for _ in range(ATTEMPTS - 1):
        try:
            return check()
        except ContractBroken:
            continue
    return check()


def search(client: Client, filters: Filters | None = None, **more: Value) -> tuple[Response, Item]:
    """Ask `GET /vendors` and see that the answer has its shape."""
    response = client.get(VENDORS, {**(filters or {}), **more})
    document = expect_json(response)
    report(response, search_faults(document))
    return response, document


def sample(client: Client, filters: Filters | None = None) -> list[Item]:
    """The first page, as large as it goes."""
    vendors: list[Item] = search(client, filters, limit=PAGE)[1]["vendors"]
    return vendors


def counts(facets: list[Item]) -> list[tuple[str, int]]:
    """The facets without whatever else a target tells of them."""
    return [(facet["category"], facet["count"]) for facet in facets]


def middle(values: list[float]) -> float:
    """The median, so that a bound by it splits the vendors."""
    return sorted(values)[len(values) // 2] if values else 0.0
