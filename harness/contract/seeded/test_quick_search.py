"""`GET /quick-search`: prefixes of words of names."""

import pytest

from harness.contract.client import Client, Response
from harness.contract.compare import differences, marked
from harness.contract.diagnosis import ContractBroken
from harness.contract.expect import expect_json, ids, report
from harness.contract.explore import Exploring
from harness.contract.paths import QUICK_SEARCH
from harness.contract.strategies import prefixes
from harness.fixtures import shown
from harness.fixtures.dataset import Vendor
from harness.fixtures.model import Model

PREFIXES = (
    "we",
    "WEATHER",
    "weather st",
    "global",
    "fo",
    "zed",
    "zed_",
    "zed_r",
    "zedx",
    "100%",
    "100",
    "50%",
    "50",
    "% z",
    "c++",
    "(b",
    "bé",
    "(béta)",
    "[a",
    "alpha",
    "o'",
    "o'h",
    "hare",
    '"q',
    "back\\",
    "slash",
    "'; drop",
    "drop",
    "<b",
    "plus",
    "mé",
    "téo",
    "éc",
    "ÉCLAIR",
    "üb",
    "ÜB",
    "cafe",
    "café",
    "rocket",
    "🚀r",
    "🚀 r",
    "24/7",
    "7 q",
    "360°",
    "3d",
    "d q",
    "null",
    "quirk.dot",
    "dot",
    "relay",
    "eather",
    "%%",
    "__",
    "..",
    "\\\\",
    "zebra",
)


def check(response: Response, expected: tuple[Vendor, ...], prefix: str) -> None:
    observed = expect_json(response).get("results")
    seen, wanted = ids(response, observed), [vendor.id for vendor in expected]
    if seen != wanted:
        left, right = marked(wanted, seen)
        names = {vendor.id: vendor.service_name for vendor in expected}
        wrong = next((i for i in seen if i not in names), None)
        said = next((i.get("serviceName") for i in observed or [] if i["id"] == wrong), None)
        raise ContractBroken(
            f"quick search for {prefix!r} finds others, or in another order",
            expected=f"{left} ({', '.join(map(repr, names.values())) or 'nothing'})",
            observed=right,
            asked=response.curl,
            reason=f"no active vendor {wrong} of that place: {said!r}"
            if wrong is not None
            else "names that start with q first, then total requests descending, then id",
        )
    documents = [shown.quick_result(vendor) for vendor in expected]
    report(response, differences(documents, observed, "results"))


@pytest.mark.requirement("API-13")
@pytest.mark.parametrize("prefix", PREFIXES)
def test_prefix(client: Client, model: Model, prefix: str) -> None:
    response = client.get(QUICK_SEARCH, {"q": prefix, "limit": 10})
    check(response, model.quick_search(prefix, 10), prefix)


@pytest.mark.requirement("API-13")
@pytest.mark.parametrize("limit", [None, 1, 4, 5, 6, 9, 10])
def test_limit(client: Client, model: Model, limit: int | None) -> None:
    params = [("q", "we")] + ([] if limit is None else [("limit", str(limit))])
    check(client.get(QUICK_SEARCH, params), model.quick_search("we", limit or 5), "we")


@pytest.mark.requirement("API-13")
def test_spaces_around_are_trimmed(client: Client, model: Model) -> None:
    for text in (" we", "we  ", "  weather  ", " " * 200 + "we"):
        check(client.get(QUICK_SEARCH, {"q": text}), model.quick_search(text), text)


@pytest.mark.requirement("API-13")
def test_any_prefix(client: Client, model: Model, exploring: Exploring) -> None:
    def ask(prefix: str) -> None:
        check(client.get(QUICK_SEARCH, {"q": prefix, "limit": 10}), model.quick_search(prefix, 10), prefix)

    exploring(prefixes(model), ask, share=2)
