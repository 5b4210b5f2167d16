"""What the target's database did while the target was loaded."""

from collections.abc import Callable
from heapq import nlargest
from typing import TypeAlias

from harness.errors import CouldNotDecideError
from harness.load_result import DatabaseUse, Statement
from harness.statements import Counted, Statements, read_statements
from harness.target import Target

Read: TypeAlias = Callable[[str], Statements]
_TOLD = 5
_HIDDEN = "<insufficient privilege>"  # what the extension says of other users' statements
_NONE = Counted("", 0, 0.0)
# Of these the database keeps the text without its values; of all others with them, and one may be a password.
_WITHOUT_VALUES = ("select", "insert", "update", "delete", "merge", "with", "values")


class DatabaseWatch:
    """One run's: `start` before it and `settle` after it."""

    def __init__(self, target: Target, read: Read = read_statements) -> None:
        self._target, self._read = target, read
        self._first: Statements = {}
        self._missing = ""

    def start(self) -> None:
        self._first, self._missing = self._statements()

    def settle(self) -> DatabaseUse | None:
        """None where the profile names no database; where it cannot be asked, the result says why."""
        if self._target.database_url is None:
            return None
        last, missing = ({}, self._missing) if self._missing else self._statements()
        return DatabaseUse(missing=missing) if missing else spent(self._first, last)

    def _statements(self) -> tuple[Statements, str]:
        if self._target.database_url is None:
            return {}, ""
        try:
            return self._read(self._target.database_url), ""
        except CouldNotDecideError as error:
            hint = f" ({error.hint})" if error.hint else ""
            return {}, self._target.redact(error.message + hint)


def spent(first: Statements, last: Statements) -> DatabaseUse:
    """The difference of two readings; what was set back between them counts from zero."""
    used = [_since(first.get(number, _NONE), now) for number, now in last.items()]
    return DatabaseUse(
        seconds=round(sum(one.seconds for one in used), 4),
        calls=sum(one.calls for one in used),
        statements=tuple(
            Statement(text=_told(one.text), calls=one.calls, seconds=round(one.seconds, 4))
            for one in nlargest(_TOLD, used, key=lambda one: one.seconds)
            if one.calls
        ),
    )


def _since(before: Counted, now: Counted) -> Counted:
    if now.calls < before.calls:
        return now
    return Counted(now.text, now.calls - before.calls, max(0.0, now.seconds - before.seconds))


def _told(text: str) -> str:
    words = text.split()
    if text == _HIDDEN or (words and words[0].lower() in _WITHOUT_VALUES):
        return " ".join(words)
    return f"{words[0].upper()} …" if words and words[0].isalpha() else "another statement"
