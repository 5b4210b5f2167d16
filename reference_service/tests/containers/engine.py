"""A container engine with the images that a test needs; without it the test is skipped, in CI too."""

import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import docker  # type: ignore[import-untyped]  # it has no annotations
import pytest
from docker.errors import DockerException  # type: ignore[import-untyped]  # the same

import reference_service

ROOT = Path(reference_service.__file__).parents[1]
OPS = ROOT / "reference_service" / "ops"
BASES = frozenset(re.findall(r"^FROM (\S+:\S+)", (OPS / "Dockerfile").read_text("utf-8"), re.MULTILINE))
BUILD_SECONDS = 900


def require_images(names: Iterable[str]) -> None:
    """Nothing is pulled here."""
    try:
        engine = docker.from_env()
        for name in names:
            engine.images.get(name)
    except DockerException as error:
        pytest.skip(f"no container engine with {', '.join(sorted(names))} here: {error}")
    engine.close()


def run(
    *argv: str | Path, environ: Mapping[str, str] | None = None, seconds: float = 60
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        argv, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=seconds, check=False
    )


def build() -> str:
    """The id of the image as the Dockerfile says."""
    built = run(
        *("docker", "build", "-q", "--network", "host", "-f", OPS / "Dockerfile", "."), seconds=BUILD_SECONDS
    )
    assert built.returncode == 0, built.stderr
    return built.stdout.strip()
