"""The steps of a build, in a workspace of its own: what a developer has installed is not touched."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reference_service.commands.node import Node

WORKSPACE = ".build"
_PACKAGES = (".npmrc", "package.json", "package-lock.json")
_SOURCES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
_STAMP = "built-from"
# A registry that does not answer is noticed within seconds: nobody should wait minutes for a page.
_NPM_CI = ("ci", "--omit=dev", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund")
_IMPATIENT = (
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=500",
    "--fetch-timeout=15000",
)
_BUILD = ("exec", "--offline", "--", "vite", "build", "--logLevel", "warn", "--emptyOutDir", "--outDir")
_STEP_SECONDS = 300


def sources_digest(console: Path) -> str:
    """A SHA-256 over all that the page is built from, names included. Raises OSError."""
    return _digest(console, _sources(console))


def is_fresh(console: Path) -> bool:
    """Whether the bundle there was built from the sources there."""
    try:
        return (console / "dist" / _STAMP).read_text() == sources_digest(console)
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Builder:
    """Runs npm in a workspace within the console's folder; each step returns what went wrong, or nothing."""

    console: Path
    node: Node

    def has_packages(self) -> bool:
        try:
            return self._mark.read_text() == self._lock_digest()
        except OSError:
            return False

    def install(self) -> str:
        self._workspace.mkdir(exist_ok=True)
        for name in _PACKAGES:
            if (self.console / name).is_file():
                shutil.copyfile(self.console / name, self._workspace / name)
        digest = self._lock_digest()
        problem = self._npm(*_NPM_CI, *_IMPATIENT)
        if not problem:
            self._mark.write_text(digest)
        return problem

    def build(self) -> str:
        """Build beside the bundle in use, and put it in its place when it is whole."""
        self._copy_sources()
        digest = sources_digest(self._workspace)
        made, bundle, old = self._workspace / "dist", self.console / "dist", self._workspace / "dist.old"
        problem = self._npm(*_BUILD, made.name)
        if not problem:
            (made / _STAMP).write_text(digest)
            shutil.rmtree(old, ignore_errors=True)
            if bundle.exists():
                bundle.rename(old)
            made.rename(bundle)
        for left in (made, old):
            shutil.rmtree(left, ignore_errors=True)
        return problem

    @property
    def _workspace(self) -> Path:
        return self.console / WORKSPACE

    @property
    def _mark(self) -> Path:
        return self._workspace / "node_modules" / ".installed-from"

    def _lock_digest(self) -> str:
        return _digest(self.console, [self.console / "package-lock.json"])

    def _copy_sources(self) -> None:
        """What is built is what is hashed, whoever edits meanwhile."""
        self._workspace.mkdir(exist_ok=True)
        shutil.rmtree(self._workspace / "src", ignore_errors=True)
        for path in _sources(self.console):
            copy = self._workspace / path.relative_to(self.console)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)

    def _npm(self, *arguments: str) -> str:
        try:
            done = subprocess.run(
                [*self.node.npm, *arguments],
                cwd=self._workspace,
                env=dict(self.node.environment()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=_STEP_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        return "" if done.returncode == 0 else done.stdout.strip()[-2000:] or f"exit code {done.returncode}"


def _sources(console: Path) -> Iterator[Path]:
    yield from (console / name for name in _SOURCES)
    for path in sorted((console / "src").rglob("*")):
        tests = ".test." in path.name or "testing" in path.relative_to(console).parts
        # Types alone leave nothing in the bundle.
        if path.is_file() and not tests and not path.name.endswith(".d.ts"):
            yield path


def _digest(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
