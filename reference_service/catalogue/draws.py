"""Chance that can be repeated: every stream of draws has a name."""

import random


def stream(*key: object) -> random.Random:
    """The same draws for the same key, in any process."""
    return random.Random("/".join(map(str, key)))  # noqa: S311  # made-up data, nothing secret
