"""`${…}` in a checklist: a value of the target's profile."""

import re
from collections.abc import Callable
from dataclasses import replace

from checklists.expectations import Comparison, Expectation
from harness.errors import LaunchkitError
from harness.target import Target

_READERS: dict[str, Callable[[Target], str | None]] = {
    "name": lambda target: target.name,
    "base_url": lambda target: target.base_url,
    "console_url": lambda target: target.console_url,
    "database_url": lambda target: target.database_url,
    "prometheus_url": lambda target: target.prometheus_url,
    "release.name": lambda target: target.release.name,
    "release.commit": lambda target: target.release.commit,
    "cors.allowed": lambda target: target.cors.allowed if target.cors else None,
    "cors.denied": lambda target: target.cors.denied if target.cors else None,
    "rate_limit.requests": lambda target: str(target.rate_limit.requests),
    "logs": lambda target: ", ".join(map(str, target.logs)) or None,
    "workers": lambda target: "declared" if target.workers else None,
    "folder": lambda target: str(target.folder),
}
NAMES = tuple(_READERS)
_REFERENCE = re.compile(r"\$\{([^}]*)\}")


class NotInProfileError(LaunchkitError):
    """The profile does not declare what the item speaks of: the item is skipped."""


def mentioned(text: str) -> list[str]:
    return _REFERENCE.findall(text)


def lookup(name: str, target: Target) -> str:
    """Raises NotInProfileError."""
    value = _READERS[name](target)
    if value is None:
        raise NotInProfileError(
            f"no {name} in the profile",
            hint=f"add {name.partition('.')[0]} to {target.path.name} where there is one",
        )
    return value


def fill(text: str, target: Target) -> str:
    """Raises NotInProfileError."""
    return _REFERENCE.sub(lambda match: lookup(match[1], target), text)


def fill_literal(expectation: Expectation, target: Target) -> Expectation:
    """The expectation with the profile's values in what it compares with. Raises NotInProfileError."""
    if not isinstance(expectation, Comparison) or not mentioned(expectation.literal.text):
        return expectation
    value = fill(str(expectation.literal.value), target)
    literal = replace(expectation.literal, text=value, value=value)
    return replace(expectation, text=fill(expectation.text, target), literal=literal)
