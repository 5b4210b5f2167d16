"""A Chromium for the tests: the machine's, else the one that npm has."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from reference_service.commands.node import Node, NoNodeError, find_node

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PINNED = Path(__file__).with_name("chromium")
_UNPACK = "import('@sparticuz/chromium').then(async it => console.log(await it.default.executablePath()))"
_SECONDS = 300


class NoChromiumError(Exception):
    """`str()` says what was tried and what to install."""


def find_chromium(cache: Path) -> str:
    """The path of a Chromium; npm's is kept in `cache`. Raises NoChromiumError."""
    chosen = os.environ.get("LAUNCHKIT_CHROMIUM")
    if chosen:
        return chosen
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    if found:
        return found
    try:
        return str(npm_chromium(cache, find_node(), _PINNED))
    except NoNodeError as error:
        raise _none(error) from None


def npm_chromium(cache: Path, node: Node, pinned: Path) -> Path:
    """The one that the lock file in `pinned` names, unpacked whole or not at all. Raises NoChromiumError."""
    kept = cache / hashlib.sha256((pinned / "package-lock.json").read_bytes()).hexdigest()[:16]
    if not kept.is_dir():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                unpacked = _unpack(Path(folder), node, pinned)
                unpacked.rename(kept)
        except (OSError, subprocess.SubprocessError) as error:
            if not kept.is_dir():  # else another run was faster
                raise _none(error) from None
    return kept / "chromium"


def _unpack(folder: Path, node: Node, pinned: Path) -> Path:
    """The folder that it is unpacked into."""
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(pinned / name, folder / name)
    unpacked = folder / "unpacked"
    unpacked.mkdir()
    environment = {**node.environment(), "TMPDIR": str(unpacked)}
    for argv in (
        [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        [str(node.folder / "node"), "-e", _UNPACK],
    ):
        subprocess.run(
            argv, cwd=folder, env=environment, check=True, timeout=_SECONDS, capture_output=True, text=True
        )
    if not os.access(unpacked / "chromium", os.X_OK):
        raise OSError("the package unpacked no program")
    return unpacked


def _none(error: Exception) -> NoChromiumError:
    why = getattr(error, "stderr", None) or error
    return NoChromiumError(
        "no Chromium on PATH, and none to be had from npm: install it (Debian: apt install chromium) "
        f"or set LAUNCHKIT_CHROMIUM ({str(why).strip()[-300:]})"
    )
