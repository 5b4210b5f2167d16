"""Files that only their owner may read, from the first byte on."""

import os
from pathlib import Path


def write_secret(path: Path, text: str) -> None:
    """Write a file of mode 0600, in place of one that is there: nobody sees half of it."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    unfinished.replace(path)
