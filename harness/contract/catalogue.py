"""What the contract suite holds, without running it: each test and the requirements that it speaks for."""

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.contract.levels import Level, level_of


@dataclass(frozen=True, slots=True)
class SuiteTest:
    """`id` is that of its observations, without parameters."""

    id: str
    level: Level
    requirements: tuple[str, ...]


class _Collector:
    """A pytest plugin that takes the suite's tests in, and lets none of them be ignored."""

    def __init__(self) -> None:
        self.tests: dict[str, SuiteTest] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        return False if level_of(collection_path) else None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            level = level_of(item.path)
            if level is None:
                continue
            area = item.path.stem.removeprefix("test_")
            name = f"{level}/{area}/{item.name.partition('[')[0]}"
            ids = [str(each) for mark in item.iter_markers("requirement") for each in mark.args]
            self.tests[name] = SuiteTest(name, level, tuple(dict.fromkeys(ids)))


def suite_tests() -> tuple[SuiteTest, ...]:
    """Every test of the suite, in the order in which it runs."""
    collector = _Collector()
    folders = [str(level.folder) for level in Level]
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*folders, "--collect-only", "-q", "-p", "no:cacheprovider"], plugins=[collector])
    return tuple(collector.tests.values())
