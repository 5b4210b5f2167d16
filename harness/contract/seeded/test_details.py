"""`GET /vendors/{idOrSlug}`: the full record, by id and by slug."""

from urllib.parse import quote

import pytest

from harness.contract.client import Client, Response
from harness.contract.compare import differences
from harness.contract.errors import expect_error
from harness.contract.expect import expect_json, report
from harness.contract.paths import VENDORS
from harness.fixtures import shown
from harness.fixtures.dataset import Vendor
from harness.fixtures.model import Model

UNKNOWN = (
    "0",
    "3999999",
    "2147483647",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "1" * 40,
    "no-such-vendor",
    "-1",
    "1.0",
    "%25",
    "_",
    "hidden",
)
FEW = 5


def expect_details(response: Response, vendor: Vendor) -> None:
    expected, document = shown.details(vendor), expect_json(response)
    for endpoints in (expected["endpoints"], document.get("endpoints")):  # the contract gives them no order
        if isinstance(endpoints, list):
            endpoints.sort(key=lambda item: (str(item.get("path")), str(item.get("method"))))
    report(response, differences(expected, document))


@pytest.mark.requirement("API-08", "DOC-02")
def test_every_vendor_by_id(client: Client, model: Model) -> None:
    for vendor in model.visible[: FEW if client.single else None]:
        expect_details(client.get(f"{VENDORS}/{vendor.id}"), vendor)


@pytest.mark.requirement("API-09")
def test_every_vendor_by_slug(client: Client, model: Model) -> None:
    """Among the slugs are some that a careless parser takes for numbers."""
    odd = [vendor for vendor in model.visible if not vendor.slug.startswith("vendor-")]
    for vendor in odd if client.single else model.visible:
        expect_details(client.get(f"{VENDORS}/{quote(vendor.slug)}"), vendor)


@pytest.mark.requirement("API-08")
def test_a_vendor_without_metrics_shows_the_starting_values(client: Client, model: Model) -> None:
    for vendor in [vendor for vendor in model.visible if vendor.metrics is None][:FEW]:
        expect_details(client.get(f"{VENDORS}/{vendor.id}"), vendor)


@pytest.mark.requirement("API-08")
@pytest.mark.parametrize("zeros", ["0", "0000000", "0" * 30])
def test_leading_zeros_of_an_id_are_ignored(client: Client, model: Model, zeros: str) -> None:
    vendor = model.visible[0]
    expect_details(client.get(f"{VENDORS}/{zeros}{vendor.id}"), vendor)


@pytest.mark.requirement("API-09", "API-10")
@pytest.mark.parametrize("like", ["+{}", "-{}", "{}.0", "{}e0", "%20{}", "{}%20", "%25{}"])
def test_what_only_looks_like_an_id_is_a_slug(client: Client, model: Model, like: str) -> None:
    name = like.format(model.visible[0].id)
    for path in (f"{VENDORS}/{name}", f"{VENDORS}/{name}/health"):
        expect_error(client.get(path), "not_found", reason="an id is all digits, and no slug is this")


@pytest.mark.requirement("API-10")
@pytest.mark.parametrize("bits", [32, 64])
def test_an_id_that_overflows_finds_nobody(client: Client, model: Model, bits: int) -> None:
    number = model.visible[0].id + 2**bits
    for path in (f"{VENDORS}/{number}", f"{VENDORS}/{number}/health"):
        expect_error(client.get(path), "not_found", reason=f"modulo 2^{bits} it is somebody's")


@pytest.mark.requirement("API-10")
@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_vendor_is_not_found(client: Client, model: Model, name: str) -> None:
    for path in (f"{VENDORS}/{name}", f"{VENDORS}/{name}/health"):
        expect_error(client.get(path), "not_found")


@pytest.mark.requirement("API-10")
def test_an_inactive_vendor_is_not_found(client: Client, model: Model) -> None:
    for vendor in [vendor for vendor in model.dataset.vendors if not vendor.active]:
        reason = f"vendor {vendor.id} is inactive"
        for name in (str(vendor.id), quote(vendor.slug)):
            expect_error(client.get(f"{VENDORS}/{name}"), "not_found", reason=reason)
            expect_error(client.get(f"{VENDORS}/{name}/health"), "not_found", reason=reason)


@pytest.mark.requirement("API-09", "API-10")
def test_a_slug_has_an_exact_case(client: Client, model: Model) -> None:
    slugs = [vendor.slug for vendor in model.visible if vendor.slug.upper() != vendor.slug][:FEW]
    for slug in slugs:
        response = client.get(f"{VENDORS}/{quote(slug.upper())}")
        expect_error(response, "not_found", reason=f"the slug is {slug!r}")


@pytest.mark.requirement("API-10")
def test_a_part_of_a_slug_finds_nothing(client: Client, model: Model) -> None:
    for name in ("vendor", "vendor-", "under%25", "underXscore", "1e", "mp_app_0001"):
        expect_error(client.get(f"{VENDORS}/{name}"), "not_found")
