"""`GET /vendors/{idOrSlug}/health`: the checks, newest first."""

import pytest

from harness.contract.client import Client
from harness.contract.expect import expect_document
from harness.contract.paths import VENDORS
from harness.fixtures.dataset import Vendor
from harness.fixtures.history import CHECK_COUNTS
from harness.fixtures.model import Model

DEFAULT_LIMIT = 24


def with_checks(model: Model, size: int) -> Vendor:
    """The vendor with that many checks, or the next one with fewer."""
    return max(model.visible, key=lambda v: (len(v.health_checks) <= size, min(size, len(v.health_checks))))


@pytest.mark.requirement("API-11")
@pytest.mark.parametrize("size", CHECK_COUNTS)
def test_default_limit(client: Client, model: Model, size: int) -> None:
    vendor = with_checks(model, size)
    expect_document(client.get(f"{VENDORS}/{vendor.id}/health"), model.health(vendor, DEFAULT_LIMIT))


@pytest.mark.requirement("API-11")
@pytest.mark.parametrize("limit", [1, 2, 24, 25, 99, 100])
def test_limit(client: Client, model: Model, limit: int) -> None:
    for size in (25, 130):
        vendor = with_checks(model, size)
        response = client.get(f"{VENDORS}/{vendor.id}/health", {"limit": limit})
        expect_document(response, model.health(vendor, limit))


@pytest.mark.requirement("API-09", "API-11")
def test_by_slug(client: Client, model: Model) -> None:
    for vendor in [v for v in model.visible if v.health_checks][:10]:
        expect_document(client.get(f"{VENDORS}/{vendor.slug}/health"), model.health(vendor))
