"""Where a target can come from."""

from enum import StrEnum


class EnvironmentKind(StrEnum):
    EMBEDDED = "embedded"  # PostgreSQL, Valkey and the reference service as child processes
    CONTAINERS = "containers"  # the same, the two servers in containers
    EXISTING = "existing"  # what a profile describes
