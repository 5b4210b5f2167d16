"""A pytest plugin: leaves out what must outlast a rate-limit window, for faults of something else."""

import pytest

from harness.contract.operations.conftest import OUTLASTING


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    outlasting = [item for item in items if OUTLASTING in getattr(item, "fixturenames", ())]
    if outlasting:
        config.hook.pytest_deselected(items=outlasting)
        items[:] = [item for item in items if item not in outlasting]
