"""What can go wrong before there is a target, besides what children.errors says."""

from harness.errors import UsageError


class PortTakenError(UsageError):
    """The port that was asked for is in use."""
