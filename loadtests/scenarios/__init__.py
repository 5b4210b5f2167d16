"""Every scenario there is, by name."""

from harness.documents import suggestion
from harness.errors import UsageError
from loadtests.scenarios import featured, mix, search, soak, spike
from loadtests.scenarios.model import Scenario

SCENARIOS: dict[str, Scenario] = {
    module.SCENARIO.name: module.SCENARIO for module in (search, featured, spike, soak, mix)
}


def scenario_named(name: str) -> Scenario:
    """Raises UsageError, with a suggestion."""
    try:
        return SCENARIOS[name]
    except KeyError:
        raise UsageError(f"unknown scenario {name!r}", hint=suggestion(name, SCENARIOS)) from None
