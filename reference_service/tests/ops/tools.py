"""Prometheus's programs, which come from Debian's packages and not from PyPI."""

import os
import shutil
import subprocess

import pytest

INSTALL = "apt-get install --no-install-recommends prometheus prometheus-alertmanager"


def program(name: str) -> str:
    """Its path; without it the test is skipped, or fails where CI is set: there it has to be."""
    path = shutil.which(name)
    if path is None:
        problem = f"{name} is not installed: {INSTALL}"
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)
    return path


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program(name), *arguments], capture_output=True, text=True, timeout=120, check=False
    )
