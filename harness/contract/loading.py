"""Puts a data set into the target by the profile's command, or sees that it is there."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.contract.diagnosis import NotTestable
from harness.errors import CouldNotDecideError
from harness.fixtures.dataset import Dataset, encode_dataset, read_dataset
from harness.target import Command, Permission, Target

TIMEOUT_SECONDS = 180


@dataclass
class Loader:
    """Knows what the target holds, so that no data set is loaded twice in a row."""

    target: Target
    folder: Path
    build: Callable[[], Dataset]
    _base: Dataset | None = None
    _held: Dataset | None = None
    _broken: str = ""

    def base(self) -> Dataset:
        """The suite's own data set, in the target."""
        if self._base is None:
            fixtures = self.target.fixtures
            preloaded = fixtures.preloaded if fixtures else None
            self._base = read_dataset(preloaded) if preloaded else self.build()
            if preloaded:
                self._held = self._base
        self.load(self._base)
        return self._base

    def load(self, dataset: Dataset) -> None:
        """Replace all that the target holds. Raises NotTestable where that cannot be done."""
        if self._broken:
            raise NotTestable(self._broken)
        if self._held is dataset:
            return
        command = self.target.fixtures.load if self.target.fixtures else None
        if command is None:
            raise NotTestable("the profile has no `fixtures.load` command")
        self.target.require(Permission.LOAD_DATA)
        self._held = None
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "dataset.json"
        file.write_bytes(encode_dataset(dataset))
        try:
            run_command(command, self.target, file=str(file.absolute()))
        except CouldNotDecideError as error:
            self._broken = f"the data set could not be loaded: {error}"
            raise NotTestable(self._broken) from None
        self._held = dataset


def run_command(command: Command, target: Target, *, timeout: float = TIMEOUT_SECONDS, **values: str) -> str:
    """Run one of the profile's commands; returns its standard output.

    Raises CouldNotDecideError where it cannot be run, runs too long, or does not exit 0.
    """
    argv = command.filled(**values)
    shown = target.redact(" ".join(argv))
    try:
        done = subprocess.run(
            argv, cwd=command.folder, capture_output=True, text=True, timeout=timeout, check=False
        )
    except OSError as error:
        raise CouldNotDecideError(
            f"`{shown}` cannot be run ({error.strerror})", hint="see the profile"
        ) from None
    except subprocess.TimeoutExpired:
        raise CouldNotDecideError(f"`{shown}` took more than {timeout:.0f} s") from None
    if done.returncode != 0:
        said = _last_words(done.stderr) or _last_words(done.stdout) or "it said nothing"
        raise CouldNotDecideError(target.redact(f"`{shown}` exited {done.returncode}: {said[:300]}"))
    return done.stdout


def _last_words(text: str) -> str:
    """The last line with a word in it: some errors end with a caret below the place."""
    return next((line.strip() for line in reversed(text.splitlines()) if any(map(str.isalpha, line))), "")
