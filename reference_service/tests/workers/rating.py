"""The rating of a vendor, from its disputes."""

from decimal import Decimal

STARTING_RATING = Decimal("5.0")
LOWEST_RATING = Decimal("1.0")
UPHELD_PENALTY = Decimal("0.5")
OPEN_PENALTY = Decimal("0.1")


def rating(*, upheld: int, undecided: int) -> Decimal:
    """5.0, less 0.5 for each upheld dispute and 0.1 for each open one, and never below 1.0."""
    return max(STARTING_RATING - UPHELD_PENALTY * upheld - OPEN_PENALTY * undecided, LOWEST_RATING)
