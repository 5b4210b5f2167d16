"""What the tests of this package share."""

import pytest

from harness.requirements import Requirement, read_requirements
from reports.policy import Policy, read_policy


@pytest.fixture(scope="session")
def policy() -> Policy:
    return read_policy()


@pytest.fixture(scope="session")
def requirements() -> tuple[Requirement, ...]:
    return read_requirements()
