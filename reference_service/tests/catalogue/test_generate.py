"""The generated catalogue: repeatable, unique where it must be, and plausible."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from reference_service.catalogue.behaviour import Temper, behaviour_of
from reference_service.catalogue.generate import generate
from reference_service.catalogue.model import Check, Dispute, Endpoint, Payment, Telemetry, Vendor
from reference_service.catalogue.vendors import Plan, make_vendors

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAN = Plan(2000, 7, "http://127.0.0.1:9", NOW)


@dataclass(frozen=True)
class Made:
    """A catalogue, read."""

    vendors: tuple[Vendor, ...]
    endpoints: tuple[Endpoint, ...]
    health_checks: tuple[Check, ...]
    telemetry: tuple[Telemetry, ...]
    payments: tuple[Payment, ...]
    disputes: tuple[Dispute, ...]


def made() -> Made:
    catalogue = generate(PLAN)
    return Made(
        tuple(catalogue.vendors),
        tuple(catalogue.endpoints),
        tuple(catalogue.health_checks),
        tuple(catalogue.telemetry),
        tuple(catalogue.payments),
        tuple(catalogue.disputes),
    )


@pytest.fixture(scope="module")
def catalogue() -> Made:
    return made()


def test_the_same_plan_makes_the_same_catalogue_and_another_seed_another(catalogue: Made) -> None:
    assert made() == catalogue
    assert make_vendors(Plan(2000, 8, PLAN.stub_url, NOW)) != catalogue.vendors


def test_slugs_and_ids_are_unique_and_no_slug_is_a_number(catalogue: Made) -> None:
    vendors = catalogue.vendors
    assert [vendor.id for vendor in vendors] == list(range(1, 2001))
    assert len({vendor.slug for vendor in vendors}) == len({vendor.app_id for vendor in vendors}) == 2000
    assert not any(vendor.slug.isdigit() or vendor.slug in ("", "featured") for vendor in vendors)


def test_slugs_stay_unique_when_names_run_out() -> None:
    vendors = make_vendors(Plan(20_000, 1, PLAN.stub_url, NOW))
    assert len({vendor.slug for vendor in vendors}) == 20_000


def test_weather_is_a_common_term_and_words_thin_out(catalogue: Made) -> None:
    texts = [
        f"{v.service_name} {v.description} {v.category} {' '.join(v.tags)}".lower() for v in catalogue.vendors
    ]
    share = sum("weather" in text for text in texts) / len(texts)
    assert 0.12 < share < 0.25
    words = Counter(word.strip(":,.") for text in texts for word in set(text.split()))
    counts = [count for _, count in words.most_common()]
    assert counts[0] > 5 * counts[50] > 20 * counts[-1]
    assert len(counts) > 500


def test_some_are_inactive_unverified_or_without_a_health_endpoint(catalogue: Made) -> None:
    vendors = catalogue.vendors
    assert 40 < sum(vendor.status == "inactive" for vendor in vendors) < 160
    assert 400 < sum(not vendor.is_verified for vendor in vendors) < 1200
    assert 40 < sum(vendor.health_endpoint is None for vendor in vendors) < 200
    assert {len(vendor.tags) for vendor in vendors} <= {1, 2, 3, 4}


@pytest.mark.parametrize(("count", "featured"), [(1, 1), (5, 1), (50, 5), (2000, 20)])
def test_featured_vendors_are_active_verified_and_in_order(count: int, featured: int) -> None:
    chosen = [v for v in make_vendors(Plan(count, 3, PLAN.stub_url, NOW)) if v.featured_order]
    assert sorted(v.featured_order or 0 for v in chosen) == list(range(1, featured + 1))
    assert all(v.is_verified and v.status == "active" for v in chosen)


def test_every_url_is_on_the_stub_server(catalogue: Made) -> None:
    for vendor in catalogue.vendors:
        for url in (vendor.base_url, vendor.logo_url, vendor.website_url):
            assert url is None or url.startswith(f"http://127.0.0.1:9/vendors/{vendor.id}")


def test_the_past_is_in_the_past_and_in_its_windows(catalogue: Made) -> None:
    assert all(
        NOW - timedelta(days=7) < check.checked_at < NOW + timedelta(0) for check in catalogue.health_checks
    )
    assert all(NOW - timedelta(days=1) < call.created_at < NOW for call in catalogue.telemetry)
    assert all(payment.created_at < NOW for payment in catalogue.payments)
    assert all(dispute.created_at < NOW for dispute in catalogue.disputes)


def test_popularity_is_uneven_and_some_vendors_have_no_past(catalogue: Made) -> None:
    payments = Counter(payment.vendor_id for payment in catalogue.payments)
    assert payments.most_common(1)[0][1] > 50 * min(payments.values())
    assert 20 < 2000 - len(payments) < 120


def test_history_follows_the_tempers(catalogue: Made) -> None:
    tempers = {vendor.id: behaviour_of(PLAN.seed, vendor.id).temper for vendor in catalogue.vendors}
    found = {(tempers[check.vendor_id], check.status, check.error) for check in catalogue.health_checks}
    assert {status for temper, status, _ in found if temper is Temper.MISSING} == {"degraded"}
    assert {error for temper, _, error in found if temper is Temper.CIRCLING} == {"too_many_redirects"}
    assert {error for temper, _, error in found if temper is Temper.FAILING} == {"http_503"}
    steady = [c.status for c in catalogue.health_checks if tempers[c.vendor_id] is Temper.STEADY]
    assert steady.count("up") / len(steady) > 0.99
