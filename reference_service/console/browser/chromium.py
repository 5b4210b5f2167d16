"""A Chromium for the tests: the machine's, else the one that npm has."""

import os
import shutil
import subprocess
from pathlib import Path

from reference_service.commands.node import NoNodeError, find_node

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PINNED = Path(__file__).with_name("chromium")
_UNPACK = "import('@sparticuz/chromium').then(async it => console.log(await it.default.executablePath()))"
_SECONDS = 300


class NoChromiumError(Exception):
    """`str()` says what was tried and what to install."""


def find_chromium(cache: Path) -> str:
    """The path of a Chromium; npm's is kept in `cache`. Raises NoChromiumError."""
    found = os.environ.get("LAUNCHKIT_CHROMIUM") or next(
        (path for path in map(shutil.which, _NAMES) if path), None
    )
    return found or _of_npm(cache)


def _of_npm(cache: Path) -> str:
    unpacked = cache / "chromium"
    if unpacked.is_file():
        return str(unpacked)
    try:
        node = find_node()
        cache.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(_PINNED / name, cache / name)
        environment = {**node.environment(), "TMPDIR": str(cache)}
        for argv in (
            [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            [str(node.folder / "node"), "-e", _UNPACK],
        ):
            _run(argv, cache, environment)
    except (NoNodeError, OSError, subprocess.SubprocessError) as error:
        why = getattr(error, "stderr", None) or error
        raise NoChromiumError(
            "no Chromium on PATH, and none to be had from npm: install it (Debian: apt install chromium) "
            f"or set LAUNCHKIT_CHROMIUM ({str(why).strip()[-300:]})"
        ) from None
    return str(unpacked)


def _run(argv: list[str], folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(
        argv, cwd=folder, env=environment, check=True, timeout=_SECONDS, capture_output=True, text=True
    )
