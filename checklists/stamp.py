"""`python -m checklists.stamp SUITE FILE`: writes what a test run found, stamped with the commit.

Run after the tests have passed. Standard library only: it also runs where the toolkit is not installed.
Exits 1 and writes nothing where the whole suite covers less than --least-coverage; a part may cover anything.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

FORMAT = 1
FOLDER = "test-results"
_POSARGS = "--posargs"


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """The file `test-results/<suite>.json`; `coverage` in percent of lines, None where not measured.

    `arguments` are what the run was given beside its own: with any it may not have been the whole suite.
    """

    suite: str
    commit: str
    dirty: bool
    finished_at: str
    passed: int
    failed: int
    skipped: int
    coverage: float | None = None
    arguments: tuple[str, ...] = ()
    format: int = FORMAT


def make_result(
    suite: str, junit: Path | None, coverage: float | None, arguments: tuple[str, ...]
) -> SuiteResult:
    """Raises OSError, ValueError, subprocess.CalledProcessError or ET.ParseError."""
    passed, failed, skipped = _count(junit) if junit else (1, 0, 0)
    return SuiteResult(
        suite=suite,
        commit=_git("rev-parse", "HEAD"),
        dirty=bool(_git("status", "--porcelain")),
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
        passed=passed,
        failed=failed,
        skipped=skipped,
        coverage=coverage,
        arguments=arguments,
    )


def _in_git() -> bool:
    try:
        return _git("rev-parse", "--is-inside-work-tree") == "true"
    except (OSError, subprocess.SubprocessError):
        return False


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def _count(junit: Path) -> tuple[int, int, int]:
    root = ET.parse(junit).getroot()  # noqa: S314  written by our own test run  # nosec B314
    suites = [root] if root.tag == "testsuite" else root.findall("testsuite")
    total, bad, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites for name in names)
        for names in (("tests",), ("failures", "errors"), ("skipped",))
    )
    return total - bad - skipped, bad, skipped


def _percent(coverage: Path) -> float:
    return round(float(json.loads(coverage.read_text())["totals"]["percent_covered"]), 2)


def _split(argv: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Our own arguments, and those after --posargs, which are not to be read as ours."""
    at = argv.index(_POSARGS) if _POSARGS in argv else len(argv)
    return argv[:at], tuple(argv[at + 1 :])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m checklists.stamp", description=__doc__)
    parser.add_argument("suite")
    parser.add_argument("file", type=Path)
    parser.add_argument("--junit", type=Path)
    parser.add_argument("--coverage", type=Path)
    parser.add_argument("--least-coverage", type=float, default=0.0, metavar="PERCENT")
    parser.add_argument(_POSARGS, action="store_true", help="what follows is tox's {posargs}")
    own, arguments = _split(sys.argv[1:])
    given = parser.parse_args(own)
    try:
        coverage = _percent(given.coverage) if given.coverage else None
        result = make_result(given.suite, given.junit, coverage, arguments) if _in_git() else None
    except (OSError, ValueError, KeyError, subprocess.SubprocessError, ET.ParseError) as error:
        parser.exit(2, f"stamp: no result is written: {error}\n")
    if coverage is not None and not arguments and coverage < given.least_coverage:
        parser.exit(1, f"stamp: the tests cover {coverage} % of lines, not {given.least_coverage:g} %\n")
    if result is None:
        print("stamp: no result is written: this is no Git checkout, so there is no commit to bind it to")
        return
    given.file.parent.mkdir(parents=True, exist_ok=True)
    given.file.write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
