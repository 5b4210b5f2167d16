"""`python -m harness.hygiene.exposed_secrets`: looks for secrets in the tree and in its whole history.

With `--allow-undecided` a tree without a history is looked through, said to be undecided, and let pass.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.exit_codes import ExitCode

_KINDS = {
    "AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b",
    "Slack token": r"\bxox[baprs]-[0-9A-Za-z-]{10,}",
    "Stripe key": r"\b[sr]k_live_[0-9A-Za-z]{16,}",
    "Google API key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "PyPI token": r"\bpypi-AgEI[0-9A-Za-z_-]{40,}",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
}
_ANY = re.compile("|".join(f"({pattern})" for pattern in _KINDS.values()))
_OF_TOOLS = frozenset({"node_modules", "__pycache__", "build", "dist"})
_LOG = ("log", "--all", "-p", "-U0", "--no-color", "--no-ext-diff", "--text", "--format=commit %H")


@dataclass(frozen=True, slots=True)
class Exposed:
    """Where it is, and what it looks like; never the secret itself."""

    where: str
    kind: str


def in_tree(root: Path) -> Iterator[Exposed]:
    """What the files hold that git tracks or would track; without git, all files but those of tools."""
    for path in _tracked(root) if has_history(root) else _walked(root):
        if path.is_file():
            lines = path.read_text("utf-8", errors="replace").splitlines()
            name = path.relative_to(root)
            yield from (Exposed(f"{name}:{number}", kind) for number, kind in _found(lines))


def has_history(root: Path) -> bool:
    """Whether git knows this tree, with all of its commits."""
    try:
        shallow = "".join(_git(root, "rev-parse", "--is-shallow-repository", "--verify", "HEAD")).split()
    except (OSError, subprocess.CalledProcessError):
        return False
    return shallow[:1] == ["false"]


def _tracked(root: Path) -> Iterator[Path]:
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return (root / name for name in "".join(listed).split("\0") if name)


def _walked(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _OF_TOOLS and not name.startswith(".")]
        yield from (Path(folder, name) for name in names)


def in_history(root: Path) -> Iterator[Exposed]:
    """What any commit of any branch ever added."""
    commit = ""
    for line in _git(root, *_LOG):
        if line.startswith("commit "):
            commit = line.split()[1]
        elif line.startswith("+"):
            yield from (Exposed(f"commit {commit}", kind) for _, kind in _found([line]))


def _found(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        for match in _ANY.finditer(line):
            yield number, tuple(_KINDS)[(match.lastindex or 1) - 1]


def _git(root: Path, *arguments: str) -> Iterator[str]:
    command = ["git", "-C", str(root), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as process:
        assert process.stdout is not None  # noqa: S101  # it is a pipe
        yield from process.stdout
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)


def main(root: Path) -> ExitCode:
    """1 for a secret, 3 where there is no whole history to look through."""
    complete = has_history(root)
    found = {*in_tree(root), *(in_history(root) if complete else ())}
    for exposed in sorted(found, key=lambda exposed: exposed.where):
        print(f"{exposed.where}: {exposed.kind}; revoke it, then take it out of the tree and its history")
    if found:
        return ExitCode.FAIL
    if not complete:
        print(
            "secrets: undecided, there is no whole Git history to look through; none in the files",
            file=sys.stderr,
        )
    return ExitCode.PASS if complete else ExitCode.UNDECIDED


def _command() -> int:
    parser = argparse.ArgumentParser(prog="python -m harness.hygiene.exposed_secrets")
    parser.add_argument(
        "--allow-undecided", action="store_true", help="0 where no history can be looked through"
    )
    allowed = parser.parse_args().allow_undecided
    code = main(Path.cwd())
    return ExitCode.PASS if allowed and code is ExitCode.UNDECIDED else code


if __name__ == "__main__":
    sys.exit(_command())
