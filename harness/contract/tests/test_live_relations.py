"""Relations of the live level, against toy targets that break one each."""

from pathlib import Path
from typing import Any

import pytest

from harness.contract.client import Response
from harness.contract.diagnosis import ContractBroken
from harness.contract.live.test_search import check_filter
from harness.contract.paths import VENDORS
from harness.contract.tests.answers import response
from harness.contract.tests.test_plugin import with_toy
from harness.contract.tests.toy import Document
from harness.evidence import Status

AGREEMENT = "live/test_agreement.py"
CONFIRMED = "live/agreement/test_details_by_id_and_slug_confirm_the_search"


@pytest.mark.parametrize("member", ["websiteUrl", "createdAt", "metrics", "endpoints"])
def test_a_slug_that_gives_other_details_is_seen(tmp_path: Path, member: str) -> None:
    def otherwise(path: str, document: Document) -> tuple[int, Any] | None:
        name = path.removeprefix(f"{VENDORS}/")
        if path.startswith(f"{VENDORS}/") and not name.isdigit() and name in str(document.get("slug")):
            other = {
                "websiteUrl": "https://other.example",
                "createdAt": "2001-01-01T00:00:00Z",
                "metrics": {**document["metrics"], "totalRevenueUsd": "1.000000"},
                "endpoints": [*document["endpoints"], {"method": "GET", "path": "/x", "name": "one more"}],
            }
            document[member] = other[member]
        return None

    outcome = with_toy(tmp_path, otherwise, "--level=live", "-k", "by_id_and_slug", tests=(AGREEMENT,))
    assert outcome.statuses()[CONFIRMED] is Status.FAIL


class Shop:
    """Two vendors match both filters; one filter alone is said to find `alone`."""

    def __init__(self, alone: int) -> None:
        self.alone = alone

    def get(self, _: str, params: dict[str, Any]) -> Response:
        vendors = [_vendor(1), _vendor(2)]
        one = "verified" in params and "min_rating" not in params
        total = self.alone if one else len(vendors)
        categories = [{"category": "weather", "count": total}]
        return response({"vendors": vendors, "total": total, "hasMore": False, "categories": categories})


def _vendor(number: int) -> Document:
    texts = dict.fromkeys(("appId", "slug", "serviceName", "description"), f"v{number}")
    figures = dict.fromkeys(("avgLatencyMs", "totalRequests", "uniqueAgents", "defaultPriceUsd"), 1)
    rates = dict.fromkeys(("uptimePct", "successRate"), 99)
    rest = {"id": number, "category": "weather", "tags": [], "isVerified": True, "ratingScore": 5}
    return {**texts, **figures, **rates, **rest}


def test_two_filters_find_no_more_than_one_of_them() -> None:
    filters = {"verified": True, "min_rating": 4.0}
    check_filter(Shop(alone=2), filters)  # type: ignore[arg-type]  # as much of a client as it needs
    with pytest.raises(ContractBroken, match="adds results"):
        check_filter(Shop(alone=1), filters)  # type: ignore[arg-type]
