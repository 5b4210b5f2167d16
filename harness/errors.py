"""Errors that a user reads: one line that says what was wrong and what to do."""

from pathlib import Path
from typing import ClassVar

from harness.exit_codes import ExitCode


class LaunchkitError(Exception):
    """The root of every expected error; `str()` is the one line that is shown."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNDECIDED

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message}; {hint}" if hint else message)


class UsageError(LaunchkitError):
    """The call, a file that it names, or the place to write to is not usable."""

    exit_code = ExitCode.USAGE


class DocumentError(UsageError):
    """A file says something wrong; the message starts with file:line:column."""

    def __init__(self, path: Path | str, line: int, column: int, message: str, *, hint: str = "") -> None:
        self.path, self.line, self.column = Path(path), line, column
        super().__init__(f"{path}:{line}:{column}: {message}", hint=hint)


class NotAllowedError(UsageError):
    """The profile does not allow this on a target that is not on loopback."""


class CouldNotDecideError(LaunchkitError):
    """Evidence could not be had; neither a pass nor a failure."""

    exit_code = ExitCode.UNDECIDED


class TargetUnreachableError(CouldNotDecideError):
    """The target never answered."""


class TargetDiedError(LaunchkitError):
    """The target stopped answering after it had answered."""

    exit_code = ExitCode.FAIL
