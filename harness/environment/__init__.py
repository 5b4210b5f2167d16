"""Where targets come from; whoever uses one does not know."""

from harness.environment.kinds import EnvironmentKind
from harness.environment.opening import Environment, open_environment

__all__ = ["Environment", "EnvironmentKind", "open_environment"]
