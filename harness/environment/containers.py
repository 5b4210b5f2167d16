"""The two servers in containers; the service itself stays a child process.

Nothing but a container survives `kill -9`: each carries labels, and the next start removes the leftovers.
"""

import platform
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from docker.errors import APIError, DockerException, ImageNotFound  # type: ignore[import-untyped]  # none are pinned
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient

from harness.children.errors import StartError
from harness.environment.dialects import postgres_answers, valkey_answers
from harness.environment.ports import HOST
from harness.environment.stack import Servers, StackFolder
from harness.errors import CouldNotDecideError
from harness.runs import is_held
from harness.settings import Settings

HOST_LABEL = "launchkit.host"
RUN_LABEL = "launchkit.run"

_POSTGRES_PORT = 5432
_VALKEY_PORT = 6379
_DATABASE = "marketplace"
_POLL_SECONDS = 0.05


class EngineError(CouldNotDecideError):
    """No container engine answers, or it cannot run what is asked."""


@dataclass(frozen=True, slots=True)
class Container:
    """What to run; its port is published on loopback alone."""

    image: str
    port: int
    environ: dict[str, str]
    command: tuple[str, ...] = ()


@contextmanager
def container_servers(folder: StackFolder, settings: Settings) -> Iterator[Servers]:
    """Raises EngineError where no engine answers, or it has not got the images and cannot get them."""
    _require_engine()
    remove_leftovers()
    postgres_password, valkey_password = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    deadline = time.monotonic() + settings.start_timeout
    with ExitStack() as stack:
        postgres = stack.enter_context(
            _running(_postgres(settings.postgres_image, postgres_password), folder, "postgres")
        )
        valkey = stack.enter_context(
            _running(_valkey(settings.valkey_image, valkey_password), folder, "valkey")
        )
        while not (postgres_answers(HOST, postgres) and valkey_answers(HOST, valkey, valkey_password)):
            if time.monotonic() > deadline:
                raise StartError("the containers did not get ready in time", hint="see `docker logs`")
            time.sleep(_POLL_SECONDS)
        yield Servers(
            database_url=f"postgresql://launchkit:{postgres_password}@{HOST}:{postgres}/{_DATABASE}",
            redis_url=f"redis://:{valkey_password}@{HOST}:{valkey}/0",
        )


def remove_leftovers() -> None:
    """Remove the containers of runs of this machine that no process holds any more."""
    with _explained():
        client = DockerClient().client
        found = client.containers.list(all=True, filters={"label": f"{HOST_LABEL}={platform.node()}"})
        for container in found:
            if not is_held(Path(container.labels.get(RUN_LABEL, "/"))):
                with suppress(APIError):  # another start removes it at this very moment
                    container.remove(force=True, v=True)


def _postgres(image: str, password: str) -> Container:
    environ = {"POSTGRES_USER": "launchkit", "POSTGRES_PASSWORD": password, "POSTGRES_DB": _DATABASE}
    options = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
    return Container(image, _POSTGRES_PORT, environ, ("postgres", *options))


def _valkey(image: str, password: str) -> Container:
    # The configuration comes by standard input: an argument could be read by everybody on the machine.
    script = 'printf \'requirepass %s\\nsave ""\\nappendonly no\\n\' "$PASSWORD" | exec valkey-server -'
    return Container(image, _VALKEY_PORT, {"PASSWORD": password}, ("sh", "-c", script))


@contextmanager
def _running(wanted: Container, folder: StackFolder, name: str) -> Iterator[int]:
    """Start one and yield the loopback port that it is published on."""
    testcontainers_config.ryuk_disabled = True  # our labels do its work, without an image more
    with _explained(wanted.image), ExitStack() as stack:
        container = DockerContainer(
            wanted.image,
            env=wanted.environ,
            labels={HOST_LABEL: platform.node(), RUN_LABEL: str(folder.path)},
        ).with_command(list(wanted.command))
        # The engine's client takes an address as well, though the annotation says only a port.
        container.ports[str(wanted.port)] = (HOST,)  # type: ignore[assignment]
        stack.enter_context(container)
        stack.callback(_keep_log, container, folder.log(name))
        port = container.get_exposed_port(wanted.port)
        keep = stack.pop_all()
    with keep:
        yield port


def _keep_log(container: DockerContainer, log: Path) -> None:
    with suppress(DockerException, OSError):  # a container that somebody removed has no log any more
        log.write_bytes(b"".join(container.get_logs()))


def _require_engine() -> None:
    with _explained():
        DockerClient().client.ping()


@contextmanager
def _explained(image: str = "") -> Iterator[None]:
    try:
        yield
    except APIError as error:
        if isinstance(error, ImageNotFound) or "/images/create" in str(error):
            raise EngineError(
                f"the container engine has no image {image} and cannot get it ({_line(error.explanation)})",
                hint="pull it, or name another by LAUNCHKIT_POSTGRES_IMAGE and LAUNCHKIT_VALKEY_IMAGE",
            ) from None
        what = f" to run {image}" if image else ""
        raise EngineError(f"the container engine refused{what}: {_line(error)}", hint="see its log") from None
    except (DockerException, OSError) as error:
        raise EngineError(
            f"no container engine answers ({_line(error)})",
            hint="start Docker, set DOCKER_HOST, or use --environment embedded",
        ) from None


def _line(error: object) -> str:
    return " ".join(str(error).split())[:200]
