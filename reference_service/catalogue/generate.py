"""A whole catalogue from a plan; pure."""

from reference_service.catalogue import history
from reference_service.catalogue.model import Catalogue
from reference_service.catalogue.vendors import Plan, make_endpoints, make_vendors


def generate(plan: Plan) -> Catalogue:
    """Vendors with their endpoints and their past; the same plan gives the same catalogue."""
    vendors = make_vendors(plan)
    kinds = history.behaviours(plan)
    known = history.known(plan, vendors)
    return Catalogue(
        vendors=vendors,
        endpoints=make_endpoints(plan, vendors),
        health_checks=history.health_checks(plan, known, kinds),
        telemetry=history.telemetry(plan, known, kinds),
        payments=history.payments(plan, known),
        disputes=history.disputes(plan, known),
    )
