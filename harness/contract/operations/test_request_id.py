"""`X-Request-Id`, by which people find an answer again in the logs."""

import pytest

from harness.contract.client import Client
from harness.contract.operations.asking import ASKINGS, Asking

pytestmark = [pytest.mark.capability("health_endpoints"), pytest.mark.requirement("DOC-02")]


@pytest.mark.should
@pytest.mark.parametrize("asking", [pytest.param(a, id=a.name.replace(" ", "-")) for a in ASKINGS])
def test_a_request_id_is_echoed_or_made(client: Client, asking: Asking) -> None:
    made = asking.by(client).headers.get("X-Request-Id")
    assert made, f"HTTP {asking.status} has no X-Request-Id"
    again = asking.by(client, **{"X-Request-Id": "one-of-ours-7"}).headers.get("X-Request-Id")
    assert again == "one-of-ours-7", f"X-Request-Id was sent and came back as {again!r}"
