"""Keeps evidence in the run's folder, in files named by what they hold."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError
from harness.target import Target

FOLDER = "evidence"
MAX_KEPT = 64 * 1024
MAX_INLINE = 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """`file` is relative to the run's folder; `sha256` is that file's."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Keeper:
    """Redacts text before it is written; what is kept twice is written once."""

    run_folder: Path
    target: Target

    def text(self, content: bytes, suffix: str) -> Kept:
        """At most MAX_KEPT bytes of a text."""
        return self._write(self.redacted(content)[:MAX_KEPT], suffix)

    def exactly(self, content: bytes, suffix: str) -> Kept:
        """Whole and unchanged: pictures, and what is compared byte for byte."""
        return self._write(content, suffix)

    def redacted(self, content: bytes) -> bytes:
        return self.target.redact(content.decode("utf-8", "replace")).encode("utf-8", "replace")

    def _write(self, content: bytes, suffix: str) -> Kept:
        digest = hashlib.sha256(content).hexdigest()
        name = f"{FOLDER}/{digest}.{suffix}"
        path = self.run_folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise UsageError(f"{path} cannot be written ({error.strerror})", hint="free some space") from None
        return Kept(name, digest)
