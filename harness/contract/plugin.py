"""The pytest plugin of the contract suite. Without --target it changes nothing in a pytest run."""

import secrets
import tempfile
from pathlib import Path

import pytest

from harness.contract.levels import FOLDER, level_of

MARKERS = (
    "requirement(*ids): the requirements that the test speaks for",
    "capability(name): the test applies only where the profile declares the capability",
    "should: what the test asserts is recommended, not required",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("launchkit", "contract suite")
    group.addoption("--target", type=Path, metavar="FILE", help="judge the target of this profile")
    group.addoption(
        "--level",
        action="append",
        default=[],
        metavar="LEVEL",
        help="only this level of the suite (repeatable; default: all that the profile makes possible)",
    )
    group.addoption("--seed", type=int, metavar="N", help="the same seed asks the same questions")
    group.addoption("--run", type=Path, metavar="DIR", help="append to the journal of this open run")


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getoption("--target") is not None:
        _judge(config)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The suite's tests are for a target; of its levels, only the chosen ones are read."""
    if level_of(collection_path) is None:
        return None
    judge = config.pluginmanager.get_plugin("launchkit-judge")
    if judge is None:
        return True
    return None if level_of(collection_path) in judge.suite.levels else True


def _judge(config: pytest.Config) -> None:
    # Only where there is a target: an ordinary pytest run should not pay for these imports.
    from harness.contract import fixtures  # noqa: PLC0415
    from harness.contract.judge import Judge  # noqa: PLC0415
    from harness.contract.known import read_known_failures  # noqa: PLC0415
    from harness.contract.levels import choose, untestable  # noqa: PLC0415
    from harness.contract.suite import Suite  # noqa: PLC0415
    from harness.errors import LaunchkitError  # noqa: PLC0415
    from harness.journal import Journal  # noqa: PLC0415
    from harness.target import read_target  # noqa: PLC0415

    if getattr(config.option, "numprocesses", None):
        pytest.exit(
            "launchkit: the suite runs in one process, since its tests share one target; leave out -n",
            returncode=2,
        )
    run: Path | None = config.getoption("--run")
    named: list[str] = config.getoption("--level")
    seed: int | None = config.getoption("--seed")
    try:
        target = read_target(config.getoption("--target"))
        suite = Suite.of(
            target,
            seed=secrets.randbelow(2**31) if seed is None else seed,
            levels=choose(target, named),
            folder=run / "contract" if run else _scratch(config),
            journal=Journal.join(run) if run else None,
        )
        known = read_known_failures(target.expected_failures) if target.expected_failures else {}
    except LaunchkitError as error:
        pytest.exit(f"launchkit: {error}", returncode=int(error.exit_code))
    config.stash[fixtures.SUITE] = suite
    config.pluginmanager.register(fixtures, "launchkit-fixtures")
    judge = Judge(suite, known, untestable=() if named else untestable(target))
    config.pluginmanager.register(judge, "launchkit-judge")
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [str(level.folder) for level in suite.levels if level.folder.is_dir()] or [str(FOLDER)]


def _scratch(config: pytest.Config) -> Path:
    """A folder that is gone when pytest is."""
    folder = tempfile.TemporaryDirectory(prefix="launchkit-")
    config.add_cleanup(folder.cleanup)
    return Path(folder.name)
