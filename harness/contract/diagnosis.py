"""What a broken promise looks like: an error that explains itself."""

import threading
from dataclasses import dataclass, field
from typing import Protocol

from harness.evidence import Json


class ContractBroken(AssertionError):  # noqa: N818 - it is an assertion that failed, as pytest names them
    """The target did not do what the contract says.

    `asked` is the request as a curl line, `reason` the model's, for instance "vendor 17 is inactive".
    """

    def __init__(
        self,
        message: str,
        *,
        expected: str = "",
        observed: str = "",
        asked: str = "",
        reason: str = "",
        evidence: dict[str, Json] | None = None,
    ) -> None:
        self.message = message
        self.expected, self.observed = expected, observed
        self.asked, self.reason = asked, reason
        self.evidence = evidence or {}
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [self.message]
        for label, text in (
            ("expected", self.expected),
            ("observed", self.observed),
            ("because", self.reason),
            ("ask", self.asked),
        ):
            if text:
                lines.append(f"  {label + ':':10}{text}")
        return "\n".join(lines)


class NotTestable(Exception):  # noqa: N818 - an outcome, like pytest's own Skipped and Failed
    """Declared by the profile, but the means to test it are missing; counts as a failure."""


class NotAsked(Exception):  # noqa: N818 - an outcome too
    """A request that the profile does not allow; whatever needs its answer does not apply."""


class Answered(Protocol):
    """As much of an answer as tells which it was."""

    @property
    def curl(self) -> str: ...

    def brief(self) -> str: ...


class Latest(threading.local):
    """The latest answer to this thread: what another one asks has nothing to do with it."""

    answer: Answered | None = None


@dataclass
class Traffic:
    """How the target's answers went so far, by operation; limiter tests are left out of it."""

    asked: dict[str, int] = field(default_factory=dict)
    succeeded: dict[str, int] = field(default_factory=dict)
    limited: int = 0
    latest: Latest = field(default_factory=Latest)

    def note(self, operation: str, status: int, times: int = 1) -> None:
        self.asked[operation] = self.asked.get(operation, 0) + times
        if 200 <= status < 300:
            self.succeeded[operation] = self.succeeded.get(operation, 0) + times
        if status == 429:
            self.limited += times

    @property
    def total(self) -> int:
        return sum(self.asked.values())

    def never_succeeded(self) -> list[str]:
        """The operations that were asked and never once answered 2xx."""
        return sorted(name for name in self.asked if name != "other" and not self.succeeded.get(name))
