"""The servers in containers, against a stand-in for the engine; and against a real one where there is one."""

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import docker  # type: ignore[import-untyped]  # it has no annotations
import httpx
import pytest
from docker.errors import DockerException  # type: ignore[import-untyped]  # the same

from harness.environment import EnvironmentKind, open_environment
from harness.environment.containers import HOST_LABEL, RUN_LABEL, EngineError, container_servers
from harness.environment.stack import Servers, StackFolder
from harness.exit_codes import ExitCode
from harness.runs import RunFolder
from harness.settings import Settings
from harness.tests.container_engine import Engine, engine

IMAGES = ("some/postgres:18", "some/valkey:9")


@pytest.fixture
def folder(tmp_path: Path) -> StackFolder:
    (tmp_path / "logs").mkdir()
    return StackFolder(tmp_path)


@contextmanager
def _servers(folder: StackFolder, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    monkeypatch.setenv("DOCKER_HOST", url)
    settings = Settings(postgres_image=IMAGES[0], valkey_image=IMAGES[1], start_timeout=10)
    with container_servers(folder, settings) as servers:
        yield servers


def test_both_servers_run_while_they_are_needed(folder: StackFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine(*IMAGES) as there:
        with _servers(folder, there.url, monkeypatch) as servers:
            made = [container["Config"] for container in there.containers.values()]
            assert [one["Image"] for one in made] == list(IMAGES)
            assert all(one["Labels"][RUN_LABEL] == str(folder.path) for one in made)
            assert all(one["Labels"][HOST_LABEL] == platform.node() for one in made)
            for one in made:
                (bindings,) = one["HostConfig"]["PortBindings"].values()
                assert [binding["HostIp"] for binding in bindings] == ["127.0.0.1"]
            passwords = [urlsplit(url).password for url in (servers.database_url, servers.redis_url)]
            assert all(passwords)
            assert not any(str(password) in str(one["Cmd"]) for one in made for password in passwords)
        assert there.containers == {}
        assert len(there.removed) == 2
    assert folder.log("postgres").exists()


def test_leftovers_are_removed_and_what_is_in_use_is_not(
    folder: StackFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = platform.node()
    with engine(*IMAGES) as there, RunFolder.create(tmp_path / "runs", keep=9, run_id="held") as held:
        _leave(there, "killed", here, tmp_path / "runs" / "gone")
        _leave(there, "running", here, held.path)
        _leave(there, "elsewhere", "another-host", tmp_path / "runs" / "gone")
        there.add("stranger", {"Image": "some/other", "Labels": {}})
        with _servers(folder, there.url, monkeypatch):
            pass
        assert sorted(there.containers) == ["elsewhere", "running", "stranger"]
        assert "killed" in there.removed


def test_a_missing_image_is_named_with_the_remedy(
    folder: StackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        engine(IMAGES[0]) as there,
        pytest.raises(EngineError, match=r"no image some/valkey:9 .*no such host") as caught,
        _servers(folder, there.url, monkeypatch),
    ):
        pass
    assert "LAUNCHKIT_VALKEY_IMAGE" in caught.value.hint
    assert there.containers == {}


def test_a_refusal_is_quoted_and_leaves_nothing(folder: StackFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine(*IMAGES) as there:
        there.broken = True
        with (
            pytest.raises(EngineError, match=r"refused to run some/postgres:18: .*cannot containers"),
            _servers(folder, there.url, monkeypatch),
        ):
            pass
        assert there.containers == {}


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/engine.sock", "bogus", "ftp://x:1"])
def test_no_engine_is_one_line(folder: StackFolder, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with (
        pytest.raises(EngineError, match="no container engine answers") as caught,
        _servers(folder, url, monkeypatch),
    ):
        pass
    assert caught.value.exit_code == ExitCode.UNDECIDED
    assert "\n" not in str(caught.value)
    assert "--environment embedded" in str(caught.value)


def test_the_whole_stack_on_a_real_engine(tmp_path: Path) -> None:
    settings = Settings()
    try:
        client = docker.from_env()
        for image in (settings.postgres_image, settings.valkey_image):
            client.images.get(image)
    except DockerException as error:
        pytest.skip(f"no container engine with the two images here: {error}")
    client.close()
    with open_environment(EnvironmentKind.CONTAINERS, tmp_path, settings) as environment:
        environment.populate(vendors=10, seed=1)
        answer = httpx.get(environment.target.base_url + "/v1/marketplace/vendors")
        assert answer.json()["total"] > 0
    assert {path.name for path in tmp_path.iterdir()} == {"logs", "target.yaml"}
    assert (tmp_path / "logs" / "postgres.log").stat().st_size > 0


def _leave(there: Engine, name: str, host: str, run: Path) -> None:
    there.add(name, {"Image": "some/postgres", "Labels": {HOST_LABEL: host, RUN_LABEL: str(run)}})
