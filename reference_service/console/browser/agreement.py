"""What the page shows is what the API says."""

from reference_service.console.browser.marketplace import Marketplace
from reference_service.console.browser.page_model import ConsolePage


def agree(console: ConsolePage, marketplace: Marketplace, **parameters: str | float) -> None:
    """How many there are, who they are and in which order, and how many each category has."""
    said = marketplace.search(**parameters)
    console.settled(len(said["vendors"]), said["total"])
    assert console.listed(len(said["vendors"])) == [vendor["serviceName"] for vendor in said["vendors"]]
    counts = {facet["category"]: facet["count"] for facet in said["categories"]}
    everything = {"All": sum(counts.values())}
    assert console.category_names() == [f"{name} {_brief(n)}" for name, n in (everything | counts).items()]


def _brief(count: int) -> str:
    return str(count) if count < 1000 else f"{count / 1000:.1f}K"
