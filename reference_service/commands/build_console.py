"""`build-console [--force] [--check]`: builds the console's bundle where it is missing or stale."""

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reference_service.commands.arguments import Arguments
from reference_service.commands.node import Node, NoNodeError, find_node

CONSOLE = Path(__file__).resolve().parents[1] / "console"

_OK, _FAILED, _CANNOT = 0, 1, 3
_SOURCES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
_STAMP = "built-from"
# A registry that does not answer is noticed within seconds: nobody should wait minutes for a page.
_NPM_CI = ("ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund")
_IMPATIENT = ("--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-timeout=20000")
_BUILD = ("exec", "--offline", "--", "vite", "build", "--logLevel", "warn", "--emptyOutDir", "--outDir")


def build_console(argv: list[str]) -> int:
    """Build the console's bundle: 0 it is there, 1 it does not build, 3 no Node or no packages."""
    parser = Arguments(prog="build-console", description=build_console.__doc__)
    parser.add_argument("--force", action="store_true", help="build it also where it is fresh")
    parser.add_argument("--check", action="store_true", help="build nothing: 0 where it is fresh, else 3")
    arguments = parser.parse_args(argv)
    if not arguments.force and is_fresh(CONSOLE):
        return _OK
    if arguments.check:
        return _say("the console's bundle is missing or stale", _CANNOT)
    try:
        node = find_node()
    except NoNodeError as error:
        return _say(f"the console is not built: {error}", _CANNOT)
    return _build(Builder(CONSOLE, node))


def _build(builder: "Builder") -> int:
    started = time.monotonic()
    if not builder.has_packages():
        _say("installing the console's packages …")
        if problem := builder.install():
            return _say(f"the console's packages cannot be installed: {problem}", _CANNOT)
    _say("building the console …")
    if problem := builder.build():
        return _say(f"the console does not build:\n{problem}", _FAILED)
    return _say(f"console built in {time.monotonic() - started:.1f} s", _OK)


def is_fresh(console: Path) -> bool:
    """Whether the bundle there was built from the sources there."""
    try:
        return (console / "dist" / _STAMP).read_text() == _digest(_sources(console))
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Builder:
    """Runs npm in the console's folder; each step returns what went wrong, empty where nothing did."""

    console: Path
    node: Node

    def has_packages(self) -> bool:
        try:
            return self._mark.read_text() == _digest([self.console / "package-lock.json"])
        except OSError:
            return False

    def install(self) -> str:
        problem = self._npm(*_NPM_CI, *_IMPATIENT)
        if not problem:
            self._mark.write_text(_digest([self.console / "package-lock.json"]))
        return problem

    def build(self) -> str:
        """Build beside the bundle in use, and put it in its place when it is whole."""
        sources = _digest(_sources(self.console))
        made, bundle = self.console / "dist.new", self.console / "dist"
        problem = self._npm(*_BUILD, made.name)
        if not problem:
            (made / _STAMP).write_text(sources)
            shutil.rmtree(bundle, ignore_errors=True)
            made.rename(bundle)
        shutil.rmtree(made, ignore_errors=True)
        return problem

    @property
    def _mark(self) -> Path:
        return self.console / "node_modules" / ".installed-from"

    def _npm(self, *arguments: str) -> str:
        try:
            done = subprocess.run(
                [*self.node.npm, *arguments],
                cwd=self.console,
                env=dict(self.node.environment()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=300,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        return "" if done.returncode == 0 else done.stdout.strip()[-2000:] or f"exit code {done.returncode}"


def _sources(console: Path) -> Iterator[Path]:
    yield from (console / name for name in _SOURCES)
    for path in sorted((console / "src").rglob("*")):
        if path.is_file() and ".test." not in path.name and "testing" not in path.parts:
            yield path


def _digest(paths: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _say(text: str, code: int = _OK) -> int:
    print(text, file=sys.stderr, flush=True)
    return code
